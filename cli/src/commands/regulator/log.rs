//! `plume regulator log`.

use clap::Args;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, address, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::standing::PALLET;
use super::{account, some, unreadable};
use crate::args::Global;
use crate::commands::compliance::record::{integer, kebab};
use crate::commands::connect;
use crate::commands::credential::chain;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::{moment, party};

/// Which lines.
#[derive(Args, Debug)]
pub struct LogArgs {
    /// Only those of a supervisor.
    #[arg(long, value_name = "WHO")]
    supervisor: Option<String>,
    /// Only those that concern an institution's subjects.
    #[arg(long, value_name = "WHO")]
    institution: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: u64,
}

/// A line of the log.
#[derive(Debug, Serialize)]
struct LogLine {
    number: u64,
    at: String,
    supervisor: String,
    warrant: Option<u64>,
    act: String,
    /// A subject, the number of a case, or the hash of what the committee is asked to open.
    target: Option<String>,
    institutions: Vec<String>,
    evidence: String,
    /// Whether the institution is told something.
    sealed: bool,
}

impl Report for LogLine {
    fn text(&self) -> String {
        let warrant = self
            .warrant
            .map_or("no warrant".into(), |id| format!("warrant {id}"));
        format!(
            "#{} {}  {}  {} {}  {warrant}{}",
            self.number,
            self.at,
            self.supervisor,
            self.act,
            self.target.as_deref().unwrap_or(""),
            match self.institutions.as_slice() {
                [] => String::new(),
                institutions => format!("  of {}", institutions.join(" and ")),
            }
        )
    }
}

fn log_line(number: u64, entry: &Json, first_block_s: u64) -> Option<LogLine> {
    let (act, target) = state::variant(&entry["act"])?;
    Some(LogLine {
        number,
        at: moment::format(first_block_s.saturating_add(integer(&entry["at"])?)),
        supervisor: account(&entry["supervisor"])?,
        warrant: some(&entry["warrant"]).and_then(integer),
        act: kebab(act),
        target: target
            .as_str()
            .or_else(|| target["opened"].as_str())
            .map(str::to_owned),
        institutions: state::items(&entry["institutions"])
            .into_iter()
            .filter_map(account)
            .collect(),
        evidence: entry["evidence"].as_str()?.to_owned(),
        sealed: !matches!(&entry["sealed"], Json::Array(bytes) if bytes.is_empty()),
    })
}

/// Runs `plume regulator log`.
pub async fn read_log(args: &LogArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let supervisor = args.supervisor.as_deref().map(party::account).transpose()?;
    let supervisor = supervisor.map(|who| address::format(&who));
    let institution = args
        .institution
        .as_deref()
        .map(party::account)
        .transpose()?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let first_block_s = chain::first_block_s(&at).await?;
    let count = match &institution {
        None => count(&at, "LogCount", vec![]).await?,
        Some(who) => count(&at, "InstitutionCounts", vec![Value::from_bytes(who.0)]).await?,
    };
    let mut shown = 0;
    for place in (0..count).rev() {
        if shown == args.limit {
            output.note(&format!("{count} lines in all; --limit shows more"));
            break;
        }
        let number = match &institution {
            None => place,
            Some(who) => {
                let keys = vec![Value::from_bytes(who.0), Value::u128(place.into())];
                let number = state::entry(&at, PALLET, "InstitutionLog", keys).await?;
                number.as_ref().and_then(integer).ok_or_else(unreadable)?
            }
        };
        let keys = vec![Value::u128(number.into())];
        let entry = state::entry(&at, PALLET, "Log", keys).await?;
        let entry = entry.ok_or_else(unreadable)?;
        let line = log_line(number, &entry, first_block_s).ok_or_else(unreadable)?;
        if supervisor
            .as_ref()
            .is_none_or(|who| line.supervisor == *who)
        {
            output.report(&line)?;
            shown += 1;
        }
    }
    if shown == 0 {
        output.note("no such line");
    }
    Ok(())
}

async fn count(at: &AtBlock, entry: &str, keys: Vec<Value>) -> Result<u64, Failure> {
    let count = state::entry(at, PALLET, entry, keys).await?;
    Ok(count.as_ref().and_then(integer).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hex(byte: u8) -> String {
        plume_sdk::raw::to_hex(&[byte; 32])
    }

    #[test]
    fn a_line_of_the_log_says_who_did_what_to_whom() {
        let entry = json!({
            "at": "60", "supervisor": hex(1), "warrant": { "Some": "3" }, "institutions": hex(2),
            "act": { "SubjectFrozen": hex(9) }, "evidence": hex(4), "sealed": [],
        });
        let line = log_line(5, &entry, 1_795_478_400).expect("readable");
        assert_eq!(
            (line.warrant, line.act.as_str(), line.sealed),
            (Some(3), "subject-frozen", false)
        );
        assert_eq!(line.institutions.len(), 1);
        let text = line.text();
        assert!(
            text.starts_with("#5 2026-11-24T00:01:00Z") && text.contains("warrant 3"),
            "{text}"
        );
        let act = json!({ "TransferOpened": { "opened": hex(7), "shares": "3" } });
        let opening = json!({ "act": act, "at": "60", "supervisor": hex(1), "warrant": { "Some": "3" },
            "institutions": [], "evidence": hex(4), "sealed": [] });
        let line = log_line(6, &opening, 0).expect("readable");
        assert_eq!(
            (line.act.as_str(), line.target),
            ("transfer-opened", Some(hex(7)))
        );
        let without = json!({
            "at": "60", "supervisor": hex(1), "warrant": "None", "institutions": [],
            "act": "Opened", "evidence": hex(4), "sealed": ["1", "2"],
        });
        let line = log_line(6, &without, 0).expect("readable");
        assert_eq!((line.warrant, line.target, line.sealed), (None, None, true));
        assert_eq!(log_line(7, &json!({}), 0).map(|_| ()), None);
    }
}
