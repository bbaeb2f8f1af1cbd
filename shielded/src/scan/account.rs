//! An account that follows the chain: what came in, what was spent, what went out, and what is left.

use super::{ChainOutput, Clue, Detector};
use crate::{FullViewingKey, OpenedNote, open, open_outgoing};
use plume_circuits::FieldBytes;
use std::collections::BTreeMap;

/// A transfer, deposit or withdrawal as the chain has it. Its first output is the payment; its second is its
/// sender's change, or a dummy.
#[derive(Clone, Copy, Debug)]
pub struct ChainTransfer<'a> {
    /// Nullifiers of what it spends; those of dummies are random.
    pub nullifiers: [FieldBytes; 2],
    /// Position of its first output in the tree of notes. The second comes after it.
    pub position: u64,
    /// Payment, then change.
    pub outputs: [ChainOutput<'a>; 2],
}

/// A note with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedNote {
    /// The leaf's number in the tree of notes.
    pub position: u64,
    /// The note.
    pub note: OpenedNote,
}

/// Something that happened to an account. In the order of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Somebody paid it, or it paid itself.
    Received(PlacedNote),
    /// A note of its was spent.
    Spent(PlacedNote),
    /// It paid somebody else.
    Sent(PlacedNote),
    /// What was left of a payment came back. If nothing was, there is a dummy, which is not told of.
    Change(PlacedNote),
}

/// Follows the chain for one account, with one multiplication for every two outputs.
///
/// Change needs none: it is in a transfer that spends a note of the account, which its nullifier shows, and opens
/// with the outgoing viewing key. So the account has to be followed in the order of the chain from before its first
/// note, or from a state that was [kept](Self::unspent). An incoming viewing key alone does not see change; it is no
/// income.
///
/// Give it final blocks only: it does not go back.
pub struct AccountScanner<'a> {
    key: &'a FullViewingKey,
    pool: FieldBytes,
    detector: Detector,
    /// By nullifier.
    unspent: BTreeMap<FieldBytes, PlacedNote>,
}

impl<'a> AccountScanner<'a> {
    /// Begins for an account in a pool, with the notes that it is known to have.
    pub fn new(key: &'a FullViewingKey, pool: FieldBytes, known: Vec<PlacedNote>) -> Self {
        let mut scanner = Self {
            key,
            pool,
            detector: Detector::new(&key.incoming().detection()),
            unspent: BTreeMap::new(),
        };
        for note in known {
            scanner.keep(note);
        }
        scanner
    }

    /// What the account can spend, in no order.
    pub fn unspent(&self) -> impl Iterator<Item = &PlacedNote> {
        self.unspent.values()
    }

    /// Sums of what the account can spend, by asset.
    pub fn balances(&self) -> BTreeMap<u32, u128> {
        let mut balances = BTreeMap::new();
        for PlacedNote { note, .. } in self.unspent() {
            *balances.entry(note.note.asset).or_default() += u128::from(note.note.value);
        }
        balances
    }

    /// Takes the next transfers of the chain. Five hundred or more at once are fastest.
    pub fn scan(&mut self, transfers: &[ChainTransfer<'_>]) -> Vec<Happened> {
        let clues: Vec<_> = transfers
            .iter()
            .map(
                |ChainTransfer {
                     outputs: [payment, _],
                     ..
                 }| Clue::from(payment.ciphertext),
            )
            .collect();
        let mut candidates = self.detector.candidates(&clues).into_iter().peekable();
        let mut happened = Vec::new();
        for (number, transfer) in transfers.iter().enumerate() {
            let spent: Vec<_> = transfer
                .nullifiers
                .iter()
                .filter_map(|nullifier| self.unspent.remove(nullifier))
                .collect();
            let is_candidate = candidates.next_if_eq(&number).is_some();
            if spent.is_empty() && !is_candidate {
                continue;
            }
            let is_own = !spent.is_empty();
            happened.extend(spent.into_iter().map(Happened::Spent));
            happened.extend(self.outputs(transfer, is_own));
        }
        happened
    }

    fn outputs(&mut self, transfer: &ChainTransfer<'_>, is_own: bool) -> Vec<Happened> {
        let [payment, change] = &transfer.outputs;
        let placed = |note, position| PlacedNote { position, note };
        let mut happened = Vec::new();
        if let Ok(note) = open(self.key.incoming(), &payment.cm, payment.ciphertext) {
            let note = placed(note, transfer.position);
            self.keep(note.clone());
            happened.push(Happened::Received(note));
        } else if let Some(note) = self.sent(payment).filter(|_| is_own) {
            happened.push(Happened::Sent(placed(note, transfer.position)));
        }
        let is_change = |note: &OpenedNote| note.note.value > 0 && self.is_own(note);
        if let Some(note) = self.sent(change).filter(|note| is_own && is_change(note)) {
            let note = placed(note, transfer.position.saturating_add(1));
            self.keep(note.clone());
            happened.push(Happened::Change(note));
        }
        happened
    }

    fn sent(&self, output: &ChainOutput<'_>) -> Option<OpenedNote> {
        open_outgoing(self.key.outgoing(), &output.cm, output.ciphertext).ok()
    }

    fn is_own(&self, note: &OpenedNote) -> bool {
        self.key.incoming().address_at(note.address.diversifier) == Some(note.address)
    }

    /// Notes of nothing are not kept: there is nothing to spend.
    fn keep(&mut self, note: PlacedNote) {
        if note.note.note.value > 0 {
            let nk = self.key.nullifier_key();
            let nullifier = note.note.note.nullifier(&nk, note.position, &self.pool);
            self.unspent.insert(nullifier, note);
        }
    }
}
