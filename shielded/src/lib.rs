//! Keys, addresses and notes of the shielded pool: who owns, who reads, and who can be shown what.
//!
//! For wallets and whatever else acts for an owner. The chain needs none of it: it sees commitments, nullifiers,
//! proofs, and ciphertexts that mean nothing to it.
//!
//! # Keys
//!
//! Everything comes from a BIP-39 phrase: seed and account number give a 64-byte root, and the root, by BLAKE2b-512
//! with a personal string each (module `blake`), the rest.
//!
//! | key | made of | what it does | text begins with |
//! |---|---|---|---|
//! | [`SpendingKey`] | root: s, nk and the rest come from it | everything | `plumesecret1` |
//! | [`FullViewingKey`] | ak = H(s), nk, incoming and outgoing viewing key | sees all that comes in, goes out, and is spent | `plumefvk1` |
//! | [`IncomingViewingKey`] | ivk, pool key, diversifier key, seed of the ML-KEM key | sees what comes in; makes addresses | `plumeivk1` |
//! | [`OutgoingViewingKey`] | 32 bytes | sees what goes out | `plumeovk1` |
//! | [`DetectionKey`] | ivk | finds candidates of what comes in; reads nothing | `plumedetect1` |
//! | [`Address`] | d, pk_d = \[ivk\] g_d, pool key = H(ak, nk), hash of the ML-KEM key | is paid to | `plume1` |
//!
//! On other networks `test` or `dev` stands before the `1`. A [`Contact`] is an address with its ML-KEM key, which is
//! too long for it, and with what a payer has to know of the receiver's credential.
//!
//! # Notes
//!
//! | what | how |
//! |---|---|
//! | owner | H(pool key, d) |
//! | commitment | H(value + asset · 2⁶⁴, owner, rcm) |
//! | nullifier | H(nk, commitment, position, pool) |
//! | seed | 32 random bytes; rcm, esk and what ML-KEM encapsulates are hashes of it |
//!
//! H is the Poseidon of `plume-circuits`, with a domain for each line.
//!
//! # Encryption
//!
//! Hybrid: the key of a note is a hash of a Bandersnatch point \[esk\] pk_d = \[ivk\] epk, of an ML-KEM-768 secret, of epk
//! and of the ML-KEM ciphertext. Whoever stores ciphertexts until there is a quantum computer that takes logarithms
//! still lacks the ML-KEM secret. Module [`wire`] has the bytes.
//!
//! What opening checks, in order:
//!
//! 1. epk is a point of the prime subgroup, not neutral, canonically encoded;
//! 2. the view tag, one byte, is that of \[ivk\] epk;
//! 3. ChaCha20-Poly1305 opens the note; its associated data are the commitment, the tag, and the outgoing ciphertext,
//!    and its key has the rest of the bytes in it;
//! 4. the version is known;
//! 5. the seed makes epk over the base point of the diversifier in the note (ZIP 212), the tag, and (for the
//!    receiver) the ML-KEM ciphertext, so that a receipt for the note can be given;
//! 6. the commitment of what was read is the one on the chain.
//!
//! A change of any bit of a ciphertext is refused by receiver and sender alike.
//!
//! # Scanning
//!
//! [`Scanner`] takes outputs by the thousand: see module [`scan`]. `examples/scan.rs` measures it.
//!
//! # Showing
//!
//! Module [`disclosure`]: receipts, statements, and which viewing key shows what.
//!
//! # What this crate does not do
//!
//! Arithmetic is that of arkworks, which takes time that depends on secrets: whoever can measure a wallet's time
//! precisely is inside its machine already, and is not defended against. Secrets are cleared from memory when they
//! are dropped; copies that the compiler makes are not.
//!
//! # Example
//!
//! ```
//! use plume_shielded::{
//!     ChainOutput, Contact, Memo, Network, NoteSeed, Payment, Scanner, SpendingKey, open_outgoing, seal,
//! };
//!
//! let phrase = plume_shielded::new_phrase()?;
//! let receiver = SpendingKey::from_phrase(&phrase, "", 0)?.full_viewing_key();
//! let sender = SpendingKey::from_phrase(&phrase, "", 1)?.full_viewing_key();
//! let contact = Contact::of(receiver.incoming(), 0, None).ok_or("no address")?;
//! assert!(contact.address().to_text(Network::Dev).starts_with("plumedev1"));
//!
//! let payment = Payment {
//!     value: 1_500,
//!     asset: 7,
//!     memo: Memo::from_text("invoice 4711").ok_or("too long")?,
//! };
//! let seed = NoteSeed::random()?;
//! let sealed = seal(contact.address(), contact.kem(), &payment, &seed, sender.outgoing())?;
//!
//! // On the chain: a commitment and a ciphertext.
//! let output = ChainOutput {
//!     cm: sealed.note.commitment(),
//!     ciphertext: &sealed.ciphertext,
//! };
//! let found = Scanner::new(receiver.incoming()).scan(&[output]);
//! let (_, note) = found.first().ok_or("not found")?;
//! assert_eq!(note.note, sealed.note);
//! assert_eq!(note.memo.text(), Some("invoice 4711"));
//!
//! // Whoever paid reads it again, and nobody else does.
//! assert_eq!(open_outgoing(sender.outgoing(), &output.cm, output.ciphertext)?.note, sealed.note);
//! assert!(Scanner::new(sender.incoming()).scan(&[output]).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing))]

mod address;
mod blake;
mod contact;
mod curve;
pub mod disclosure;
mod encryption;
mod endomorphism;
mod json;
mod kem;
mod keys;
mod lockstep;
mod note;
mod residue;
pub mod scan;
mod schnorr;
#[cfg(test)]
mod tests;
mod text;
pub mod wire;

pub use address::{ADDRESS_BYTES, Address, AddressError, DIVERSIFIER_BYTES, Diversifier};
pub use contact::{Contact, ContactError, Disclosure};
pub use curve::{COMPRESSED_BYTES, Point, PointError, Scalar, UNCOMPRESSED_BYTES, base_point};
pub use encryption::{
    OpenError, OpenedNote, Payment, SealError, SealedNote, open, open_outgoing, seal,
};
pub use json::{JsonError, MAX_JSON_BYTES};
pub use kem::{BadKemKey, KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, KemPublicKey};
pub use keys::{
    DetectionKey, FullViewingKey, IncomingViewingKey, KeyError, OutgoingViewingKey, PHRASE_WORDS,
    SpendingKey, new_phrase,
};
pub use note::{MEMO_BYTES, Memo, Note, NoteSeed};
pub use scan::{
    AccountScanner, ChainOutput, ChainTransfer, Clue, Detector, Happened, PlacedNote, Scanner,
};
pub use schnorr::{SIGNATURE_BYTES, Signature};
pub use text::{Kind, Network, TextError};
pub use wire::{CIPHERTEXT_BYTES, NoteCiphertext, WrongLength};
