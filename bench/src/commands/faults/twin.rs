//! A validator that runs twice with one key: it seals and votes twice, or only seals.

use super::{
    campaign::{Campaign, RETURN_LIMIT, SPARED, voters},
    evidence::Evidence,
    row::{Row, Seen},
};
use anyhow::Context;
use plume_localnet::{ExtraNode, Network, Node};
use plume_sdk::{Signer, raw::to_hex};
use serde_json::{Value, json};
use std::{slice, time::Duration};

/// Finality goes on without such a break.
const STALL_MS: f64 = 3_000.0;

/// Which of the validator's keys the second node holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    All,
    /// The one that seals: this twin does not vote.
    Sealing,
}

impl Campaign<'_> {
    pub(super) async fn twin(&mut self, keys: Keys) -> anyhow::Result<Row> {
        let (number, seconds) = (self.victim(), self.options.seconds);
        let client = self.rig.client.clone();
        let network = self.network()?;
        let validator = &network.nodes()[number];
        let name = match keys {
            Keys::All => format!("{} runs twice with one key", validator.name()),
            Keys::Sealing => format!("{} seals two blocks a slot", validator.name()),
        };
        let head = network.nodes()[SPARED].finalised().await?;
        let twin = start(network, validator, keys).await?;
        twin.wait_finalised(head, RETURN_LIMIT)
            .await
            .context("the second node of one key does not catch up")?;
        let script = async |network: &Network| {
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            let witness = &network.nodes()[SPARED];
            let evidence = Evidence::read(&client, head, witness.finalised().await?).await?;
            let voting = voters(witness).await?;
            let mut seen = Seen::new(1, format!("{}, {voting} vote on", evidence.text()));
            seen.complaints = evidence.complaints();
            if keys == Keys::Sealing && evidence.double_seals == 0 {
                seen.complaints.push("no double seal was proven".into());
            }
            if voting + 1 != network.nodes().len() {
                seen.complaints.push(format!("{voting} validators vote"));
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

/// Runs keys of a validator a second time.
async fn start(network: &Network, validator: &Node, keys: Keys) -> anyhow::Result<Node> {
    let suri = validator.suri().context("a validator has keys")?;
    let twin = network
        .add(ExtraNode {
            name: format!("{}-again", validator.name()),
            validator: true,
            suri: (keys == Keys::All).then(|| suri.to_owned()),
            ..Default::default()
        })
        .await?;
    if keys == Keys::Sealing {
        let public = to_hex(&Signer::from_uri(suri)?.account().0);
        let _: Value = twin
            .rpc("author_insertKey", json!(["aura", suri, public]))
            .await?;
    }
    Ok(twin)
}
