//! The SDK proposer's metrics under the SDK's names, so that existing dashboards read them.

use crate::LOG_TARGET;
use substrate_prometheus_endpoint::{
    Gauge, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64, prometheus::CounterVec,
    register,
};

/// Why a block got no further transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The pool had none left that could be tried.
    NoMoreTransactions,
    /// The time for transactions was used up.
    HitDeadline,
    /// The next ones would have made the block longer than its limit in bytes.
    HitBlockSizeLimit,
    /// The runtime had no resources (weight or length) left for the next ones.
    HitBlockWeightLimit,
    /// The runtime takes only inherents in this block, as it does while it migrates.
    TransactionForbidden,
}

impl EndReason {
    /// The value of the metric's `reason` label.
    fn label(self) -> &'static str {
        match self {
            Self::NoMoreTransactions => "no_more_transactions",
            Self::HitDeadline => "hit_deadline",
            Self::HitBlockSizeLimit => "hit_block_size_limit",
            Self::HitBlockWeightLimit => "hit_block_weight_limit",
            Self::TransactionForbidden => "transactions_forbidden",
        }
    }
}

/// The metrics, or nothing where the node has no registry.
#[derive(Clone)]
pub(crate) struct Metrics(Option<Registered>);

#[derive(Clone)]
struct Registered {
    block_constructed: Histogram,
    number_of_transactions: Gauge<U64>,
    end_reason: CounterVec,
    create_inherents_time: Histogram,
    block_proposal_time: Histogram,
}

impl Metrics {
    /// Registers the metrics. A registry that refuses them is warned about and does not stop the node.
    pub fn new(registry: Option<&Registry>) -> Self {
        Self(registry.and_then(|registry| {
            Registered::register(registry)
                .inspect_err(
                    |error| log::warn!(target: LOG_TARGET, "Proposer metrics are off: {error}"),
                )
                .ok()
        }))
    }

    /// The runtime has made its inherents, in so many seconds.
    pub fn inherents_created(&self, seconds: f64) {
        if let Some(metrics) = &self.0 {
            metrics.create_inherents_time.observe(seconds);
        }
    }

    /// A block with so many extrinsics (inherents are counted) is ready for its seal.
    pub fn block_built(&self, extrinsics: usize, end_reason: EndReason, seconds: f64) {
        if let Some(metrics) = &self.0 {
            metrics.number_of_transactions.set(extrinsics as u64);
            metrics.block_constructed.observe(seconds);
            metrics.block_proposal_time.observe(seconds);
            metrics
                .end_reason
                .with_label_values(&[end_reason.label()])
                .inc();
        }
    }
}

impl Registered {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let histogram = |name: &str, help: &str| {
            register(
                Histogram::with_opts(HistogramOpts::new(name, help))?,
                registry,
            )
        };
        Ok(Self {
            block_constructed: histogram(
                "substrate_proposer_block_constructed",
                "Histogram of time taken to construct new block",
            )?,
            number_of_transactions: register(
                Gauge::new(
                    "substrate_proposer_number_of_transactions",
                    "Number of transactions included in block",
                )?,
                registry,
            )?,
            end_reason: register(
                CounterVec::new(
                    Opts::new(
                        "substrate_proposer_end_proposal_reason",
                        "The reason why the block proposing was ended. This doesn't include errors.",
                    ),
                    &["reason"],
                )?,
                registry,
            )?,
            create_inherents_time: histogram(
                "substrate_proposer_create_inherents_time",
                "Histogram of time taken to execute create inherents",
            )?,
            block_proposal_time: histogram(
                "substrate_proposer_block_proposal_time",
                "Histogram of time taken to construct a block and prepare it for proposal",
            )?,
        })
    }
}
