//! Builds one block: inherents, transactions, the finished header and its storage changes.

use crate::{
    LOG_TARGET,
    batch::{CHUNK_MAX, Chunks, Costs, Size},
    factory::Shared,
    fill::{Apply, Fill, State, Times},
    metrics::EndReason,
    runtime::RuntimeAt,
};
use codec::Encode;
use futures::{Future, FutureExt, channel::oneshot};
use plume_primitives::api::TransactionBatch;
use sc_transaction_pool_api::{TransactionPool, TxHash, TxInvalidityReportMap};
use sp_api::{ApiExt, ApiRef, CallApiAt, Core, ProvideRuntimeApi, TransactionOutcome};
use sp_block_builder::BlockBuilder as BlockBuilderApi;
use sp_blockchain::{ApplyExtrinsicFailed, Error};
use sp_consensus::{Proposal, ProposeArgs};
use sp_core::traits::CallContext;
use sp_inherents::InherentData;
use sp_runtime::{
    ExtrinsicInclusionMode, Percent,
    traits::{Block as BlockT, Header as HeaderT, NumberFor, One},
};
use std::{
    pin::Pin,
    sync::{MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The longest to wait for the pool to have seen the parent block.
const POOL_WAIT_MAX: Duration = Duration::from_millis(50);

/// The SCALE prefix with the number of extrinsics, at its longest.
const BODY_PREFIX_BYTES: usize = 5;

/// Builds one block on top of one parent.
pub struct BatchProposer<Block: BlockT, Client, Pool> {
    pub(crate) shared: Shared<Client, Pool>,
    pub(crate) parent_hash: Block::Hash,
    pub(crate) parent_number: NumberFor<Block>,
}

impl<Block, Client, Pool> sp_consensus::Proposer<Block> for BatchProposer<Block, Client, Pool>
where
    Block: BlockT,
    Pool: TransactionPool<Block = Block> + 'static,
    Client: ProvideRuntimeApi<Block> + CallApiAt<Block> + Send + Sync + 'static,
    Client::Api: ApiExt<Block> + BlockBuilderApi<Block> + TransactionBatch<Block>,
{
    type Error = Error;
    type Proposal = Pin<Box<dyn Future<Output = Result<Proposal<Block>, Error>> + Send>>;

    fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
        let (sender, receiver) = oneshot::channel();
        let spawn_handle = self.shared.spawn_handle.clone();
        let build = async move {
            let mut invalid = TxInvalidityReportMap::default();
            let proposal = self.build(args, &mut invalid).await;
            if sender.send(proposal).is_err() {
                log::debug!(target: LOG_TARGET, "Consensus no longer waits for the block");
            }
            // After the block is handed over: the pool's work is not the slot's.
            if !invalid.is_empty() {
                let pool = &self.shared.pool;
                pool.report_invalid(Some(self.parent_hash), invalid).await;
            }
        };
        async move {
            // Building blocks its thread.
            spawn_handle.spawn_blocking("authorship-proposer", None, build.boxed());
            receiver.await?
        }
        .boxed()
    }
}

/// For how long transactions are applied, and until when the block is to be handed over, where consensus grants
/// this much and blocks are filled for no longer than the limit.
fn planned(granted: Duration, fill_limit: Duration) -> (Duration, Duration) {
    let end = granted.min(fill_limit);
    (end - end / 10, end)
}

impl<Block, Client, Pool> BatchProposer<Block, Client, Pool>
where
    Block: BlockT,
    Pool: TransactionPool<Block = Block> + 'static,
    Client: ProvideRuntimeApi<Block> + CallApiAt<Block> + Send + Sync + 'static,
    Client::Api: ApiExt<Block> + BlockBuilderApi<Block> + TransactionBatch<Block>,
{
    async fn build(
        &self,
        args: ProposeArgs<Block>,
        invalid: &mut TxInvalidityReportMap<TxHash<Pool>>,
    ) -> Result<Proposal<Block>, Error> {
        let started = Instant::now();
        let (deadline, end) = planned(args.max_duration, self.shared.fill_limit);
        let (deadline, end) = (started + deadline, started + end);

        let parent = self.parent_hash;
        let header = Block::Header::new(
            self.parent_number + One::one(),
            Default::default(),
            Default::default(),
            parent,
            args.inherent_digests,
        );
        let header_bytes = header.encoded_size();
        // Set up as sc-block-builder does: the same context, recorder and extensions.
        let mut api = self.shared.client.runtime_api();
        // With a limit that counts the proof, its growth must be seen after every transaction.
        let exact_proof = args.storage_proof_recorder.is_some() && args.block_size_limit.is_some();
        if let Some(recorder) = args.storage_proof_recorder {
            api.record_proof_with_recorder(recorder);
        }
        for extension in args.extra_extensions.into_extensions() {
            api.register_extension(extension);
        }
        api.set_call_context(CallContext::Onchain { import: false });
        let mode = api.initialize_block(parent, &header)?;

        let mut body = self.apply_inherents(&api, args.inherent_data)?;
        let mut included = 0;
        let end_reason = match mode {
            ExtrinsicInclusionMode::OnlyInherents => EndReason::TransactionForbidden,
            ExtrinsicInclusionMode::AllExtrinsics => {
                let left = deadline.saturating_duration_since(Instant::now());
                let wait = (left / 8).min(POOL_WAIT_MAX);
                let mut ready = self.shared.pool.ready_at_with_timeout(parent, wait).await;

                let batches = api.has_api::<dyn TransactionBatch<Block>>(parent)? && !exact_proof;
                let limit_bytes = args
                    .block_size_limit
                    .unwrap_or(self.shared.block_size_limit_bytes);
                let used_bytes = body
                    .iter()
                    .map(Encode::encoded_size)
                    .fold(header_bytes + BODY_PREFIX_BYTES, usize::saturating_add);
                let now = Instant::now();
                let left = deadline.saturating_duration_since(now);
                let filled = Fill {
                    runtime: &RuntimeAt::new(&*api, parent),
                    ready: &mut *ready,
                    body: &mut body,
                    times: Times {
                        soft_deadline: now + part(self.shared.soft_deadline, left),
                        deadline,
                        end,
                    },
                    chunks: Chunks::new(*self.costs(), if batches { CHUNK_MAX } else { 1 }),
                    size: Size::new(used_bytes, limit_bytes),
                    state: State::default(),
                }
                .run();
                *invalid = filled.invalid;
                included = filled.included;
                self.costs().apply = filled.costs.apply;
                if included == 0 && filled.end_reason == EndReason::HitBlockSizeLimit {
                    log::warn!(
                        target: LOG_TARGET,
                        "No transaction fits into the block's limit of {limit_bytes} bytes",
                    );
                }
                filled.end_reason
            }
        };

        let finalizing = Instant::now();
        let header = api.finalize_block(parent)?;
        let state = self.shared.client.state_at(parent)?;
        let storage_changes = api
            .into_storage_changes(&state, parent)
            .map_err(Error::StorageChanges)?;
        self.costs().finalized(included, finalizing.elapsed());

        let took = started.elapsed();
        self.shared
            .metrics
            .block_built(body.len(), end_reason, took.as_secs_f64());
        log::info!(
            target: LOG_TARGET,
            "Prepared block for proposing at {} ({} ms) \
             [hash: {:?}; parent_hash: {parent}; end: {end_reason:?}; extrinsics ({})]",
            header.number(),
            took.as_millis(),
            header.hash(),
            body.len(),
        );
        Ok(Proposal {
            block: Block::new(header, body),
            storage_changes,
        })
    }

    /// Applies the runtime's inherents and answers those that are in the block. A refused one is left
    /// out, unless it is mandatory: then there is no block.
    fn apply_inherents(
        &self,
        api: &ApiRef<'_, Client::Api>,
        data: InherentData,
    ) -> Result<Vec<Block::Extrinsic>, Error> {
        let parent = self.parent_hash;
        let started = Instant::now();
        let inherents = api
            // Making them changes no state.
            .execute_in_transaction(|api| {
                TransactionOutcome::Rollback(api.inherent_extrinsics(parent, data))
            })
            .map_err(|error| Error::Application(Box::new(error)))?;
        self.shared
            .metrics
            .inherents_created(started.elapsed().as_secs_f64());

        let runtime = RuntimeAt::<Block, _>::new(&**api, parent);
        let mut applied = Vec::with_capacity(inherents.len());
        for inherent in inherents {
            match runtime.one(inherent.clone()) {
                Ok(Ok(_)) => applied.push(inherent),
                Ok(Err(refusal)) if refusal.exhausted_resources() => log::warn!(
                    target: LOG_TARGET,
                    "An inherent that is not mandatory is left out: the block is overweight",
                ),
                Ok(Err(refusal)) if refusal.was_mandatory() => {
                    log::error!(
                        target: LOG_TARGET,
                        "A mandatory inherent was refused, there can be no block: {refusal:?}",
                    );
                    return Err(ApplyExtrinsicFailed::Validity(refusal).into());
                }
                Ok(Err(refusal)) => log::warn!(
                    target: LOG_TARGET,
                    "An inherent was refused and is left out: {refusal:?}",
                ),
                Err(error) => log::warn!(
                    target: LOG_TARGET,
                    "Applying an inherent failed, it is left out: {error}",
                ),
            }
        }
        Ok(applied)
    }

    /// What was learnt from earlier blocks. A panic elsewhere leaves nothing half written in it.
    fn costs(&self) -> MutexGuard<'_, Costs> {
        let costs = self.shared.costs.lock();
        costs.unwrap_or_else(PoisonError::into_inner)
    }
}

fn part(percent: Percent, time: Duration) -> Duration {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(percent.mul_floor(micros))
}

#[cfg(test)]
mod tests {
    use super::planned;
    use std::time::Duration;

    #[test]
    fn time_beyond_the_fill_limit_is_not_planned_for() {
        let ms = Duration::from_millis;
        assert_eq!(planned(ms(80), ms(100)), (ms(72), ms(80)));
        assert_eq!(planned(ms(100), ms(100)), (ms(90), ms(100)));
        assert_eq!(planned(ms(10_000), ms(100)), (ms(90), ms(100)));
        assert_eq!(planned(ms(10_000), Duration::MAX), (ms(9_000), ms(10_000)));
    }
}
