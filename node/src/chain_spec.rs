//! Which network a node belongs to.

use crate::host_functions::Bls12381;
use plume_primitives::{SS58_PREFIX, consensus::DEFAULT_GOSSIP_DURATION_MS, units};
use plume_runtime::genesis;
use sc_chain_spec::ChainSpecExtension;
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde::{Deserialize, Serialize};

/// Plume's chain specification: the genesis and what nodes agree on before they meet.
pub type ChainSpec = GenericChainSpec<Extensions, Bls12381>;

/// What a Plume network chooses beside its genesis.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ChainSpecExtension)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// How this network agrees.
    #[serde(default)]
    pub consensus: Consensus,
}

/// A network's choices for agreeing. The slot's length is part of the genesis (`clock`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consensus {
    /// GRANDPA's gossip duration in milliseconds: at least 5, at most a quarter of a slot.
    pub gossip_duration_ms: u64,
}

impl Default for Consensus {
    fn default() -> Self {
        Self {
            gossip_duration_ms: DEFAULT_GOSSIP_DURATION_MS,
        }
    }
}

fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), units::SYMBOL.into());
    properties.insert("tokenDecimals".into(), units::DECIMALS.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties
}

fn from_preset(preset: &str, name: &str, id: &str, chain_type: ChainType) -> ChainSpec {
    ChainSpec::builder(plume_runtime::wasm_binary(), Extensions::default())
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_protocol_id("plume")
        .with_properties(properties())
        .with_genesis_config_preset_name(preset)
        .build()
}

/// Finds a chain specification by the name of a preset, or reads it from a file.
///
/// Errors with one sentence that names the file and says what to do.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    let spec = match id {
        "dev" | "development" => from_preset(
            genesis::DEVELOPMENT,
            "Plume Development",
            "plume_dev",
            ChainType::Development,
        ),
        "" | "local" => from_preset(
            genesis::LOCAL,
            "Plume Local",
            "plume_local",
            ChainType::Local,
        ),
        "consortium" => from_preset(
            genesis::CONSORTIUM,
            "Plume Consortium",
            "plume_consortium",
            ChainType::Live,
        ),
        path => from_file(path)?,
    };
    Ok(spec)
}

/// Reads a specification from a file, and checks what would otherwise fail deep inside the genesis.
fn from_file(path: &str) -> Result<ChainSpec, String> {
    let refuse = |reason: String| {
        format!(
            "{path} is not a chain specification: {reason}. Give a preset (dev, local, consortium) or a file \
             written by `plume-node export-chain-spec`"
        )
    };
    let spec = ChainSpec::from_json_file(path.into()).map_err(refuse)?;
    let text = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
    let json: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| refuse(error.to_string()))?;
    if let Some(slot_ms) = genesis_slot_ms(&json) {
        let gossip_ms = extensions(&spec).consensus.gossip_duration_ms;
        plume_consensus::Timing::new(slot_ms, gossip_ms)
            .map_err(|error| format!("{path}: {error}"))?;
    }
    if sc_service::ChainSpec::chain_type(&spec) == ChainType::Live && holds_development_keys(&json)
    {
        return Err(format!(
            "{path} is of a live chain and holds an INSECURE-DEV key of the shielded pool, for which everybody can \
             forge proofs or read what is hidden. Put the keys of your own ceremony, regulator and committee into \
             its genesis, or none"
        ));
    }
    Ok(spec)
}

/// Whether a specification's genesis has a key of [development networks](plume_circuits::transfer::development). The
/// runtime's code does not count: it knows them, to make the presets.
fn holds_development_keys(spec: &serde_json::Value) -> bool {
    fn any(value: &serde_json::Value, marks: &[String]) -> bool {
        use serde_json::Value;
        match value {
            Value::String(text) => {
                let text = text.to_lowercase();
                marks.iter().any(|mark| text.contains(mark))
            }
            Value::Array(values) => values.iter().any(|value| any(value, marks)),
            Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| !CODE.contains(&name.as_str()))
                .any(|(_, value)| any(value, marks)),
            _ => false,
        }
    }
    let genesis = spec.get("genesis");
    genesis.is_some_and(|genesis| any(genesis, &plume_circuits::transfer::development::marks()))
}

/// Under which names a specification has the runtime: as it is configured, and the key `:code` where it is raw.
const CODE: [&str; 2] = ["code", "0x3a636f6465"];

/// The slot length that a specification which is not raw sets, in milliseconds.
fn genesis_slot_ms(spec: &serde_json::Value) -> Option<u64> {
    let genesis = spec.get("genesis")?.get("runtimeGenesis")?;
    let config = genesis.get("patch").or_else(|| genesis.get("config"))?;
    config.get("clock")?.get("slotDurationMs")?.as_u64()
}

/// The extensions of a specification that was loaded by [`load`].
pub fn extensions(spec: &dyn sc_service::ChainSpec) -> Extensions {
    sc_chain_spec::get_extension::<Extensions>(spec.extensions())
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specification_survives_its_file() {
        let written = load("local")
            .expect("the preset exists")
            .as_json(false)
            .expect("it serialises");
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), &written).expect("it is written");
        let read = load(file.path().to_str().expect("UTF-8")).expect("it is read");
        assert_eq!(read.as_json(false).expect("it serialises"), written);
        assert_eq!(
            extensions(&read).consensus.gossip_duration_ms,
            DEFAULT_GOSSIP_DURATION_MS
        );
    }

    #[test]
    fn durations_that_cannot_work_are_named_before_the_genesis_is_built() {
        let good = load("local")
            .expect("the preset exists")
            .as_json(false)
            .expect("it serialises");
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        for (from, to, complaint) in [
            (
                "\"slotDurationMs\": 250",
                "\"slotDurationMs\": 10",
                "clock.slotDurationMs to 10",
            ),
            (
                "\"gossipDurationMs\": 25",
                "\"gossipDurationMs\": 500",
                "gossipDurationMs to 500",
            ),
        ] {
            assert!(good.contains(from), "the preset no longer has {from}");
            std::fs::write(file.path(), good.replace(from, to)).expect("it is written");
            let error = load(file.path().to_str().expect("UTF-8"))
                .err()
                .expect("it is refused");
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn a_live_chain_with_a_key_that_everybody_knows_is_refused_however_its_genesis_is_written() {
        let local = load("local").expect("the preset exists");
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let path = file.path().to_str().expect("UTF-8");
        for raw in [false, true] {
            let written = local.as_json(raw).expect("it serialises");
            std::fs::write(path, &written).expect("it is written");
            load(path).expect("a local network may have it");

            let local_type = "\"chainType\": \"Local\"";
            assert!(written.contains(local_type), "{}", &written[..500]);
            let live = written.replace(local_type, "\"chainType\": \"Live\"");
            std::fs::write(path, live).expect("it is written");
            let error = load(path).err().expect("it is refused");
            assert!(error.contains("INSECURE-DEV"), "{error}");
        }
        let template = load("consortium").expect("the preset exists");
        std::fs::write(path, template.as_json(false).expect("it serialises")).expect("written");
        load(path).expect("the template has none");
    }

    #[test]
    fn a_file_that_is_no_specification_is_refused_in_one_sentence() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), "{ \"name\": ").expect("it is written");
        let error = load(file.path().to_str().expect("UTF-8"))
            .err()
            .expect("it is refused");
        assert!(error.contains("is not a chain specification"), "{error}");
        assert!(load("/nowhere/at/all.json").is_err());
    }
}
