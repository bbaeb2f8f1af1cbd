//! Any entry of the state, by name, as JSON: for pallets that have no type of their own here.
//!
//! JSON is written as in [`Event`](crate::Event): integers are decimal strings, hashes and accounts `0x` hex, and a
//! list or newtype of one is its content; [`items`] reads such a list, and [`variant`] an enum.

use scale_info::TypeDef;
use serde_json::Value as Json;
use subxt::dynamic::Value;
use subxt::utils::H256;

use crate::client::AtBlock;
use crate::event::{composite, value};
use crate::{Client, Error, Event, Result};

/// A variant of an enum of the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The number that it is encoded as.
    pub index: u8,
    /// Its name.
    pub name: String,
    /// What the runtime's source says about it.
    pub docs: String,
}

impl Client {
    /// The chain's state at a block. The node must still have it: the last 256 blocks unless it is an archive.
    pub async fn at_block(&self, block_hash: H256) -> Result<AtBlock> {
        self.online()
            .at_block(block_hash)
            .await
            .map_err(Error::runtime)
    }

    /// All events of a block, each with the place of the extrinsic that caused it; none for the runtime's own.
    pub async fn placed_events(&self, block_hash: H256) -> Result<Vec<(Option<u32>, Event)>> {
        let at = self.at_block(block_hash).await?;
        let all = at.events().fetch().await.map_err(Error::runtime)?;
        all.iter()
            .map(|raw| {
                let raw = raw.map_err(Error::runtime)?;
                let place = match raw.phase() {
                    subxt::events::Phase::ApplyExtrinsic(place) => Some(place),
                    _ => None,
                };
                Ok((place, Event::decode(&raw)?))
            })
            .collect()
    }
}

/// One entry; none where it is absent and has no default.
pub async fn entry(
    at: &AtBlock,
    pallet: &str,
    name: &str,
    keys: Vec<Value>,
) -> Result<Option<Json>> {
    let found = at
        .storage()
        .try_fetch((pallet, name), keys)
        .await
        .map_err(Error::runtime)?;
    let Some(found) = found else {
        return Ok(None);
    };
    Ok(Some(value(&found.decode().map_err(Error::runtime)?)))
}

/// One entry as the chain has encoded it, for whoever hashes it; none where it is absent.
pub async fn encoded(
    at: &AtBlock,
    pallet: &str,
    name: &str,
    keys: Vec<Value>,
) -> Result<Option<Vec<u8>>> {
    let found = at
        .storage()
        .try_fetch((pallet, name), keys)
        .await
        .map_err(Error::runtime)?;
    Ok(found.map(|found| found.bytes().to_vec()))
}

/// All entries of a map, each with its keys, in no order. For maps whose hashers keep the keys.
pub async fn entries(at: &AtBlock, pallet: &str, name: &str) -> Result<Vec<(Vec<Json>, Json)>> {
    let mut stream = at
        .storage()
        .iter((pallet, name), Vec::<Value>::new())
        .await
        .map_err(Error::runtime)?;
    let mut all = Vec::new();
    while let Some(next) = stream.next().await {
        let next = next.map_err(Error::runtime)?;
        let keys = next.key().map_err(Error::runtime)?;
        let keys = keys.decode().map_err(Error::runtime)?;
        let content = next.value().decode().map_err(Error::runtime)?;
        all.push((keys.iter().map(value).collect(), value(&content)));
    }
    Ok(all)
}

/// The variants of a type of the runtime, by the end of its path, such as `["compliance", "Reason"]`.
pub fn variants(at: &AtBlock, path: &[&str]) -> Option<Vec<Variant>> {
    let metadata = at.metadata();
    let is_meant = |segments: &[String]| {
        let start = segments.len().checked_sub(path.len());
        start.is_some_and(|start| segments.iter().skip(start).eq(path.iter()))
    };
    let found = metadata
        .types()
        .types
        .iter()
        .find(|one| is_meant(&one.ty.path.segments))?;
    let TypeDef::Variant(variants) = &found.ty.type_def else {
        return None;
    };
    let variant = |one: &scale_info::Variant<scale_info::form::PortableForm>| Variant {
        index: one.index,
        name: one.name.clone(),
        docs: one.docs.join("\n").trim().to_owned(),
    };
    Some(variants.variants.iter().map(variant).collect())
}

/// The arguments of a call as JSON.
pub fn arguments(call: &crate::Call) -> Json {
    composite(call.call_data())
}

/// The items of a list, which is its only item where it has one. What is absent has none.
pub fn items(list: &Json) -> Vec<&Json> {
    match list {
        Json::Null => Vec::new(),
        Json::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

static NULL: Json = Json::Null;

/// An enum's variant and what it has; `Null` where it has nothing.
pub fn variant(of: &Json) -> Option<(&str, &Json)> {
    match of {
        Json::String(name) => Some((name.as_str(), &NULL)),
        Json::Object(fields) if fields.len() == 1 => {
            let (name, content) = fields.iter().next()?;
            Some((name.as_str(), content))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_of_one_is_read_as_a_list() {
        assert_eq!(items(&json!(["1", "2"])).len(), 2);
        assert_eq!(items(&json!({ "from": "0x00" })).len(), 1);
        assert!(items(&json!([])).is_empty() && items(&Json::Null).is_empty());
    }

    #[test]
    fn a_variant_is_its_name_and_content() {
        assert_eq!(variant(&json!("Native")), Some(("Native", &Json::Null)));
        assert_eq!(
            variant(&json!({ "Other": "5" })),
            Some(("Other", &json!("5")))
        );
        assert_eq!(variant(&json!(["x"])), None);
    }

    #[test]
    fn the_arguments_of_a_call_are_told_as_events_are() {
        let call = crate::call(
            "System",
            "remark",
            [("remark", Value::from_bytes([7u8; 32]))],
        );
        assert_eq!(
            arguments(&call),
            json!({ "remark": format!("0x{}", "07".repeat(32)) })
        );
    }
}
