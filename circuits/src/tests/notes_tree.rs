use super::bytes;
use crate::{
    FieldBytes, Poseidon,
    frontier::Frontier,
    notes_tree::{NotePath, NotesTree},
    tree::{MemoryTree, TreeError},
};
use codec::{Decode, Encode};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Append(FieldBytes, bool),
    Forget(prop::sample::Index),
    Save,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (bytes(), prop::bool::weighted(0.3)).prop_map(|(leaf, keep)| Step::Append(leaf, keep)),
        1 => any::<prop::sample::Index>().prop_map(Step::Forget),
        1 => Just(Step::Save),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn kept_paths_are_those_of_the_whole_tree_whatever_happens(
        steps in proptest::collection::vec(step(), 0..90),
    ) {
        let mut notes = NotesTree::<3>::default();
        let mut tree = MemoryTree::<Poseidon, 3>::default();
        let mut kept = Vec::<u64>::new();
        for step in steps {
            match step {
                Step::Append(leaf, keep) => {
                    let got = notes.append::<Poseidon>(leaf, keep);
                    prop_assert_eq!(got, tree.append(leaf).map(u64::from));
                    if keep {
                        kept.extend(got.ok());
                    }
                }
                Step::Forget(which) if !kept.is_empty() => {
                    let position = kept.remove(which.index(kept.len()));
                    prop_assert!(notes.forget(position));
                    prop_assert!(!notes.forget(position));
                    prop_assert_eq!(notes.path::<Poseidon>(position), Err(TreeError::NoSuchLeaf));
                }
                Step::Forget(_) => {}
                Step::Save => {
                    notes = NotesTree::decode(&mut &notes.encode()[..]).expect("it was encoded");
                }
            }
            prop_assert_eq!(notes.root::<Poseidon>(), tree.root());
            prop_assert_eq!(notes.kept().collect::<Vec<_>>(), kept.clone());
            for position in &kept {
                let path = notes.path::<Poseidon>(*position).expect("it is kept");
                let whole = tree.path(*position as u32).expect("there is such a leaf");
                let leaf = tree.leaf(*position as u32).expect("there is such a leaf");
                let mut index = *position;
                for (group, siblings) in path.groups.iter().zip(&whole.siblings) {
                    let mut without = group.to_vec();
                    without.remove((index & 3) as usize);
                    prop_assert_eq!(&without[..], &siblings[..]);
                    index >>= 2;
                }
                prop_assert!(path.leads::<Poseidon>(&leaf, &tree.root()));
            }
        }
    }

    #[test]
    fn a_path_leads_from_one_leaf_at_one_position(
        leaves in proptest::collection::vec(bytes(), 1..20),
        at in any::<prop::sample::Index>(),
        level in 0usize..4,
        child in 0usize..4,
        other in bytes(),
        moved in 1u64..1 << 20,
    ) {
        let mut notes = NotesTree::<4>::default();
        for leaf in &leaves {
            notes.append::<Poseidon>(*leaf, true).expect("there is room");
        }
        let at = at.index(leaves.len());
        let root = notes.root::<Poseidon>();
        let path = notes.path::<Poseidon>(at as u64).expect("it is kept");
        prop_assert!(path.leads::<Poseidon>(&leaves[at], &root));
        prop_assert_eq!(path.leads::<Poseidon>(&other, &root), other == leaves[at]);
        let mut forged = path.clone();
        forged.groups[level][child] = other;
        prop_assert_eq!(forged.leads::<Poseidon>(&leaves[at], &root), forged == path);
        let elsewhere = NotePath { position: path.position ^ moved, ..path };
        prop_assert!(!elsewhere.leads::<Poseidon>(&leaves[at], &root));
    }
}

#[test]
fn nothing_is_kept_for_leaves_of_others() {
    let mut notes = NotesTree::<16>::default();
    let empty = notes.encode().len();
    for number in 1u64..=300 {
        notes
            .append::<Poseidon>(number.into(), false)
            .expect("there is room");
    }
    assert_eq!(notes.encode().len(), empty);
    let mine = notes
        .append::<Poseidon>(301u64.into(), true)
        .expect("there is room");
    for number in 302u64..=600 {
        notes
            .append::<Poseidon>(number.into(), false)
            .expect("there is room");
    }
    assert!(notes.encode().len() > empty);
    assert!(notes.forget(mine));
    assert_eq!(notes.encode().len(), empty);
}

#[test]
fn a_path_alone_leads_to_its_own_root() {
    let leaf = FieldBytes::from(5u64);
    let mut notes = NotesTree::<4>::default();
    notes.append::<Poseidon>(leaf, true).expect("there is room");
    let path = NotePath::<4>::alone::<Poseidon>(0, leaf);
    assert_eq!(notes.path::<Poseidon>(0), Ok(path.clone()));
    assert!(path.leads::<Poseidon>(&leaf, &notes.root::<Poseidon>()));
}

#[test]
fn a_tree_that_goes_on_from_a_frontier_gives_paths_of_what_comes_after() {
    let mut chain = Frontier::<16>::default();
    for number in 1u64..=77 {
        chain
            .append::<Poseidon>(number.into())
            .expect("there is room");
    }
    let mut notes = NotesTree::from(chain.clone());
    for number in 78u64..=200 {
        chain
            .append::<Poseidon>(number.into())
            .expect("there is room");
        notes
            .append::<Poseidon>(number.into(), number == 80)
            .expect("there is room");
    }
    assert_eq!(notes.root::<Poseidon>(), chain.root::<Poseidon>());
    let path = notes.path::<Poseidon>(79).expect("it is kept");
    assert!(path.leads::<Poseidon>(&80u64.into(), &chain.root::<Poseidon>()));
}
