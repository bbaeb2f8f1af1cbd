//! Sees when an author seals two blocks in one slot, and reports it to the chain.

use crate::{AuraId, Block, PlumeClient};
use futures::{StreamExt, channel::mpsc};
use parking_lot::Mutex;
use plume_primitives::{Hash, api::DoubleSeals};
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_transaction_pool_api::{TransactionPool, TransactionSource};
use sp_api::ApiExt;
use sp_consensus_aura::{
    digests::CompatibleDigestItem,
    sr25519::{AuthorityPair, AuthoritySignature},
};
use sp_consensus_slots::{EquivocationProof, Slot, SlotDuration};
use sp_runtime::{
    DigestItem,
    traits::{Block as BlockT, Header as HeaderT},
};
use sp_timestamp::Timestamp;
use std::{collections::BTreeMap, sync::Arc};
use substrate_prometheus_endpoint::{Counter, PrometheusError, Registry, U64, register};

const LOG_TARGET: &str = "double-seals";
/// Slots for which headers are remembered: a little over four minutes of 250 ms slots.
const WINDOW_SLOTS: u64 = 1_000;
/// Headers remembered at most, some 300 bytes each. Forks whose parents disagree on the rotation give
/// a slot several authors, so this is more than the window.
const MAX_HEADERS: usize = 4_096;
/// After a report, more of the same author's pairs are only counted for so many slots: twins seal twice in every
/// slot of theirs, and one proof is as good as a hundred.
const QUIET_SLOTS: u64 = 240;
/// Proofs that wait to be reported; who seals double more often than this is known by now.
const MAX_WAITING_PROOFS: usize = 64;

type Header = <Block as BlockT>::Header;
/// Two headers of one author and slot, both with their seals.
pub(crate) type Proof = EquivocationProof<Header, AuraId>;

/// What was sealed, by slot and author. In memory: a node that restarts forgets, the others do not.
#[derive(Default)]
struct Memory {
    sealed: BTreeMap<(Slot, AuraId), Sealed>,
    /// The slot of the last pair of each author that was reported.
    told: BTreeMap<AuraId, Slot>,
}

enum Sealed {
    Once(Box<Header>),
    /// And reported; a third block says nothing new.
    Twice,
}

impl Memory {
    /// Remembers a sealed header. Says so if its author has sealed another one in the same slot, once
    /// for each slot and author.
    fn see(&mut self, now: Slot, slot: Slot, author: AuraId, header: Header) -> Option<Proof> {
        let oldest = now.saturating_sub(WINDOW_SLOTS);
        if slot < oldest {
            return None;
        }
        while self
            .sealed
            .first_key_value()
            .is_some_and(|((slot, _), _)| *slot < oldest)
        {
            self.sealed.pop_first();
        }
        let key = (slot, author);
        match self.sealed.get_mut(&key) {
            None => {
                self.sealed.insert(key, Sealed::Once(Box::new(header)));
                if self.sealed.len() > MAX_HEADERS {
                    self.sealed.pop_first();
                }
                None
            }
            Some(Sealed::Twice) => None,
            Some(Sealed::Once(known)) if known.hash() == header.hash() => None,
            Some(sealed) => {
                let Sealed::Once(known) = std::mem::replace(sealed, Sealed::Twice) else {
                    return None;
                };
                // Whoever saw them, and in whatever order, reports the same bytes: pools keep one.
                let (first_header, second_header) = if known.hash() <= header.hash() {
                    (*known, header)
                } else {
                    (header, *known)
                };
                let (slot, offender) = key;
                Some(EquivocationProof {
                    slot,
                    offender,
                    first_header,
                    second_header,
                })
            }
        }
    }

    /// Whether a pair is to be told and reported, and not only counted.
    fn is_news(&mut self, proof: &Proof) -> bool {
        let quiet = |told: &Slot| told.abs_diff(*proof.slot) <= QUIET_SLOTS;
        self.told.retain(|_, told| quiet(told));
        if self.told.contains_key(&proof.offender) {
            return false;
        }
        self.told.insert(proof.offender.clone(), proof.slot);
        true
    }
}

/// Watches the headers of all blocks that come by. Clones share their memory: what this node seals
/// itself is compared with what arrives, so the honest operator of twins learns of them, too.
#[derive(Clone)]
pub(crate) struct Watcher {
    slot_duration: SlotDuration,
    memory: Arc<Mutex<Memory>>,
    proofs: mpsc::Sender<Proof>,
    seen: Option<Counter<U64>>,
}

impl Watcher {
    /// A watcher, and the proofs that it will find.
    pub fn new(
        slot_duration: SlotDuration,
        registry: Option<&Registry>,
    ) -> (Self, mpsc::Receiver<Proof>) {
        let (sender, proofs) = mpsc::channel(MAX_WAITING_PROOFS);
        let watcher = Self {
            slot_duration,
            memory: Arc::default(),
            proofs: sender,
            seen: registry.and_then(|registry| {
                counter(registry)
                    .inspect_err(|error| {
                        log::warn!(target: LOG_TARGET, "Double seals will not be counted: {error}");
                    })
                    .ok()
            }),
        };
        (watcher, proofs)
    }

    /// Puts the watcher before `inner`.
    pub fn watch<I, A>(&self, inner: I, authors: A) -> WatchSeals<I, A> {
        WatchSeals {
            inner,
            authors,
            watcher: self.clone(),
        }
    }

