//! One node that seals whenever a transaction arrives, and what it seals is final. On a development chain
//! whoever asks by a [`Sealer`] takes over: from then on it seals when asked, at the moment that is asked for.

use crate::{
    Block, Engine, FinalityRpc, Foundation, PlumeClient, Running, Sealer, Timing,
    sealer::NamedClock,
};
use futures::{StreamExt, channel::mpsc, future, stream};
use sc_consensus::{BlockImport, DefaultImportQueue};
use sc_consensus_manual_seal::{
    EngineCommand, ManualSealParams, consensus::aura::AuraConsensusDataProvider, run_manual_seal,
};
use sc_network::{NetworkBackend, config::FullNetworkConfiguration, service::NotificationMetrics};
use sc_service::{ChainType, Configuration, WarpSyncConfig, error::Error as ServiceError};
use sc_transaction_pool_api::TransactionPool;
use sp_consensus_aura::{
    SlotDuration, digests::CompatibleDigestItem, inherents::InherentDataProvider as SlotInherent,
    sr25519::AuthoritySignature,
};
use sp_consensus_slots::Slot;
use sp_core::H256;
use sp_runtime::{DigestItem, traits::Header};
use sp_timestamp::Timestamp;
use std::sync::Arc;

/// Transactions that one block takes at most from what arrived while the last one was built.
const MAX_COALESCED: usize = 8_192;

/// Extrinsics that every block has: the timestamp.
const INHERENTS: usize = 1;

/// Sealing on demand.
pub struct OnDemand<C> {
    client: Arc<C>,
    timing: Timing,
    clock: Arc<NamedClock>,
    /// None on a chain whose clock nobody may move.
    sealer: Option<Sealer>,
    asked: mpsc::Receiver<EngineCommand<H256>>,
}

/// Slot and time of the block after `parent`: now, or the slot after the parent's when transactions
/// arrive faster than slots pass.
fn next_slot(parent: &impl Header, now: Timestamp, slot: SlotDuration) -> (Slot, Timestamp) {
    let parent_slot = parent
        .digest()
        .logs()
        .iter()
        .find_map(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::as_aura_pre_digest);
    let now_slot = Slot::from_timestamp(now, slot);
    match parent_slot {
        Some(parent_slot) if now_slot <= parent_slot => {
            let next = parent_slot + 1;
            (next, next.timestamp(slot).unwrap_or(now))
        }
        _ => (now_slot, now),
    }
}

