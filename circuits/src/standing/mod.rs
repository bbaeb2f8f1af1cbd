//! Standing: that somebody is known well enough, for one verifier, and not who it is.
//!
//! A second circuit, small beside that of a [transfer](crate::transfer): it moves nothing, and the chain never sees
//! its proofs. A bank, a venue or an employer asks; the holder of a credential answers with a proof.
//!
//! | module | what | needs |
//! |---|---|---|
//! | [`PublicInputs`], [`JurisdictionSet`] | what the verifier sees | |
//! | [`verify`] | keys, and the verification of a proof | |
//! | [`development`] | a key that everybody knows, for development networks | |
//! | `Plan`, `ProvingKey` | the statement from what a holder knows, and its proof | feature `prover` |
//!
//! # The statement
//!
//! H with a name is [`crate::hash`] in that [domain](crate::Domain); *public* are the [public inputs](PublicInputs),
//! everything else is hidden. There is
//!
//! 1. **keys**: a spend secret s and a nullifier key nk, with pool_key = H_PoolKey(H_SpendAuthority(s), nk). A viewing
//!    key has no s, so whoever only sees an account proves nothing for it;
//! 2. **credential**: a leaf H_Leaf(subject, issuer, claims, H_Commitment(salt, pool_key)) in the tree of
//!    *credential_root*. Leaves of frozen, suspended and revoked subjects are empty, which is zero and no hash of
//!    anything, so the holder is none of these;
//! 3. **claims**: they are 28 bytes;
//! 4. **tier**: *tier* ≤ byte 0;
//! 5. **validity**: bytes 4 to 7 ≤ *time* < bytes 8 to 11;
//! 6. **jurisdictions**: bytes 12 to 27 are eight codes of two letters, or zeros where there are fewer. The first is
//!    one of *jurisdictions*, and each of the others is one or zero: **all** of a holder's jurisdictions are in the
//!    set, not merely one. Whoever belongs to a sanctioned country as well does not pass by the other;
//! 7. **pseudonym**: *pseudonym* = H_VerifierPseudonym(s, *verifier*).
//!
//! *binding* stands in no rule. It is a public input, so a proof for one binding is none for another.
//!
//! # What the verifier learns
//!
//! What it asked for, and the pseudonym: the same in each proof of one key for this verifier, so it sees whether a
//! holder comes twice. For another verifier it is another element, and neither can be computed from the other. It
//! says that the key is the same, not that the person is: with credentials for two keys somebody has two.
//!
//! Not subject, issuer, place in the tree, pool key, exact tier, or which of the jurisdictions.
//!
//! # What the verifier has to see to
//!
//! | what | why |
//! |---|---|
//! | the root is one that the chain would accept in a transfer now | rule 2 means something |
//! | time is about now | rule 5 does |
//! | *verifier* is its own name's element | the pseudonym is for it |
//! | *binding* is the hash of everything that is said, of its name and of a nonce that it chose | nobody shows it a proof that was for another, or an old one |

#[cfg(feature = "prover")]
mod circuit;
pub mod development;
mod jurisdictions;
#[cfg(feature = "prover")]
mod keys;
#[cfg(feature = "prover")]
mod native;
mod public;
#[cfg(feature = "prover")]
mod rules;
pub mod verify;
#[cfg(feature = "prover")]
mod witness;

#[cfg(feature = "prover")]
pub use circuit::{assignment, shape};
pub(crate) use jurisdictions::check_codes;
pub use jurisdictions::{BadSet, JurisdictionSet, MAX_CODES};
#[cfg(feature = "prover")]
pub use keys::{CannotProve, ProvingKey};
#[cfg(feature = "prover")]
pub use native::{Assigned, Plan, Refusal};
pub use public::{PUBLIC_INPUTS, PublicInputs, pseudonym};
#[cfg(feature = "prover")]
pub use rules::Rule;
#[cfg(feature = "prover")]
pub use witness::Witness;

/// Constraints and instance variables of the circuit together. Proving takes a domain of 8,192 elements for them.
pub const CONSTRAINTS_AND_INSTANCE: usize = 5_050;
