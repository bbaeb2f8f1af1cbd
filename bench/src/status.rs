//! What nodes say about transactions that did not become final.

use futures::{StreamExt, stream};
use plume_sdk::{H256, raw::Rpc, subxt_rpcs::client::rpc_params};
use serde_json::Value;
use std::collections::BTreeMap;

/// Plume's own method: the state of a transaction that a node's pool has or had.
const METHOD: &str = "plume_transactionStatus";
/// Questions at once.
const IN_FLIGHT: usize = 16;

/// Asks each node for its transaction's state and counts the answers.
pub async fn count_statuses(questions: Vec<(Rpc, H256)>) -> BTreeMap<String, usize> {
    let ask = async |(rpc, hash): (Rpc, H256)| match rpc
        .request::<Value>(METHOD, rpc_params![hash])
        .await
    {
        Ok(answer) => label(&answer),
        Err(error) => format!("no answer: {error}"),
    };
    let mut counts = BTreeMap::new();
    let mut answers = stream::iter(questions).map(ask).buffer_unordered(IN_FLIGHT);
    while let Some(label) = answers.next().await {
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// The most telling word of an answer: how it ended, or else its state.
fn label(answer: &Value) -> String {
    let field = |name| answer.get(name).and_then(Value::as_str);
    let detail = field("reason").map(|reason| format!(": {reason}"));
    match (field("outcome").or(field("state")), answer) {
        (Some(word), _) => word.to_owned() + &detail.unwrap_or_default(),
        (None, Value::Null) => "unknown to the node".into(),
        (None, Value::String(word)) => word.clone(),
        (None, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_outcome_says_more_than_the_state() {
        for (answer, word) in [
            (json!({"state": "ready", "priority": 3}), "ready"),
            (
                json!({"state": "ended", "outcome": "finalized", "index": 2}),
                "finalized",
            ),
            (
                json!({"state": "ended", "outcome": "invalid", "reason": "too old"}),
                "invalid: too old",
            ),
            (Value::Null, "unknown to the node"),
            (json!("future"), "future"),
        ] {
            assert_eq!(label(&answer), word);
        }
    }
}
