use super::bytes;
use crate::{
    FieldBytes, Poseidon,
    frontier::{Frontier, capacity},
    tree::{MemoryTree, TreeError, TreeHasher},
};
use codec::{Decode, Encode, MaxEncodedLen};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_frontier_has_the_root_of_the_whole_tree_after_every_block(
        blocks in proptest::collection::vec(proptest::collection::vec(bytes(), 0..9), 0..12),
    ) {
        let mut frontier = Frontier::<3>::default();
        let mut tree = MemoryTree::<Poseidon, 3>::default();
        prop_assert_eq!(frontier.root::<Poseidon>(), tree.root());
        for block in blocks {
            let first = u64::from(tree.len());
            let fits = block.len() as u64 <= frontier.room();
            let before = frontier.clone();
            let got = frontier.append_all::<Poseidon>(&block);
            if fits {
                prop_assert_eq!(got, Ok(first));
                for leaf in &block {
                    tree.append(*leaf).expect("there is room");
                }
            } else {
                prop_assert_eq!(got, Err(TreeError::Full));
                prop_assert_eq!(&frontier, &before);
            }
            prop_assert_eq!(frontier.len(), u64::from(tree.len()));
            prop_assert_eq!(frontier.root::<Poseidon>(), tree.root());
            prop_assert_eq!(Frontier::decode(&mut &frontier.encode()[..]), Ok(frontier.clone()));
        }
    }

    #[test]
    fn how_leaves_are_cut_into_blocks_changes_nothing(
        leaves in proptest::collection::vec(bytes(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut whole = Frontier::<16>::default();
        whole.append_all::<Poseidon>(&leaves).expect("there is room");
        let mut cut_up = Frontier::<16>::default();
        let (first, second) = leaves.split_at(cut.index(leaves.len() + 1));
        cut_up.append_all::<Poseidon>(first).expect("there is room");
        cut_up.append_all::<Poseidon>(second).expect("there is room");
        prop_assert_eq!(whole.encode(), cut_up.encode());
    }
}

#[test]
fn a_full_frontier_refuses_and_stays_as_it_is() {
    let mut frontier = Frontier::<2>::default();
    let mut tree = MemoryTree::<Poseidon, 2>::default();
    for number in 1u64..=16 {
        frontier
            .append::<Poseidon>(number.into())
            .expect("there is room");
        tree.append(number.into()).expect("there is room");
    }
    assert_eq!(frontier.room(), 0);
    let before = frontier.clone();
    assert_eq!(
        frontier.append::<Poseidon>(17u64.into()),
        Err(TreeError::Full)
    );
    assert_eq!(frontier, before);
    assert_eq!(frontier.root::<Poseidon>(), tree.root());
}

#[test]
fn an_empty_frontier_has_the_root_of_an_empty_tree() {
    assert_eq!(
        Frontier::<16>::default().root::<Poseidon>(),
        Poseidon::empty(16)
    );
}

#[test]
fn the_notes_frontier_takes_1576_bytes_and_4_294_967_296_leaves() {
    assert_eq!(Frontier::<16>::max_encoded_len(), 1576);
    let frontier = Frontier::<16>::default();
    assert_eq!(frontier.encode().len(), 1576);
    assert_eq!(frontier.room(), 1 << 32);
    assert_eq!(capacity(32), u64::MAX);
}

#[test]
fn positions_go_beyond_32_bits_where_the_tree_does() {
    let mut frontier = Frontier::<17>::default();
    let mut encoded = frontier.encode();
    encoded[..8].copy_from_slice(&(1u64 << 33).to_le_bytes());
    frontier = Frontier::decode(&mut &encoded[..]).expect("a frontier");
    assert_eq!(
        frontier.append::<Poseidon>(FieldBytes::from(1u64)),
        Ok(1 << 33)
    );
}
