//! A node made of canned answers, so that what is done with them can be tested without one.

use std::collections::HashMap;

use serde_json::Value as Json;
use subxt_rpcs::client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT};
use subxt_rpcs::{Error, UserError};

use super::Rpc;

/// Answers by method; a method without an answer is unknown to this node.
#[derive(Default)]
pub(crate) struct TestNode {
    answers: HashMap<&'static str, Result<Json, UserError>>,
    streams: HashMap<&'static str, Vec<Json>>,
}

impl TestNode {
    pub(crate) fn answers(mut self, method: &'static str, answer: Json) -> Self {
        self.answers.insert(method, Ok(answer));
        self
    }

    pub(crate) fn refuses(mut self, method: &'static str, code: i32, data: &str) -> Self {
        let error = UserError {
            code,
            message: "refused".into(),
            data: Some(raw_value(&data.into())),
        };
        self.answers.insert(method, Err(error));
        self
    }

    /// Announces these items to a subscriber and then closes the subscription.
    pub(crate) fn announces(mut self, method: &'static str, items: Vec<Json>) -> Self {
        self.streams.insert(method, items);
        self
    }

    pub(crate) fn rpc(self) -> Rpc {
        Rpc::new(self)
    }
}

fn raw_value(json: &Json) -> Box<RawValue> {
    RawValue::from_string(json.to_string()).expect("JSON is JSON")
}

impl RpcClientT for TestNode {
    fn request_raw<'a>(
        &'a self,
        method: &'a str,
        _params: Option<Box<RawValue>>,
    ) -> RawRpcFuture<'a, Box<RawValue>> {
        let answer = match self.answers.get(method) {
            Some(Ok(answer)) => Ok(raw_value(answer)),
            Some(Err(error)) => Err(Error::User(error.clone())),
            None => Err(Error::User(UserError::method_not_found())),
        };
        Box::pin(async move { answer })
    }

    fn subscribe_raw<'a>(
        &'a self,
        method: &'a str,
        _params: Option<Box<RawValue>>,
        _unsubscribe: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        let items = match (self.streams.get(method), self.answers.get(method)) {
            (Some(items), _) => Ok(items.iter().map(raw_value).map(Ok).collect::<Vec<_>>()),
            (None, Some(Err(error))) => Err(Error::User(error.clone())),
            (None, _) => Err(Error::User(UserError::method_not_found())),
        };
        Box::pin(async move {
            let stream = Box::pin(futures::stream::iter(items?));
            Ok(RawRpcSubscription { stream, id: None })
        })
    }
}
