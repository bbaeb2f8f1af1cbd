//! The chain spec of a network that the node has no preset for.
//!
//! The spec is changed as text: every value that is not replaced stays as the node wrote it. Parsing
//! numbers would not do, because amounts in planck exceed what a JSON library keeps exactly.

use crate::{Error, NetworkConfig, tool::PublicKey};
use serde_json::{Value, json, value::RawValue};
use std::collections::BTreeMap;

/// The session keys and the account of one validator.
pub(crate) struct Validator {
    /// sr25519: the account, and the key that seals blocks.
    pub account: PublicKey,
    /// ed25519: the key that votes on finality.
    pub grandpa: PublicKey,
}

/// Turns the `local` preset into the chain spec of this network.
///
/// With `validators` these take the place of the preset's own.
pub(crate) fn adapt(
    preset: &str,
    config: &NetworkConfig,
    validators: &[Validator],
) -> Result<String, Error> {
    let raw: &RawValue =
        serde_json::from_str(preset).map_err(|error| Error::ChainSpec(error.to_string()))?;
    let mut genesis = config.genesis.clone().unwrap_or_else(|| json!({}));
    if let Some(slot_ms) = config.slot_duration_ms {
        merge(
            &mut genesis,
            json!({ "clock": { "slotDurationMs": slot_ms } }),
        );
    }
    if !validators.is_empty() {
        let keys: Vec<_> = validators
            .iter()
            .map(|Validator { account, grandpa }| {
                json!([account.account, account.account, { "aura": account.key, "grandpa": grandpa.key }])
            })
            .collect();
        let accounts: Vec<_> = validators
            .iter()
            .map(|validator| &validator.account.account)
            .collect();
        // Their accounts own nothing in the preset, so that they have nothing to put at stake.
        merge(
            &mut genesis,
            json!({ "session": { "keys": keys }, "validators": { "validators": accounts, "bond": 0 } }),
        );
    }
    let mut overlay = json!({
        "name": format!("Plume local network of {}", config.validators),
        "id": format!("plume_local_{}", config.validators),
        "bootNodes": [],
        "genesis": { "runtimeGenesis": { "patch": genesis } },
    });
    if let Some(gossip_ms) = config.gossip_duration_ms {
        merge(
            &mut overlay,
            json!({ "consensus": { "gossipDurationMs": gossip_ms } }),
        );
    }
    if find(raw, &["genesis", "runtimeGenesis", "patch"]).is_none() {
        return Err(Error::ChainSpec(
            "the node exported no `genesis.runtimeGenesis.patch`".into(),
        ));
    }
    overlay_text(raw, &overlay).map_err(|error| Error::ChainSpec(error.to_string()))
}

type Object<'a> = BTreeMap<String, &'a RawValue>;

fn object(raw: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(raw.get()).ok()
}

fn find<'a>(raw: &'a RawValue, path: &[&str]) -> Option<&'a RawValue> {
    path.iter()
        .try_fold(raw, |raw, key| object(raw)?.get(*key).copied())
}

/// The text of `raw` with every value of `overlay` put in; objects are merged, all else is replaced.
fn overlay_text(raw: &RawValue, overlay: &Value) -> Result<String, serde_json::Error> {
    let (Value::Object(changes), Some(mut members)) = (overlay, object(raw)) else {
        return serde_json::to_string(overlay);
    };
    let null = RawValue::NULL;
    let mut fields = Vec::new();
    for (key, change) in changes {
        let old = members.remove(key).unwrap_or(null);
        fields.push(format!(
            "{}:{}",
            serde_json::to_string(key)?,
            overlay_text(old, change)?
        ));
    }
    for (key, old) in members {
        fields.push(format!("{}:{}", serde_json::to_string(&key)?, old.get()));
    }
    Ok(format!("{{{}}}", fields.join(",")))
}

/// Puts every value of `changes` into `target`; objects are merged, all else is replaced.
fn merge(target: &mut Value, changes: Value) {
    match (target, changes) {
        (Value::Object(target), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(target.entry(key).or_insert(Value::Null), change);
            }
        }
        (target, changes) => *target = changes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRESET: &str = r#"{
        "name": "Local", "id": "local", "bootNodes": ["x"], "protocolId": null,
        "consensus": null,
        "genesis": { "runtimeGenesis": { "code": "0x00", "patch": {
            "balances": { "balances": [["5Gr", 10000000000000000000000000001]] },
            "clock": { "slotDurationMs": 250 },
            "session": { "keys": ["old"] }
        } } }
    }"#;

    fn key(name: &str) -> PublicKey {
        PublicKey {
            key: format!("{name}-key"),
            account: format!("{name}-account"),
        }
    }

    #[test]
    fn chosen_values_change_and_amounts_stay_exact() {
        let config = NetworkConfig {
            validators: 1,
            slot_duration_ms: Some(500),
            gossip_duration_ms: Some(50),
            genesis: Some(json!({ "fees": { "floor": 7 } })),
            ..Default::default()
        };
        let one = Validator {
            account: key("sr"),
            grandpa: key("ed"),
        };
        let spec = adapt(PRESET, &config, &[one]).expect("the preset has a patch");
        assert!(spec.contains("10000000000000000000000000001"), "{spec}");
        let spec: Value = serde_json::from_str(&spec).expect("it is JSON");
        assert_eq!(spec["id"], "plume_local_1");
        assert_eq!(spec["bootNodes"], json!([]));
        assert_eq!(spec["protocolId"], Value::Null);
        assert_eq!(spec["consensus"], json!({ "gossipDurationMs": 50 }));
        let patch = &spec["genesis"]["runtimeGenesis"]["patch"];
        assert_eq!(patch["clock"]["slotDurationMs"], 500);
        assert_eq!(patch["fees"]["floor"], 7);
        assert_eq!(patch["validators"]["validators"], json!(["sr-account"]));
        let keys = json!([["sr-account", "sr-account", { "aura": "sr-key", "grandpa": "ed-key" }]]);
        assert_eq!(patch["session"]["keys"], keys);
        assert_eq!(spec["genesis"]["runtimeGenesis"]["code"], "0x00");
    }

    #[test]
    fn the_presets_validators_stay_unless_others_are_given() {
        let config = NetworkConfig {
            gossip_duration_ms: Some(50),
            ..Default::default()
        };
        let spec = adapt(PRESET, &config, &[]).expect("the preset has a patch");
        let spec: Value = serde_json::from_str(&spec).expect("it is JSON");
        assert_eq!(
            spec["genesis"]["runtimeGenesis"]["patch"]["session"]["keys"],
            json!(["old"])
        );
    }

    #[test]
    fn a_raw_or_broken_spec_is_refused() {
        for preset in [r#"{"genesis":{"raw":{}}}"#, "{"] {
            assert!(matches!(
                adapt(preset, &NetworkConfig::default(), &[]),
                Err(Error::ChainSpec(_))
            ));
        }
    }
}
