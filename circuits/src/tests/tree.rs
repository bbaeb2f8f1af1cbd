use super::bytes;
use crate::{
    FieldBytes, Poseidon, node,
    tree::{MemoryTree, Path, TreeError, TreeHasher, capacity},
};
use proptest::prelude::*;

/// Hashes all leaves of a tree of this depth, as its definition says.
fn naive_root(leaves: &[FieldBytes], depth: u32) -> FieldBytes {
    let mut level = leaves.to_vec();
    level.resize(capacity(depth) as usize, FieldBytes::ZERO);
    while level.len() > 1 {
        level = level
            .chunks_exact(4)
            .map(|four| node(&[four[0], four[1], four[2], four[3]]))
            .collect();
    }
    level[0]
}

#[derive(Clone, Debug)]
enum Step {
    Append(FieldBytes),
    Update(Vec<(u32, FieldBytes)>),
}

fn step() -> impl Strategy<Value = Step> {
    let value = prop_oneof![3 => bytes(), 1 => Just(FieldBytes::ZERO)];
    prop_oneof![
        3 => bytes().prop_map(Step::Append),
        2 => proptest::collection::vec((0u32..70, value), 0..6).prop_map(Step::Update),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_tree_is_the_naive_one_whatever_happens(steps in proptest::collection::vec(step(), 0..40)) {
        let mut tree = MemoryTree::<Poseidon, 3>::default();
        let mut leaves = Vec::<FieldBytes>::new();
        for step in steps {
            match step {
                Step::Append(leaf) => {
                    let got = tree.append(leaf);
                    if leaves.len() < 64 {
                        prop_assert_eq!(got, Ok(leaves.len() as u32));
                        leaves.push(leaf);
                    } else {
                        prop_assert_eq!(got, Err(TreeError::Full));
                    }
                }
                Step::Update(changes) => {
                    let got = tree.update(&changes);
                    if changes.iter().any(|(leaf, _)| *leaf as usize >= leaves.len()) {
                        prop_assert_eq!(got, Err(TreeError::NoSuchLeaf));
                    } else {
                        for (leaf, value) in changes {
                            leaves[leaf as usize] = value;
                        }
                        prop_assert_eq!(got, Ok(tree.root()));
                    }
                }
            }
            prop_assert_eq!(tree.len() as usize, leaves.len());
        }
        let root = tree.root();
        prop_assert_eq!(root, naive_root(&leaves, 3));
        for (at, leaf) in leaves.iter().enumerate() {
            prop_assert_eq!(tree.leaf(at as u32), Ok(*leaf));
            let path = tree.path(at as u32).expect("there is such a leaf");
            prop_assert_eq!(path.root::<Poseidon>(leaf), Ok(root));
            prop_assert_eq!(path.leads::<Poseidon>(leaf, &root), !leaf.is_zero());
        }
    }

    #[test]
    fn a_path_with_anything_changed_leads_elsewhere(
        leaves in proptest::collection::vec(bytes(), 1..20),
        at in any::<prop::sample::Index>(),
        level in 0usize..4,
        sibling in 0usize..3,
        other in bytes(),
        moved in 1u32..256,
    ) {
        let mut tree = MemoryTree::<Poseidon, 4>::default();
        for leaf in &leaves {
            tree.append(*leaf).expect("there is room");
        }
        let at = at.index(leaves.len());
        let (leaf, root) = (leaves[at], tree.root());
        let path = tree.path(at as u32).expect("there is such a leaf");
        prop_assert!(path.leads::<Poseidon>(&leaf, &root));
        if other != leaf {
            prop_assert!(!path.leads::<Poseidon>(&other, &root));
        }
        if other != path.siblings[level][sibling] {
            let mut forged = path.clone();
            forged.siblings[level][sibling] = other;
            prop_assert!(!forged.leads::<Poseidon>(&leaf, &root));
        }
        let elsewhere = Path { leaf: path.leaf ^ moved, ..path.clone() };
        if elsewhere.root::<Poseidon>(&leaf) == Ok(root) {
            // Only where its siblings are all the same as itself could a leaf stand in another place.
            prop_assert_eq!(tree.leaf(elsewhere.leaf), Ok(leaf));
        }
    }
}

#[test]
fn an_empty_tree_has_the_root_of_the_table_and_proves_nothing() {
    let tree = MemoryTree::<Poseidon, 10>::default();
    assert_eq!(tree.root(), Poseidon::empty(10));
    assert!(tree.is_empty());
    let path = tree.path(0).expect("a tree of depth 10 has a leaf 0");
    assert_eq!(path.root::<Poseidon>(&FieldBytes::ZERO), Ok(tree.root()));
    assert!(!path.leads::<Poseidon>(&FieldBytes::ZERO, &tree.root()));
}

#[test]
fn a_leaf_has_one_number() {
    let mut tree = MemoryTree::<Poseidon, 3>::default();
    let leaf = FieldBytes::from(9u64);
    tree.append(leaf).expect("there is room");
    let mut path = tree.path(0).expect("there is such a leaf");
    // The same way up, from a number that a circuit would take for 0.
    path.leaf = capacity(3);
    assert_eq!(path.root::<Poseidon>(&leaf), Err(TreeError::NoSuchLeaf));
    assert_eq!(tree.path(capacity(3)), Err(TreeError::NoSuchLeaf));
}

#[test]
fn a_node_cannot_stand_for_a_leaf() {
    let mut tree = MemoryTree::<Poseidon, 2>::default();
    for number in 1u64..=4 {
        let parts = [
            number.into(),
            FieldBytes::ZERO,
            FieldBytes::ZERO,
            FieldBytes::ZERO,
        ];
        tree.append(Poseidon::leaf(&parts)).expect("there is room");
    }
    let leaves: Vec<FieldBytes> = (0..4)
        .map(|at| tree.leaf(at).expect("it is there"))
        .collect();
    let children = [leaves[0], leaves[1], leaves[2], leaves[3]];
    // The four leaves as a credential's parts make another value than as a node's children.
    assert_ne!(Poseidon::leaf(&children), node(&children));
}

#[test]
fn a_full_tree_refuses_and_stays_as_it_is() {
    let mut tree = MemoryTree::<Poseidon, 1>::default();
    for number in 1u64..=4 {
        tree.append(number.into()).expect("there is room");
    }
    let root = tree.root();
    assert_eq!(tree.append(5u64.into()), Err(TreeError::Full));
    assert_eq!(tree.root(), root);
}

#[test]
fn capacities_are_powers_of_four() {
    assert_eq!(capacity(0), 1);
    assert_eq!(capacity(10), 1_048_576);
    assert_eq!(capacity(15), 1_073_741_824);
    assert_eq!(capacity(16), u32::MAX);
}
