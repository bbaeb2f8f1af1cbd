//! What was measured of a system.

use serde::Serialize;

/// Figures of one system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Its name.
    pub system: &'static str,
    /// Version of its crate.
    pub version: String,
    /// What is proven.
    pub statement: &'static str,
    /// Seconds until its keys were made, or read.
    pub setup_s: f64,
    /// Seconds of a transfer's proofs on all processors, median.
    pub prove_s: f64,
    /// Of the fastest.
    pub prove_best_s: f64,
    /// Seconds of processor time for a transfer's proofs, all threads together, mean. On a busy machine it says more
    /// than the clock.
    pub prove_cpu_s: f64,
    /// Milliseconds that a node needs for a transfer's proofs and signatures, median.
    pub verify_ms: f64,
    /// Bytes of a transfer's proofs together.
    pub proof_bytes: usize,
    /// Proofs that were timed.
    pub times: usize,
}

/// The middle of some numbers; of an even count, the upper of the two in the middle. None of none.
pub fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// A line a system, below a heading.
pub fn table(all: &[Figures]) -> String {
    let heading = format!(
        "{:<10}{:>9}{:>10}{:>10}{:>10}{:>10}{:>11}{:>13}  {}",
        "system",
        "version",
        "setup s",
        "prove s",
        "best s",
        "CPU s",
        "verify ms",
        "proof bytes",
        "transfer"
    );
    let line = |figures: &Figures| {
        format!(
            "{:<10}{:>9}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>11.1}{:>13}  {}",
            figures.system,
            figures.version,
            figures.setup_s,
            figures.prove_s,
            figures.prove_best_s,
            figures.prove_cpu_s,
            figures.verify_ms,
            figures.proof_bytes,
            figures.statement
        )
    };
    let lines: Vec<_> = core::iter::once(heading)
        .chain(all.iter().map(line))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_depend_on_the_order() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[2.0, 1.0]), Some(2.0));
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn a_table_has_a_line_a_system_under_its_heading() {
        let figures = Figures {
            system: "orchard",
            version: "0.16.0".into(),
            statement: "two actions",
            setup_s: 8.0,
            prove_s: 4.5,
            prove_best_s: 4.25,
            prove_cpu_s: 8.5,
            verify_ms: 30.0,
            proof_bytes: 7_264,
            times: 3,
        };
        let table = table(&[figures.clone(), figures]);
        let lines: Vec<_> = table.lines().collect();
        let [heading, one, other] = lines[..] else {
            panic!("three lines: {table}");
        };
        assert_eq!(one, other);
        assert_eq!(heading.find("  transfer"), one.find("  two actions"));
        assert!(one.contains("7264") && one.contains("4.50"), "{one}");
    }
}
