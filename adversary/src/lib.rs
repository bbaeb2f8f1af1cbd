//! How a Plume node can misbehave; the program `plume-adversary` does.
//!
//! Apart from the program, because whatever runs a whole node takes minutes to compile, and these tests
//! need none.

pub mod fork_choice;
pub mod silence;
