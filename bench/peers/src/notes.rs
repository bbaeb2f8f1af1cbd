//! The smallest tree that two notes are in.

use anyhow::anyhow;
use incrementalmerkletree::{Hashable, Level, MerklePath, Position};

/// Depth of the trees of notes of Sapling and of Orchard.
const DEPTH: u8 = 32;

/// The paths of two leaves in a tree that holds nothing else.
pub fn paths<H: Hashable + Clone>(leaves: &[H; 2]) -> anyhow::Result<[MerklePath<H, DEPTH>; 2]> {
    let [first, second] = leaves;
    let path = |position: u64, sibling: &H| {
        let above = (1..DEPTH).map(|level| H::empty_root(Level::from(level)));
        let siblings = core::iter::once(sibling.clone()).chain(above).collect();
        MerklePath::from_parts(siblings, Position::from(position))
            .map_err(|()| anyhow!("a path has not {DEPTH} siblings"))
    };
    Ok([path(0, second)?, path(1, first)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use sapling_crypto::Node;

    #[test]
    fn both_paths_lead_to_one_root() {
        let leaf = |number: u8| {
            let mut bytes = [0; 32];
            bytes[0] = number;
            Node::from_bytes(bytes).expect("it is below the modulus")
        };
        let leaves = [leaf(2), leaf(3)];
        let [first, second] = paths(&leaves).expect("they have the depth");
        let root = first.root(leaves[0]);
        assert_eq!(root, second.root(leaves[1]));
        assert_ne!(root, Node::empty_root(Level::from(DEPTH)));
    }
}
