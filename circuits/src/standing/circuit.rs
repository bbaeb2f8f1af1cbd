//! The statement as constraints, rule by rule. The numbers are those of [the statement](super).
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::{PUBLIC_INPUTS, public::PublicInputs, rules::Rule, witness::Witness};
use crate::{
    Domain, FieldBytes, Fr,
    transfer::{
        circuit::{CLAIMS_BITS, TIME_BITS, credential},
        constraints::{Builder, Shape},
        gadgets::{
            jurisdictions::{codes, covered},
            poseidon::hash,
            range::{below, bits, number},
        },
    },
};
use ark_ff::{AdditiveGroup, Field};

/// Bits of a tier.
const TIER_BITS: usize = 8;

/// All constraints.
pub fn shape() -> Shape<Rule> {
    let mut builder = Builder::recording(Rule::Keys);
    synthesise(&mut builder, [Fr::ZERO; PUBLIC_INPUTS], &Witness::default());
    builder.into_shape()
}

/// One, the public inputs, and the witness with all that follows from it. Good only if the witness is.
pub fn assignment(public: &PublicInputs, witness: &Witness) -> Vec<Fr> {
    let mut builder = Builder::computing(Rule::Keys);
    let elements = public
        .to_elements()
        .map(|element| FieldBytes::to_element(&element));
    synthesise(&mut builder, elements, witness);
    builder.into_assignment()
}

fn synthesise(b: &mut Builder<Rule>, public: [Fr; PUBLIC_INPUTS], w: &Witness) {
    let [
        credential_root,
        tier,
        time,
        verifier,
        pseudonym,
        _binding,
        jurisdictions @ ..,
    ] = b.inputs(public);

    // 1. Keys.
    b.rule(Rule::Keys);
    let spend_secret = b.witness(w.spend_secret);
    let nullifier_key = b.witness(w.nullifier_key);
    let authority = hash(b, Domain::SpendAuthority, &[&spend_secret]);
    let pool_key = hash(b, Domain::PoolKey, &[&authority, &nullifier_key]);

    // 2. Credential.
    b.rule(Rule::Credential);
    let parts = [w.subject, w.issuer, w.claims, w.salt];
    let holder = credential(b, parts, &w.groups, &pool_key);
    b.equal(&holder.root, &credential_root);

    // 3. Claims.
    b.rule(Rule::Claims);
    let bits = bits(b, &holder.claims, CLAIMS_BITS);
    let part = |b: &Builder<Rule>, from: usize, count: usize| {
        number(
            b,
            bits.get(from..from.saturating_add(count))
                .unwrap_or_default(),
        )
    };
    let has = part(b, 0, TIER_BITS);
    let (from, until) = (part(b, 32, TIME_BITS), part(b, 64, TIME_BITS));

    // 4. Tier.
    b.rule(Rule::Tier);
    below(b, &(&has - &tier), TIER_BITS);

    // 5. Validity.
    b.rule(Rule::Validity);
    below(b, &(&time - &from), TIME_BITS);
    below(b, &(&until - &time).shifted(-Fr::ONE), TIME_BITS);

    // 6. Jurisdictions.
    b.rule(Rule::Jurisdictions);
    let codes = codes(b, &bits);
    covered(b, &[], &codes, &jurisdictions);

    // 7. Pseudonym.
    b.rule(Rule::Pseudonym);
    let name = hash(b, Domain::VerifierPseudonym, &[&spend_secret, &verifier]);
    b.equal(&name, &pseudonym);
}
