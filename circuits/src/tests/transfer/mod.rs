//! The transfer circuit.

mod attempts;
mod circuit;
mod curve;
mod jurisdictions;
mod mutation;
mod refusals;
mod verify;
pub mod world;

use crate::{
    self as circuits, Fr,
    transfer::{Assigned, Shape, shape},
};
use std::sync::OnceLock;
use world::{World, element};

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

fn circuit() -> &'static Shape {
    static SHAPE: OnceLock<Shape> = OnceLock::new();
    SHAPE.get_or_init(shape)
}

pub fn payment() -> Assigned {
    World::new().payment().assign().expect("a good plan")
}

/// A random looking element that is not zero.
fn noise(number: usize) -> Fr {
    element(&format!("noise {number}")).to_element()
}
