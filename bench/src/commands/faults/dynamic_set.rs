//! The set of validators shrinks, grows and shrinks again under load, with one of them dead.

use super::{
    Options,
    campaign::{Campaign, RETURN_LIMIT, SPARED, Setting, voters},
    row::{Row, Seen},
};
use crate::cli::Common;
use anyhow::{Context, ensure};
use plume_localnet::{Isolation, Node};
use plume_sdk::{Client, Signer, TxOptions, call, raw::Transport, subxt::dynamic::Value};
use serde_json::json;
use std::time::{Duration, Instant};

/// Sizes of the set, one after the other.
const SIZES: [usize; 3] = [4, 7, 4];
/// Five seconds: a change is planned in one session, waits for a second, and is in force in the third.
const SESSION_BLOCKS: u32 = 20;
/// The load of the measurement is heavy here: hundredths of a per cent of a block.
const LOW: u32 = 5;
const HIGH: u32 = 10;
const SMOOTHING_BLOCKS: u32 = 10;
/// Submission to finality, with all the changes in it.
const CHANGES_P99_MS: f64 = 1_000.0;

/// Parts of a billion.
fn parts(hundredths_of_percent: u32) -> u32 {
    hundredths_of_percent * 100_000
}

/// Opens a network of seven whose set follows the load within seconds.
pub(super) async fn open<'a>(
    options: &'a Options,
    common: &Common,
    isolation: Isolation,
) -> anyhow::Result<Campaign<'a>> {
    let genesis = json!({ "validators": {
        "sessionBlocks": SESSION_BLOCKS,
        "parameters": {
            "direction": "smallerUnderLoad", "min": 4, "max": 61,
            "low": parts(LOW), "high": parts(HIGH), "smoothingBlocks": SMOOTHING_BLOCKS,
        },
    } });
    let setting = Setting {
        genesis: Some(genesis),
        ..Setting::default()
    };
    Campaign::open_with(options, "faults-set", common, isolation, setting).await
}

/// Tells the chain which way a heavy load moves the set.
async fn turn(node: &Node, direction: &str) -> anyhow::Result<()> {
    let client = Client::connect_with(&node.ws_url(), Transport::PlainAllowed).await?;
    let parameters = Value::named_composite([
        ("direction", Value::unnamed_variant(direction, [])),
        ("min", Value::u128(4)),
        ("max", Value::u128(61)),
        ("low", Value::u128(parts(LOW).into())),
        ("high", Value::u128(parts(HIGH).into())),
        ("smoothing_blocks", Value::u128(SMOOTHING_BLOCKS.into())),
    ]);
    let set = Value::named_variant("set_parameters", [("parameters", parameters)]);
    let call = call(
        "Sudo",
        "sudo",
        [("call", Value::unnamed_variant("Validators", [set]))],
    );
    let root = Signer::from_uri("//Alice")?;
    let sent = client.submit(&root, &call, &TxOptions::default()).await?;
    sent.wait_finalised().await?.ok()?;
    Ok(())
}

async fn wait_voters(node: &Node, count: usize) -> anyhow::Result<()> {
    let began = Instant::now();
    while voters(node).await? != count {
        ensure!(
            began.elapsed() < RETURN_LIMIT,
            "after {} s {} validators vote, not {count}",
            RETURN_LIMIT.as_secs(),
            voters(node).await?
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

impl Campaign<'_> {
    pub(super) async fn dynamic_set(&mut self) -> anyhow::Result<Row> {
        // Long enough for three changes, however short the other rows are.
        let seconds = self.options.seconds.max(60.0);
        let name = "the set steps 7, 4, 7, 4, one dead";
        let mut row = self
            .measure(name, seconds, &[], async |network| {
                let nodes = network.nodes();
                let witness = &nodes[SPARED];
                nodes.last().context("there are nodes")?.kill()?;
                let mut took = Vec::new();
                for (index, size) in SIZES.into_iter().enumerate() {
                    let began = Instant::now();
                    match index {
                        0 => {}
                        1 => turn(witness, "LargerUnderLoad").await?,
                        _ => turn(witness, "SmallerUnderLoad").await?,
                    }
                    wait_voters(witness, size).await?;
                    took.push(format!("{:.0}", began.elapsed().as_secs_f64()));
                }
                let note = format!("sizes in force after {} s", took.join(", "));
                Ok(Seen::new(SIZES.len(), note))
            })
            .await?;
        let p99_ms = row.finalised.p99_ms;
        if p99_ms >= CHANGES_P99_MS {
            row.complain(format!(
                "p99 {p99_ms:.0} ms is not below {CHANGES_P99_MS:.0}"
            ));
        }
        Ok(row)
    }
}
