//! No call moves value past the policies, whichever way it is carried to its execution.

#[path = "../common/mod.rs"]
mod common;
mod coverage;
mod draws;
mod evasion;
mod freezes;
mod holds;
mod proofs;
mod shielded;
mod stage;
mod world;
