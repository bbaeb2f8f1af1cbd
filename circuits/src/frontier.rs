//! A tree that only grows, as the little that is needed to let it grow further.
//!
//! The pool appends a block's notes and needs the root above them, once. A [`Frontier`] keeps, of every level, the
//! up to three complete subtrees on the left of the newest leaf; everything right of it is empty. Appending a leaf
//! costs a third of a hash on average, the root one hash a level.
//!
//! | | |
//! |---|---|
//! | leaves | 4^`DEPTH`, counted by a `u64`; handed out in order, never replaced |
//! | size | 40 + 96 · `DEPTH` bytes: 1,576 at depth 16 |
//! | equal trees | have equal encodings: what is not in use is zero |
//!
//! ```
//! use plume_circuits::{FieldBytes, Poseidon, frontier::Frontier, tree::MemoryTree};
//!
//! let mut frontier = Frontier::<4>::default();
//! let mut tree = MemoryTree::<Poseidon, 4>::default();
//! for number in 1u64..=9 {
//!     assert_eq!(frontier.append::<Poseidon>(number.into()), Ok(number - 1));
//!     tree.append(number.into()).unwrap();
//! }
//! assert_eq!(frontier.root::<Poseidon>(), tree.root());
//! ```

use crate::{
    FieldBytes,
    tree::{Group, TreeError, TreeHasher},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Two bits choose a child.
const ARITY_BITS: u32 = 2;

/// How many leaves a tree of a depth has; `u64::MAX` where that is no `u64`.
pub const fn capacity(depth: usize) -> u64 {
    if depth > 31 {
        u64::MAX
    } else {
        1 << (depth << 1)
    }
}

/// Which child a node of this number is, from 0 to 3.
pub(crate) const fn child(index: u64) -> usize {
    (index & 3) as usize
}

/// The number of the parent of a node.
pub(crate) const fn parent(index: u64) -> u64 {
    index >> ARITY_BITS
}

/// An append-only quaternary tree of a fixed depth, without what lies behind.
///
/// The newest leaf is not hashed until the next one comes, so that a tree that is full is no special case.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Frontier<const DEPTH: usize> {
    leaves: u64,
    newest: FieldBytes,
    /// By level, the siblings on the left of the newest leaf's ancestor.
    left: [[FieldBytes; 3]; DEPTH],
}

impl<const DEPTH: usize> Default for Frontier<DEPTH> {
    fn default() -> Self {
        Self {
            leaves: 0,
            newest: FieldBytes::ZERO,
            left: [[FieldBytes::ZERO; 3]; DEPTH],
        }
    }
}

impl<const DEPTH: usize> Frontier<DEPTH> {
    /// How many leaves were appended, and so the position of the next.
    pub const fn len(&self) -> u64 {
        self.leaves
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// How many more leaves there is room for.
    pub const fn room(&self) -> u64 {
        capacity(DEPTH).saturating_sub(self.leaves)
    }

    /// Takes the next leaf and returns its position, counted from 0. The root is not computed.
    pub fn append<H: TreeHasher>(&mut self, leaf: FieldBytes) -> Result<u64, TreeError> {
        self.append_and_tell::<H>(leaf, |_, _, _| {})
    }

    /// Takes leaves in order and returns the position of the first. All of them, or none when there is no room.
    pub fn append_all<H: TreeHasher>(&mut self, leaves: &[FieldBytes]) -> Result<u64, TreeError> {
        let count = u64::try_from(leaves.len()).map_err(|_| TreeError::Full)?;
        if count > self.room() {
            return Err(TreeError::Full);
        }
        let first = self.leaves;
        for leaf in leaves {
            self.append::<H>(*leaf)?;
        }
        Ok(first)
    }

    /// Appends, and tells of every subtree that is complete from now on: its level, its number in the level, and
    /// its value. Of the leaf itself it tells when the next one comes.
    pub(crate) fn append_and_tell<H: TreeHasher>(
        &mut self,
        leaf: FieldBytes,
        mut tell: impl FnMut(u32, u64, FieldBytes),
    ) -> Result<u64, TreeError> {
        if self.room() == 0 {
            return Err(TreeError::Full);
        }
        let position = self.leaves;
        if let Some(last) = position.checked_sub(1) {
            let mut index = last;
            let mut complete = self.newest;
            for (level, left) in (0u32..).zip(self.left.iter_mut()) {
                tell(level, index, complete);
                if let Some(place) = left.get_mut(child(index)) {
                    *place = complete;
                    break;
                }
                let [a, b, c] = *left;
                complete = H::node(&[a, b, c, complete]);
                *left = [FieldBytes::ZERO; 3];
                index = parent(index);
            }
        }
        self.newest = leaf;
        self.leaves = position.saturating_add(1);
        Ok(position)
    }

    /// The root. Zero for the tree of depth 0 without a leaf.
    pub fn root<H: TreeHasher>(&self) -> FieldBytes {
        self.ancestors::<H>()
            .last()
            .unwrap_or_else(|| self.at_rest::<H>())
    }

    /// What stands in place of the newest leaf: itself, or nothing.
    fn at_rest<H: TreeHasher>(&self) -> FieldBytes {
        if self.is_empty() {
            H::empty(0)
        } else {
            self.newest
        }
    }

    /// The newest leaf's ancestors, from its parent to the root, with everything right of it empty.
    pub(crate) fn ancestors<H: TreeHasher>(&self) -> impl Iterator<Item = FieldBytes> {
        let mut index = self.leaves.saturating_sub(1);
        let mut value = self.at_rest::<H>();
        (0u32..).zip(&self.left).map(move |(level, left)| {
            let at = child(index);
            let empty = H::empty(level);
            let mut group: Group = [empty; 4];
            for (number, member) in group.iter_mut().enumerate() {
                if number < at {
                    *member = left.get(number).copied().unwrap_or(empty);
                } else if number == at {
                    *member = value;
                }
            }
            index = parent(index);
            value = H::node(&group);
            value
        })
    }

    /// The newest leaf; `None` before there is one.
    pub(crate) fn newest(&self) -> Option<FieldBytes> {
        (!self.is_empty()).then_some(self.newest)
    }

    /// The complete subtrees on the left of the newest leaf's ancestor, at a level.
    pub(crate) fn left(&self, level: u32) -> [FieldBytes; 3] {
        let level = usize::try_from(level).ok();
        level
            .and_then(|level| self.left.get(level))
            .copied()
            .unwrap_or_default()
    }
}
