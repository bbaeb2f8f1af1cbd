//! What is reported of a fault.

use plume_bench::{Latencies, Percentiles};
use serde::Serialize;
use std::iter;

/// What was measured while something happened.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// What happened.
    pub name: String,
    /// Submission to finality.
    pub finalised: Percentiles,
    /// Slots between the final blocks' that stayed empty.
    pub lost_slots: u64,
    /// Slots in that time.
    pub slots: u64,
    /// Deaths, pauses, cuts.
    pub hits: usize,
    /// The longest time in which nothing became final, in milliseconds.
    pub longest_stall_ms: f64,
    /// Accepted and never final.
    pub lost: usize,
    /// What else was seen.
    pub note: String,
    /// Why it was not measured.
    pub skipped: Option<String>,
    /// What should have been and was not.
    pub failed: Option<String>,
}

/// What a fault's script did and saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub hits: usize,
    pub note: String,
    /// What should have been and was not.
    pub complaints: Vec<String>,
}

impl Seen {
    pub fn new(hits: usize, note: impl Into<String>) -> Self {
        Self {
            hits,
            note: note.into(),
            complaints: Vec::new(),
        }
    }
}

impl Row {
    /// A row of something that cannot be done here.
    pub fn skipped(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            finalised: iter::empty().collect::<Latencies>().percentiles(),
            lost_slots: 0,
            slots: 0,
            hits: 0,
            longest_stall_ms: 0.0,
            lost: 0,
            note: String::new(),
            skipped: Some(reason.into()),
            failed: None,
        }
    }

    /// Adds what should have been and was not.
    pub fn complain(&mut self, complaint: impl AsRef<str>) {
        self.failed = Some(match self.failed.take() {
            Some(earlier) => format!("{earlier}; {}", complaint.as_ref()),
            None => format!("{}: {}", self.name, complaint.as_ref()),
        });
    }

    /// Fails the row if finality stood still for so long.
    pub fn require_stall_below(&mut self, limit_ms: f64) {
        if self.longest_stall_ms >= limit_ms {
            self.complain(format!(
                "nothing became final for {:.0} ms, which is not below {limit_ms:.0}",
                self.longest_stall_ms
            ));
        }
    }

    /// The last cell of its line.
    pub fn verdict(&self) -> String {
        match (&self.skipped, &self.failed) {
            (Some(reason), _) => format!("SKIPPED {reason}"),
            (None, Some(_)) => format!("FAILED {}", self.note),
            (None, None) => format!("ok {}", self.note),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_add_up_and_a_skipped_row_never_reads_as_ok() {
        let mut row = Row::skipped("rain", "there is no water");
        assert_eq!(row.verdict(), "SKIPPED there is no water");
        row.skipped = None;
        row.longest_stall_ms = 1_000.0;
        row.require_stall_below(1_000.5);
        assert_eq!(row.verdict(), "ok ");
        row.require_stall_below(1_000.0);
        row.complain("wet");
        assert_eq!(
            row.failed.as_deref(),
            Some("rain: nothing became final for 1000 ms, which is not below 1000; wet")
        );
    }
}
