//! What a report is about.

use crate::{Customer, Customers, Hash32};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;

/// Cases of a stretch of time, as the chain has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The chain's name.
    pub chain: String,
    /// Hash of its genesis block, which tells it from others of the same name.
    pub genesis_hash: Hash32,
    /// The first second, since 1970.
    pub from_s: u64,
    /// The first second after it.
    pub to_s: u64,
    /// The cases.
    pub cases: Vec<CaseRecord>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// Its number on the chain.
    pub case_id: u64,
    /// The policy that was in force.
    pub policy: PolicyRef,
    /// How far it is.
    pub status: CaseStatus,
    /// What the engine did.
    pub verdict: Verdict,
    /// When it was opened, seconds since 1970.
    pub opened_at_s: u64,
    /// When it was closed, if it is.
    pub closed_at_s: Option<u64>,
    /// What the rules said.
    pub reasons: Vec<RuleReason>,
    /// The value that moved, or was to move.
    pub flows: Vec<Flow>,
    /// What officers did, the earliest first.
    pub decisions: Vec<Decision>,
}

/// A version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRef {
    /// The asset or corridor that it is for.
    pub scope: String,
    /// Its version.
    pub version: u32,
}

/// How far a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
    /// Nobody has taken it.
    Open,
    /// An officer works on it.
    Investigating,
    /// It was reported to an authority.
    Reported,
    /// It was found harmless.
    Dismissed,
}

/// What the engine did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The value moved, and a case was opened.
    Alert,
    /// The value moved into a hold.
    Hold,
    /// The value did not move.
    Deny,
}

/// Why a rule spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleReason {
    /// The chain's number of the reason.
    pub code: u8,
    /// Its name, such as `fan-in`.
    pub name: String,
    /// Which flow of the case it is about, from zero; none when it is about all.
    pub flow: Option<u32>,
    /// What it alone would have done.
    pub verdict: Verdict,
    /// What else there is to say; may be empty.
    pub detail: String,
}

/// Value from one account to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Who has less afterwards.
    pub from: Party,
    /// Who has more afterwards.
    pub to: Party,
    /// What moves.
    pub asset: Asset,
    /// How much, in the asset's smallest unit.
    pub amount: Units,
    /// What it was worth in hundredths of the reference currency; none when no price was known.
    pub value_cents: Option<u64>,
    /// Why it moves, such as `transfer`.
    pub kind: String,
    /// When, seconds since 1970.
    pub time_s: u64,
    /// In which block.
    pub block: u64,
    /// The extrinsic's place in its block; none for what the chain does by itself, and for what was denied.
    pub extrinsic_index: Option<u32>,
    /// The extrinsic's hash; none like its place.
    pub extrinsic_hash: Option<Hash32>,
}

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The account's address.
    pub account: String,
    /// The subject behind it; none when the chain knows none.
    pub subject: Option<Hash32>,
}

/// An asset, and how its amounts are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Its symbol.
    pub symbol: String,
    /// How many decimals its smallest unit stands for; more than 38 count as 38.
    pub decimals: u8,
}

/// An amount in smallest units. In JSON a string, because numbers there end at 2⁵³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units(pub u128);

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let units = digits.then(|| u128::from_str(&text).ok()).flatten();
        units.map(Self).ok_or_else(|| {
            serde::de::Error::custom("not an amount: digits in a string are expected")
        })
    }
}

impl Flow {
    /// The amount in whole units of the asset, such as `12.5`, and its symbol.
    pub fn amount_text(&self) -> String {
        format!("{} {}", self.amount_decimal(), self.asset.symbol)
    }

    /// The amount in whole units of the asset, such as `12.5`.
    pub fn amount_decimal(&self) -> String {
        let decimals = usize::from(self.asset.decimals.min(38));
        let digits = format!("{:0>width$}", self.amount.0, width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
        match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        }
    }

    /// The value in the reference currency, such as `1234.56`.
    pub fn value_text(&self) -> Option<String> {
        self.value_cents
            .map(|cents| format!("{}.{:02}", cents / 100, cents % 100))
    }
}

