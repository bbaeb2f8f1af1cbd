//! What a light client is told of a network: who votes from a block on, and the votes that follow.
//!
//! As JSON, a line each, [`Trusted`] and then [`Finality`] after [`Finality`] are what the program
//! `plume-light-client` reads.

use crate::{Error, Node, Subscription, rpc::Rpc};
use serde::Serialize;
use serde_json::{Value, json};

/// GRANDPA's name in a header's digest.
const ENGINE: &[u8] = b"FRNK";

/// A block that somebody vouches for, and who votes on those after it: where a light client starts.
#[derive(Clone, Debug, Serialize)]
pub struct Trusted {
    /// Its height.
    #[serde(skip)]
    pub height: u64,
    /// Its header, as JSON-RPC gives it.
    pub header: Value,
    /// The voters, SCALE-encoded, as 0x and hexadecimal digits.
    pub voters: String,
    /// The number of this set of voters.
    pub set_id: u64,
}

/// A block that became final, with the votes for it.
#[derive(Clone, Debug, Serialize)]
pub struct Finality {
    /// Its height.
    #[serde(skip)]
    pub height: u64,
    /// Whether others vote from here on: then no light client can do without this block.
    #[serde(skip)]
    pub changes_voters: bool,
    /// Its header, as JSON-RPC gives it.
    pub header: Value,
    /// The votes, SCALE-encoded, as 0x and hexadecimal digits.
    pub justification: String,
}

/// A node's justifications as they come, over a connection of its own.
pub struct FinalityFeed {
    node: String,
    rpc: Rpc,
    justifications: Subscription<String>,
}

impl Node {
    /// Subscribes to what a light client has to be told. Blocks that become final at once come as one.
    ///
    /// Errors with [`Error::Unreachable`].
    pub async fn finality_feed(&self) -> Result<FinalityFeed, Error> {
        let rpc = Rpc::new(self.name(), self.ws_url());
        let justifications = rpc
            .subscribe(
                "grandpa_subscribeJustifications",
                json!([]),
                "grandpa_unsubscribeJustifications",
            )
            .await?;
        Ok(FinalityFeed {
            node: self.name().to_owned(),
            rpc,
            justifications,
        })
    }
}

impl FinalityFeed {
    /// Where a light client can start: a block with this hash, or the last final one.
    ///
    /// Errors with [`Error::Unreachable`], also if the node no longer has the block's state.
    pub async fn trusted(&self, hash: Option<&str>) -> Result<Trusted, Error> {
        let hash = match hash {
            Some(hash) => hash.to_owned(),
            None => {
                self.rpc
                    .request("chain_getFinalizedHead", json!([]))
                    .await?
            }
        };
        let header: Value = self.rpc.request("chain_getHeader", json!([hash])).await?;
        let call = async |method: &str| {
            let params = json!([method, "0x", hash]);
            self.rpc.request::<String>("state_call", params).await
        };
        let set_id = call("GrandpaApi_current_set_id").await?;
        let set_id_bytes: Option<[u8; 8]> = unhex(&set_id).and_then(|bytes| bytes.try_into().ok());
        Ok(Trusted {
            height: height(&header).ok_or_else(|| self.unreadable("chain_getHeader"))?,
            header,
            voters: call("GrandpaApi_grandpa_authorities").await?,
            set_id: set_id_bytes
                .map(u64::from_le_bytes)
                .ok_or_else(|| self.unreadable("state_call"))?,
        })
    }

    /// The next block that became final. What was given up half-way is lost: do not cancel it and go on.
    ///
    /// Errors with [`Error::Unreachable`] once the node has ended.
    pub async fn next(&mut self) -> Result<Finality, Error> {
        const SUBSCRIPTION: &str = "grandpa_subscribeJustifications";
        let justification = self.justifications.next().await?;
        let hash = target(&justification).ok_or_else(|| self.unreadable(SUBSCRIPTION))?;
        let header: Value = self.rpc.request("chain_getHeader", json!([hash])).await?;
        Ok(Finality {
            height: height(&header).ok_or_else(|| self.unreadable("chain_getHeader"))?,
            changes_voters: changes_voters(&header),
            header,
            justification,
        })
    }

    fn unreadable(&self, method: &str) -> Error {
        Error::Unreachable {
            node: self.node.clone(),
            method: method.to_owned(),
            reason: "the answer is not what was expected".into(),
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

/// The height of a header, as JSON-RPC gives it.
fn height(header: &Value) -> Option<u64> {
    let digits = header["number"].as_str()?.strip_prefix("0x")?;
    u64::from_str_radix(digits, 16).ok()
}

/// The hash of the block that a justification is for.
fn target(justification: &str) -> Option<String> {
    // SCALE: the round, eight bytes long, comes before it.
    let bytes = unhex(justification)?;
    let hash = bytes.get(8..40)?;
    Some(format!("0x{}", hex::encode(hash)))
}

/// Whether a header, as JSON-RPC gives it, says that others vote after it.
fn changes_voters(header: &Value) -> bool {
    let logs = header["digest"]["logs"].as_array();
    let texts = logs.into_iter().flatten().filter_map(Value::as_str);
    texts
        .filter_map(unhex)
        .any(|log| is_scheduled_change(&log).unwrap_or(false))
}

/// Whether this is GRANDPA's announcement of a change, which takes effect at once: Plume makes no others.
fn is_scheduled_change(log: &[u8]) -> Option<bool> {
    /// The digest item of a consensus engine.
    const CONSENSUS: u8 = 4;
    /// GRANDPA's message.
    const SCHEDULED_CHANGE: u8 = 1;
    let content = log.strip_prefix(&[CONSENSUS])?.strip_prefix(ENGINE)?;
    // SCALE: the content's length, compact; its two lowest bits say in how many bytes.
    let length_bytes = match content.first()? & 0b11 {
        0b00 => 1,
        0b01 => 2,
        _ => 4,
    };
    Some(*content.get(length_bytes)? == SCHEDULED_CHANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_justification_names_its_block_behind_the_round() {
        let text = format!("0x{}{}{}", "01".repeat(8), "ab".repeat(32), "07000000");
        assert_eq!(target(&text), Some(format!("0x{}", "ab".repeat(32))));
        assert_eq!(target("0x0102"), None);
        assert_eq!(target("rain"), None);
    }

    #[test]
    fn only_grandpas_scheduled_change_changes_the_voters() {
        let header = |logs: &[&str]| json!({"number": "0x1f", "digest": {"logs": logs}});
        // Lengths in one byte and in two; the slot and the seal of every block.
        let few = "0x0446524e4b0801ff";
        let many = format!("0x0446524e4b9502{}", "01".repeat(165));
        let others = [
            "0x0661757261200500000001000000",
            "0x056175726101011234",
            "0x0446524e4b0802ff",
        ];
        assert!(changes_voters(&header(&[others[0], few, others[1]])));
        assert!(changes_voters(&header(&[&many])));
        assert!(!changes_voters(&header(&others)));
        assert!(!changes_voters(&json!({})));
        assert_eq!(height(&header(&[])), Some(31));
    }

    #[test]
    fn a_line_holds_what_the_light_client_reads_and_nothing_else() {
        let finality = Finality {
            height: 3,
            changes_voters: true,
            header: json!({"number": "0x3"}),
            justification: "0x00".into(),
        };
        let line = serde_json::to_value(&finality).expect("it is plain");
        assert_eq!(
            line,
            json!({"header": {"number": "0x3"}, "justification": "0x00"})
        );
    }
}