impl<C: PlumeClient> Engine<C> for OnDemand<C>
where
    for<'a> &'a C: BlockImport<Block, Error = sp_consensus::Error>,
{
    fn new(
        foundation: Foundation<'_, C>,
    ) -> Result<(Self, DefaultImportQueue<Block>), ServiceError> {
        let Foundation {
            config,
            client,
            task_manager,
            timing,
            ..
        } = foundation;
        let import_queue = sc_consensus_manual_seal::import_queue(
            Box::new(client.clone()),
            &task_manager.spawn_essential_handle(),
            config.prometheus_registry(),
        );
        let (sealer, clock, asked) = Sealer::new();
        let is_development = config.chain_spec.chain_type() == ChainType::Development;
        let engine = Self {
            client,
            timing,
            clock,
            sealer: is_development.then_some(sealer),
            asked,
        };
        Ok((engine, import_queue))
    }

    fn configure_network<N: NetworkBackend<Block, sp_core::H256>>(
        &mut self,
        _: &Configuration,
        _: &mut FullNetworkConfiguration<Block, sp_core::H256, N>,
        _: NotificationMetrics,
    ) -> Option<WarpSyncConfig<Block>> {
        None
    }

    fn finality_rpc(&self) -> Option<FinalityRpc> {
        None
    }

    fn sealer(&self) -> Option<Sealer> {
        self.sealer.clone()
    }

    fn start<Pool, Proposer, ForkChoice>(
        self,
        running: Running<'_, C, Pool, Proposer, ForkChoice>,
    ) -> Result<(), ServiceError>
    where
        Pool: TransactionPool<Block = Block> + 'static,
        ForkChoice: sp_consensus::SelectChain<Block> + 'static,
        Proposer:
            sp_consensus::Environment<Block, Error = sp_blockchain::Error> + Send + Sync + 'static,
        Proposer::Proposer: sp_consensus::Proposer<Block, Error = sp_blockchain::Error>,
    {
        let Self {
            client,
            timing,
            clock,
            asked,
            ..
        } = self;
        // Every command seals: the SDK's own test for an empty block counts two items of inherent data
        // (slot and timestamp) against the one extrinsic made of them, and would refuse a block with a
        // single transaction.
        let seal = || EngineCommand::SealNewBlock {
            create_empty: true,
            finalize: true,
            parent_hash: None,
            sender: None,
        };
        // A first block right away: clients read time and session from it. Then one block for all the
        // transactions that arrived meanwhile; none for those that wait for an earlier nonce.
        let fresh = client.info().best_number == 0;
        let first = stream::iter(fresh.then(seal));
        let pool = running.pool.clone();
        let arrivals = running
            .pool
            .import_notification_stream()
            .ready_chunks(MAX_COALESCED)
            .filter(move |_| future::ready(pool.status().ready > 0));
        // What a full block left behind has announced itself already. A block that took nothing says
        // that nothing of it can be taken.
        let (blocks, ledger) = (client.clone(), running.pool.clone());
        let left_behind = client
            .import_notification_stream()
            .filter_map(move |block| {
                let took_some = matches!(
                    blocks.block_body(block.hash),
                    Ok(Some(body)) if body.len() > INHERENTS
                );
                let ledger = ledger.clone();
                async move {
                    let mut ready = took_some.then_some(ledger)?.ready_at(block.hash).await;
                    ready.next().map(drop)
                }
            });
        let by_itself = clock.clone();
        let wanted = stream::select(arrivals.map(drop), left_behind)
            .filter(move |()| future::ready(!by_itself.is_named()))
            .map(move |()| seal());
        let commands = first.chain(stream::select(wanted, asked));

        let parents = client.clone();
        let sealing = run_manual_seal(ManualSealParams {
            block_import: client.clone(),
            env: running.proposer,
            client,
            pool: running.pool,
            commands_stream: Box::pin(commands),
            select_chain: running.select_chain,
            consensus_data_provider: Some(Box::new(
                AuraConsensusDataProvider::new_with_slot_duration(timing.slot),
            )),
            create_inherent_data_providers: move |parent, ()| {
                let parent = parents.header(parent);
                future::ready((|| {
                    let parent = parent?.ok_or("the parent of the block to seal is unknown")?;
                    let (slot, now) = next_slot(&parent, clock.now(), timing.slot);
                    Ok((
                        SlotInherent::new(slot),
                        sp_timestamp::InherentDataProvider::new(now),
                    ))
                })())
            },
        });
        running
            .task_manager
            .spawn_essential_handle()
            .spawn_blocking("seal-on-demand", Some("block-authoring"), sealing);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::{Digest, generic, traits::BlakeTwo256};

    fn parent_at(slot: u64) -> generic::Header<u32, BlakeTwo256> {
        let item =
            <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot.into());
        generic::Header::new(
            7,
            Default::default(),
            Default::default(),
            Default::default(),
            Digest { logs: vec![item] },
        )
    }

    #[test]
    fn a_block_sealed_after_a_pause_carries_the_time_of_day() {
        let slot = SlotDuration::from_millis(250);
        let now = Timestamp::new(1_000_000);
        assert_eq!(next_slot(&parent_at(3_000), now, slot), (4_000.into(), now));
    }

    #[test]
    fn a_moment_before_the_last_block_becomes_the_slot_after_it() {
        let slot = SlotDuration::from_millis(250);
        assert_eq!(
            next_slot(&parent_at(4_000), Timestamp::new(7), slot),
            (4_001.into(), Timestamp::new(1_000_250))
        );
    }

    #[test]
    fn blocks_sealed_in_a_burst_take_one_slot_each() {
        let slot = SlotDuration::from_millis(250);
        let now = Timestamp::new(1_000_000);
        assert_eq!(
            next_slot(&parent_at(4_000), now, slot),
            (4_001.into(), Timestamp::new(1_000_250))
        );
        assert_eq!(
            next_slot(&parent_at(4_009), now, slot),
            (4_010.into(), Timestamp::new(1_002_500))
        );
    }
}
