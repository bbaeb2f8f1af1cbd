//! `plume regulator`: what supervisors did, and what the chain says as it happens. Reads, and never sends.

use clap::{Args, Subcommand, ValueEnum};
use plume_sdk::raw::Rpc;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, At, AtBlock, BlockRef, Client, Event, address, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::compliance::about;
use super::compliance::record::{bytes, integer, kebab};
use super::connect;
use super::credential::chain;
use super::flow_key::{self, FlowKeyCommand};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::{moment, party, patience};

/// A node keeps what happened in so many blocks; after a longer pause the rest is left out, and said to be.
const MAX_BLOCKS_BEHIND: u64 = 256;

/// What supervisors did, live alerts, and the keys that read flows.
#[derive(Debug, Subcommand)]
pub enum RegulatorCommand {
    /// Make, publish and verify the keys that read how much goes between institutions. Asks no node.
    #[command(subcommand)]
    FlowKey(FlowKeyCommand),
    /// Show the access log, the newest line first.
    #[command(after_help = "\
Examples:
  plume regulator log
  plume regulator log --institution //Alice         What concerns an institution's subjects
  plume regulator log --supervisor //Bob --json | jq -r .act

Everybody can read and count it. What an institution is told besides is encrypted to it (sealed).")]
    Log(LogArgs),
    /// Show warrants, the newest first.
    #[command(after_help = "\
Examples:
  plume regulator warrants                  Those that count now
  plume regulator warrants --all --supervisor //Bob")]
    Warrants(WarrantsArgs),
    /// Follow alerts, cases and acts of supervisors, as blocks become final.
    #[command(after_help = "\
Examples:
  plume regulator follow
  plume regulator follow --only alerts --json | jq -c '[.block, .name, .fields.case]'
  plume regulator follow --lines 10

Works on any node; a supervisor follows its own (docs/regulators.md).")]
    Follow(FollowArgs),
}

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

/// What to follow.
#[derive(Args, Debug)]
pub struct FollowArgs {
    /// What to tell.
    #[arg(long, value_enum, default_value_t = Only::All)]
    only: Only,
    /// Stop after so many lines [default: never]
    #[arg(long)]
    lines: Option<u64>,
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Everything of the compliance engine and of supervisors.
    All,
    /// What rules said: cases that open or go on, holds, denials.
    Alerts,
    /// What supervisors did.
    Supervisors,
}

