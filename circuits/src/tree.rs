//! A Merkle tree of fixed depth with four children a node.
//!
//! Leaves are counted from 0; level 0 is the leaves, level `DEPTH` the root. The tree is kept as groups of four
//! siblings, because whoever recomputes a parent needs all four: an update reads and writes one group a level. A
//! group that is not there is empty.
//!
//! An update needs the groups on the leaf's way up and nothing else, so any leaf can be replaced at any time.

use crate::FieldBytes;
use alloc::collections::BTreeMap;
use core::marker::PhantomData;

/// Children of a node.
pub const ARITY: usize = 4;
/// Two bits choose a child.
const ARITY_BITS: u32 = 2;
/// The deepest tree whose leaves a `u32` counts.
pub const MAX_DEPTH: u32 = 15;

/// Four siblings.
pub type Group = [FieldBytes; ARITY];

/// The hash of a tree.
pub trait TreeHasher {
    /// A leaf, from its four parts. Never zero, which is the empty leaf.
    fn leaf(parts: &[FieldBytes; 4]) -> FieldBytes;

    /// A node, from its children.
    fn node(children: &Group) -> FieldBytes;

    /// The root of an empty subtree whose leaves are this many levels below.
    fn empty(level: u32) -> FieldBytes {
        (0..level).fold(FieldBytes::ZERO, |below, _| Self::node(&[below; ARITY]))
    }
}

/// Where a tree is kept.
pub trait Groups {
    /// The group of four siblings at a level (0 for leaves), counted from 0; `None` when it is empty.
    fn group(&self, level: u32, index: u32) -> Option<Group>;

    /// Keeps a group.
    fn keep(&mut self, level: u32, index: u32, group: Group);
}

/// Why a tree refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// The tree has no such leaf.
    NoSuchLeaf,
    /// All leaves are taken.
    Full,
}

impl core::fmt::Display for TreeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoSuchLeaf => "the tree has no such leaf",
            Self::Full => "all leaves of the tree are taken",
        })
    }
}

impl core::error::Error for TreeError {}

/// How many leaves a tree of a depth has. Saturates above [`MAX_DEPTH`].
pub const fn capacity(depth: u32) -> u32 {
    if depth > MAX_DEPTH {
        u32::MAX
    } else {
        1 << depth.saturating_mul(ARITY_BITS)
    }
}

/// A tree over something that keeps its groups.
#[derive(Clone, Debug, Default)]
pub struct Tree<H, G, const DEPTH: usize> {
    groups: G,
    hasher: PhantomData<H>,
}

impl<H: TreeHasher, G: Groups, const DEPTH: usize> Tree<H, G, DEPTH> {
    /// The tree whose groups these are.
    pub fn over(groups: G) -> Self {
        Self {
            groups,
            hasher: PhantomData,
        }
    }

    fn group(&self, level: u32, index: u32) -> Group {
        self.groups
            .group(level, index)
            .unwrap_or_else(|| [H::empty(level); ARITY])
    }

    /// The root, hashed from the topmost group.
    pub fn root(&self) -> FieldBytes {
        match levels::<DEPTH>().last() {
            Some(level) => H::node(&self.group(level, 0)),
            None => FieldBytes::ZERO,
        }
    }

    /// A leaf; zero when it is empty.
    pub fn leaf(&self, leaf: u32) -> Result<FieldBytes, TreeError> {
        let (group, child) = place::<DEPTH>(leaf)?;
        Ok(self
            .group(0, group)
            .get(child)
            .copied()
            .unwrap_or(FieldBytes::ZERO))
    }

    /// Replaces leaves, and returns the new root. Of two entries for one leaf the later counts. Nodes that lie
    /// above several of them are hashed once.
    pub fn update(&mut self, leaves: &[(u32, FieldBytes)]) -> Result<FieldBytes, TreeError> {
        for (leaf, _) in leaves {
            place::<DEPTH>(*leaf)?;
        }
        let mut changed: BTreeMap<u32, FieldBytes> = leaves.iter().copied().collect();
        if changed.is_empty() {
            return Ok(self.root());
        }
        for level in levels::<DEPTH>() {
            let mut groups = BTreeMap::<u32, Group>::new();
            for (index, value) in changed {
                let (group, child) = split(index);
                let members = groups
                    .entry(group)
                    .or_insert_with(|| self.group(level, group));
                if let Some(member) = members.get_mut(child) {
                    *member = value;
                }
            }
            changed = BTreeMap::new();
            for (index, group) in groups {
                changed.insert(index, H::node(&group));
                self.groups.keep(level, index, group);
            }
        }
        // One node is left, above all others.
        Ok(changed
            .into_values()
            .next()
            .unwrap_or_else(|| H::empty(depth::<DEPTH>())))
    }

