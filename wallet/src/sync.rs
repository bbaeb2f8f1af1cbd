//! Taking in what the chain says.

use crate::{
    Block, BlockId, Body, Entry, Page, PoolTransfer, Source, StoredNote, Wallet,
    counter::{Counting, Slot},
    state::State,
};
use plume_circuits::{FieldBytes, Poseidon};
use plume_shielded::{
    AccountScanner, CIPHERTEXT_BYTES, ChainOutput, ChainTransfer, FullViewingKey, Happened,
    NoteCiphertext, OpenedNote, PlacedNote, open_outgoing,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why blocks are not taken in. The wallet stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// Leaves are missing, or come twice.
    #[error("block {block} goes on at leaf {got}, and the wallet's tree has {expected} leaves")]
    Gap {
        /// Its height.
        block: u64,
        /// Leaves of the wallet's tree.
        expected: u64,
        /// Where the block goes on.
        got: u64,
    },
    /// Not after what was taken in before.
    #[error("block {0} does not come after what the wallet has seen")]
    Order(u64),
    /// The root is another than the leaves make.
    #[error("the notes of block {0} do not make the root that the chain has")]
    Root(u64),
    /// The tree is full.
    #[error("the tree of notes is full")]
    Full,
    /// The newest final block is another than the wallet saw at its height.
    #[error(
        "block {0} is not the one that the wallet saw: this is another chain, or its node lied before"
    )]
    OtherChain(u64),
}

/// Why a synchronisation ended early. What was taken in before stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncFailure<E> {
    /// The source failed.
    #[error("{0}")]
    Source(E),
    /// What it gave is not good.
    #[error(transparent)]
    Sync(#[from] SyncError),
}

/// How far a synchronisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The last block that was taken in.
    pub at: u64,
    /// The newest final block.
    pub newest: u64,
    /// What happened to the account so far.
    pub entries: usize,
}

impl Wallet {
    /// Follows the chain up to the newest final block. `told` hears of each page, and may save the wallet then.
    pub async fn sync<S: Source>(
        &mut self,
        source: &mut S,
        mut told: impl FnMut(&Self, Progress),
    ) -> Result<Vec<Entry>, SyncFailure<S::Error>> {
        let newest = source.newest().await.map_err(SyncFailure::Source)?;
        let mut happened = Vec::new();
        while self.synced().number < newest.number {
            let page = source.page(self.synced(), newest).await;
            let Page { blocks, through } = page.map_err(SyncFailure::Source)?;
            if through.number <= self.synced().number {
                return Err(SyncError::Order(through.number).into());
            }
            happened.extend(self.take(&blocks, through)?);
            let progress = Progress {
                at: through.number,
                newest: newest.number,
                entries: happened.len(),
            };
            told(self, progress);
        }
        if self.synced().number == newest.number && self.synced() != newest {
            return Err(SyncError::OtherChain(newest.number).into());
        }
        Ok(happened)
    }
}

/// What a scan found of one transfer.
#[derive(Default)]
struct Found {
    spent: Vec<StoredNote>,
    received: Option<StoredNote>,
    sent: Option<StoredNote>,
    change: Option<StoredNote>,
}

/// The state after blocks, and what happened in them.
pub(crate) fn take(
    key: &FullViewingKey,
    state: &State,
    blocks: &[Block],
    through: BlockId,
) -> Result<(State, Vec<Entry>), SyncError> {
    check_order(state, blocks, through)?;
    let ciphertexts: Vec<_> = transfers(blocks).map(|one| read(&one.body)).collect();
    let mut found = scan(key, state, blocks, &ciphertexts);
    let mut taking = Taking::new(key, state.clone(), &found);
    let mut happened = Vec::new();
    let mut ciphertexts = ciphertexts.iter();
    for block in blocks {
        for transfer in &block.transfers {
            let found = found.remove(&transfer.first).unwrap_or_default();
            let leaves = taking.state.tree.len();
            if transfer.first != leaves {
                return Err(SyncError::Gap {
                    block: block.id.number,
                    expected: leaves,
                    got: transfer.first,
                });
            }
            // There are as many as transfers.
            let Some(texts) = ciphertexts.next() else {
                continue;
            };
            happened.extend(taking.transfer(block.id, transfer, texts, found)?);
        }
        if taking.state.tree.root::<Poseidon>() != block.root {
            return Err(SyncError::Root(block.id.number));
        }
    }
    let mut state = taking.state;
    state.synced = through;
    state.history.extend(happened.iter().cloned());
    Ok((state, happened))
}

