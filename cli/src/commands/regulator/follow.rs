//! `plume regulator follow`.

use clap::{Args, ValueEnum};
use plume_sdk::raw::Rpc;
use plume_sdk::{BlockRef, Client, Event, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::account;
use crate::args::Global;
use crate::commands::compliance::about;
use crate::commands::compliance::record::{integer, kebab};
use crate::commands::connect;
use crate::failure::Failure;
use crate::moment;
use crate::output::{Output, Report};

/// A node keeps what happened in so many blocks; after a longer pause the rest is left out, and said to be.
const MAX_BLOCKS_BEHIND: u64 = 256;

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

/// Runs `plume regulator follow`.
pub async fn follow(args: &FollowArgs, global: &Global, output: &Output) -> Result<(), Failure> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hex(byte: u8) -> String {
        plume_sdk::raw::to_hex(&[byte; 32])
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
