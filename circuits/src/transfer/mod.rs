//! A transfer in the shielded pool: what its proof states, how it is made, and how it is verified.
//!
//! One circuit is for deposits, transfers and withdrawals alike: two notes in, two out, of one asset, and a counter.
//! A note that is not there is one of value zero, and looks like any other.
//!
//! | module | what | needs |
//! |---|---|---|
//! | [`PublicInputs`], [`Point`] | what everybody sees | |
//! | [`verify`] | proofs and keys; one proof, or a batch | |
//! | [`notes`] | what notes, counters, policies and keys hash to | |
//! | [`disclosure`] | the two encrypted layers | |
//! | [`development`] | keys that everybody knows, for development networks | |
//! | `Plan`, `ProvingKey` | a transfer from what a wallet knows, and its proof | feature `prover` |
//!
//! # The statement
//!
//! H with a name is [`crate::hash`] in that [domain](crate::Domain); *public* are the [public inputs](PublicInputs),
//! everything else is hidden. All notes are of one hidden asset. There is
//!
//! 1. **keys**: a spend secret s and a nullifier key nk, with pool_key = H_PoolKey(H_SpendAuthority(s), nk);
//! 2. **input notes**: for both inputs a value below 2⁶⁴, a diversifier and randomness, with
//!    cm = H_Note(value + asset · 2⁶⁴, H_Owner(pool_key, diversifier), randomness). The value is checked although it
//!    was when the note was made: without that, a note of asset 1 would pass for one of asset 0 worth 2⁶⁴ more;
//! 3. **membership of the inputs**: each cm is at a position in the tree of *note_root*, or its value is zero;
//! 4. **nullifiers**: each *nullifier* is H_Nullifier(nk, cm, position, *pool_id*). One of an absent note comes out of
//!    its randomness, and nobody tells it from others;
//! 5. **output notes**: a payment to any pool key and change to the sender's own, both of values below 2⁶⁴, with the
//!    *commitments* of notes as in 2;
//! 6. **public amounts**: *public_in* is zero, or value + asset · 2⁶⁴ with a value below 2⁶⁴; *public_out* as well;
//! 7. **balance**: inputs + public_in = payment + change + public_out;
//! 8. **sender's credential**: a leaf H_Leaf(subject, issuer, claims, H_Commitment(salt, pool_key)) in the tree of
//!    *credential_root*. Leaves of frozen, suspended and revoked subjects are empty, so the sender is none of these;
//! 9. **sender's validity and tier**: claims are 28 bytes; byte 0 is the tier; bytes 4 to 7 ≤ *time* < bytes 8 to 11;
//! 10. **receiver's credential**: a leaf as in 8 with the payment's pool key, in the tree of *credential_root* where
//!     the policy's flag says so;
//! 11. **receiver's validity**: as in 9;
//! 12. **policy**: a leaf H_Policy(asset, tier, limit, flags + jurisdictions · 2¹⁶) in the tree of *policy_root*. Flag 1:
//!     the receiver needs a credential; flag 2: the policy names jurisdictions, eight of 16 bits. The asset is below
//!     2³² and the limit below 2⁶⁴ because it is the chain that made the leaf;
//! 13. **old counter**: spent below 2⁶⁴, and H_Counter(spent + *period* · 2⁶⁴ + asset · 2⁹⁶, pool_key, randomness) at
//!     a position in the tree of *note_root*; or spent is zero and the transfer says that it is the first. Checked
//!     to be below 2⁶⁴ for the reason of 2: an old period's counter would else pass for one of this period;
//! 14. **counter's nullifier**: *counter_nullifier* is that counter's, as in 4; or, for a first transfer,
//!     H_FirstCounter(nk, *period* · 2⁶⁴ + asset · 2⁹⁶, *pool_id*), of which there is one;
//! 15. **limit and new counter**: spent' = spent + payment + public_out, without the payment where the receiver is the
//!     sender; spent' ≤ limit; *counter_commitment* is H_Counter of spent' and new randomness;
//! 16. **pseudonym**: H_Pseudonym(nk, *period*);
//! 17. **ephemeral and shared points**: one secret e with *E* = \[e\]G, S₁ = \[e\] *flow_key*, S₂ = \[e\]
//!     *committee_key*;
//! 18. **flow layer**: *flow_ciphertext* is [`disclosure::FlowPlain`] under S₁;
//! 19. **committee's layer**: *committee_ciphertext* is [`disclosure::CommitteePlain`] under S₂;
//! 20. **jurisdictions**: where the policy names some, the sender's claims have a first one in bytes 12 and 13, and each
//!     that they have up to byte 27 is one of the policy's. The same of the receiver's claims, where the policy's flag
//!     asks for its credential.
//!
//! *binding* stands in no rule. It is a public input, so a proof for one binding is none for another.
//!
//! # What the chain has to see to
//!
//! | what | why |
//! |---|---|
//! | all three nullifiers are new, and differ | a note is spent once |
//! | roots are recent ones of its own, time ≤ now, the period is the running one | rules 3, 8, 9, 13 mean something |
//! | both keys passed [`Point::check`] when they were set | the additions of 17 are complete for such keys only |
//! | the policy tree holds [`notes::policy_leaf`]s, of asset, tier, limit and jurisdictions in their types | rules 6, 12, 13, 15, 20 |
//! | commitments go into the tree in the order of [`PublicInputs::all_commitments`] | wallets find them |
//! | binding is the hash of everything else in the call | a relay changes nothing |
//! | a transaction is known by nullifiers and binding, not by its proof's bytes | see [`verify`] |

