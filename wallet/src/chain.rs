//! What a wallet reads from the chain.

use crate::{Body, Problem};
use codec::{Decode, Encode};
use core::future::Future;
use plume_circuits::{
    FieldBytes, Poseidon,
    frontier::Frontier,
    transfer::{
        CREDENTIAL_DEPTH, Jurisdictions, NOTE_DEPTH, POLICY_DEPTH, Point, Policy,
        notes::{RECEIVER_NEEDS_CREDENTIAL, policy_leaf},
    },
    tree::{Group, Groups, Path, Tree},
};
use std::collections::BTreeMap;

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlockId {
    /// Its height.
    pub number: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// What never changes about a chain's pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pool {
    /// Hash of the chain's first block.
    pub genesis: [u8; 32],
    /// Length of a period, in seconds. Limits are for a period.
    pub period_length: u32,
    /// How old a proof's moment may be, in seconds: a transfer that is not in a block by then never will be.
    pub max_proof_age: u32,
}

impl Pool {
    /// The pool's number, which proofs name.
    pub fn id(&self) -> FieldBytes {
        crate::pool_id(&self.genesis)
    }

    /// The period of a moment.
    pub fn period(&self, time: u32) -> u32 {
        time.checked_div(self.period_length).unwrap_or(0)
    }

    /// The first moment after a period.
    pub fn end_of(&self, period: u32) -> u32 {
        period.saturating_add(1).saturating_mul(self.period_length)
    }
}

/// Where a wallet begins: what happened up to and with this block it never sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    /// The block.
    pub block: BlockId,
    /// The right edge of the tree of notes after it (`ShieldedPool.Edge`).
    pub edge: Frontier<NOTE_DEPTH>,
}

impl Birth {
    /// From the chain's first block on: sees everything.
    pub fn genesis(pool: &Pool) -> Self {
        Self {
            block: BlockId {
                number: 0,
                hash: pool.genesis,
            },
            edge: Frontier::default(),
        }
    }
}

/// What a withdrawal paid to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Payout {
    /// Who was paid.
    pub to: [u8; 32],
    /// Units of the transfer's asset.
    pub value: u64,
}

/// A transfer as the chain has it: the event `ShieldedPool.Transferred`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolTransfer {
    /// Position of its first leaf in the tree of notes.
    pub first: u64,
    /// What it says.
    pub body: Body,
    /// What it paid to an account: of a withdrawal's first transfer, the event `ShieldedPool.Withdrawn`.
    pub payout: Option<Payout>,
}

/// A final block in which something happened in the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which.
    pub id: BlockId,
    /// What happened, in order.
    pub transfers: Vec<PoolTransfer>,
    /// The root of the tree of notes after it: the event `ShieldedPool.RootChanged`.
    pub root: FieldBytes,
}

/// Some blocks, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Those in which something happened in the pool.
    pub blocks: Vec<Block>,
    /// Up to and with which block these are all.
    pub through: BlockId,
}

/// Gives final blocks. Never gives one that could be undone: a wallet does not go back.
pub trait Source {
    /// Why it could not.
    type Error;

    /// The newest final block.
    fn newest(&mut self) -> impl Future<Output = Result<BlockId, Self::Error>>;

    /// The next blocks after one, up to and with `last` at most: as many as are handy. Blocks in which nothing
    /// happened need not be read.
    fn page(
        &mut self,
        after: BlockId,
        last: BlockId,
    ) -> impl Future<Output = Result<Page, Self::Error>>;
}

/// What a tier may move of an asset: an entry of `ShieldedPool.Policies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The asset's number in notes.
    pub asset: u32,
    /// The sender's tier.
    pub tier: u8,
    /// Units that it may pay to others or withdraw within a period.
    pub limit: u64,
    /// Whether the receiver has to have a credential.
    pub receiver_known: bool,
    /// Where the sender may belong, and the receiver where it has to have a credential.
    pub jurisdictions: Jurisdictions,
}

/// What counts on the chain at a final block, for a transfer that is made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Seconds since the first block.
    pub time: u32,
    /// The newest circuit that counts.
    pub circuit: u32,
    /// The root of the credentials' tree.
    pub credential_root: FieldBytes,
    /// The root of the policies that counts at `time`.
    pub policy_root: FieldBytes,
    /// All policies, each with the place of its leaf.
    pub rules: Vec<(u32, Rule)>,
    /// The regulator's key that counts at `time`.
    pub flow_key: Point,
    /// The committee's.
    pub committee_key: Point,
    /// Whether the pool is stopped.
    pub paused: bool,
}

impl Terms {
    /// The policy of an asset and a tier, with its path.
    pub fn policy(&self, asset: u32, tier: u8) -> Result<Policy, Problem> {
        let mut tree = Tree::<Poseidon, BTreeMap<(u32, u32), Group>, POLICY_DEPTH>::default();
        let mut leaves = Vec::with_capacity(self.rules.len());
        let mut found = None;
        for (place, rule) in &self.rules {
            let flags = if rule.receiver_known {
                RECEIVER_NEEDS_CREDENTIAL
            } else {
                0
            };
            let Rule {
                asset: of,
                tier: known,
                limit,
                jurisdictions,
                ..
            } = *rule;
            let leaf = policy_leaf(of, known, limit, flags, &jurisdictions);
            leaves.push((*place, leaf));
            if (of, known) == (asset, tier) {
                found = Some((*place, limit, flags, jurisdictions));
            }
        }
        let root = tree.update(&leaves).ok();
        let root = root.or_else(|| leaves.is_empty().then(|| tree.root()));
        if root != Some(self.policy_root) {
            return Err(Problem::PoliciesChange);
        }
        let (place, limit, flags, jurisdictions) =
            found.ok_or(Problem::NoPolicy { asset, tier })?;
        let path = tree.path(place).map_err(|_| Problem::PoliciesChange)?;
        Ok(Policy {
            limit,
            flags,
            jurisdictions,
            path,
        })
    }
}

/// Part of the credentials' tree: groups of four siblings by level and place, as `Credentials.Nodes` has them.
#[derive(Clone, Debug, Default)]
pub struct CredentialNodes(pub BTreeMap<(u32, u32), Group>);

impl CredentialNodes {
    /// Level and place of the groups that are on the way from a leaf to the root.
    pub fn wanted(leaf: u32) -> impl Iterator<Item = (u32, u32)> {
        (0u32..)
            .take(CREDENTIAL_DEPTH)
            .map(move |level| (level, leaf >> (2 * level + 2)))
    }

    /// The path of a leaf, from groups that were fetched. It is worth what the root is that it leads to.
    pub fn path(&self, leaf: u32) -> Option<Path<CREDENTIAL_DEPTH>> {
        let tree = Tree::<Poseidon, &Self, CREDENTIAL_DEPTH>::over(self);
        tree.path(leaf).ok()
    }
}

impl Groups for &CredentialNodes {
    fn group(&self, level: u32, index: u32) -> Option<Group> {
        self.0.get(&(level, index)).copied()
    }

    /// What is fetched is read and never written.
    fn keep(&mut self, _: u32, _: u32, _: Group) {}
}