/// What an officer did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What.
    pub step: Step,
    /// The officer's account.
    pub officer: String,
    /// When, seconds since 1970.
    pub time_s: u64,
    /// In which block.
    pub block: u64,
    /// Hash of what it rests on.
    pub evidence: Option<Hash32>,
}

/// A step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// An officer took it.
    Investigate,
    /// An officer added evidence.
    Evidence,
    /// An officer proposed to report it.
    ProposeReport,
    /// An officer proposed to dismiss it.
    ProposeDismissal,
    /// A second officer agreed, and it is closed.
    Confirm,
    /// A second officer disagreed.
    Reject,
    /// Nobody decided in time, and what was held went back.
    TimedOut,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Investigate => "taken up",
            Self::Evidence => "evidence added",
            Self::ProposeReport => "report proposed",
            Self::ProposeDismissal => "dismissal proposed",
            Self::Confirm => "confirmed by a second officer",
            Self::Reject => "rejected by a second officer",
            Self::TimedOut => "timed out",
        })
    }
}

impl fmt::Display for CaseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Investigating => "investigating",
            Self::Reported => "reported",
            Self::Dismissed => "dismissed",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alert => "alert",
            Self::Hold => "hold",
            Self::Deny => "deny",
        })
    }
}

/// Who reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Its name.
    pub name: String,
    /// Its identifier at the authority, or its LEI.
    pub identifier: String,
}

/// A period, joined with the customers that appear in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Always `plume-compliance-report-1`.
    pub format: String,
    /// Who reports.
    pub institution: Institution,
    /// What the chain has.
    pub period: Period,
    /// The institution's customers that appear, in the order of their subjects.
    pub customers: Vec<Customer>,
    /// Subjects that appear and are nobody's in the customer file, in their order.
    pub unmatched: Vec<Hash32>,
}

/// [`Report::format`].
pub(crate) const FORMAT: &str = "plume-compliance-report-1";

impl Report {
    /// Joins by commitment: a customer appears when a flow names the customer's subject.
    pub fn join(institution: Institution, period: Period, customers: &Customers) -> Self {
        let subjects: BTreeSet<Hash32> = period
            .cases
            .iter()
            .flat_map(|case| &case.flows)
            .flat_map(|flow| [flow.from.subject, flow.to.subject])
            .flatten()
            .collect();
        let (mut known, mut unmatched) = (Vec::new(), Vec::new());
        for subject in subjects {
            match customers.get(&subject) {
                Some(customer) => known.push(customer.clone()),
                None => unmatched.push(subject),
            }
        }
        Self {
            format: FORMAT.into(),
            institution,
            period,
            customers: known,
            unmatched,
        }
    }

    /// The customer behind an end of a flow.
    pub fn customer(&self, party: &Party) -> Option<&Customer> {
        let subject = party.subject?;
        self.customers
            .iter()
            .find(|customer| customer.subject == subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flow(amount: u128, decimals: u8) -> Flow {
        let party = Party {
            account: "a".into(),
            subject: None,
        };
        Flow {
            from: party.clone(),
            to: party,
            asset: Asset {
                symbol: "X".into(),
                decimals,
            },
            amount: Units(amount),
            value_cents: Some(1_205),
            kind: "transfer".into(),
            time_s: 0,
            block: 0,
            extrinsic_index: None,
            extrinsic_hash: None,
        }
    }

    #[test]
    fn amounts_are_written_with_the_assets_decimals() {
        assert_eq!(flow(12_500_000_000_000_000_000, 18).amount_text(), "12.5 X");
        assert_eq!(flow(5, 2).amount_text(), "0.05 X");
        assert_eq!(flow(5, 0).amount_text(), "5 X");
        assert_eq!(flow(0, 18).amount_text(), "0 X");
        assert_eq!(flow(5, 2).value_text().as_deref(), Some("12.05"));
    }

    proptest! {
        #[test]
        fn any_amount_of_any_asset_can_be_written(amount: u128, decimals: u8) {
            let text = flow(amount, decimals).amount_decimal();
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            prop_assert!(text.parse::<f64>().is_ok());
            let significant = digits.trim_start_matches('0').trim_end_matches('0');
            let amount = amount.to_string();
            prop_assert_eq!(significant, amount.trim_start_matches('0').trim_end_matches('0'));
        }
    }
}
