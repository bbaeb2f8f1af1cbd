//! A validator that runs twice with one key: it seals and votes twice.

use super::{
    campaign::{Campaign, RETURN_LIMIT, SPARED, voters},
    row::{Row, Seen},
};
use anyhow::Context;
use plume_localnet::{ExtraNode, Network};
use std::{slice, time::Duration};

/// Finality goes on without such a break.
const STALL_MS: f64 = 3_000.0;

impl Campaign<'_> {
    pub(super) async fn twin(&mut self) -> anyhow::Result<Row> {
        let (number, seconds) = (self.victim(), self.options.seconds);
        let network = self.network()?;
        let validator = &network.nodes()[number];
        let name = format!("{} runs twice with one key", validator.name());
        let extra = ExtraNode {
            name: format!("{}-again", validator.name()),
            validator: true,
            suri: validator.suri().map(str::to_owned),
            ..Default::default()
        };
        let twin = network.add(extra).await?;
        let head = network.nodes()[SPARED].finalised().await?;
        twin.wait_finalised(head, RETURN_LIMIT)
            .await
            .context("the second node of one key does not catch up")?;
        let before = offences(network).await?;
        let script = async |network: &Network| {
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            let reported = offences(network).await?.saturating_sub(before);
            let double_votes = log_lines(network, "equivocation");
            let voting = voters(&network.nodes()[SPARED]).await?;
            let mut seen = Seen::new(
                1,
                format!(
                    "{reported} offences on chain, {double_votes} log lines on equivocation, {voting} vote on"
                ),
            );
            if reported == 0 {
                seen.complaints.push("no offence is on the chain".into());
            }
            if voting + 1 != network.nodes().len() {
                seen.complaints.push(format!(
                    "{voting} validators vote: the culprit was not removed"
                ));
            }
            Ok(seen)
        };
        let mut row = self
            .measure(&name, seconds, slice::from_ref(&twin), script)
            .await?;
        row.require_stall_below(STALL_MS);
        twin.terminate().await?;
        Ok(row)
    }
}

/// Offences that the chain has recorded.
async fn offences(network: &Network) -> anyhow::Result<usize> {
    Ok(network.nodes()[SPARED]
        .count_entries("Offences", "Reports")
        .await?)
}

fn log_lines(network: &Network, text: &str) -> usize {
    let lines = network
        .nodes()
        .iter()
        .map(|node| node.log_lines_matching(&[text]).len());
    lines.sum()
}