#[cfg(feature = "prover")]
pub(crate) mod bandersnatch;
#[cfg(feature = "prover")]
pub(crate) mod circuit;
#[cfg(feature = "prover")]
pub(crate) mod constraints;
pub mod development;
pub mod disclosure;
#[cfg(feature = "prover")]
pub(crate) mod gadgets;
mod jurisdictions;
#[cfg(feature = "prover")]
pub(crate) mod keys;
#[cfg(feature = "prover")]
pub(crate) mod native;
pub mod notes;
mod point;
mod public;
pub mod verify;
#[cfg(feature = "prover")]
pub(crate) mod witness;

#[cfg(feature = "prover")]
pub use bandersnatch::{Ephemeral, HALF_BITS, coordinates};
#[cfg(feature = "prover")]
pub use circuit::{assignment, shape};
#[cfg(feature = "prover")]
pub use constraints::{Rule, Rules, Shape};
pub use jurisdictions::{Jurisdictions, MAX_POLICY_CODES};
#[cfg(feature = "prover")]
pub use keys::{CannotProve, ProvingKey, synthesizer};
#[cfg(feature = "prover")]
pub use native::{
    Assigned, Change, Credential, Input, Keys, OldCounter, Payment, Plan, Policy, Refusal,
};
pub use point::{BadPoint, Point};
pub use public::{
    COMMITTEE_LENGTH, FLOW_LENGTH, POOL_DOMAIN, PUBLIC_INPUTS, PublicAmount, PublicInputs,
    packed_value, pool_id,
};
#[cfg(feature = "prover")]
pub use witness::{POSITION_BITS, Witness};

/// Depth of the tree of notes and counters.
pub const NOTE_DEPTH: usize = 16;
/// Depth of the tree of credentials.
pub const CREDENTIAL_DEPTH: usize = 10;
/// Depth of the tree of policies.
pub const POLICY_DEPTH: usize = 4;
/// Number of the flow layer in its key stream.
pub const FLOW_LAYER: u32 = 1;
/// Number of the committee's layer in its key stream.
pub const COMMITTEE_LAYER: u32 = 2;
/// Constraints and instance variables of the circuit together. Proving takes a domain of 32,768 elements for them.
pub const CONSTRAINTS_AND_INSTANCE: usize = 32_648;
