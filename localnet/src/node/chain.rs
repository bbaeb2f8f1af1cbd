//! What a node says about its chain, over JSON-RPC.

use crate::{Deadline, Error, Node, Subscription};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::time::Duration;

impl Node {
    /// Calls a JSON-RPC method with an array of parameters, as `json!([hash])`.
    ///
    /// Errors with [`Error::Refused`] or, also after ten seconds without an answer, with
    /// [`Error::Unreachable`].
    pub async fn rpc<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, Error> {
        self.rpc.request(method, params).await
    }

    /// Subscribes to notifications; `unsubscribe` is the method that ends the subscription.
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Value,
        unsubscribe: &str,
    ) -> Result<Subscription<T>, Error> {
        self.rpc.subscribe(method, params, unsubscribe).await
    }

    /// Height of its best block.
    pub async fn best(&self) -> Result<u64, Error> {
        Ok(self
            .rpc::<Header>("chain_getHeader", json!([]))
            .await?
            .number)
    }

    /// Height of its last finalised block.
    pub async fn finalised(&self) -> Result<u64, Error> {
        let hash: String = self.rpc("chain_getFinalizedHead", json!([])).await?;
        Ok(self
            .rpc::<Header>("chain_getHeader", json!([hash]))
            .await?
            .number)
    }

    /// Hash of its best chain's block at a height, as 0x and 64 digits; none if it has no such block.
    pub async fn block_hash(&self, height: u64) -> Result<Option<String>, Error> {
        self.rpc("chain_getBlockHash", json!([height])).await
    }

    /// How many entries a storage map of the runtime has, at its best block; a thousand at most.
    pub async fn count_entries(&self, pallet: &str, map: &str) -> Result<usize, Error> {
        let prefix = [pallet, map].map(|name| sp_crypto_hashing::twox_128(name.as_bytes()));
        let prefix = format!("0x{}", hex::encode(prefix.concat()));
        let keys: Vec<String> = self
            .rpc("state_getKeysPaged", json!([prefix, 1_000]))
            .await?;
        Ok(keys.len())
    }

    /// How many nodes it exchanges blocks with.
    pub async fn peers(&self) -> Result<usize, Error> {
        #[derive(Deserialize)]
        struct Health {
            peers: usize,
        }
        Ok(self.rpc::<Health>("system_health", json!([])).await?.peers)
    }

    /// Waits until the node has finalised a height, and returns how far it then is.
    ///
    /// Errors with [`Error::Timeout`] or [`Error::NodeDied`].
    pub async fn wait_finalised(&self, height: u64, limit: Duration) -> Result<u64, Error> {
        let deadline = Deadline::after(limit);
        loop {
            self.check()?;
            let finalised = self.finalised().await;
            let reached = match finalised {
                Ok(reached) if reached >= height => return Ok(reached),
                Ok(reached) => format!("it is at {reached}"),
                Err(error) => error.to_string(),
            };
            deadline
                .pause(format!(
                    "{} to finalise block {height}; {reached}",
                    self.name()
                ))
                .await?;
        }
    }
}

#[derive(Deserialize)]
struct Header {
    #[serde(deserialize_with = "from_hex")]
    number: u64,
}

fn from_hex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    u64::from_str_radix(text.trim_start_matches("0x"), 16).map_err(serde::de::Error::custom)
}
