//! `plume regulator warrants`.

use clap::Args;
use plume_sdk::{At, address, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::standing::{PALLET, Power};
use super::{account, some, unreadable};
use crate::args::Global;
use crate::commands::compliance::record::{integer, kebab};
use crate::commands::connect;
use crate::commands::credential::chain;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::{moment, party, patience};

/// Which warrants.
#[derive(Args, Debug)]
pub struct WarrantsArgs {
    /// Only those of a supervisor.
    #[arg(long, value_name = "WHO")]
    supervisor: Option<String>,
    /// Those that count no longer, too.
    #[arg(long)]
    all: bool,
}

/// A warrant.
#[derive(Debug, Serialize)]
struct WarrantLine {
    warrant: u64,
    supervisor: String,
    target: String,
    powers: Vec<String>,
    legal_basis: String,
    case: Option<u64>,
    until: String,
    uses: u64,
    /// `live`, `withdrawn`, `expired`, or `dismissed` with its supervisor.
    state: String,
}

impl Report for WarrantLine {
    fn text(&self) -> String {
        format!(
            "#{} {}  {}  about {}  for {}  until {}  used {} times",
            self.warrant,
            self.state,
            self.supervisor,
            self.target,
            self.powers.join(", "),
            self.until,
            self.uses
        )
    }
}

fn warrant_line(
    number: u64,
    warrant: &Json,
    admitted: bool,
    first_block_s: u64,
    elapsed: u64,
) -> Option<WarrantLine> {
    let until: u64 = integer(&warrant["until"])?;
    let target = match state::variant(&warrant["target"])? {
        ("Institution", who) => format!("institution {}", account(who)?),
        (kind, what) => format!("{} {}", kebab(kind), what.as_str()?),
    };
    let state = if warrant["withdrawn"] == true {
        "withdrawn"
    } else if elapsed > until {
        "expired"
    } else if !admitted {
        "dismissed"
    } else {
        "live"
    };
    Some(WarrantLine {
        warrant: number,
        supervisor: account(&warrant["supervisor"])?,
        target,
        powers: Power::ALL
            .into_iter()
            .filter(|power| power.is_of(warrant))
            .map(|power| power.field().replace('_', " "))
            .collect(),
        legal_basis: warrant["legal_basis"].as_str()?.to_owned(),
        case: some(&warrant["case"]).and_then(integer),
        until: moment::format(first_block_s.saturating_add(until)),
        uses: integer(&warrant["uses"])?,
        state: state.into(),
    })
}

/// A warrant in a line, as `plume regulator warrants` shows it; none for one that cannot be read.
pub fn describe_warrant(
    number: u64,
    warrant: &Json,
    admitted: bool,
    first_block_s: u64,
    elapsed: u64,
) -> Option<String> {
    let line = warrant_line(number, warrant, admitted, first_block_s, elapsed)?;
    Some(line.text())
}

/// Runs `plume regulator warrants`.
pub async fn list_warrants(
    args: &WarrantsArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let wanted = args.supervisor.as_deref().map(party::account).transpose()?;
    let wanted = wanted.map(|who| address::format(&who));
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let first_block_s = chain::first_block_s(&at).await?;
    let elapsed = chain::elapsed(&at).await?.into();
    let reading = state::entries(&at, PALLET, "Supervisors");
    let supervisors = patience::wait("reading the supervisors", reading).await?;
    let is_admitted = |who: &Json| {
        supervisors
            .iter()
            .any(|(keys, supervisor)| keys.first() == Some(who) && supervisor["admitted"] == true)
    };
    let reading = state::entries(&at, PALLET, "Warrants");
    let entries = patience::wait("reading the warrants", reading).await?;
    let mut lines = Vec::new();
    for (keys, warrant) in &entries {
        let number = keys.first().and_then(integer).ok_or_else(unreadable)?;
        let admitted = is_admitted(&warrant["supervisor"]);
        let line = warrant_line(number, warrant, admitted, first_block_s, elapsed);
        lines.push(line.ok_or_else(unreadable)?);
    }
    lines.retain(|line| {
        (args.all || line.state == "live")
            && wanted.as_ref().is_none_or(|who| line.supervisor == *who)
    });
    lines.sort_by_key(|line| core::cmp::Reverse(line.warrant));
    for line in &lines {
        output.report(line)?;
    }
    if lines.is_empty() {
        output.note("no such warrant");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hex(byte: u8) -> String {
        plume_sdk::raw::to_hex(&[byte; 32])
    }

    #[test]
    fn a_warrant_counts_until_it_is_over_withdrawn_or_its_supervisor_dismissed() {
        let warrant = |withdrawn: bool| {
            json!({
                "supervisor": hex(1), "target": { "Case": "17" }, "legal_basis": hex(2), "case": "None",
                "powers": { "freeze_subjects": false, "freeze_amounts": true, "access": true },
                "until": "100", "uses": "2", "withdrawn": withdrawn,
            })
        };
        let state = |withdrawn, admitted, elapsed| {
            warrant_line(1, &warrant(withdrawn), admitted, 0, elapsed)
                .expect("readable")
                .state
        };
        assert_eq!(state(false, true, 100), "live");
        assert_eq!(state(false, true, 101), "expired");
        assert_eq!(state(true, true, 1), "withdrawn");
        assert_eq!(state(false, false, 1), "dismissed");
        let line = warrant_line(1, &warrant(false), true, 0, 1).expect("readable");
        assert_eq!(line.target, "case 17");
        assert_eq!(line.powers, ["freeze amounts", "access"]);
    }
}