impl Only {
    fn tells(self, event: &Event) -> bool {
        let alert = matches!(
            event.name.as_str(),
            "CaseOpened" | "CaseRepeated" | "Held" | "Denied" | "ReturnFailed"
        );
        match (self, event.pallet.as_str()) {
            (Self::All, "Compliance" | "Regulator") => true,
            (Self::Alerts, "Compliance") => alert,
            (Self::Supervisors, "Regulator") => true,
            _ => false,
        }
    }
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

fn account(json: &Json) -> Option<String> {
    Some(address::format(&AccountId32(bytes(json)?)))
}

/// What is in an `Option`; none for `None`.
fn some(json: &Json) -> Option<&Json> {
    match state::variant(json)? {
        ("Some", content) => Some(content),
        _ => None,
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

async fn read_log(args: &LogArgs, global: &Global, output: &Output) -> Result<(), Failure> {
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
                let number = state::entry(&at, "Regulator", "InstitutionLog", keys).await?;
                number.as_ref().and_then(integer).ok_or_else(unreadable)?
            }
        };
        let keys = vec![Value::u128(number.into())];
        let entry = state::entry(&at, "Regulator", "Log", keys).await?;
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
    let count = state::entry(at, "Regulator", entry, keys).await?;
    Ok(count.as_ref().and_then(integer).unwrap_or_default())
}

fn unreadable() -> Failure {
    Failure::new(
        "what the chain has of supervisors cannot be read",
        "Update plume to the version that came with this runtime",
    )
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
    let powers = ["freeze_subjects", "freeze_amounts", "access"];
    Some(WarrantLine {
        warrant: number,
        supervisor: account(&warrant["supervisor"])?,
        target,
        powers: powers
            .into_iter()
            .filter(|power| warrant["powers"][power] == true)
            .map(|power| power.replace('_', " "))
            .collect(),
        legal_basis: warrant["legal_basis"].as_str()?.to_owned(),
        case: some(&warrant["case"]).and_then(integer),
        until: moment::format(first_block_s.saturating_add(until)),
        uses: integer(&warrant["uses"])?,
        state: state.into(),
    })
}

/// A warrant in a line, as `plume regulator warrants` shows it; none for one that cannot be read.
pub(super) fn describe_warrant(
    number: u64,
    warrant: &Json,
    admitted: bool,
    first_block_s: u64,
    elapsed: u64,
) -> Option<String> {
    let line = warrant_line(number, warrant, admitted, first_block_s, elapsed)?;
    Some(line.text())
}

async fn list_warrants(
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
    let reading = state::entries(&at, "Regulator", "Supervisors");
    let supervisors = patience::wait("reading the supervisors", reading).await?;
    let is_admitted = |who: &Json| {
        supervisors
            .iter()
            .any(|(keys, supervisor)| keys.first() == Some(who) && supervisor["admitted"] == true)
    };
    let reading = state::entries(&at, "Regulator", "Warrants");
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

/// Something that happened.
#[derive(Debug, Serialize)]
struct Alert {
    block: u64,
    time: Option<String>,
    pallet: String,
    name: String,
    fields: Json,
}

impl Report for Alert {
    fn text(&self) -> String {
        let field = |name: &str| self.fields.get(name).filter(|field| !field.is_null());
        let mut words = vec![
            format!("#{}", self.block),
            self.time.clone().unwrap_or_default(),
            kebab(&self.name).replace('-', " "),
        ];
        if let Some(case) = field("case").and_then(Json::as_str) {
            words.push(format!("case {case}"));
        }
        if let Some(about) = field("about").and_then(about) {
            words.push(format!("about {about}"));
        }
        if let Some(findings) = field("findings") {
            let reasons = state::items(findings)
                .into_iter()
                .filter_map(|finding| Some(kebab(state::variant(&finding["reason"])?.0)));
            words.push(format!(
                "because of {}",
                reasons.collect::<Vec<_>>().join(" ")
            ));
        }
        if let Some((act, target)) = field("act").and_then(state::variant) {
            let target = target.as_str().or_else(|| target["opened"].as_str());
            words.push(format!("{} {}", kebab(act), target.unwrap_or("")));
        }
        for who in ["officer", "supervisor", "screener"] {
            if let Some(who) = field(who).and_then(account) {
                words.push(format!("by {who}"));
            }
        }
        words.join("  ").trim_end().to_owned()
    }
}

/// The blocks after `last` up to `head`, the oldest first; and how many before them were left out.
async fn blocks_since(
    rpc: &Rpc,
    last: u64,
    head: BlockRef,
) -> Result<(Vec<BlockRef>, u64), Failure> {
    let mut blocks = Vec::new();
    let mut next = head;
    while next.number > last {
        if blocks.len() as u64 == MAX_BLOCKS_BEHIND {
            blocks.reverse();
            return Ok((blocks, next.number - last));
        }
        blocks.push(next);
        let Some(header) = rpc.header(Some(next.hash)).await? else {
            break;
        };
        next = BlockRef {
            number: next.number.saturating_sub(1),
            hash: header.header.parent_hash,
        };
    }
    blocks.reverse();
    Ok((blocks, 0))
}

async fn block_time(client: &Client, block: BlockRef) -> Option<String> {
    let at = client.at_block(block.hash).await.ok()?;
    let now = state::entry(&at, "Timestamp", "Now", vec![]).await.ok()??;
    Some(moment::format(integer::<u64>(&now)? / 1_000))
}

async fn follow(args: &FollowArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let client = connect(global).await?;
    let rpc = client.raw();
    let mut heads = rpc.subscribe_finalized().await?;
    let mut last = rpc.finalized_head().await?.number;
    let mut lines = 0;
    loop {
        if args.lines.is_some_and(|limit| lines >= limit) {
            return Ok(());
        }
        let head = heads.next().await.ok_or_else(|| {
            Failure::new(
                "the node closed the connection",
                "Check that the node still runs, then follow again",
            )
        })??;
        let (blocks, left_out) = blocks_since(rpc, last, head.block()).await?;
        if left_out > 0 {
            output.note(&format!(
                "{left_out} blocks from #{} on were passed over: finality jumped further than nodes remember",
                last + 1
            ));
        }
        last = last.max(head.number);
        for block in blocks {
            let events = client.events(block.hash).await?;
            let told: Vec<Event> = events
                .into_iter()
                .filter(|one| args.only.tells(one))
                .collect();
            if told.is_empty() {
                continue;
            }
            let time = block_time(&client, block).await;
            for event in told {
                if args.lines.is_some_and(|limit| lines >= limit) {
                    return Ok(());
                }
                output.report(&Alert {
                    block: block.number,
                    time: time.clone(),
                    pallet: event.pallet,
                    name: event.name,
                    fields: event.fields,
                })?;
                lines += 1;
            }
        }
    }
}

/// Runs `plume regulator`.
pub async fn run(
    command: &RegulatorCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        RegulatorCommand::FlowKey(command) => flow_key::run(command, output),
        RegulatorCommand::Log(args) => read_log(args, global, output).await,
        RegulatorCommand::Warrants(args) => list_warrants(args, global, output).await,
        RegulatorCommand::Follow(args) => follow(args, global, output).await,
    }
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

    fn event(pallet: &str, name: &str) -> Event {
        Event {
            pallet: pallet.into(),
            name: name.into(),
            fields: json!({}),
        }
    }

    #[test]
    fn each_choice_tells_its_own_events() {
        let told = |only: Only| {
            [
                event("Compliance", "CaseOpened"),
                event("Compliance", "PolicyEnacted"),
                event("Regulator", "Logged"),
                event("Balances", "Transfer"),
            ]
            .iter()
            .map(|event| only.tells(event))
            .collect::<Vec<_>>()
        };
        assert_eq!(told(Only::All), [true, true, true, false]);
        assert_eq!(told(Only::Alerts), [true, false, false, false]);
        assert_eq!(told(Only::Supervisors), [false, false, true, false]);
    }

    #[test]
    fn an_alert_is_one_line_with_its_reasons() {
        let alert = Alert {
            block: 12,
            time: Some("2026-11-24T00:01:00Z".into()),
            pallet: "Compliance".into(),
            name: "CaseOpened".into(),
            fields: json!({
                "case": "3", "about": { "Subject": hex(9) }, "verdict": "Alert",
                "findings": { "reason": "FanIn" }, "flows": [],
            }),
        };
        let text = alert.text();
        assert!(
            text.starts_with("#12  2026-11-24T00:01:00Z  case opened  case 3"),
            "{text}"
        );
        assert!(text.contains("because of fan-in"), "{text}");
    }
}
