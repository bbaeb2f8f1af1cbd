//! Submissions: what is checked before validation, the validation itself, and the answer.

use crate::{
    LOG_TARGET,
    admit::Newcomer,
    chain::{BlockRef, identify},
    error::Rejection,
    ledger::Origin,
    outcome::Outcome,
    pool::{Core, LedgerPool},
    tx::{Preamble, Slot, Tx},
    validation::{Answer, Batch, Job},
    watch::Status,
};
use futures::channel::mpsc;
use plume_primitives::{AccountId, Hash, Nonce};
use sc_transaction_pool_api::TransactionSource;
use sp_runtime::{traits::Block as BlockT, transaction_validity::TransactionValidity};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

impl<Block: BlockT<Hash = Hash>> LedgerPool<Block> {
    fn job(
        &self,
        extrinsic: Block::Extrinsic,
        origin: Origin,
    ) -> Result<Job<Block::Extrinsic>, Rejection> {
        let (hash, bytes, preamble) = identify::<Block>(&extrinsic);
        self.metrics.submitted();
        let core = self.core.lock();
        core.ledger.precheck(&hash)?;
        if let Some(Outcome::Finalized { block, .. }) = core.outcomes.get(&hash) {
            return Err(Rejection::Finalized { block: *block });
        }
        let signed = matches!(preamble, Preamble::Signed(_));
        Ok(Job {
            hash,
            extrinsic,
            bytes,
            signed,
            origin,
            watch: None,
        })
    }

    /// Submits a transaction and waits for the answer.
    pub(crate) async fn submit(
        &self,
        source: TransactionSource,
        extrinsic: Block::Extrinsic,
        origin: Origin,
    ) -> Answer {
        let job = self.job(extrinsic, origin);
        let answer = job.and_then(|job| self.validation.submit(source, job));
        self.wait(answer).await
    }

    /// Submits a transaction; its statuses come once it is accepted.
    pub(crate) async fn submit_and_watch(
        &self,
        source: TransactionSource,
        extrinsic: Block::Extrinsic,
        origin: Origin,
    ) -> Result<mpsc::UnboundedReceiver<Status>, Rejection> {
        let (watcher, statuses) = mpsc::unbounded();
        let job = self.job(extrinsic, origin).map(|job| Job {
            watch: Some(watcher),
            ..job
        });
        let answer = job.and_then(|job| self.validation.submit(source, job));
        self.wait(answer).await.map(|_| statuses)
    }

    async fn wait(
        &self,
        answer: Result<futures::channel::oneshot::Receiver<Answer>, Rejection>,
    ) -> Answer {
        let answer = match answer {
            Ok(answer) => answer
                .await
                .unwrap_or_else(|_| Err(Rejection::Runtime("the node is stopping".into()))),
            Err(rejection) => Err(rejection),
        };
        answer.inspect_err(|rejection| self.metrics.rejected(rejection))
    }

    /// Validates and submits on the calling thread.
    pub(crate) fn submit_blocking(
        &self,
        source: TransactionSource,
        extrinsic: Block::Extrinsic,
    ) -> Answer {
        let job = self.job(extrinsic, Origin::Local)?;
        let hash = job.hash;
        let answers = self.validate_new(source, vec![job]);
        let answer = answers
            .into_iter()
            .next()
            .map_or(Ok(hash), |(_, answer)| answer);
        answer.inspect_err(|rejection| self.metrics.rejected(rejection))
    }

    /// Validates the next batch, once there is one.
    pub async fn validate_next(&self) {
        match self.validation.next().await {
            Batch::New(source, jobs) => {
                for (hash, answer) in self.validate_new(source, jobs) {
                    self.validation.answer(&hash, answer);
                }
            }
            Batch::Again(txs) => self.validate_again(txs),
        }
    }

    fn ask(
        &self,
        at: BlockRef,
        source: TransactionSource,
        extrinsics: Vec<Block::Extrinsic>,
    ) -> Vec<Result<TransactionValidity, String>> {
        let count = extrinsics.len();
        self.metrics.validating(count);
        let answers = self.chain.validate(at.hash, source, extrinsics);
        self.metrics.validated(count);
        answers
    }

