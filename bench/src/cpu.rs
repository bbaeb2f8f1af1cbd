//! What a measurement cost: processor time of each node, of the client, and of everybody else.
//!
//! Source: `/proc/<pid>/stat` and `/proc/stat`, see proc(5). Linux shows all processes the same clock
//! tick of 10 ms.

use crate::Target;
use plume_localnet::CpuMeter;
use serde::Serialize;
use std::{fs, time::Instant};

const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time and memory of a node.
#[derive(Clone, Debug, Serialize)]
pub struct NodeCpu {
    /// The node's name.
    pub name: String,
    /// Seconds of all its threads.
    pub cpu_s: f64,
    /// Resident at the end.
    pub memory_mib: f64,
}

/// What was used between two moments.
#[derive(Clone, Debug, Serialize)]
pub struct CpuReport {
    /// Time between the two.
    pub wall_s: f64,
    /// The network's nodes, if they are our own.
    pub nodes: Vec<NodeCpu>,
    /// Seconds of this process.
    pub client_cpu_s: f64,
    /// Cores that neither the nodes nor this process kept busy (the kernel's work for them included).
    /// Much of it, and the figures say more about the neighbours.
    pub others_cores: f64,
    /// Cores that the hypervisor gave to somebody else.
    pub stolen_cores: f64,
}

impl CpuReport {
    /// Seconds of all nodes together.
    pub fn nodes_cpu_s(&self) -> f64 {
        self.nodes.iter().map(|node| node.cpu_s).sum()
    }

    /// Whether other programs took so much that the figures are not to be trusted.
    pub fn is_noisy(&self) -> bool {
        const TOLERABLE_CORES: f64 = 0.15;
        !self.nodes.is_empty() && self.others_cores + self.stolen_cores > TOLERABLE_CORES
    }
}

/// Watches from [`CpuWatch::start`] on.
pub struct CpuWatch<'a> {
    began: Instant,
    meter: CpuMeter<'a>,
    client_s: f64,
    machine: Machine,
}

impl<'a> CpuWatch<'a> {
    /// Begins to watch a target's nodes, this process and the machine.
    pub fn start(target: &'a Target) -> Self {
        Self {
            began: Instant::now(),
            meter: CpuMeter::start(target.nodes()),
            client_s: own_seconds(),
            machine: Machine::now(),
        }
    }

    /// What was used so far.
    pub fn read(&self) -> CpuReport {
        let usage = self.meter.read();
        let wall_s = self.began.elapsed().as_secs_f64().max(1e-9);
        let client_cpu_s = (own_seconds() - self.client_s).max(0.0);
        let machine = Machine::now();
        let busy_s = machine.busy_s - self.machine.busy_s;
        let others_s = (busy_s - usage.cpu_s() - client_cpu_s).max(0.0);
        let node = |node: &plume_localnet::NodeUsage| NodeCpu {
            name: node.name.clone(),
            cpu_s: node.cpu_s,
            memory_mib: node.memory_bytes as f64 / f64::from(1 << 20),
        };
        CpuReport {
            wall_s,
            nodes: usage.nodes.iter().map(node).collect(),
            client_cpu_s,
            others_cores: others_s / wall_s,
            stolen_cores: (machine.stolen_s - self.machine.stolen_s).max(0.0) / wall_s,
        }
    }
}

/// Processor time of the whole machine since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Machine {
    busy_s: f64,
    stolen_s: f64,
}

impl Machine {
    fn now() -> Self {
        Self::parse(&fs::read_to_string("/proc/stat").unwrap_or_default())
    }

    /// First line: user, nice, system, idle, iowait, irq, softirq, steal, in ticks over all cores.
    fn parse(stat: &str) -> Self {
        let line = stat.lines().next().unwrap_or_default();
        let ticks: Vec<f64> = line
            .split_whitespace()
            .skip(1)
            .map_while(|field| field.parse().ok())
            .collect();
        let [user, nice, system, _, _, irq, softirq, stolen, ..] = ticks[..] else {
            return Self::default();
        };
        Self {
            busy_s: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
            stolen_s: stolen / TICKS_PER_SECOND,
        }
    }
}

/// User and system time of this process in seconds, all threads.
pub fn own_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses and may hold anything; count after it.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return 0.0;
    };
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_waiting_time_is_not_busy() {
        let machine = Machine::parse("cpu  100 20 300 9000 800 7 13 55 0 0\ncpu0 1 1 1 1\n");
        assert_eq!(
            machine,
            Machine {
                busy_s: 4.4,
                stolen_s: 0.55
            }
        );
        assert_eq!(Machine::parse(""), Machine::default());
    }

    #[test]
    fn this_process_uses_time_and_so_does_the_machine() {
        let began = Instant::now();
        let (own, machine) = (own_seconds(), Machine::now());
        // The kernel books the two at different moments.
        let booked = || own_seconds() > own && Machine::now().busy_s > machine.busy_s;
        while !booked() && began.elapsed().as_secs() < 10 {
            std::hint::black_box((0..100_000u64).sum::<u64>());
        }
        assert!(own_seconds() > own);
        assert!(Machine::now().busy_s > machine.busy_s);
    }
}
