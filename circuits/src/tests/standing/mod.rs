//! The circuit of standing.

mod circuit;
mod mutation;
mod refusals;
mod verify;
pub mod world;

use crate as circuits;
