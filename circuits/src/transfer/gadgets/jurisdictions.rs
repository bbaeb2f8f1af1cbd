//! Where somebody belongs.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::{
    super::constraints::{Builder, Num, Rules},
    product::one_is_zero,
    range::number,
};

/// Where the jurisdictions begin among the bits of claims, and the bits of one.
const CODES_BIT: usize = 96;
const CODE_BITS: usize = 16;

/// The jurisdictions in the bits of claims. The first place that is empty, and those after it, are zero.
pub(crate) fn codes<R: Rules>(builder: &Builder<R>, claims: &[Num]) -> Vec<Num> {
    let bits = claims.get(CODES_BIT..).unwrap_or_default();
    set(builder, bits)
}

/// The numbers that bits make, 16 each.
pub(crate) fn set<R: Rules>(builder: &Builder<R>, bits: &[Num]) -> Vec<Num> {
    bits.chunks(CODE_BITS)
        .map(|code| number(builder, code))
        .collect()
}

/// Demands that there is a first code and that all of them are in the set, unless one of the conditions is zero.
pub(crate) fn covered<R: Rules>(
    builder: &mut Builder<R>,
    conditions: &[&Num],
    codes: &[Num],
    set: &[Num],
) {
    for (at, code) in codes.iter().enumerate() {
        let conditions = conditions.iter().map(|one| (*one).clone());
        let none = (at > 0).then(|| code.clone());
        let others = set.iter().map(|one| code - one);
        one_is_zero(builder, conditions.chain(none).chain(others).collect());
    }
}
