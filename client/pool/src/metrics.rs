//! What the pool counts for Prometheus.
//!
//! Names that the SDK's pool has too keep its names, so that dashboards keep working. The ready count
//! is `substrate_ready_transactions_number`, which `sc-service` sets from the pool's status.

use crate::{
    error::Rejection,
    ledger::{Counts, Event},
};
use substrate_prometheus_endpoint::{
    Counter, CounterVec, Gauge, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64,
    register,
};

/// The pool's counters; nothing at all without a registry.
pub(crate) struct Metrics(Option<Counters>);

struct Counters {
    submitted: Counter<U64>,
    scheduled: Counter<U64>,
    finished: Counter<U64>,
    invalid: Counter<U64>,
    pruned: Counter<U64>,
    retracted: Counter<U64>,
    ready: Gauge<U64>,
    future: Gauge<U64>,
    included: Gauge<U64>,
    rejected: CounterVec<U64>,
    ended: CounterVec<U64>,
    batch: Histogram,
}

impl Counters {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(Counter::new(name, help)?, registry);
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        let by = |name: &str, help: &str, label: &str| {
            register(CounterVec::new(Opts::new(name, help), &[label])?, registry)
        };
        Ok(Self {
            submitted: counter(
                "substrate_sub_txpool_submitted_transactions",
                "Transactions submitted",
            )?,
            scheduled: counter(
                "substrate_sub_txpool_validations_scheduled",
                "Transactions scheduled for validation",
            )?,
            finished: counter(
                "substrate_sub_txpool_validations_finished",
                "Transactions that finished validation",
            )?,
            invalid: counter(
                "substrate_sub_txpool_validations_invalid",
                "Transactions removed from the pool as invalid",
            )?,
            pruned: counter(
                "substrate_sub_txpool_block_transactions_pruned",
                "Pool transactions seen in new best blocks",
            )?,
            retracted: counter(
                "substrate_sub_txpool_block_transactions_resubmitted",
                "Pool transactions back from retracted blocks",
            )?,
            ready: gauge(
                "plume_txpool_ready",
                "Transactions that the next block may take",
            )?,
            future: gauge(
                "plume_txpool_future",
                "Transactions that wait for an earlier one",
            )?,
            included: gauge(
                "plume_txpool_included",
                "Transactions in blocks that are not final",
            )?,
            rejected: by(
                "plume_txpool_rejected_total",
                "Transactions not accepted, by reason",
                "reason",
            )?,
            ended: by(
                "plume_txpool_ended_total",
                "Accepted transactions that left the pool, by outcome",
                "outcome",
            )?,
            batch: register(
                Histogram::with_opts(
                    HistogramOpts::new("plume_txpool_batch", "Transactions per validation call")
                        .buckets(vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]),
                )?,
                registry,
            )?,
        })
    }
}

impl Metrics {
    pub(crate) fn new(registry: Option<&Registry>) -> Self {
        Self(registry.and_then(|registry| {
            let counters = Counters::register(registry);
            counters
                .inspect_err(
                    |e| log::warn!(target: crate::LOG_TARGET, "no metrics of the pool: {e}"),
                )
                .ok()
        }))
    }

    pub(crate) fn submitted(&self) {
        if let Some(counters) = &self.0 {
            counters.submitted.inc();
        }
    }

    pub(crate) fn validating(&self, count: usize) {
        if let Some(counters) = &self.0 {
            counters.scheduled.inc_by(count as u64);
            counters.batch.observe(count as f64);
        }
    }

    pub(crate) fn validated(&self, count: usize) {
        if let Some(counters) = &self.0 {
            counters.finished.inc_by(count as u64);
        }
    }

    pub(crate) fn rejected(&self, rejection: &Rejection) {
        if let Some(counters) = &self.0 {
            counters
                .rejected
                .with_label_values(&[rejection.label()])
                .inc();
        }
    }

    pub(crate) fn event(&self, event: &Event) {
        let Some(counters) = &self.0 else { return };
        match event {
            Event::InBlock { .. } => counters.pruned.inc(),
            Event::Retracted { .. } => counters.retracted.inc(),
            Event::Ended { outcome, .. } => {
                counters.ended.with_label_values(&[outcome.label()]).inc();
                if outcome.label() == "invalid" {
                    counters.invalid.inc();
                }
            }
            Event::Ready(_) | Event::Future(_) | Event::Foreign { .. } => {}
        }
    }

    pub(crate) fn counts(&self, counts: Counts) {
        if let Some(counters) = &self.0 {
            counters.ready.set(counts.ready as u64);
            counters.future.set(counts.future as u64);
            counters.included.set(counts.included as u64);
        }
    }
}