fn check_order(state: &State, blocks: &[Block], through: BlockId) -> Result<(), SyncError> {
    let mut last = state.synced.number;
    for block in blocks {
        if block.id.number <= last {
            return Err(SyncError::Order(block.id.number));
        }
        last = block.id.number;
    }
    if through.number < last || through.number < state.synced.number {
        return Err(SyncError::Order(through.number));
    }
    Ok(())
}

fn transfers(blocks: &[Block]) -> impl Iterator<Item = &PoolTransfer> {
    blocks.iter().flat_map(|block| &block.transfers)
}

/// The chain takes any bytes for a ciphertext; what is none opens for nobody.
fn read(body: &Body) -> [NoteCiphertext; 2] {
    let [payment, change] = &body.notes;
    [payment, change].map(|bytes| {
        NoteCiphertext::from_bytes(bytes)
            .or_else(|_| NoteCiphertext::from_bytes(&[0; CIPHERTEXT_BYTES]))
            .expect("as many bytes as a ciphertext has")
    })
}

fn outputs<'a>(body: &Body, [payment, change]: &'a [NoteCiphertext; 2]) -> [ChainOutput<'a>; 2] {
    let [first, second] = body.commitments;
    [(first, payment), (second, change)].map(|(cm, ciphertext)| ChainOutput { cm, ciphertext })
}

/// What the account finds, by the position of the transfer's first leaf.
fn scan(
    key: &FullViewingKey,
    state: &State,
    blocks: &[Block],
    ciphertexts: &[[NoteCiphertext; 2]],
) -> BTreeMap<u64, Found> {
    let known = state.notes.values().filter_map(StoredNote::placed);
    let pool = state.pool.id();
    let mut scanner = AccountScanner::new(key, pool, known.collect());
    let chain: Vec<_> = transfers(blocks)
        .zip(ciphertexts)
        .map(|(transfer, texts)| ChainTransfer {
            nullifiers: transfer.body.nullifiers,
            position: transfer.first,
            outputs: outputs(&transfer.body, texts),
        })
        .collect();
    let spender: BTreeMap<FieldBytes, u64> = chain
        .iter()
        .flat_map(|transfer| transfer.nullifiers.map(|nf| (nf, transfer.position)))
        .collect();
    let mut found = BTreeMap::<u64, Found>::new();
    for one in scanner.scan(&chain) {
        match one {
            Happened::Spent(placed) => {
                let nf = nullifier(key, &placed, &pool);
                if let Some(first) = spender.get(&nf) {
                    found
                        .entry(*first)
                        .or_default()
                        .spent
                        .push((&placed).into());
                }
            }
            Happened::Received(note) if note.note.note.value > 0 => {
                found.entry(note.position).or_default().received = Some((&note).into());
            }
            // A note of nothing stands for no payment.
            Happened::Received(_) => (),
            Happened::Sent(note) => {
                found.entry(note.position).or_default().sent = Some((&note).into());
            }
            Happened::Change(note) => {
                let first = note.position.saturating_sub(1);
                found.entry(first).or_default().change = Some((&note).into());
            }
        }
    }
    found
}

fn nullifier(key: &FullViewingKey, placed: &PlacedNote, pool: &FieldBytes) -> FieldBytes {
    let note = &placed.note.note;
    note.nullifier(&key.nullifier_key(), placed.position, pool)
}

/// Walks through the transfers in order.
struct Taking<'a> {
    key: &'a FullViewingKey,
    counting: Counting<'a>,
    state: State,
    /// Numbers of all assets that the account had to do with, those of this page among them.
    assets: BTreeSet<u32>,
}

impl<'a> Taking<'a> {
    fn new(key: &'a FullViewingKey, state: State, found: &BTreeMap<u64, Found>) -> Self {
        let came = found.values().filter_map(|found| found.received.as_ref());
        let assets = came
            .chain(state.notes.values())
            .map(|note| note.asset)
            .chain(state.history.iter().map(|entry| entry.asset))
            .chain([crate::PLUME])
            .collect();
        Self {
            key,
            counting: Counting::new(key, &state.pool),
            state,
            assets,
        }
    }

