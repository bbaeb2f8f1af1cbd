//! Lists and their entries.

use core::fmt;
use serde::{Deserialize, Serialize};

/// The largest file that is read; OFAC's has 3 MB.
pub const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;

/// What an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A natural person.
    Individual,
    /// A firm, a state body, a group.
    Entity,
    /// A ship.
    Vessel,
    /// An aeroplane.
    Aircraft,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The list's own number or code; no two entries share it.
    pub id: String,
    /// The name as the list writes it.
    pub name: String,
    /// What it names.
    pub kind: Kind,
    /// Programmes under which it is listed.
    pub programmes: Vec<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// What else the list says.
    pub remarks: String,
}

impl Entry {
    /// The name and all aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        core::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// A sanctions list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Which one, such as `OFAC SDN`.
    pub name: String,
    /// Its entries, in the file's order.
    pub entries: Vec<Entry>,
}

/// Why a list cannot be read. Lines and columns count from one.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// More than [`MAX_LIST_BYTES`].
    #[error("the file is larger than {MAX_LIST_BYTES} bytes; is it a list?")]
    TooLarge,
    /// No CSV.
    #[error("line {line}: {problem}")]
    Record {
        /// Where the record begins.
        line: u64,
        /// What the CSV reader said.
        problem: String,
    },
    /// A field that cannot be read.
    #[error("line {line}, column {column} ({name}): {problem}")]
    Field {
        /// The line.
        line: u64,
        /// The column.
        column: usize,
        /// What the column is.
        name: &'static str,
        /// What is wrong.
        problem: FieldProblem,
    },
    /// Not one entry.
    #[error("the list is empty; an empty list would free everybody, so it is not taken")]
    Empty,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// It is not there.
    Missing,
    /// It says nothing.
    Empty,
    /// Another entry has the same.
    Twice,
    /// None of the kinds.
    Kind(String),
    /// Not the header that the format has.
    Header(&'static str),
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Empty => f.write_str("empty"),
            Self::Twice => f.write_str("another entry has the same"),
            Self::Kind(kind) => write!(
                f,
                "{kind:?} is no kind: individual, entity, vessel or aircraft"
            ),
            Self::Header(expected) => write!(f, "the first line has to be {expected}"),
        }
    }
}
