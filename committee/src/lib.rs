//! Lets t of n authorities, and no fewer, open who paid whom, on a warrant, and lets anybody check their work.
//!
//! Each shielded transfer carries two ciphertexts: one that the regulator's flow key reads (how much of what went between
//! which institutions), and one that nobody reads alone (who). The second is encrypted to the key of a committee, whose
//! secret exists nowhere: each member has a share, and t of them together open one transfer at a time.
//!
//! # Parts
//!
//! | what | who does it | where |
//! |---|---|---|
//! | key generation without a dealer | n members | [`keygen`] |
//! | opening: shares with proofs, verified by the chain, combined by anybody | t members, for a warrant | [`opening`] |
//! | resharing to another membership, under the same key | t old members, n' new ones | [`reshare`] |
//! | flow keys, one a period | one holder | [`flow`] |
//! | files, as a command line reads and writes them | | [`ceremony`] |
//!
//! Without `std` the crate verifies: [`verify_share`], [`verify_shares`], [`combine`], [`FlowKey::verify`],
//! [`Committee::keys`]. None of it panics, whatever the bytes. It is generic over the curve's implementation, so that the
//! runtime can use the one whose multiplications are host calls.
//!
//! # Rules
//!
//! 1. **Shares stay where they were made.** What members send is public or sealed to one receiver ([`Sealed`]).
//! 2. **Every message is signed**, names its ceremony by the hash of the roster, and has a version.
//! 3. **Who does something wrong is named**, and where only the victim saw it, with evidence that everybody can verify.
//! 4. **A share is for one purpose**: chain, committee and epoch, warrant, transaction. For any other it is refused.
//! 5. **There is one encoding** of a point and of a scalar. Points outside of the subgroup and the identity are none.
//!
//! # What it does not do
//!
//! - It cannot know whether a warrant is lawful. Members decide that, and the chain logs what they post.
//! - t members that collude open what they like, unseen. No protocol changes that; choose t and the members accordingly.
//! - arkworks' arithmetic takes a time that depends on secrets. Members work on machines where nobody measures it.
//! - Neither layer withstands a quantum computer that breaks discrete logarithms.
//!
//! # Example
//!
//! Two of three open a transfer.
//!
//! ```
//! use plume_committee::*;
//! use plume_committee::{keygen::Keygen, stream::{Layer, mask}};
//! # use rand_core::OsRng;
//! # fn main() -> Result<(), Error> {
//! # let rng = &mut OsRng;
//! // Everybody makes keys; the cards make a roster.
//! let members: Vec<MemberKey> = (0..3).map(|_| MemberKey::generate(rng)).collect();
//! let roster = Roster {
//!     chain: Bytes32([7; 32]),
//!     label: "example".into(),
//!     epoch: 0,
//!     previous: None,
//!     threshold: 2,
//!     members: (1..).zip(&members).map(|(member, key)| RosterMember { member, card: key.card(rng) }).collect(),
//! };
//!
//! // Three steps, and everybody sends everybody the same files.
//! let (mut parties, mut commitments) = (Vec::new(), Vec::new());
//! for key in &members {
//!     let (party, message) = Keygen::begin(&roster, key, rng)?;
//!     parties.push(party);
//!     commitments.push(message);
//! }
//! let mut sub_shares = Vec::new();
//! for (party, key) in parties.iter_mut().zip(&members) {
//!     sub_shares.push(party.exchange(key, &commitments, rng)?);
//! }
//! let (mut shares, mut confirmations, mut record) = (Vec::new(), Vec::new(), None);
//! for (party, key) in parties.iter().zip(&members) {
//!     let finished = party.finish(key, &sub_shares, rng)?;
//!     shares.push(finished.share);
//!     confirmations.push(finished.confirmation);
//!     record = Some(finished.record);
//! }
//! let committee = Certificate::new(record.unwrap(), &confirmations)?;
//! let keys = committee.check()?;
//!
//! // A transfer's second layer.
//! let secret = scalar(&Bytes32([1; 32])).unwrap();
//! let ephemeral = Point::of_secret(&secret).unwrap();
//! let plain = [11u64.into(), 12u64.into()];
//! let ciphertext = mask(Layer::Committee, &keys.key().multiplied(&secret).unwrap(), &plain);
//!
//! // Members 1 and 3 act on a warrant, and anybody combines what they post.
//! let purpose = Purpose {
//!     chain: keys.chain(),
//!     committee: keys.id(),
//!     warrant: Bytes32([8; 32]),
//!     transaction: Bytes32([9; 32]),
//! };
//! let posted = [
//!     shares[0].open(&keys, &ephemeral, &purpose, rng)?,
//!     shares[2].open(&keys, &ephemeral, &purpose, rng)?,
//! ];
//! let verified = verify_shares(&keys, &posted, &ephemeral, &purpose);
//! assert!(verified.refused.is_empty());
//! let shared = combine(&keys, &verified.good, &ephemeral, &purpose).unwrap();
//! let parties = opening::read(&shared, &ciphertext.try_into().unwrap());
//! assert_eq!([parties.sender, parties.receiver], plain);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod bytes;
mod committee;
pub mod flow;
mod lagrange;
pub mod opening;
mod point;
pub mod proofs;
pub mod stream;
mod transcript;

#[cfg(feature = "std")]
pub mod ceremony;
#[cfg(feature = "std")]
mod certificate;
#[cfg(feature = "std")]
mod dealing;
#[cfg(feature = "std")]
mod error;
#[cfg(feature = "std")]
mod identity;
#[cfg(feature = "std")]
pub mod keygen;
#[cfg(feature = "std")]
pub mod messages;
#[cfg(feature = "std")]
pub mod reshare;
#[cfg(feature = "std")]
mod roster;
#[cfg(feature = "std")]
mod seal;
#[cfg(feature = "std")]
mod share;
#[cfg(feature = "std")]
pub mod suite;
#[cfg(test)]
mod tests;

pub use bytes::{Bytes32, Bytes64};
pub use committee::{Committee, CommitteeError, Keys, MAX_MEMBERS, MIN_THRESHOLD, Seat};
pub use flow::{FlowKey, FlowSecret};
pub use opening::{
    DecryptionShare, OpenError, Purpose, ShareError, Verified, VerifiedShare, combine, make_share,
    verify_share, verify_shares,
};
pub use plume_circuits::FieldBytes;
pub use point::{Bandersnatch, Point, PointError, scalar, scalar_bytes};
pub use transcript::Transcript;

#[cfg(feature = "std")]
pub use {
    bytes::{Bytes48, NotHex, SecretBytes},
    certificate::{Certificate, Record},
    error::{Error, Fault},
    identity::{Card, KeySeed, MemberKey},
    roster::{MAX_LABEL_BYTES, Roster, RosterMember},
    seal::Sealed,
    share::{MemberShare, ShareFile},
};
