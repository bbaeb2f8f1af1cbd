//! What this process uses, as the `process_*` metrics that dashboards and alerts expect.
//!
//! Names and units are those of Prometheus' client libraries (*Writing client libraries*, section
//! "Process metrics"). They are read from `/proc` whenever somebody scrapes, so that they cost
//! nothing in between. Where there is no `/proc` they are absent.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};
use substrate_prometheus_endpoint::{
    Gauge, PrometheusError, Registry, U64,
    prometheus::{
        Counter, Opts,
        core::{Collector, Desc},
        proto::MetricFamily,
    },
};

/// Puts the process's metrics into a registry.
pub fn register(registry: &Registry) -> Result<(), PrometheusError> {
    registry.register(Box::new(ProcessMetrics::new()?))
}

struct ProcessMetrics {
    cpu_seconds: Counter,
    /// Clock ticks that `cpu_seconds` has counted, to add only what is new.
    cpu_ticks: AtomicU64,
    resident_bytes: Gauge<U64>,
    virtual_bytes: Gauge<U64>,
    open_fds: Gauge<U64>,
    max_fds: Gauge<U64>,
    threads: Gauge<U64>,
    start_time_seconds: Gauge<U64>,
}

/// What `/proc` says of this process now.
struct Reading {
    cpu_ticks: u64,
    resident_bytes: u64,
    virtual_bytes: u64,
    open_fds: u64,
    /// None: unlimited.
    max_fds: Option<u64>,
    threads: u64,
    start_time_seconds: u64,
}

/// Clock ticks in a second, as the kernel reports times to every process: 100 on all architectures
/// that Plume runs on (`USER_HZ`, proc(5)).
const TICKS_PER_SECOND: u64 = 100;

impl Reading {
    /// None where `/proc` is missing or says something else than proc(5) describes.
    fn now() -> Option<Self> {
        let read = |file: &str| fs::read_to_string(file).ok();
        let (stat, status) = (read("/proc/self/stat")?, read("/proc/self/status")?);
        let (limits, machine) = (read("/proc/self/limits")?, read("/proc/stat")?);
        // The second field is the program's name in parentheses, which may hold anything; the one
        // after it has number 3.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let since_boot = field(22)? / TICKS_PER_SECOND;
        let kilobytes = |name: &str| after(&status, name)?.parse::<u64>().ok();
        Some(Self {
            cpu_ticks: field(14)?.saturating_add(field(15)?),
            resident_bytes: kilobytes("VmRSS:")?.saturating_mul(1_024),
            virtual_bytes: kilobytes("VmSize:")?.saturating_mul(1_024),
            open_fds: fs::read_dir("/proc/self/fd").ok()?.count() as u64,
            max_fds: after(&limits, "Max open files")?.parse().ok(),
            threads: field(20)?,
            start_time_seconds: after(&machine, "btime")?
                .parse::<u64>()
                .ok()?
                .saturating_add(since_boot),
        })
    }
}

/// The first word after `name`, in the line that begins with it.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name))?
        .split_whitespace()
        .next()
}

impl ProcessMetrics {
    fn new() -> Result<Self, PrometheusError> {
        Ok(Self {
            cpu_seconds: Counter::with_opts(Opts::new(
                "process_cpu_seconds_total",
                "Processor time of all threads, user and system, in seconds",
            ))?,
            cpu_ticks: AtomicU64::new(0),
            resident_bytes: Gauge::new(
                "process_resident_memory_bytes",
                "Resident memory in bytes",
            )?,
            virtual_bytes: Gauge::new("process_virtual_memory_bytes", "Virtual memory in bytes")?,
            open_fds: Gauge::new("process_open_fds", "Open file descriptors")?,
            max_fds: Gauge::new(
                "process_max_fds",
                "File descriptors that may be open at once",
            )?,
            threads: Gauge::new("process_threads", "Threads")?,
            start_time_seconds: Gauge::new(
                "process_start_time_seconds",
                "When the process began, in seconds since the Unix epoch",
            )?,
        })
    }

    fn parts(&self) -> [&dyn Collector; 7] {
        [
            &self.cpu_seconds,
            &self.resident_bytes,
            &self.virtual_bytes,
            &self.open_fds,
            &self.max_fds,
            &self.threads,
            &self.start_time_seconds,
        ]
    }

    fn take(&self, reading: &Reading) {
        let before = self.cpu_ticks.swap(reading.cpu_ticks, Ordering::Relaxed);
        let new_ticks = reading.cpu_ticks.saturating_sub(before);
        self.cpu_seconds
            .inc_by(new_ticks as f64 / TICKS_PER_SECOND as f64);
        self.resident_bytes.set(reading.resident_bytes);
        self.virtual_bytes.set(reading.virtual_bytes);
        self.open_fds.set(reading.open_fds);
        self.max_fds.set(reading.max_fds.unwrap_or(u64::MAX));
        self.threads.set(reading.threads);
        self.start_time_seconds.set(reading.start_time_seconds);
    }
}

impl Collector for ProcessMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.parts().into_iter().flat_map(Collector::desc).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let Some(reading) = Reading::now() else {
            return Vec::new();
        };
        self.take(&reading);
        self.parts()
            .into_iter()
            .flat_map(Collector::collect)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_there_and_plausible() {
        let registry = Registry::new();
        register(&registry).expect("the names are free");
        let mut spin = 0u64;
        while Reading::now().expect("/proc is mounted").cpu_ticks < 2 {
            spin = spin.wrapping_mul(31).wrapping_add(7);
        }
        let families = registry.gather();
        let value = |name: &str| {
            let family = families.iter().find(|family| family.get_name() == name);
            let metric = &family
                .unwrap_or_else(|| panic!("{name} is missing"))
                .get_metric()[0];
            metric
                .get_gauge()
                .get_value()
                .max(metric.get_counter().get_value())
        };
        assert!(value("process_cpu_seconds_total") > 0.0);
        assert!(value("process_resident_memory_bytes") > 100_000.0);
        assert!(value("process_virtual_memory_bytes") >= value("process_resident_memory_bytes"));
        assert!(value("process_open_fds") >= 3.0);
        assert!(value("process_max_fds") >= value("process_open_fds"));
        assert!(value("process_threads") >= 1.0);
        assert!(value("process_start_time_seconds") > 1_700_000_000.0);
    }

    #[test]
    fn processor_time_never_falls() {
        let metrics = ProcessMetrics::new().expect("the names are valid");
        let mut reading = Reading::now().expect("/proc is mounted");
        reading.cpu_ticks = 1_000;
        metrics.take(&reading);
        let first = metrics.cpu_seconds.get();
        metrics.take(&reading);
        assert!(first > 0.0 && (metrics.cpu_seconds.get() - first).abs() < f64::EPSILON);
    }
}
