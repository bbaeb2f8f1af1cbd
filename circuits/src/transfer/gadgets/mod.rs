//! The parts that rules are made of.

pub(super) mod curve;
pub(crate) mod jurisdictions;
pub(crate) mod membership;
pub(crate) mod poseidon;
pub(crate) mod product;
pub(crate) mod range;
