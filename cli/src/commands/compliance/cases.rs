//! `plume compliance cases`.

use std::collections::BTreeSet;

use clap::Args;
use plume_sdk::{At, AtBlock, address, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::super::connect;
use super::super::credential::chain;
use super::record::{integer, kebab};
use super::standing::Stage;
use super::{about, unreadable};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::{moment, party, patience};

/// Which cases.
#[derive(Args, Debug)]
pub struct CasesArgs {
    /// Closed ones, too.
    #[arg(long)]
    all: bool,
    /// Only those about an account, or a subject (0x...).
    #[arg(long, value_name = "WHO")]
    about: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// A case in a list.
#[derive(Debug, Serialize)]
struct CaseLine {
    case: u64,
    stage: String,
    /// Who looks at it, or has proposed how it is to end.
    officer: Option<String>,
    /// How it is to end, or has ended.
    outcome: Option<String>,
    verdict: String,
    opened: String,
    about: String,
    reasons: Vec<String>,
    flows: usize,
    repeats: u64,
    on_hold: usize,
}

impl Report for CaseLine {
    fn text(&self) -> String {
        let held = match self.on_hold {
            0 => String::new(),
            number => format!(", {number} on hold"),
        };
        let outcome = self.outcome.as_ref();
        let outcome = outcome.map_or(String::new(), |outcome| format!(" as {outcome}"));
        let officer = self.officer.as_ref();
        let officer = officer.map_or(String::new(), |officer| format!(" by {officer}"));
        format!(
            "#{} {} {}  {}{outcome}{officer}  {}  {} flows, {} more since{held}  about {}",
            self.case,
            self.opened,
            self.verdict,
            self.stage,
            self.reasons.join(" "),
            self.flows,
            self.repeats,
            self.about
        )
    }
}

fn case_line(number: u64, case: &Json, first_block_s: u64) -> Option<CaseLine> {
    let findings = state::items(&case["findings"]);
    let reasons: BTreeSet<String> = findings
        .iter()
        .filter_map(|finding| Some(kebab(state::variant(&finding["reason"])?.0)))
        .collect();
    let (officer, outcome) = match Stage::of(case)? {
        Stage::Open => (None, None),
        Stage::Investigating { officer } => (Some(officer), None),
        Stage::Proposed { officer, outcome } => (Some(officer), Some(outcome)),
        Stage::Closed { outcome, .. } => (None, Some(outcome)),
    };
    let (stage, _) = state::variant(&case["stage"])?;
    let (verdict, _) = state::variant(&case["verdict"])?;
    Some(CaseLine {
        case: number,
        stage: kebab(stage),
        officer: officer.map(|officer| address::format(&officer)),
        outcome: outcome.map(|outcome| outcome.word().to_owned()),
        verdict: kebab(verdict),
        opened: moment::format(first_block_s.saturating_add(integer(&case["opened"])?)),
        about: about(&case["about"])?,
        reasons: reasons.into_iter().collect(),
        flows: state::items(&case["flows"]).len(),
        repeats: integer(&case["repeats"])?,
        on_hold: state::items(&case["holds"]).len(),
    })
}

/// Runs `plume compliance cases`.
pub async fn list(args: &CasesArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    // 32 bytes may be a subject or an account: both are looked for.
    let wanted = args
        .about
        .as_ref()
        .map(|text| (text.clone(), party::account(text).ok()));
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let first_block_s = chain::first_block_s(&at).await?;
    let mut cases = all(&at).await?;
    cases.reverse();
    let mut shown = 0;
    for (number, case) in &cases {
        if shown == args.limit {
            output.note(&format!(
                "{} cases were looked at; --limit shows more",
                cases.len()
            ));
            break;
        }
        let line =
            case_line(*number, case, first_block_s).ok_or_else(|| unreadable(*number, "entry"))?;
        let is_wanted = wanted.as_ref().is_none_or(|(text, account)| {
            line.about == *text
                || account.is_some_and(|account| line.about == address::format(&account))
        });
        if is_wanted && (args.all || line.stage != "closed") {
            output.report(&line)?;
            shown += 1;
        }
    }
    if shown == 0 {
        output.note("no such case");
    }
    Ok(())
}

/// All cases, by number.
pub async fn all(at: &AtBlock) -> Result<Vec<(u64, Json)>, Failure> {
    let reading = state::entries(at, "Compliance", "Cases");
    let entries = patience::wait("reading the cases", reading).await?;
    let mut cases: Vec<(u64, Json)> = entries
        .into_iter()
        .filter_map(|(keys, case)| Some((integer(keys.first()?)?, case)))
        .collect();
    cases.sort_by_key(|(number, _)| *number);
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::AccountId32;
    use serde_json::json;

    #[test]
    fn a_case_is_one_line() {
        let case = json!({
            "opened": "60", "about": { "Subject": format!("0x{}", "09".repeat(32)) }, "verdict": "Alert",
            "flows": { "from": "0x00" }, "findings": [{ "reason": "FanIn" }, { "reason": "FanIn" }],
            "holds": [], "repeats": "2", "evidence": "0", "stage": "Open",
        });
        let line = case_line(3, &case, 1_795_478_400).expect("readable");
        assert_eq!(line.reasons, ["fan-in"]);
        assert_eq!(line.opened, "2026-11-24T00:01:00Z");
        assert!(
            line.text()
                .starts_with("#3 2026-11-24T00:01:00Z alert  open  fan-in  1 flows"),
            "{}",
            line.text()
        );
        let mut proposed = case;
        let officer = format!("0x{}", "03".repeat(32));
        proposed["stage"] = json!({ "Proposed": { "officer": officer, "closing": "Dismiss" } });
        let line = case_line(3, &proposed, 1_795_478_400).expect("readable");
        let officer = address::format(&AccountId32([3; 32]));
        let expected = format!("  proposed as dismissed by {officer}  ");
        assert!(line.text().contains(&expected), "{}", line.text());
    }
}
