//! The transfer circuit.

mod circuit;
mod curve;
mod jurisdictions;
mod mutation;
mod refusals;
mod verify;
pub mod world;

use crate as circuits;
use world::World;

/// Every kind of transfer, with a name.
fn all_kinds() -> Vec<(&'static str, crate::transfer::Plan)> {
    let world = World::new();
    vec![
        ("a payment", world.payment()),
        ("a deposit", world.deposit()),
        ("a withdrawal", world.withdrawal()),
        ("a payment to oneself", world.to_self()),
        ("the first payment of a period", world.first()),
        (
            "a payment under a policy without receivers",
            world.to_anybody(),
        ),
    ]
}