    fn validate_new(
        &self,
        source: TransactionSource,
        jobs: Vec<Job<Block::Extrinsic>>,
    ) -> Vec<(Hash, Answer)> {
        let at = self.chain.best();
        let validities = self.ask(
            at,
            source,
            jobs.iter().map(|job| job.extrinsic.clone()).collect(),
        );
        let mut answers = Vec::with_capacity(jobs.len());
        let mut valid = Vec::with_capacity(jobs.len());
        for (job, validity) in jobs.into_iter().zip(validities) {
            match validity {
                Ok(Ok(validity)) => {
                    let tx = Tx::new(
                        job.hash,
                        Arc::new(job.extrinsic),
                        job.bytes,
                        job.signed,
                        validity,
                    );
                    valid.push((tx, job.origin, job.watch));
                }
                Ok(Err(error)) => answers.push((job.hash, Err(error.into()))),
                Err(failure) => {
                    log::warn!(target: LOG_TARGET, "the runtime failed to validate {:?}: {failure}", job.hash);
                    answers.push((job.hash, Err(Rejection::Runtime(failure))));
                }
            }
        }
        let (mut core, nonces) = self.nonces_for(at, valid.iter().map(|(tx, ..)| tx));
        let now_ms = self.now_ms();
        for (tx, origin, watch) in valid {
            let (hash, bytes) = (tx.hash, tx.bytes);
            let announce = origin == Origin::Local && tx.validity.propagate;
            let chain_nonce = match &tx.slot {
                Slot::Nonce { account, .. } => nonces.get(account).copied(),
                Slot::Tags => None,
            };
            if let (Slot::Nonce { account, .. }, None, false) =
                (&tx.slot, chain_nonce, tx.validity.requires.is_empty())
                && core.ledger.nonce_of(account).is_none()
            {
                // Without it we could not tell what the transaction waits for.
                answers.push((
                    hash,
                    Err(Rejection::Runtime("the account's nonce is unknown".into())),
                ));
                continue;
            }
            let newcomer = Newcomer {
                tx,
                origin,
                now_ms,
                validated_at: at.number,
                chain_nonce,
            };
            let answer = core.ledger.admit(newcomer).map(|_| hash);
            if answer.is_ok() {
                if let Some(watch) = watch {
                    core.watchers.add(hash, watch);
                }
                if announce {
                    self.announcer.announce(hash, bytes);
                }
            }
            answers.push((hash, answer));
        }
        self.publish(&mut core);
        answers
    }

    /// The nonces at the ledger's best block of accounts that the ledger does not know, and the
    /// ledger itself, still at that block.
    fn nonces_for<'a>(
        &self,
        at: BlockRef,
        txs: impl Iterator<Item = &'a Tx<Block::Extrinsic>> + Clone,
    ) -> (
        parking_lot::MutexGuard<'_, Core<Block::Extrinsic>>,
        HashMap<AccountId, Nonce>,
    ) {
        let mut nonces: HashMap<AccountId, Nonce> = HashMap::new();
        let mut core = self.core.lock();
        for _ in 0..3 {
            let best = core.ledger.best;
            let unknown = txs.clone().filter_map(|tx| match &tx.slot {
                // Nothing required: its nonce is the account's, if both speak of the same block.
                Slot::Nonce { .. } if tx.validity.requires.is_empty() && best == at => None,
                Slot::Nonce { account, .. } if core.ledger.nonce_of(account).is_none() => {
                    Some(account.clone())
                }
                _ => None,
            });
            let unknown: Vec<_> = unknown.collect::<BTreeSet<_>>().into_iter().collect();
            if unknown.is_empty() {
                return (core, nonces);
            }
            drop(core);
            let answer = self.chain.nonces(best.hash, unknown.clone());
            core = self.core.lock();
            match answer {
                Ok(answer) => nonces = unknown.iter().cloned().zip(answer).collect(),
                Err(e) => log::warn!(target: LOG_TARGET, "the runtime does not tell nonces: {e}"),
            }
            if core.ledger.best == best {
                return (core, nonces);
            }
        }
        // The chain is faster than we are: the next best block corrects these.
        core.ledger.dirty.extend(nonces.keys().cloned());
        (core, nonces)
    }

    fn validate_again(&self, txs: Vec<Arc<Tx<Block::Extrinsic>>>) {
        let at = self.chain.best();
        let extrinsics = txs.iter().map(|tx| (*tx.data).clone()).collect();
        let validities = self.ask(at, TransactionSource::External, extrinsics);
        let mut core = self.core.lock();
        for (tx, validity) in txs.iter().zip(validities) {
            match validity {
                Ok(Ok(validity)) => core.ledger.refresh(&tx.hash, at.number, &validity),
                Ok(Err(error)) => {
                    core.judge(&tx.hash, &error, Some(at.hash));
                }
                Err(failure) => {
                    log::warn!(target: LOG_TARGET, "the runtime failed to validate {:?} again: {failure}", tx.hash);
                }
            }
        }
        self.publish(&mut core);
    }
}
