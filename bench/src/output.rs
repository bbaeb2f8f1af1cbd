//! How figures are printed.

use plume_bench::{CpuReport, Paid, Percentiles, write_json};
use serde::Serialize;

/// Log faults to show; the count says how many there are.
const FAULTS_SHOWN: usize = 5;

/// Writes the result's file, says where on standard error, and prints it if asked to.
pub(crate) fn publish(name: &str, result: &impl Serialize, print: bool) -> anyhow::Result<()> {
    let (path, text) = write_json(name, result)?;
    eprintln!("Result: {}", path.display());
    if print {
        println!("{text}");
    }
    Ok(())
}

/// A table with its first column to the left and the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate();
        let line: Vec<_> = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        println!("{}", line.join("  ").trim_end());
    }
}

/// A row of texts.
pub(crate) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// The heading of [`latency_row`]s.
pub(crate) fn latency_heading(first: &str) -> Vec<String> {
    row([first, "p50 ms", "p90 ms", "p99 ms", "max ms", "n"])
}

/// A row of times.
pub(crate) fn latency_row(name: &str, times: &Percentiles) -> Vec<String> {
    let ms = |value: f64| format!("{value:.0}");
    vec![
        name.to_owned(),
        ms(times.p50_ms),
        ms(times.p90_ms),
        ms(times.p99_ms),
        ms(times.max_ms),
        times.n.to_string(),
    ]
}

/// Processor time by node, per transfer, with the client's and the neighbours'.
pub(crate) fn cpu_table(cpu: &CpuReport, transfers: usize) {
    let per = |cpu_s: f64| match transfers {
        0 => "-".to_owned(),
        some => format!("{:.2}", cpu_s * 1_000.0 / some as f64),
    };
    let line = |name: &str, cpu_s: f64, memory: String| {
        let cores = format!("{:.2}", cpu_s / cpu.wall_s);
        vec![
            name.to_owned(),
            format!("{cpu_s:.1}"),
            cores,
            per(cpu_s),
            memory,
        ]
    };
    let mut rows = vec![row([
        "processor time of",
        "s",
        "cores",
        "ms/transfer",
        "MiB",
    ])];
    rows.extend(
        cpu.nodes
            .iter()
            .map(|node| line(&node.name, node.cpu_s, format!("{:.0}", node.memory_mib))),
    );
    if !cpu.nodes.is_empty() {
        rows.push(line("all nodes", cpu.nodes_cpu_s(), String::new()));
    }
    rows.push(line("client", cpu.client_cpu_s, String::new()));
    rows.push(line(
        "others, kernel",
        cpu.others_cores * cpu.wall_s,
        String::new(),
    ));
    table(&rows);
}

/// What makes a result worse than its figures, in sentences.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl Problems {
    /// Transfers that are final without having paid.
    pub(crate) fn unpaid(&mut self, paid: &Paid) {
        if !paid.is_exact() {
            self.0.push(format!(
                "the payees received {} planck for final transfers of {}: some transfers are in blocks \
                 but failed",
                paid.found_planck, paid.expected_planck
            ));
        }
    }
}

/// A sentence about errors in the nodes' logs, if there are any.
pub(crate) fn fault_sentence(faults: &[String]) -> Option<String> {
    let shown: Vec<_> = faults
        .iter()
        .take(FAULTS_SHOWN)
        .map(String::as_str)
        .collect();
    (!faults.is_empty()).then(|| {
        format!(
            "{} lines of the nodes' logs report errors, as:\n  {}",
            faults.len(),
            shown.join("\n  ")
        )
    })
}

/// Says on standard error that nodes logged errors.
pub(crate) fn warn_of_faults(faults: &[String]) {
    if let Some(sentence) = fault_sentence(faults) {
        eprintln!("Warning: {sentence}");
    }
}

/// Says on standard error when other programs disturbed the measurement.
pub(crate) fn warn_if_noisy(cpu: &CpuReport) {
    if cpu.is_noisy() {
        eprintln!(
            "Warning: other programs used {:.2} cores and the hypervisor took {:.2}: repeat on a quiet machine",
            cpu.others_cores, cpu.stolen_cores
        );
    }
}
