//! What the prover knows: every value that a proof hides.

use crate::{
    Fr,
    transfer::{CREDENTIAL_DEPTH, witness::witness},
};

const ZERO: Fr = <Fr as ark_ff::AdditiveGroup>::ZERO;

witness! {
    /// s.
    spend_secret: Fr = ZERO,
    /// nk.
    nullifier_key: Fr = ZERO,
    /// The holder, as the issuer numbers it.
    subject: Fr = ZERO,
    /// The issuer.
    issuer: Fr = ZERO,
    /// What the issuer claims.
    claims: Fr = ZERO,
    /// The salt of the commitment to the pool key.
    salt: Fr = ZERO,
    /// The children of the ancestors of the leaf.
    groups: [[Fr; 4]; CREDENTIAL_DEPTH] = [[ZERO; 4]; CREDENTIAL_DEPTH],
}
