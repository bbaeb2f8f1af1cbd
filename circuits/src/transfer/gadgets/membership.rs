//! A leaf is in a tree of which the four children of every ancestor are shown.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::{
    super::constraints::{Builder, Num, Rules},
    poseidon::hash,
};
use crate::Domain;

/// The children of every ancestor, the leaf's own group first.
pub(crate) type Groups = [[Num; 4]];

fn node<R: Rules>(builder: &mut Builder<R>, [a, b, c, d]: &[Num; 4]) -> Num {
    hash(builder, Domain::Node, &[a, b, c, d])
}

/// The root above a leaf, wherever the leaf is: every value is one of the four children of its parent. Three
/// constraints and a hash a level.
pub(crate) fn root_above<R: Rules>(builder: &mut Builder<R>, leaf: &Num, groups: &Groups) -> Num {
    let zero = builder.constant(Default::default());
    groups.iter().fold(leaf.clone(), |value, group| {
        let [a, b, c, d] = group;
        let first = builder.product(&(&value - a), &(&value - b));
        let second = builder.product(&(&value - c), &(&value - d));
        builder.enforce(&first, &second, &zero);
        node(builder, group)
    })
}

/// The root above a leaf at the position of these bits, the lowest first, two a level. Three constraints and a
/// hash a level. The bits are bits already.
pub(crate) fn root_above_position<R: Rules>(
    builder: &mut Builder<R>,
    leaf: &Num,
    position: &[Num],
    groups: &Groups,
) -> Num {
    let levels = position.as_chunks::<2>().0.iter().zip(groups);
    levels.fold(leaf.clone(), |value, ([low, high], group)| {
        let [a, b, c, d] = group;
        let left = builder.select(low, b, a);
        let right = builder.select(low, d, c);
        builder.enforce(high, &(&right - &left), &(&value - &left));
        node(builder, group)
    })
}
