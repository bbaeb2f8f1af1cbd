//! A small tree of credentials, and a holder of tier 2 who belongs to Switzerland and Germany.

use super::circuits::{
    FieldBytes, Poseidon,
    standing::{JurisdictionSet, Plan},
    transfer::{Credential, Keys},
    tree::{MemoryTree, Path},
};

pub const TIER: u8 = 2;
pub const FROM: u32 = 1_000;
pub const UNTIL: u32 = 2_000;
pub const TIME: u32 = 1_500;

/// A random looking element.
pub fn element(label: &str) -> FieldBytes {
    use blake2::{Blake2b512, Digest};
    let digest = Blake2b512::digest(label.as_bytes());
    FieldBytes::from_hash(digest[..32].try_into().expect("32 bytes"))
}

/// Claims as `pallet-credentials` packs them.
pub fn claims(tier: u8, codes: &[&[u8; 2]]) -> FieldBytes {
    let mut bytes = [0; 31];
    bytes[..4].copy_from_slice(&[tier, 1, 1, 2]);
    bytes[4..8].copy_from_slice(&FROM.to_le_bytes());
    bytes[8..12].copy_from_slice(&UNTIL.to_le_bytes());
    for (to, code) in bytes[12..28].chunks_exact_mut(2).zip(codes) {
        to.copy_from_slice(*code);
    }
    FieldBytes::from_packed(bytes)
}

pub fn set(codes: &[&[u8; 2]]) -> JurisdictionSet {
    let codes: Vec<[u8; 2]> = codes.iter().map(|code| **code).collect();
    JurisdictionSet::new(&codes).expect("a good set")
}

/// A plan for which every rule holds.
pub fn plan() -> Plan {
    plan_with(claims(TIER, &[b"CH", b"DE"]))
}

/// The same with other claims.
pub fn plan_with(claims: FieldBytes) -> Plan {
    let keys = Keys {
        spend_secret: element("s"),
        nullifier_key: element("nk"),
    };
    let mut credential = Credential {
        subject: element("holder"),
        issuer: element("bank"),
        claims,
        salt: element("salt"),
        path: Path {
            leaf: 0,
            siblings: [[FieldBytes::ZERO; 3]; 10],
        },
    };
    let mut credentials = MemoryTree::<Poseidon, 10>::default();
    for number in 0..22 {
        credentials
            .append(element(&format!("another holder {number}")))
            .expect("there is room");
    }
    let place = credentials
        .append(credential.leaf(&keys.pool_key()))
        .expect("there is room");
    credential.path = credentials.path(place).expect("it is there");
    Plan {
        keys,
        credential,
        credential_root: credentials.root(),
        tier: TIER,
        jurisdictions: set(&[b"AT", b"CH", b"DE", b"FR"]),
        time: TIME,
        verifier: element("verifier"),
    }
}
