//! Showing something to somebody, and nothing else.
//!
//! | what | shows | for | type |
//! |---|---|---|---|
//! | receipt | one payment: asset, amount, memo, receiver's address, and that it is on the chain; who shows it was its sender, or its receiver | one verifier | [`Receipt`] |
//! | statement | all payments of a stretch of the chain that the account chooses to show, with totals | one auditor | [`Statement`] |
//! | standing | that somebody is known well enough, and a pseudonym for the verifier; neither who it is nor any payment | one verifier | [`Standing`] |
//! | incoming viewing key | all that came in, past and future | whoever has it | [`IncomingViewingKey::to_text`](crate::IncomingViewingKey::to_text) |
//! | outgoing viewing key | all that went out | whoever has it | [`OutgoingViewingKey::to_text`](crate::OutgoingViewingKey::to_text) |
//! | full viewing key | both, and what is spent | whoever has it | [`FullViewingKey::to_text`](crate::FullViewingKey::to_text) |
//!
//! # How a payment is shown
//!
//! By its seed. The verifier makes the ciphertext again: ephemeral point, view tag and ML-KEM ciphertext must be
//! those on the chain, the sealed note must open with the key that comes out, and its commitment must be the
//! chain's. So the verifier sees that this was sealed for this address and for no other. The seed is of one note;
//! nothing of any other follows from it. What the note says is shown whole, its memo too.
//!
//! # Who shows it
//!
//! | role | signs with | which only it has, because |
//! |---|---|---|
//! | receiver | ivk, over the base point of the address: key pk_d | it decrypts with it |
//! | sender | a secret that its outgoing viewing key and the seed make, over the generator | the public half was sealed into the note |
//!
//! A sender can sign with an address of its own beside that, so that the verifier knows where money goes back to.
//! A receiver knows of its sender what the memo says, and the sender's key for the note: the sender's own receipt,
//! made out to the receiver, ties that key to an address.
//!
//! # For one verifier
//!
//! Name and nonce of the verifier are in what is signed: whoever asked with another nonce refuses it. A text can be
//! passed on, and its reader believes what the seed shows, as one believes a copied letter; that it was shown by a
//! party to the payment *to this reader* it does not show.
//!
//! # How standing is shown
//!
//! By a proof of [`plume_circuits::standing`]: a credential in the chain's tree says a tier that is high enough, counts
//! at the moment, and names no jurisdiction that the verifier did not. The proof is bound to a hash of everything that
//! is said with it, name and nonce among it, as a signature would be. The verifier asks the chain whether the root
//! counts ([`Moment::root_counts`]); after the credential was taken back it does not.
//!
//! # What a statement does not show
//!
//! That nothing was left out. An auditor who must know that asks for a viewing key, and scans.

mod receipt;
mod standing;
mod statement;

pub use receipt::{Receipt, Role, Shown};
pub use standing::{
    MAX_AGE_SECONDS, Moment, Question, Standing, Stands, UnprovenStanding, insecure_development_key,
};
pub use statement::{Entry, Movement, Statement, StatementBuilder, Total};

use crate::{
    Address, AddressError, FullViewingKey, KeyError, OpenError, Scalar, SealError, blake,
    json::{self, JsonError},
    schnorr::{self, Signature},
};
use plume_circuits::{FieldBytes, standing::BadSet};
use serde::{Deserialize, Serialize};

/// Bytes of a verifier's name at most.
pub const MAX_NAME_BYTES: usize = 200;

/// Whom something is shown to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// 32 bytes that the verifier chose at random for this one time.
    #[serde(with = "json::hexadecimal")]
    pub nonce: [u8; 32],
    /// Its name: 1 to 200 bytes.
    pub verifier: String,
}

impl Audience {
    fn check(&self) -> Result<(), DisclosureError> {
        let length = self.verifier.len();
        if length == 0 || length > MAX_NAME_BYTES {
            return Err(DisclosureError::Name);
        }
        Ok(())
    }
}

