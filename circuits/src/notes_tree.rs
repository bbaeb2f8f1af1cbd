//! A wallet's view of a tree that only grows: the paths of the leaves that are its own.
//!
//! A wallet sees every leaf once, in order, and says of each whether it wants its path. The tree keeps a
//! [`Frontier`] and, of all other nodes, only the siblings of such a leaf's ancestors: about 48 hashes a leaf at
//! depth 16, fewer where paths meet. It is saved as its encoding and goes on from there.
//!
//! ```
//! use codec::{Decode, Encode};
//! use plume_circuits::{FieldBytes, Poseidon, notes_tree::NotesTree};
//!
//! let mut tree = NotesTree::<16>::default();
//! tree.append::<Poseidon>(7u64.into(), false).unwrap();
//! let mine = tree.append::<Poseidon>(8u64.into(), true).unwrap();
//!
//! let saved = tree.encode();
//! let mut tree = NotesTree::<16>::decode(&mut &saved[..]).unwrap();
//! tree.append::<Poseidon>(9u64.into(), false).unwrap();
//!
//! let path = tree.path::<Poseidon>(mine).unwrap();
//! assert!(path.leads::<Poseidon>(&8u64.into(), &tree.root::<Poseidon>()));
//! ```

use crate::{
    FieldBytes,
    frontier::{Frontier, capacity, child, parent},
    tree::{Group, TreeError, TreeHasher},
};
use alloc::collections::{BTreeMap, BTreeSet};
use codec::{Decode, Encode};

/// Proves where a leaf is: its position, and from the bottom up the four children of every ancestor, of which one
/// is the leaf or an ancestor of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NotePath<const DEPTH: usize> {
    /// Position of the leaf, counted from 0.
    pub position: u64,
    /// Groups of siblings by level, the leaf's own first.
    pub groups: [Group; DEPTH],
}

impl<const DEPTH: usize> NotePath<DEPTH> {
    /// A path in a tree that has nothing but this leaf: what an input without a note shows.
    pub fn alone<H: TreeHasher>(position: u64, leaf: FieldBytes) -> Self {
        let mut groups = [[FieldBytes::ZERO; 4]; DEPTH];
        let mut index = position;
        let mut value = leaf;
        for (level, group) in (0u32..).zip(groups.iter_mut()) {
            *group = [H::empty(level); 4];
            if let Some(member) = group.get_mut(child(index)) {
                *member = value;
            }
            value = H::node(group);
            index = parent(index);
        }
        Self { position, groups }
    }

    /// Whether a leaf is at the position in the tree of this root. An empty leaf is nowhere.
    pub fn leads<H: TreeHasher>(&self, leaf: &FieldBytes, root: &FieldBytes) -> bool {
        let mut index = self.position;
        let mut value = *leaf;
        for group in &self.groups {
            if group.get(child(index)) != Some(&value) {
                return false;
            }
            value = H::node(group);
            index = parent(index);
        }
        !leaf.is_zero() && index == 0 && value == *root
    }
}

/// The tree of all leaves, of which only the way to some is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct NotesTree<const DEPTH: usize> {
    frontier: Frontier<DEPTH>,
    /// Positions whose paths are kept.
    kept: BTreeSet<u64>,
    /// Complete subtrees by level and number, where an ancestor of a kept leaf is their parent.
    nodes: BTreeMap<(u32, u64), FieldBytes>,
}

/// Goes on from where a chain's tree is. Of the leaves before there are no paths: a wallet that is new has none there.
impl<const DEPTH: usize> From<Frontier<DEPTH>> for NotesTree<DEPTH> {
    fn from(frontier: Frontier<DEPTH>) -> Self {
        Self {
            frontier,
            ..Self::default()
        }
    }
}

