//! What a network costs: processor time and memory of its nodes.

use crate::Node;
use std::time::{Duration, Instant};

/// Processor time and memory of one node over a measurement.
#[derive(Clone, Debug)]
pub struct NodeUsage {
    /// The node's name.
    pub name: String,
    /// Processor time spent since the measurement began, in seconds, all threads together.
    pub cpu_s: f64,
    /// Resident memory at the end of the measurement, in bytes; zero if the node was not running.
    pub memory_bytes: u64,
}

/// What nodes used between two moments.
#[derive(Clone, Debug)]
pub struct Usage {
    /// Time between the two.
    pub wall: Duration,
    /// One entry a node, in the order they were given.
    pub nodes: Vec<NodeUsage>,
}

impl Usage {
    /// Processor seconds of all nodes together.
    pub fn cpu_s(&self) -> f64 {
        self.nodes.iter().map(|node| node.cpu_s).sum()
    }

    /// How many cores the nodes kept busy on average.
    pub fn busy_cores(&self) -> f64 {
        let wall_s = self.wall.as_secs_f64();
        if wall_s > 0.0 {
            self.cpu_s() / wall_s
        } else {
            0.0
        }
    }

    /// Resident bytes of all nodes together, at the end.
    pub fn memory_bytes(&self) -> u64 {
        self.nodes.iter().map(|node| node.memory_bytes).sum()
    }
}

/// Measures what nodes use from [`CpuMeter::start`] on.
///
/// Time that a node spent before [`Node::kill`], [`Node::terminate`] or [`Node::restart`] counts; time
/// before it died by itself is lost.
#[derive(Debug)]
pub struct CpuMeter<'a> {
    began: Instant,
    nodes: Vec<(&'a Node, f64)>,
}

impl<'a> CpuMeter<'a> {
    /// Begins a measurement of these nodes.
    pub fn start(nodes: impl IntoIterator<Item = &'a Node>) -> Self {
        let nodes = nodes
            .into_iter()
            .map(|node| (node, node.cpu_seconds()))
            .collect();
        Self {
            began: Instant::now(),
            nodes,
        }
    }

    /// What was used so far; the measurement goes on.
    pub fn read(&self) -> Usage {
        let usage = |(node, before): &(&Node, f64)| NodeUsage {
            name: node.name().to_owned(),
            cpu_s: (node.cpu_seconds() - before).max(0.0),
            memory_bytes: node.memory_bytes(),
        };
        Usage {
            wall: self.began.elapsed(),
            nodes: self.nodes.iter().map(usage).collect(),
        }
    }
}

/// User and system time of a process in seconds, all threads; zero if there is no such process.
/// Source: `/proc/<pid>/stat`, fields 14 and 15, see proc(5).
pub(crate) fn cpu_seconds_of(pid: u32) -> f64 {
    /// Linux shows every process the same clock tick, whatever the kernel's own is.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The second field is the program's name in parentheses and may hold anything; count after it.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return 0.0;
    };
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok());
    ticks.sum::<u64>() as f64 / TICKS_PER_SECOND
}

/// Resident memory of a process in bytes; zero if there is no such process.
/// Source: `/proc/<pid>/status`, `VmRSS`, see proc(5).
pub(crate) fn memory_bytes_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0).saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_time_and_memory_and_an_absent_one_none() {
        let me = std::process::id();
        let began = Instant::now();
        while cpu_seconds_of(me) == 0.0 && began.elapsed() < Duration::from_secs(10) {
            std::hint::black_box((0..100_000u64).sum::<u64>());
        }
        assert!(cpu_seconds_of(me) > 0.0);
        assert!(memory_bytes_of(me) > 100_000);
        assert_eq!(
            (cpu_seconds_of(u32::MAX), memory_bytes_of(u32::MAX)),
            (0.0, 0)
        );
    }
}
