//! What the verifier sees: the public inputs of a proof.

use super::jurisdictions::{JurisdictionSet, MAX_CODES};
use crate::{Domain, FieldBytes, hash};

/// How many public inputs a proof has.
pub const PUBLIC_INPUTS: usize = 6 + MAX_CODES;

/// The public inputs, in the order in which they are proven.
///
/// `tier` and `time` being a `u8` and a `u32` they bring the range that the circuit relies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicInputs {
    /// 0: root of the tree of credentials, a recent one.
    pub credential_root: FieldBytes,
    /// 1: the lowest tier that is good enough.
    pub tier: u8,
    /// 2: when the credential counts, in seconds since the first block.
    pub time: u32,
    /// 3: whom the proof is for: an element that its name makes.
    pub verifier: FieldBytes,
    /// 4: the holder's name for this verifier; see [`pseudonym`].
    pub pseudonym: FieldBytes,
    /// 5: hash of everything that is said with the proof. No constraint reads it: being a public input binds it.
    pub binding: FieldBytes,
    /// 6 to 37: where the holder may belong.
    pub jurisdictions: JurisdictionSet,
}

impl PublicInputs {
    /// The inputs as field elements, in order.
    pub fn to_elements(&self) -> [FieldBytes; PUBLIC_INPUTS] {
        let first = [
            self.credential_root,
            u64::from(self.tier).into(),
            u64::from(self.time).into(),
            self.verifier,
            self.pseudonym,
            self.binding,
        ];
        let mut elements = [FieldBytes::ZERO; PUBLIC_INPUTS];
        let all = first.into_iter().chain(self.jurisdictions.elements());
        for (to, from) in elements.iter_mut().zip(all) {
            *to = from;
        }
        elements
    }
}

/// The holder's name for one verifier. Who only has a viewing key cannot compute it.
pub fn pseudonym(spend_secret: &FieldBytes, verifier: &FieldBytes) -> FieldBytes {
    hash(Domain::VerifierPseudonym, &[*spend_secret, *verifier])
}
