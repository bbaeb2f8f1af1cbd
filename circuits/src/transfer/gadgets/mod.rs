//! The parts that rules are made of.

pub(super) mod curve;
pub(super) mod membership;
pub(super) mod poseidon;
pub(super) mod range;
