//! Sees when an author seals two blocks in one slot, and reports it to the chain.

use crate::{AuraId, Block, PlumeClient};
use async_channel::{Receiver, Sender};
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
/// Headers remembered at most, some 300 bytes each; then the oldest slot's are forgotten. Forks whose parents
/// disagree on the rotation give a slot several authors, so this is more than the window.
const MAX_HEADERS: usize = 4_096;
/// After a report, more of the same author's pairs are only counted for so many slots: twins seal twice in every
/// slot of theirs, and one proof is as good as a hundred.
const QUIET_SLOTS: u64 = 240;
/// Proofs that wait to be reported; who seals double more often than this is known by now.
const MAX_WAITING_PROOFS: usize = 64;

type Header = <Block as BlockT>::Header;
/// Two headers of one author and slot, both with their seals.
pub(crate) type Proof = EquivocationProof<Header, AuraId>;

/// What was sealed, by slot. In memory: a node that restarts forgets, the others do not.
#[derive(Default)]
struct Memory {
    sealed: BTreeMap<Slot, Vec<Sealed>>,
    /// How many there are in all slots.
    len: usize,
    /// The slot of the last pair of each author that was reported.
    told: BTreeMap<AuraId, Slot>,
}

enum Sealed {
    Once(Header),
    /// And reported; a third block says nothing new.
    Twice(AuraId),
}

impl Memory {
    /// Remembers a header with its seal. Says so if its author has sealed another one in the same slot, once
    /// for each slot and author.
    ///
    /// As a rule a slot has one block, and nobody asks who its author is: that would be a call into the
    /// runtime for every block. When there are more, the newcomer's author is asked for, and those before it
    /// are its work if their seals are good with its key.
    fn see(
        &mut self,
        now: Slot,
        slot: Slot,
        header: Header,
        author: impl FnOnce() -> Option<AuraId>,
    ) -> Option<Proof> {
        let oldest = now.saturating_sub(WINDOW_SLOTS);
        if slot < oldest {
            return None;
        }
        while self
            .sealed
            .first_key_value()
            .is_some_and(|(slot, _)| *slot < oldest)
        {
            self.forget_first();
        }
        let of_slot = self.sealed.entry(slot).or_default();
        let hash = header.hash();
        let is_known = |sealed: &Sealed| matches!(sealed, Sealed::Once(it) if it.hash() == hash);
        if of_slot.iter().any(is_known) {
            return None;
        }
        if !of_slot.is_empty() {
            let author = author()?;
            for sealed in of_slot.iter_mut() {
                match sealed {
                    Sealed::Twice(offender) if *offender == author => return None,
                    Sealed::Once(known) if is_sealed_by(known, &author) => {
                        let known = known.clone();
                        *sealed = Sealed::Twice(author.clone());
                        return Some(proof(slot, author, known, header));
                    }
                    _ => {}
                }
            }
        }
        of_slot.push(Sealed::Once(header));
        self.len += 1;
        if self.len > MAX_HEADERS {
            self.forget_first();
        }
        None
    }

    fn forget_first(&mut self) {
        if let Some((_, forgotten)) = self.sealed.pop_first() {
            self.len -= forgotten.len();
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

/// Whether the last item of a header's digest is the seal of this author.
fn is_sealed_by(header: &Header, author: &AuraId) -> bool {
    // Of a single authority every slot is its own.
    let authors = std::slice::from_ref(author);
    sc_consensus_aura::standalone::check_header_slot_and_seal::<Block, AuthorityPair>(
        u64::MAX.into(),
        header.clone(),
        authors,
    )
    .is_ok()
}

/// Whoever saw two headers, and in whatever order, reports the same bytes: pools keep one.
fn proof(slot: Slot, offender: AuraId, one: Header, other: Header) -> Proof {
    let (first_header, second_header) = if one.hash() <= other.hash() {
        (one, other)
    } else {
        (other, one)
    };
    EquivocationProof {
        slot,
        offender,
        first_header,
        second_header,
    }
}

/// Watches the headers of all blocks that come by. Clones share their memory: what this node seals
/// itself is compared with what arrives, so the honest operator of twins learns of them, too.
#[derive(Clone)]
pub(crate) struct Watcher {
    slot_duration: SlotDuration,
    memory: Arc<Mutex<Memory>>,
    proofs: Sender<Proof>,
    seen: Option<Counter<U64>>,
}

impl Watcher {
    /// A watcher, and the proofs that it will find.
    pub fn new(
        slot_duration: SlotDuration,
        registry: Option<&Registry>,
    ) -> (Self, Receiver<Proof>) {
        let (sender, proofs) = async_channel::bounded(MAX_WAITING_PROOFS);
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

    fn see(&self, slot: Slot, header: Header, author: impl FnOnce() -> Option<AuraId>) {
        let now = Slot::from_timestamp(Timestamp::current(), self.slot_duration);
        let (proof, is_news) = {
            let mut memory = self.memory.lock();
            let Some(proof) = memory.see(now, slot, header, author) else {
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
        if self.proofs.try_send(proof).is_err() {
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
        if let Some(slot) = slot {
            let parent = *header.parent_hash();
            header.digest_mut().push(seal.clone());
            let author = || self.authors.author(parent, slot);
            self.watcher.see(slot, header, author);
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
pub(crate) async fn report<C, Pool>(client: Arc<C>, pool: Arc<Pool>, proofs: Receiver<Proof>)
where
    C: PlumeClient,
    Pool: TransactionPool<Block = Block>,
{
    while let Ok(proof) = proofs.recv().await {
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