    fn transfer(
        &mut self,
        block: BlockId,
        transfer: &PoolTransfer,
        texts: &[NoteCiphertext; 2],
        mut found: Found,
    ) -> Result<Option<Entry>, SyncError> {
        let PoolTransfer {
            first,
            body,
            payout,
        } = transfer;
        let slot = self.slot(body);
        self.state
            .pending
            .retain(|pending| !pending.counters.contains(&body.counter_nullifier));
        let own = slot.is_some() || !found.spent.is_empty();
        if own && found.sent.is_none() && found.received.is_none() {
            let paid = self.paid(body, texts);
            found.sent = paid.map(|note| {
                StoredNote::from(&PlacedNote {
                    position: *first,
                    note,
                })
            });
        }
        let seen = [
            found.received.as_ref(),
            found.change.as_ref(),
            found.sent.as_ref(),
        ];
        let known = seen.into_iter().flatten().next();
        let asset = known.or(found.spent.first()).map(|note| note.asset);
        let entry = Entry {
            block,
            time: body.time,
            first: *first,
            asset: asset
                .or(slot.map(|(_, asset)| asset))
                .unwrap_or(crate::PLUME),
            own,
            spent: sum(&found.spent),
            received: found.received,
            sent: found.sent,
            change: found.change,
            public_in: body.public_in.map_or(0, |amount| amount.value),
            public_out: body.public_out.map_or(0, |amount| amount.value),
            payout: *payout,
        };
        if let Some(slot) = slot {
            self.count(slot, body, &entry);
        }
        self.append(&entry, body, slot.is_some())?;
        for note in &found.spent {
            self.state.tree.forget(note.position);
            self.state.notes.remove(&note.position);
        }
        let touched = own || entry.received.is_some();
        Ok(touched.then_some(entry))
    }

    /// Of which period and asset a transfer of the account is, by the counter that it spends. `None` for transfers
    /// of others.
    fn slot(&mut self, body: &Body) -> Option<Slot> {
        let period = self.state.pool.period(body.time);
        let shown = [body.public_in, body.public_out];
        let shown = shown.iter().flatten().map(|amount| amount.asset.number());
        let assets: BTreeSet<u32> = self.assets.iter().copied().chain(shown).collect();
        assets
            .into_iter()
            .map(|asset| (period, asset))
            .find(|slot| {
                let counter = self.state.counters.get(slot);
                self.counting.next_nullifier(*slot, counter) == Some(body.counter_nullifier)
            })
    }

    /// What the account paid to somebody else without spending a note: out of a deposit.
    fn paid(&self, body: &Body, texts: &[NoteCiphertext; 2]) -> Option<OpenedNote> {
        let [payment, _] = outputs(body, texts);
        let note = open_outgoing(self.key.outgoing(), &payment.cm, payment.ciphertext).ok()?;
        let is_own = note.address.pool_key == self.key.pool_key();
        (!is_own && note.note.value > 0).then_some(note)
    }

    fn count(&mut self, slot: Slot, body: &Body, entry: &Entry) {
        let out = entry.public_out;
        // What is paid to oneself is not counted. What cannot be read follows from the balance.
        let paid = entry.sent.as_ref().map_or(0, |note| note.value);
        let adds = [paid, entry.moved()].map(|paid| paid.saturating_add(out));
        let place = (body.counter_commitment, entry.first.saturating_add(2));
        let before = self.state.counters.get(&slot).copied();
        let counter = self.counting.advance(slot, before.as_ref(), &adds, place);
        if let Some(before) = before {
            self.state.tree.forget(before.position);
        }
        self.state.counters.insert(slot, counter);
        // A proof's moment is at most a minute or so old, so the period before the last can not come again.
        let (period, _) = slot;
        let recent = self
            .state
            .counters
            .split_off(&(period.saturating_sub(1), 0));
        for old in core::mem::replace(&mut self.state.counters, recent).values() {
            self.state.tree.forget(old.position);
        }
    }

    /// Appends the leaves, and keeps the ways to those that the account will spend.
    fn append(&mut self, entry: &Entry, body: &Body, counted: bool) -> Result<(), SyncError> {
        let keep = [entry.received.is_some(), entry.change.is_some(), counted];
        for (leaf, keep) in body.all_commitments().into_iter().zip(keep) {
            let appended = self.state.tree.append::<Poseidon>(leaf, keep);
            appended.map_err(|_| SyncError::Full)?;
        }
        for note in entry.received.iter().chain(&entry.change) {
            self.state.notes.insert(note.position, note.clone());
            self.assets.insert(note.asset);
        }
        self.assets.insert(entry.asset);
        Ok(())
    }
}

fn sum(notes: &[StoredNote]) -> u64 {
    notes
        .iter()
        .fold(0, |sum, note| note.value.saturating_add(sum))
}
