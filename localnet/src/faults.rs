//! Lines of a node's log that no healthy run writes.
//!
//! Start the nodes with `--detailed-log-output`: only then does a line say its level.

use crate::Node;

/// Whether a log line reports an error, a panic, or a block that could not be imported.
pub fn is_fault(line: &str) -> bool {
    let lower = line.to_lowercase();
    let import_failed = lower.contains("import")
        && ["error", "failed", "bad block", "invalid"]
            .iter()
            .any(|word| lower.contains(word));
    line.contains(" ERROR ")
        || line.contains("panicked")
        || lower.contains("long-range attack")
        || import_failed
}

/// The faults in the logs of nodes, each with its node's name.
pub fn in_logs<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Vec<String> {
    let of_node = |node: &Node| {
        let lines = node.log_lines_matching(&["ERROR", "panicked", "mport", "ong-range"]);
        let name = node.name().to_owned();
        lines
            .into_iter()
            .filter(|line| is_fault(line))
            .map(move |line| format!("{name}: {line}"))
    };
    nodes.into_iter().flat_map(of_node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_panics_and_failed_imports_are_faults() {
        for line in [
            "2026-11-21 10:00:00.123 ERROR tokio-runtime-worker sc_service: it broke",
            "Thread 'tokio-runtime-worker' panicked at 'oh', src/main.rs:1",
            "2026-11-21 10:00:00.123  WARN main aura: Error importing block 0x12: Other",
            "2026-11-21 10:00:00.123  WARN main sync: Block import failed: bad state root",
            "2026-11-21 10:00:00.123  WARN main sync: Potential long-range attack: block not in finalized chain",
        ] {
            assert!(is_fault(line), "{line}");
        }
    }

    #[test]
    fn the_usual_lines_are_no_faults() {
        for line in [
            "2026-11-21 10:00:00.123  INFO main substrate: 🏆 Imported #12 (0x1234 → 0x5678)",
            "2026-11-21 10:00:00.123  INFO main substrate: 💤 Idle (3 peers), best: #1, finalized #0",
            "2026-11-21 10:00:00.123  WARN main libp2p: dial error",
        ] {
            assert!(!is_fault(line), "{line}");
        }
    }
}
