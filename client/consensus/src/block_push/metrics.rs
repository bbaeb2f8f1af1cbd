//! What was pushed, taken and dropped, for Prometheus.

use super::acceptance::Refusal;
use substrate_prometheus_endpoint::{
    Counter, CounterVec, Opts, PrometheusError, Registry, U64, register,
};

/// Counters, or nothing if there is nobody to read them.
#[derive(Default)]
pub(crate) struct Metrics(Option<Counters>);

struct Counters {
    pushed: Counter<U64>,
    skipped: Counter<U64>,
    received: Counter<U64>,
    imported: Counter<U64>,
    dropped: CounterVec<U64>,
}

impl Metrics {
    /// Registers the counters, where there is a registry.
    pub fn new(registry: Option<&Registry>) -> Self {
        let counters = registry.and_then(|registry| {
            Counters::register(registry)
                .inspect_err(|error| {
                    log::warn!(target: super::LOG_TARGET, "Pushed blocks are not counted: {error}");
                })
                .ok()
        });
        Self(counters)
    }

    /// An own block went to so many peers, and not to so many others.
    pub fn pushed(&self, peers: usize, skipped: usize) {
        if let Some(counters) = &self.0 {
            counters.pushed.inc_by(peers as u64);
            counters.skipped.inc_by(skipped as u64);
        }
    }

    /// A peer pushed something.
    pub fn received(&self) {
        if let Some(counters) = &self.0 {
            counters.received.inc();
        }
    }

    /// What a peer pushed was imported.
    pub fn imported(&self) {
        if let Some(counters) = &self.0 {
            counters.imported.inc();
        }
    }

    /// What a peer pushed was not imported.
    pub fn dropped(&self, refusal: Refusal) {
        if let Some(counters) = &self.0 {
            counters
                .dropped
                .with_label_values(&[refusal.reason()])
                .inc();
        }
    }
}

impl Counters {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(Counter::new(name, help)?, registry);
        Ok(Self {
            pushed: counter(
                "plume_blocks_pushed_total",
                "Times that a block of this node's own was pushed to a peer",
            )?,
            skipped: counter(
                "plume_blocks_push_skipped_total",
                "Times that a block of this node's own was not pushed to a peer, because it had not taken the last \
                 ones yet or the block was too large",
            )?,
            received: counter(
                "plume_pushed_blocks_received_total",
                "Messages that peers pushed",
            )?,
            imported: counter(
                "plume_pushed_blocks_imported_total",
                "Blocks that were imported from a push",
            )?,
            dropped: register(
                CounterVec::new(
                    Opts::new(
                        "plume_pushed_blocks_dropped_total",
                        "Messages that peers pushed and this node did not import, by reason",
                    ),
                    &["reason"],
                )?,
                registry,
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_have_valid_names_and_count() {
        let registry = Registry::new();
        let metrics = Metrics::new(Some(&registry));
        assert!(metrics.0.is_some());
        metrics.pushed(3, 1);
        metrics.received();
        metrics.imported();
        metrics.dropped(Refusal::Garbage);
        let families = registry.gather();
        assert_eq!(families.len(), 5);
        let dropped = families
            .iter()
            .find(|family| family.get_name() == "plume_pushed_blocks_dropped_total")
            .expect("it is registered");
        assert_eq!(
            dropped.get_metric()[0].get_label()[0].get_value(),
            "garbage"
        );
        assert!(
            Metrics::new(Some(&registry)).0.is_none(),
            "the names are taken"
        );
        Metrics::default().received();
    }
}
