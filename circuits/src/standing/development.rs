//! **INSECURE-DEV**: a key that everybody knows, so that standing can be shown on development networks. Everybody can
//! forge proofs for it. Who verifies for another network names the key of that network's ceremony.

use super::verify;

/// The verifying key of development networks, as [`verify::VerifyingKey::from_bytes`] takes it.
pub static VERIFYING_KEY: [u8; verify::KEY_BYTES] =
    *include_bytes!("../../keys/INSECURE-DEV.standing.vk");
