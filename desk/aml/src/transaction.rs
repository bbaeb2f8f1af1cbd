//! What all formats are read into.

use crate::Amount;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeSet, sync::Arc};

/// An account at a bank.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The bank's number without leading zeros, since files disagree about them. Empty where a format has no banks.
    pub bank: Arc<str>,
    /// The account's number or name as the file has it.
    pub number: Arc<str>,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bank.is_empty() {
            f.write_str(&self.number)
        } else {
            write!(f, "{}/{}", self.bank, self.number)
        }
    }
}

/// One transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Its place among the transfers of its file, from zero. Labels and alerts name it by this.
    pub row: u64,
    /// Seconds since 1970, or since the simulation's first step.
    pub time_s: u64,
    /// Who pays.
    pub from: Account,
    /// Who receives; may be the payer.
    pub to: Account,
    /// What leaves the payer.
    pub paid: Amount,
    /// Currency of `paid` as the file names it; empty where a format has none.
    pub paid_currency: Arc<str>,
    /// What reaches the recipient.
    pub received: Amount,
    /// Currency of `received`.
    pub received_currency: Arc<str>,
    /// The way of payment as the file names it, such as `ACH`; empty where a format has none.
    pub format: Arc<str>,
    /// The file's own label, where it has one.
    pub laundering: Option<bool>,
}

/// The shape of a laundering attempt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// One pays many.
    FanOut,
    /// Many pay one.
    FanIn,
    /// Many pay one, who pays many.
    GatherScatter,
    /// One pays many, who pay one.
    ScatterGather,
    /// Value that comes back to where it started.
    Cycle,
    /// Hops without a shape.
    Random,
    /// A group pays another group.
    Bipartite,
    /// Groups that pay each other in layers.
    Stack,
    /// Several payments just below a threshold.
    Structuring,
    /// A name that a file brings and this list does not have.
    Other(Arc<str>),
}

impl Pattern {
    /// Those that the generator makes: the eight of AMLworld, and structuring.
    pub const MADE: [Pattern; 9] = [
        Pattern::FanOut,
        Pattern::FanIn,
        Pattern::GatherScatter,
        Pattern::ScatterGather,
        Pattern::Cycle,
        Pattern::Random,
        Pattern::Bipartite,
        Pattern::Stack,
        Pattern::Structuring,
    ];

    /// The name that pattern files use.
    pub fn name(&self) -> &str {
        match self {
            Pattern::FanOut => "FAN-OUT",
            Pattern::FanIn => "FAN-IN",
            Pattern::GatherScatter => "GATHER-SCATTER",
            Pattern::ScatterGather => "SCATTER-GATHER",
            Pattern::Cycle => "CYCLE",
            Pattern::Random => "RANDOM",
            Pattern::Bipartite => "BIPARTITE",
            Pattern::Stack => "STACK",
            Pattern::Structuring => "STRUCTURING",
            Pattern::Other(name) => name,
        }
    }

    /// The pattern of that name in any case, with `_` or a blank for `-`.
    pub fn from_name(name: &str) -> Self {
        let name = name.trim().to_ascii_uppercase().replace(['_', ' '], "-");
        Self::MADE
            .into_iter()
            .find(|pattern| pattern.name() == name)
            .unwrap_or_else(|| Pattern::Other(name.into()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_name(&String::deserialize(deserializer)?))
    }
}

/// One planted laundering attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its shape.
    pub pattern: Pattern,
    /// What the file says about its size, such as `Max 16-degree Fan-Out`; may be empty.
    pub detail: String,
    /// [`Transaction::row`] of its transfers, in the order of time.
    pub rows: Vec<u64>,
}

/// What an account is. A replay binds accounts to subjects of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// A natural person.
    Person,
    /// A firm's account for daily business.
    Firm,
    /// A firm's account that only its own sweeps reach.
    Treasury,
}

/// What is true about a file of transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// The planted attempts.
    pub attempts: Vec<Attempt>,
    /// Accounts on the sanctions list.
    pub sanctioned_accounts: BTreeSet<Account>,
    /// [`Transaction::row`] of the transfers to or from these.
    pub sanctioned_rows: BTreeSet<u64>,
}