impl<const DEPTH: usize> NotesTree<DEPTH> {
    /// Takes the next leaf and returns its position. Its path can be asked for when it is to be kept.
    pub fn append<H: TreeHasher>(
        &mut self,
        leaf: FieldBytes,
        keep: bool,
    ) -> Result<u64, TreeError> {
        let Self {
            frontier,
            kept,
            nodes,
        } = self;
        let position = frontier.append_and_tell::<H>(leaf, |level, index, value| {
            if leads_to_one(kept, level.saturating_add(1), parent(index)) {
                nodes.insert((level, index), value);
            }
        })?;
        if keep {
            self.keep_left_of(position);
        }
        Ok(position)
    }

    /// What is complete on the left of the newest leaf is in the frontier now, and may not be later.
    fn keep_left_of(&mut self, position: u64) {
        self.kept.insert(position);
        let mut index = position;
        for level in levels::<DEPTH>() {
            let first = index & !3;
            for (number, value) in (first..index).zip(self.frontier.left(level)) {
                self.nodes.insert((level, number), value);
            }
            index = parent(index);
        }
    }

    /// Stops keeping the path of a leaf, because its note is spent. False when it was not kept.
    pub fn forget(&mut self, position: u64) -> bool {
        if !self.kept.remove(&position) {
            return false;
        }
        let mut above = position;
        for level in levels::<DEPTH>() {
            above = parent(above);
            if !leads_to_one(&self.kept, level.saturating_add(1), above) {
                let first = above << 2;
                for index in first..=first.saturating_add(3) {
                    self.nodes.remove(&(level, index));
                }
            }
        }
        true
    }

    /// Positions whose paths are kept, in order.
    pub fn kept(&self) -> impl Iterator<Item = u64> + '_ {
        self.kept.iter().copied()
    }

    /// How many leaves were appended.
    pub fn len(&self) -> u64 {
        self.frontier.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.frontier.is_empty()
    }

    /// The root.
    pub fn root<H: TreeHasher>(&self) -> FieldBytes {
        self.frontier.root::<H>()
    }

    /// The path of a leaf that is kept, in the tree as it is now.
    pub fn path<H: TreeHasher>(&self, position: u64) -> Result<NotePath<DEPTH>, TreeError> {
        if !self.kept.contains(&position) {
            return Err(TreeError::NoSuchLeaf);
        }
        let mut groups = [[FieldBytes::ZERO; 4]; DEPTH];
        let mut index = position;
        let mut newest = self.len().saturating_sub(1);
        let mut growing = self.frontier.newest().unwrap_or_default();
        let mut own = None;
        let ancestors = self.frontier.ancestors::<H>();
        for ((level, group), above) in (0u32..).zip(groups.iter_mut()).zip(ancestors) {
            for (number, member) in (index & !3..).zip(group.iter_mut()) {
                *member = if number == newest {
                    growing
                } else if number > newest {
                    H::empty(level)
                } else {
                    // Complete: kept as a sibling, or hashed from the level below as the leaf's own ancestor.
                    self.nodes
                        .get(&(level, number))
                        .copied()
                        .or(own.filter(|_| number == index))
                        .unwrap_or_default()
                };
            }
            own = Some(H::node(group));
            index = parent(index);
            newest = parent(newest);
            growing = above;
        }
        Ok(NotePath { position, groups })
    }
}

/// Whether a kept leaf is below a node.
fn leads_to_one(kept: &BTreeSet<u64>, level: u32, index: u64) -> bool {
    let bits = level.saturating_mul(2);
    let Some(first) = index.checked_shl(bits) else {
        return !kept.is_empty();
    };
    let last = first
        | 1u64
            .checked_shl(bits)
            .map_or(u64::MAX, |size| size.saturating_sub(1));
    kept.range(first..=last).next().is_some()
}

fn levels<const DEPTH: usize>() -> core::ops::Range<u32> {
    0..u32::try_from(DEPTH).unwrap_or(u32::MAX)
}

const _: () = assert!(capacity(16) == 1 << 32, "positions of notes are 32 bits");