/// Why something is not shown, or not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// Not the text of one.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Of a version that this code does not know.
    #[error("it is of version {0}, which is unknown here: update")]
    Version(u8),
    /// No name, or too long a one.
    #[error("a verifier's name has 1 to {MAX_NAME_BYTES} bytes")]
    Name,
    /// For somebody else, or an answer to an older question.
    #[error("it is made out to another verifier, or answers another question than yours")]
    Audience,
    /// Of another chain or pool.
    #[error("it is about another chain's pool")]
    Pool,
    /// The chain has no such output, or another.
    #[error("the chain has no such output at position {0}")]
    NotOnChain(u64),
    /// What is shown is not what the ciphertext says.
    #[error("the output at position {0} does not say what is shown: {1}")]
    Opening(u64, OpenError),
    /// One of the things that are said of a payment is not what its note says.
    #[error("the note at position {0} says something else")]
    Content(u64),
    /// An address is none.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A key is none.
    #[error("an ML-KEM key is none, or not the one of its address")]
    Kem,
    /// Not signed by whom it must be.
    #[error("the signature of {0} is missing or wrong")]
    Signature(&'static str),
    /// Entries out of order, out of the period, or for no party.
    #[error("the statement's entries are not in order, or not in its period")]
    Entries,
    /// The totals are not the sums.
    #[error("the statement's totals are not the sums of its entries")]
    Totals,
    /// A jurisdiction that is none.
    #[error("a jurisdiction has two letters")]
    Code,
    /// Jurisdictions that are no set.
    #[error(transparent)]
    Set(#[from] BadSet),
    /// Known less well than was asked for.
    #[error("it shows tier {shown}, and {asked} is asked for")]
    Tier {
        /// What is shown.
        shown: u8,
        /// What is asked for.
        asked: u8,
    },
    /// It may belong where the verifier does not want it to.
    #[error(
        "it shows that somebody belongs to no other jurisdiction than {0}, and not all of these are asked for"
    )]
    Jurisdictions(String),
    /// Of another moment.
    #[error(
        "it is about second {shown} of the chain, which now has {now}: it is too old, or from later than now"
    )]
    Time {
        /// When it counts.
        shown: u32,
        /// When it is verified.
        now: u32,
    },
    /// Not a root of credentials that counts.
    #[error(
        "its root of credentials does not count on the chain: a credential was taken back since, or there was no such root"
    )]
    Root,
    /// Nothing is proven.
    #[error("its proof is none, or one of something else")]
    Proof,
    /// Whoever wants to show it cannot.
    #[error("this account neither sent nor received the note")]
    NotAParty,
    /// A key could not be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A ciphertext could not be made again.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// What the chain has at a position.
#[derive(Clone, Debug)]
pub struct Published {
    /// The commitment.
    pub cm: FieldBytes,
    /// The ciphertext.
    pub ciphertext: crate::NoteCiphertext,
}

/// What is signed: a hash of the canonical JSON of everything but signatures.
fn message<T: Serialize>(kind: &str, body: &T) -> [u8; 32] {
    let text = json::write(body);
    let length = u64::try_from(kind.len()).unwrap_or(u64::MAX).to_le_bytes();
    let parts: [&[u8]; 3] = [&length, kind.as_bytes(), text.as_bytes()];
    blake::hash32(blake::DISCLOSURE, &parts)
}

/// Signs as the holder of an address.
fn sign_as_holder(
    key: &FullViewingKey,
    address: &Address,
    message: &[u8; 32],
) -> Result<Signature, DisclosureError> {
    let own = key.incoming().address_at(address.diversifier);
    if own.as_ref() != Some(address) {
        return Err(DisclosureError::NotAParty);
    }
    let base = address.diversifier.base_point();
    let base = base.ok_or(DisclosureError::NotAParty)?;
    Ok(schnorr::sign(&base, key.incoming().ivk(), message)?)
}

fn is_signed_by_holder(address: &Address, message: &[u8; 32], signature: &Signature) -> bool {
    let base = address.diversifier.base_point();
    base.is_some_and(|base| schnorr::verify(&base, &address.transmission_key, message, signature))
}

/// The secret of a note's sender, if this account is the sender.
fn sender_secret(
    key: &FullViewingKey,
    seed: &[u8; 32],
    sender_key: &[u8; 32],
) -> Result<Scalar, DisclosureError> {
    let outgoing = key.outgoing();
    let own = outgoing.sender_key(seed).map(|key| key.to_compressed());
    let secret = outgoing.sender_secret(seed);
    match secret.filter(|_| own.as_ref() == Some(sender_key)) {
        Some(secret) => Ok(secret),
        None => Err(DisclosureError::NotAParty),
    }
}
