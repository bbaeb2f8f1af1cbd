//! What a wallet knows: its notes, its counters, and what happened.

use crate::{BlockId, PLUME, Payout, Pool};
use codec::{Decode, Encode};
use plume_circuits::{FieldBytes, notes_tree::NotesTree, transfer::NOTE_DEPTH};
use plume_shielded::{
    ADDRESS_BYTES, Address, MEMO_BYTES, Memo, Note, NoteSeed, OpenedNote, PlacedNote,
};
use std::collections::{BTreeMap, BTreeSet};

/// A note with its place, as it is kept.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredNote {
    /// The leaf's number in the tree of notes.
    pub position: u64,
    /// In the asset's pool units.
    pub value: u64,
    /// Number of the asset.
    pub asset: u32,
    /// Whose it is.
    pub address: [u8; ADDRESS_BYTES],
    /// What everything random about it comes from.
    pub(crate) seed: [u8; 32],
    /// What its sender signs receipts with.
    pub(crate) sender_key: [u8; 32],
    /// The memo.
    pub memo: [u8; MEMO_BYTES],
}

impl core::fmt::Debug for StoredNote {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StoredNote")
            .field("position", &self.position)
            .field("value", &self.value)
            .field("asset", &self.asset)
            .finish_non_exhaustive()
    }
}

impl From<&PlacedNote> for StoredNote {
    fn from(placed: &PlacedNote) -> Self {
        let OpenedNote {
            note,
            address,
            seed,
            sender_key,
            memo,
        } = &placed.note;
        Self {
            position: placed.position,
            value: note.value,
            asset: note.asset,
            address: address.to_bytes(),
            seed: *seed.as_bytes(),
            sender_key: *sender_key,
            memo: memo.0,
        }
    }
}

impl StoredNote {
    /// Whose it is. `None` only if its bytes were made by something else than a wallet.
    pub fn address(&self) -> Option<Address> {
        Address::from_bytes(&self.address).ok()
    }

    /// The memo, if it is text.
    pub fn memo(&self) -> Memo {
        Memo(self.memo)
    }

    /// As it was found.
    pub fn placed(&self) -> Option<PlacedNote> {
        let address = self.address()?;
        let seed = NoteSeed::from_bytes(self.seed);
        let note = Note {
            value: self.value,
            asset: self.asset,
            owner: address.owner(),
            rcm: seed.rcm(),
        };
        Some(PlacedNote {
            position: self.position,
            note: OpenedNote {
                note,
                address,
                seed,
                sender_key: self.sender_key,
                memo: Memo(self.memo),
            },
        })
    }
}

/// What was counted of an asset in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Counter {
    /// How many transfers were counted before the last.
    pub number: u32,
    /// What was spent, in units. `None` when another program counted, with randomness that it did not derive as
    /// this one does.
    pub spent: Option<u64>,
    /// Where the counter's note is.
    pub position: u64,
}

/// What a transfer was for the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An account brought value into the pool.
    Deposited,
    /// Somebody paid.
    Received,
    /// Somebody was paid.
    Sent,
    /// Value left for an account.
    Withdrawn,
    /// Notes became one.
    Merged,
    /// It paid the fee of the transfer beside it.
    Fee,
}

/// A transfer in which the account had a part.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The block.
    pub block: BlockId,
    /// The moment that its proof says, in seconds since the first block.
    pub time: u32,
    /// Position of its first leaf.
    pub first: u64,
    /// Number of the asset.
    pub asset: u32,
    /// Whether the account made it.
    pub own: bool,
    /// What the account's notes were worth that it spent, in units.
    pub spent: u64,
    /// The payment, if it came to the account.
    pub received: Option<StoredNote>,
    /// The payment, if the account paid somebody else.
    pub sent: Option<StoredNote>,
    /// What came back.
    pub change: Option<StoredNote>,
    /// What entered the pool in public, in units.
    pub public_in: u64,
    /// What left it, fee included.
    pub public_out: u64,
    /// What of this an account got.
    pub payout: Option<Payout>,
}

impl Entry {
    /// What it was.
    pub fn kind(&self) -> Kind {
        if !self.own {
            Kind::Received
        } else if self.public_in > 0 {
            Kind::Deposited
        } else if self.payout.is_some() {
            Kind::Withdrawn
        } else if self.received.is_some() {
            Kind::Merged
        } else if self.sent.is_some() || self.moved() > 0 {
            Kind::Sent
        } else {
            Kind::Fee
        }
    }

    /// What was moved, in units: paid, received, deposited, withdrawn or merged. For a payment that the account
    /// cannot read (another program sealed it for nobody else's eyes) what is missing.
    pub fn moved(&self) -> u64 {
        if let Some(payout) = &self.payout {
            return payout.value;
        }
        let note = self.received.as_ref().or(self.sent.as_ref());
        note.map_or_else(
            || {
                let in_sum = self.spent.saturating_add(self.public_in);
                let change = self.change.as_ref().map_or(0, |note| note.value);
                in_sum
                    .saturating_sub(change)
                    .saturating_sub(self.public_out)
            },
            |note| note.value,
        )
    }

    /// Units of PLUME that the account paid to the chain.
    pub fn fee(&self) -> u64 {
        if !self.own || self.asset != PLUME {
            return 0;
        }
        let paid = self.payout.as_ref().map_or(0, |payout| payout.value);
        self.public_out.saturating_sub(paid)
    }

    /// All notes that it made for the account or for whom the account paid.
    pub fn notes(&self) -> impl Iterator<Item = &StoredNote> {
        self.received.iter().chain(&self.sent).chain(&self.change)
    }
}

/// A transfer that was made and is in no final block yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pending {
    /// The moment that its proof says. It counts for so long after it as the chain takes proofs.
    pub time: u32,
    /// Numbers of its assets.
    pub assets: BTreeSet<u32>,
    /// Nullifiers of the counters that it spends.
    pub counters: Vec<FieldBytes>,
}

/// All that is kept beside the keys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct State {
    pub pool: Pool,
    /// The last block that was taken in.
    pub synced: BlockId,
    pub tree: NotesTree<NOTE_DEPTH>,
    /// Unspent, by position.
    pub notes: BTreeMap<u64, StoredNote>,
    /// By period and asset.
    pub counters: BTreeMap<(u32, u32), Counter>,
    pub history: Vec<Entry>,
    pub pending: Vec<Pending>,
    /// ML-KEM keys of those who were paid, by their hashes: receipts name them.
    pub receivers: BTreeMap<[u8; 32], Vec<u8>>,
}