    /// The siblings on the way from a leaf to the root.
    pub fn path(&self, leaf: u32) -> Result<Path<DEPTH>, TreeError> {
        place::<DEPTH>(leaf)?;
        let mut siblings = [[FieldBytes::ZERO; 3]; DEPTH];
        let mut index = leaf;
        for (level, others) in levels::<DEPTH>().zip(siblings.iter_mut()) {
            let (group, child) = split(index);
            let members = self.group(level, group);
            let without = members
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != child)
                .map(|(_, member)| *member);
            for (other, member) in others.iter_mut().zip(without) {
                *other = member;
            }
            index = group;
        }
        Ok(Path { leaf, siblings })
    }
}

/// Proves where a leaf is: its number, and from the bottom up three siblings a level, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<const DEPTH: usize> {
    /// Number of the leaf.
    pub leaf: u32,
    /// Siblings by level.
    pub siblings: [[FieldBytes; 3]; DEPTH],
}

impl<const DEPTH: usize> Path<DEPTH> {
    /// The root above this leaf. Errors when no tree of this depth has a leaf of this number.
    pub fn root<H: TreeHasher>(&self, leaf: &FieldBytes) -> Result<FieldBytes, TreeError> {
        place::<DEPTH>(self.leaf)?;
        let mut index = self.leaf;
        let mut value = *leaf;
        for [a, b, c] in self.siblings {
            let (group, child) = split(index);
            value = H::node(&match child {
                0 => [value, a, b, c],
                1 => [a, value, b, c],
                2 => [a, b, value, c],
                _ => [a, b, c, value],
            });
            index = group;
        }
        Ok(value)
    }

    /// Whether a leaf is in the tree of this root. An empty leaf is in none.
    pub fn leads<H: TreeHasher>(&self, leaf: &FieldBytes, root: &FieldBytes) -> bool {
        !leaf.is_zero() && self.root::<H>(leaf).as_ref() == Ok(root)
    }
}

/// A tree in memory that hands out its leaves in order.
#[derive(Clone, Debug)]
pub struct MemoryTree<H, const DEPTH: usize> {
    tree: Tree<H, BTreeMap<(u32, u32), Group>, DEPTH>,
    next: u32,
}

impl<H: TreeHasher, const DEPTH: usize> Default for MemoryTree<H, DEPTH> {
    fn default() -> Self {
        Self {
            tree: Tree::over(BTreeMap::new()),
            next: 0,
        }
    }
}

impl<H: TreeHasher, const DEPTH: usize> MemoryTree<H, DEPTH> {
    /// Takes the next leaf, and returns its number.
    pub fn append(&mut self, leaf: FieldBytes) -> Result<u32, TreeError> {
        let at = self.next;
        self.tree
            .update(&[(at, leaf)])
            .map_err(|_| TreeError::Full)?;
        self.next = at.saturating_add(1);
        Ok(at)
    }

    /// Replaces leaves that were handed out, and returns the new root.
    pub fn update(&mut self, leaves: &[(u32, FieldBytes)]) -> Result<FieldBytes, TreeError> {
        if leaves.iter().any(|(leaf, _)| *leaf >= self.next) {
            return Err(TreeError::NoSuchLeaf);
        }
        self.tree.update(leaves)
    }

    /// How many leaves were handed out.
    pub fn len(&self) -> u32 {
        self.next
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.next == 0
    }

    /// The root.
    pub fn root(&self) -> FieldBytes {
        self.tree.root()
    }

    /// A leaf; zero when it is empty.
    pub fn leaf(&self, leaf: u32) -> Result<FieldBytes, TreeError> {
        self.tree.leaf(leaf)
    }

    /// The siblings on the way from a leaf to the root.
    pub fn path(&self, leaf: u32) -> Result<Path<DEPTH>, TreeError> {
        self.tree.path(leaf)
    }
}

impl Groups for BTreeMap<(u32, u32), Group> {
    fn group(&self, level: u32, index: u32) -> Option<Group> {
        self.get(&(level, index)).copied()
    }

    fn keep(&mut self, level: u32, index: u32, group: Group) {
        self.insert((level, index), group);
    }
}

/// The group of a node, and which child it is.
fn split(index: u32) -> (u32, usize) {
    let child = match index & 3 {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => 3,
    };
    (index >> ARITY_BITS, child)
}

/// The same for a leaf, if there is such a leaf.
fn place<const DEPTH: usize>(leaf: u32) -> Result<(u32, usize), TreeError> {
    if leaf < capacity(depth::<DEPTH>()) {
        Ok(split(leaf))
    } else {
        Err(TreeError::NoSuchLeaf)
    }
}

fn depth<const DEPTH: usize>() -> u32 {
    u32::try_from(DEPTH).unwrap_or(u32::MAX)
}

fn levels<const DEPTH: usize>() -> core::ops::Range<u32> {
    0..depth::<DEPTH>()
}
