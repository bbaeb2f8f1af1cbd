//! What the chain has of the cases that are reported.

use plume_reports::{Hash32, Period};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{Client, state};
use serde_json::Value as Json;

use super::super::credential::chain;
use super::record::integer;
use super::report::ReportArgs;
use super::{cases, context, history, record, unreadable};
use crate::failure::Failure;

/// The cases that were asked for, as the finalised chain has them.
pub async fn read(client: &Client, args: &ReportArgs) -> Result<Period, Failure> {
    let info = client.chain_info().await?;
    let at = client.at_block(info.finalised.hash).await?;
    let last = info.finalised.number;
    let first_block_s = chain::first_block_s(&at).await?;
    let opened = |case: &Json| {
        integer::<u64>(&case["opened"]).map(|opened| first_block_s.saturating_add(opened))
    };
    let cases = match (args.case, args.from, args.to) {
        (Some(number), _, _) => {
            let keys = vec![Value::u128(number.into())];
            let case = state::entry(&at, "Compliance", "Cases", keys).await?;
            let case = case.ok_or_else(|| {
                Failure::new(
                    format!("there is no case {number}, or it was pruned"),
                    "List the cases with: plume compliance cases --all",
                )
            })?;
            vec![(number, case)]
        }
        (None, from, to) => {
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or(u64::MAX));
            let mut cases = cases::all(&at).await?;
            cases.retain(|(_, case)| {
                opened(case).is_some_and(|opened| (from..to).contains(&opened))
            });
            cases
        }
    };
    let first_opened = cases.iter().filter_map(|(_, case)| opened(case)).min();
    let first = match first_opened {
        None => last,
        Some(time_s) => history::first_block_at(client, time_s, last).await?,
    };
    let last = last_of_interest(client, &cases, first_block_s, last).await?;
    let mut happened = history::read(client, first, last).await?;
    let context = context::read(client, &at, &cases, &happened, first_block_s, &args.price).await?;
    let now_s = history::time(client, info.finalised.number).await?;
    let mut records = Vec::new();
    for (number, case) in &cases {
        let happened = happened.remove(number).unwrap_or_default();
        let record = record::record(*number, case, &happened, &context)
            .map_err(|field| unreadable(*number, field))?;
        records.push(record);
    }
    Ok(Period {
        chain: info.chain,
        genesis_hash: Hash32(info.genesis_hash.0),
        from_s: args.from.or(first_opened).unwrap_or(now_s),
        to_s: args.to.unwrap_or(now_s.saturating_add(1)),
        cases: records,
    })
}

/// The last block in which something happened to these cases: nothing does after all are closed, but for the second
/// in which the last one was.
async fn last_of_interest(
    client: &Client,
    cases: &[(u64, Json)],
    first_block_s: u64,
    last: u64,
) -> Result<u64, Failure> {
    let closed = |case: &Json| {
        let ("Closed", details) = state::variant(&case["stage"])? else {
            return None;
        };
        integer::<u64>(&details["at"])
    };
    let mut latest = 0;
    for (_, case) in cases {
        match closed(case) {
            None => return Ok(last),
            Some(at) => latest = latest.max(at),
        }
    }
    let after_s = first_block_s.saturating_add(latest).saturating_add(2);
    history::first_block_at(client, after_s, last).await
}
