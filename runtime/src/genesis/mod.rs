//! How a chain begins: presets of the genesis configuration, each with the whole supply.
//!
//! | preset | for | validators | sudo |
//! |---|---|---|---|
//! | `development` | one machine, one node | Alice | Alice |
//! | `local` | one machine, four nodes | Alice, Bob, Charlie, Dave | Alice |
//! | `consortium` | a template for a real network | to be filled in | nobody |

mod presets;
#[cfg(test)]
mod tests;

use alloc::{string::ToString, vec, vec::Vec};
use sp_genesis_builder::PresetId;

/// One node that seals on demand.
pub const DEVELOPMENT: &str = "development";
/// Four validators with well-known keys.
pub const LOCAL: &str = "local";
/// A template without any well-known key; see `docs/operators/new-network.md`.
pub const CONSORTIUM: &str = "consortium";

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEVELOPMENT),
        PresetId::from(LOCAL),
        PresetId::from(CONSORTIUM),
    ]
}

/// The preset's genesis patch as JSON; none when there is no preset of that name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEVELOPMENT => presets::development(),
        LOCAL => presets::local(),
        CONSORTIUM => presets::consortium(),
        _ => return None,
    };
    Some(patch.to_string().into_bytes())
}