    fn see(&self, slot: Slot, author: AuraId, header: Header) {
        let now = Slot::from_timestamp(Timestamp::current(), self.slot_duration);
        let (proof, is_news) = {
            let mut memory = self.memory.lock();
            let Some(proof) = memory.see(now, slot, author, header) else {
                return;
            };
            let is_news = memory.is_news(&proof);
            (proof, is_news)
        };
        if let Some(seen) = &self.seen {
            seen.inc();
        }
        if !is_news {
            return;
        }
        let (one, two) = (&proof.first_header, &proof.second_header);
        log::warn!(
            target: LOG_TARGET,
            "Double seal: {} sealed two blocks in slot {}, #{} ({:?}) and #{} ({:?}). Two nodes run with its \
             keys, or its operator cheats. Reporting it to the chain.",
            proof.offender, *proof.slot, one.number(), one.hash(), two.number(), two.hash(),
        );
        if self.proofs.clone().try_send(proof).is_err() {
            log::debug!(target: LOG_TARGET, "Nobody takes the report: too many wait, or the node ends");
        }
    }
}

fn counter(registry: &Registry) -> Result<Counter<U64>, PrometheusError> {
    let counter = Counter::new(
        "plume_double_seals_seen_total",
        "Slots in which this node saw one author seal two different blocks",
    )?;
    register(counter, registry)
}

/// Knows whose slot it is.
pub(crate) trait SlotAuthors: Send + Sync {
    /// The author of a slot in a block on this parent; none if the parent's state is not here.
    fn author(&self, parent: Hash, slot: Slot) -> Option<AuraId>;
}

impl<C: PlumeClient> SlotAuthors for Arc<C> {
    fn author(&self, parent: Hash, slot: Slot) -> Option<AuraId> {
        use sp_consensus_aura::AuraApi;
        let authorities = self.runtime_api().authorities(parent).ok()?;
        sc_consensus_aura::standalone::slot_author::<AuthorityPair>(slot, &authorities).cloned()
    }
}

/// Shows every sealed header to a [`Watcher`], and passes the block on whatever that says.
///
/// It stands before [`crate::LateBlocks`]: the second block of a pair is often the late one.
#[derive(Clone)]
pub(crate) struct WatchSeals<I, A> {
    inner: I,
    authors: A,
    watcher: Watcher,
}

impl<I, A: SlotAuthors> WatchSeals<I, A> {
    fn look(&self, block: &BlockImportParams<Block>) {
        // Aura's verifier moves a seal here when it has checked it, and Aura's author puts its own
        // here. Blocks that come by warp or gap sync are not checked and keep theirs in the header.
        let Some(seal) = block.post_digests.last() else {
            return;
        };
        if <DigestItem as CompatibleDigestItem<AuthoritySignature>>::as_aura_seal(seal).is_none() {
            return;
        }
        let mut header = block.header.clone();
        let slot =
            header.digest().logs().iter().find_map(
                <DigestItem as CompatibleDigestItem<AuthoritySignature>>::as_aura_pre_digest,
            );
        if let Some(slot) = slot
            && let Some(author) = self.authors.author(*header.parent_hash(), slot)
        {
            header.digest_mut().push(seal.clone());
            self.watcher.see(slot, author, header);
        }
    }
}

#[async_trait::async_trait]
impl<I, A> BlockImport<Block> for WatchSeals<I, A>
where
    I: BlockImport<Block> + Send + Sync,
    A: SlotAuthors,
{
    type Error = I::Error;

    async fn check_block(
        &self,
        block: BlockCheckParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(
        &self,
        block: BlockImportParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        self.look(&block);
        self.inner.import_block(block).await
    }
}

/// Hands each proof to the chain as a transaction.
///
/// Every node that saw the pair does so; the transactions are equal, and the chain takes one.
pub(crate) async fn report<C, Pool>(
    client: Arc<C>,
    pool: Arc<Pool>,
    mut proofs: mpsc::Receiver<Proof>,
) where
    C: PlumeClient,
    Pool: TransactionPool<Block = Block>,
{
    while let Some(proof) = proofs.next().await {
        let (slot, offender) = (*proof.slot, proof.offender.clone());
        let best = client.info().best_hash;
        let transaction = match transaction(&*client, best, proof) {
            Ok(transaction) => transaction,
            Err(reason) => {
                log::warn!(target: LOG_TARGET, "The double seal of {offender} in slot {slot} is not reported: {reason}");
                continue;
            }
        };
        match pool
            .submit_one(best, TransactionSource::Local, transaction)
            .await
        {
            Ok(hash) => {
                log::info!(target: LOG_TARGET, "Reported the double seal of {offender} in slot {slot}: transaction {hash:?}");
            }
            // Another node was quicker, as a rule.
            Err(error) => {
                log::debug!(target: LOG_TARGET, "The report on {offender} in slot {slot} was not taken: {error}");
            }
        }
    }
}

/// The transaction that reports a proof, or the reason why there is none.
fn transaction<C: PlumeClient>(
    client: &C,
    best: Hash,
    proof: Proof,
) -> Result<sp_runtime::OpaqueExtrinsic, String> {
    let api = client.runtime_api();
    // Blocks from before an upgrade take no reports.
    if !api
        .has_api::<dyn DoubleSeals<Block, AuraId>>(best)
        .map_err(|error| error.to_string())?
    {
        return Err("this chain's runtime takes no such reports yet".into());
    }
    let ownership = api
        .seal_key_ownership(best, proof.offender.clone())
        .map_err(|error| error.to_string())?
        .ok_or("the key belongs to no validator of this session")?;
    api.report_double_seal(best, proof, ownership)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "the runtime cannot read its own proof of ownership".into())
}

#[cfg(test)]
mod tests;
