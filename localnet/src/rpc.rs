//! One node's JSON-RPC: a connection that is made when needed and made again when lost.

use crate::Error;
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};
use std::{sync::Arc, time::Duration};
use subxt_rpcs::{
    RpcClientT,
    client::{JsonrpseeRpcClient, RpcParams, RpcSubscription, jsonrpsee_client},
};
use tokio::{sync::Mutex, time::timeout};

/// A node that needs longer for an answer is stuck.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

/// A client for one node.
pub(crate) struct Rpc {
    node: String,
    url: String,
    connection: Mutex<Option<Arc<JsonrpseeRpcClient>>>,
}

impl Rpc {
    pub fn new(node: &str, url: String) -> Self {
        Self {
            node: node.to_owned(),
            url,
            connection: Mutex::new(None),
        }
    }

    /// Calls a method with an array of parameters (or null for none).
    pub async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Value,
    ) -> Result<T, Error> {
        let params = self.params(method, params)?;
        let answer = async {
            let client = self.connect(method).await?;
            client
                .request_raw(method, params)
                .await
                .map_err(|error| self.error(method, error))
        };
        let answer = timeout(REQUEST_LIMIT, answer)
            .await
            .map_err(|_| self.late(method))??;
        serde_json::from_str(answer.get())
            .map_err(|error| self.unreachable(method, error.to_string()))
    }

    /// Subscribes with a method; `unsubscribe` is the method that ends it.
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: Value,
        unsubscribe: &str,
    ) -> Result<Subscription<T>, Error> {
        let params = self.params(method, params)?;
        let answer = async {
            let client = self.connect(method).await?;
            let inner = client.subscribe_raw(method, params, unsubscribe).await;
            let inner = RpcSubscription::new(inner.map_err(|error| self.error(method, error))?);
            Ok(Subscription {
                node: self.node.clone(),
                method: method.to_owned(),
                inner,
                _client: client,
            })
        };
        timeout(REQUEST_LIMIT, answer)
            .await
            .map_err(|_| self.late(method))?
    }

    async fn connect(&self, method: &str) -> Result<Arc<JsonrpseeRpcClient>, Error> {
        let mut connection = self.connection.lock().await;
        if let Some(client) = connection.as_ref().filter(|client| client.is_connected()) {
            return Ok(client.clone());
        }
        let client = jsonrpsee_client(&self.url).await;
        let client = Arc::new(client.map_err(|error| self.unreachable(method, error.to_string()))?);
        *connection = Some(client.clone());
        Ok(client)
    }

    fn params(&self, method: &str, params: Value) -> Result<Option<Box<RawValue>>, Error> {
        let mut list = RpcParams::new();
        let items = match params {
            Value::Null => Vec::new(),
            Value::Array(items) => items,
            single => vec![single],
        };
        for item in items {
            list.push(item)
                .map_err(|error| self.unreachable(method, error.to_string()))?;
        }
        Ok(list.build())
    }

    fn error(&self, method: &str, error: subxt_rpcs::Error) -> Error {
        match error {
            subxt_rpcs::Error::User(refusal) => {
                let details = refusal
                    .data
                    .map(|data| format!(": {}", data.get().trim_matches('"')));
                Error::Refused {
                    node: self.node.clone(),
                    method: method.to_owned(),
                    code: refusal.code,
                    message: refusal.message + &details.unwrap_or_default(),
                }
            }
            other => self.unreachable(method, other.to_string()),
        }
    }

    fn late(&self, method: &str) -> Error {
        self.unreachable(
            method,
            format!("nothing came within {} s", REQUEST_LIMIT.as_secs()),
        )
    }

    fn unreachable(&self, method: &str, reason: String) -> Error {
        Error::Unreachable {
            node: self.node.clone(),
            method: method.to_owned(),
            reason,
        }
    }
}

/// A stream of notifications from a node.
pub struct Subscription<T> {
    node: String,
    method: String,
    inner: RpcSubscription<T>,
    // The connection stays open as long as somebody listens.
    _client: Arc<JsonrpseeRpcClient>,
}

impl<T: DeserializeOwned> Subscription<T> {
    /// The next notification; errors with [`Error::Unreachable`] once the node has closed the stream.
    pub async fn next(&mut self) -> Result<T, Error> {
        let unreachable = |reason: String| Error::Unreachable {
            node: self.node.clone(),
            method: self.method.clone(),
            reason,
        };
        match self.inner.next().await {
            Some(item) => item.map_err(|error| unreachable(error.to_string())),
            None => Err(unreachable("the node closed the subscription".into())),
        }
    }
}
