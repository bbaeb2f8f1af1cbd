//! The wallet: keys and state, in one file.

use crate::{
    Birth, Block, BlockId, Counter, Entry, FileError, FileKey, Passphrase, Pending, Pool, Problem,
    Sealed, SealedError, StoredNote, file, sealed,
    state::State,
    sync::{SyncError, take},
};
use plume_circuits::notes_tree::NotesTree;
use plume_shielded::{Contact, Disclosure, FullViewingKey, KemPublicKey, Network, SpendingKey};
use std::{collections::BTreeMap, path::Path};

/// An account's wallet: it sees what the account has, and plans what it pays. It spends only with the
/// [`SpendingKey`], which it is handed each time, or keeps if it is told to.
#[derive(Clone, Debug)]
pub struct Wallet {
    pub(crate) network: Network,
    pub(crate) key: FullViewingKey,
    pub(crate) spending: Option<SpendingKey>,
    pub(crate) state: State,
}

impl Wallet {
    /// A wallet that sees what happens after a block.
    ///
    /// A new account begins at the newest final block. One that is restored begins before its first payment, and
    /// not later than the beginning of the period in which it last paid.
    pub fn new(key: FullViewingKey, network: Network, pool: Pool, birth: Birth) -> Self {
        Self {
            network,
            key,
            spending: None,
            state: State {
                pool,
                synced: birth.block,
                tree: NotesTree::from(birth.edge),
                notes: BTreeMap::new(),
                counters: BTreeMap::new(),
                history: Vec::new(),
                pending: Vec::new(),
                receivers: BTreeMap::new(),
            },
        }
    }

    /// Keeps the spending key, in memory and encrypted in the file: whoever has the file and its passphrase then spends.
    pub fn keep_spending_key(&mut self, key: SpendingKey) -> Result<(), Problem> {
        self.check_key(&key)?;
        self.spending = Some(key);
        Ok(())
    }

    /// The spending key, if it is kept.
    pub fn spending_key(&self) -> Option<&SpendingKey> {
        self.spending.as_ref()
    }

    pub(crate) fn check_key(&self, key: &SpendingKey) -> Result<(), Problem> {
        if key.full_viewing_key().pool_key() == self.key.pool_key() {
            Ok(())
        } else {
            Err(Problem::OtherKey)
        }
    }

    /// What it sees with.
    pub fn viewing_key(&self) -> &FullViewingKey {
        &self.key
    }

    /// Which network its texts are for.
    pub fn network(&self) -> Network {
        self.network
    }

    /// The chain's pool.
    pub fn pool(&self) -> &Pool {
        &self.state.pool
    }

    /// The last block that was taken in.
    pub fn synced(&self) -> BlockId {
        self.state.synced
    }

    /// Leaves of the tree of notes up to there.
    pub fn leaves(&self) -> u64 {
        self.state.tree.len()
    }

    /// A contact to hand out: the address with a number (0 by default), the ML-KEM key, and what a payer has to know
    /// of the credential. `None` as for [`plume_shielded::IncomingViewingKey::address`].
    pub fn contact(&self, index: u64, disclosure: Option<Disclosure>) -> Option<Contact> {
        Contact::of(self.key.incoming(), index, disclosure)
    }

    /// What can be spent, by position.
    pub fn notes(&self) -> impl Iterator<Item = &StoredNote> {
        self.state.notes.values()
    }

    /// Sums of what can be spent, in units, by asset.
    pub fn balances(&self) -> BTreeMap<u32, u128> {
        let mut balances = BTreeMap::new();
        for note in self.notes() {
            *balances.entry(note.asset).or_default() += u128::from(note.value);
        }
        balances
    }

    /// What happened, in the order of the chain.
    pub fn history(&self) -> &[Entry] {
        &self.state.history
    }

    /// What was counted of an asset in a period. `None` before the first transfer.
    pub fn counter(&self, period: u32, asset: u32) -> Option<&Counter> {
        self.state.counters.get(&(period, asset))
    }

    /// Transfers that are on their way.
    pub fn pending(&self) -> &[Pending] {
        &self.state.pending
    }

    /// Remembers a transfer that is about to be sent, so that the next does not spend the same.
    pub fn remember(&mut self, pending: Pending) {
        self.state.pending.push(pending);
    }

    /// Forgets transfers that can be in no block any more. `now` is the time of a final block that was taken in, in
    /// seconds since the first.
    pub fn expire(&mut self, now: u32) {
        let lasts = self.state.pool.max_proof_age;
        let state = &mut self.state;
        state
            .pending
            .retain(|one| one.time.saturating_add(lasts) >= now);
    }

    /// Forgets a transfer that was refused.
    pub fn forget(&mut self, pending: &Pending) {
        self.state.pending.retain(|known| known != pending);
    }

    /// Remembers whom a contact names, for receipts.
    pub fn remember_contact(&mut self, contact: &Contact) {
        let kem = contact.kem();
        self.state.receivers.insert(kem.hash(), kem.to_bytes());
    }

    pub(crate) fn receiver(&self, hash: &[u8; 32]) -> Option<KemPublicKey> {
        if *hash == self.key.incoming().kem_public().hash() {
            return Some(self.key.incoming().kem_public().clone());
        }
        KemPublicKey::from_bytes(self.state.receivers.get(hash)?).ok()
    }

    /// Takes in final blocks, in order, up to and with `through`. Returns what happened to the account. Either all of
    /// it is taken in, or nothing.
    pub fn take(&mut self, blocks: &[Block], through: BlockId) -> Result<Vec<Entry>, SyncError> {
        let (state, happened) = take(&self.key, &self.state, blocks, through)?;
        self.state = state;
        Ok(happened)
    }

    /// What a file of it has: everything, encrypted, under a new nonce each time. For programs that keep it elsewhere;
    /// [`Sealed::from_bytes`] reads it.
    pub fn to_bytes(&self, key: &FileKey) -> Result<Vec<u8>, SealedError> {
        sealed::seal(self, key)
    }

    /// Writes everything, encrypted, to a file that only its owner can read. The old content or the new is there,
    /// whatever happens meanwhile.
    pub fn save(&self, path: &Path, key: &FileKey) -> Result<(), FileError> {
        file::save(self, path, key)
    }

    /// Reads what [`Self::save`] wrote, and returns the key to write it with again. Takes the [cost](Sealed::cost) of
    /// the file.
    pub fn load(path: &Path, passphrase: &Passphrase) -> Result<(Self, FileKey), FileError> {
        let sealed = Sealed::read(path)?;
        sealed.open(passphrase).map_err(FileError::sealed(path))
    }
}
