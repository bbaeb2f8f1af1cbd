//! Streaming readers, one line of memory each.
//!
//! All three are iterators that end after their first error: a file that is wrong in one place is not to be
//! trusted in the next. Lines end in LF or CRLF, a byte order mark is skipped, blank lines are skipped, fields may
//! be quoted as in RFC 4180 but not span lines, and blanks around them are dropped.

mod amlsim;
mod amlworld;
mod lines;
mod patterns;

pub use amlsim::{AmlSim, AmlSimOptions, Node, Nodes};
pub use amlworld::AmlWorld;
pub use lines::MAX_LINE_BYTES;
pub use patterns::{AttemptBlock, MAX_ATTEMPT_TRANSFERS, MatchError, Patterns, match_attempts};

use crate::AmountError;

/// The names of AMLworld's columns.
pub(crate) fn amlworld_header() -> [&'static str; 11] {
    amlworld::HEADER
}

/// Why a file cannot be read further. Lines and columns count from one.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system said no.
    #[error("line {line} cannot be read: {source}")]
    Io {
        /// The line that was being read.
        line: u64,
        /// What the system said.
        source: std::io::Error,
    },
    /// More than [`MAX_LINE_BYTES`].
    #[error("line {line} is longer than {MAX_LINE_BYTES} bytes; this is no file of transfers")]
    LineTooLong {
        /// The line.
        line: u64,
    },
    /// A quote without its partner, or a carriage return inside a line.
    #[error(
        "line {line} is no CSV record: a quote stays open, or a carriage return stands within it"
    )]
    NoRecord {
        /// The line.
        line: u64,
    },
    /// Too few or too many fields.
    #[error("line {line} has {found} columns where {expected} are expected")]
    ColumnCount {
        /// The line.
        line: u64,
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: String,
    },
    /// The first line does not name what is needed.
    #[error("line {line} is a header without the column {names}; is it another kind of file?")]
    MissingColumn {
        /// The header's line.
        line: u64,
        /// The names that would do.
        names: String,
    },
    /// A field that cannot be read.
    #[error("line {line}, column {column} ({name}): {problem}")]
    Field {
        /// The line.
        line: u64,
        /// The column, from one.
        column: usize,
        /// What the column is.
        name: &'static str,
        /// What is wrong with it.
        problem: FieldProblem,
    },
    /// A pattern file whose blocks do not open and close in turn.
    #[error("line {line}: {problem}")]
    Block {
        /// The line.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// Bytes that are no UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// Nothing where something has to be.
    #[error("empty")]
    Empty,
    /// No time.
    #[error("not a time; write it like 2022/09/01 00:20")]
    Time,
    /// No step.
    #[error("not a step: a whole number, or a time")]
    Step,
    /// No amount.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// No label.
    #[error("not a label: 0 or 1")]
    Label,
}
