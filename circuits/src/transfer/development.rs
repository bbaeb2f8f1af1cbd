//! **INSECURE-DEV**: keys that everybody knows, so that a development network has a pool from its first block.
//!
//! | key | who knows what it protects |
//! |---|---|
//! | [`VERIFYING_KEY`] | nobody has to: everybody can forge proofs for it |
//! | [`key`] of [`Role::Regulator`] and [`Role::Committee`] | everybody: [`secret`] |
//!
//! A specification of a live chain that holds [one of their marks](marks) is refused by the node.

use super::{Point, verify};
use alloc::{string::String, vec::Vec};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsAffine, Fr as Scalar};
use ark_ff::PrimeField;
use blake2::{Blake2b512, Digest};

/// The prepared verifying key of development networks, as [`verify::PreparedKey::from_trusted_bytes`] takes it. The
/// first [`verify::KEY_BYTES`] of it are the key as it is registered.
pub static VERIFYING_KEY: [u8; verify::PREPARED_KEY_BYTES] =
    *include_bytes!("../../keys/INSECURE-DEV.transfer.vk");

/// Who reads a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who has the flow key.
    Regulator,
    /// Who have the committee's key.
    Committee,
}

/// The secret that everybody knows.
pub fn secret(role: Role) -> Scalar {
    let name: &[u8] = match role {
        Role::Regulator => b"plume/INSECURE-DEV/flow key",
        Role::Committee => b"plume/INSECURE-DEV/committee key",
    };
    Scalar::from_le_bytes_mod_order(&Blake2b512::digest(name))
}

/// Its key.
pub fn key(role: Role) -> Point {
    let point = EdwardsAffine::generator().mul_bigint(secret(role).into_bigint());
    point.into_affine().into()
}

/// What tells these keys from all others, in hexadecimal: the first point of the verifying key, and x and y of the
/// others. They stand so in a genesis, whether as it is configured or as it is stored.
pub fn marks() -> Vec<String> {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| alloc::format!("{byte:02x}"))
            .collect()
    };
    let (first, _) = VERIFYING_KEY.split_at(96);
    let mut marks: Vec<String> = alloc::vec![hex(first)];
    for role in [Role::Regulator, Role::Committee] {
        let Point { x, y } = key(role);
        marks.extend([hex(x.as_bytes()), hex(y.as_bytes())]);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_can_be_set_and_differ() {
        let (regulator, committee) = (key(Role::Regulator), key(Role::Committee));
        assert!(regulator.check().is_ok() && committee.check().is_ok());
        assert_ne!(regulator, committee);
        assert_eq!(marks().len(), 5);
    }
}
