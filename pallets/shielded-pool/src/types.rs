//! What travels in a call, and what is kept.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use frame_support::{BoundedVec, traits::ConstU32};
use plume_circuits::{
    FieldBytes,
    transfer::{
        COMMITTEE_LENGTH, FLOW_LENGTH, Jurisdictions, Point, PublicAmount,
        verify::{KEY_BYTES, PREPARED_KEY_BYTES, PROOF_BYTES_UNCOMPRESSED},
    },
};
use plume_primitives::{Balance, Seconds, compliance::Asset};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The most transfers of a bundle.
pub const MAX_BUNDLE: u32 = 32;
/// Bytes of a proof: A (96), B (192), C (96), as arkworks writes points that are not compressed.
///
/// Compressed points would take half of it, and a square root for each coordinate in the runtime, which is half
/// of what a proof in a bundle may cost.
pub const PROOF_LENGTH: usize = PROOF_BYTES_UNCOMPRESSED;
/// The most bytes of a note's ciphertext: with its ML-KEM-768 part of 1,088 bytes, two of them and all the rest
/// of a transfer are less than 4 KB.
pub const MAX_NOTE: u32 = 1_529;
/// Bytes of a verifying key.
pub const MAX_KEY: u32 = KEY_BYTES as u32;
/// The most bytes of what is kept of one.
pub const MAX_PREPARED_KEY: u32 = PREPARED_KEY_BYTES as u32;
/// Notes that a transfer spends or makes: two, and the counter.
pub const NOTES: usize = 3;
/// Planck of a unit of PLUME in the pool: amounts there have 64 bits.
pub const PLUME_UNIT: Balance = 1_000_000_000;

/// Number of a period: whole ones since the first block.
pub type Period = u32;
/// Number of a circuit.
pub type CircuitVersion = u32;

/// An asset's number in notes and public inputs: PLUME is 0, asset `n` is `n + 1`. The last asset has none of its
/// own, and cannot be registered.
pub const fn asset_number(asset: Asset) -> u32 {
    match asset {
        Asset::Native => 0,
        Asset::Other(id) => id.saturating_add(1),
    }
}

/// Value of an asset, in its units.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Amount {
    /// What of.
    pub asset: Asset,
    /// Units: 10⁹ planck of PLUME, or what the asset was registered with.
    pub value: u64,
}

impl Amount {
    /// As it stands in public inputs.
    pub const fn public(&self) -> PublicAmount {
        PublicAmount {
            asset: asset_number(self.asset),
            value: self.value,
        }
    }
}

/// A note's ciphertext, for whoever has the viewing key.
pub type NoteCiphertext = BoundedVec<u8, ConstU32<MAX_NOTE>>;

/// What a transfer says besides its proof.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Body {
    /// The circuit that the proof is of.
    pub circuit: CircuitVersion,
    /// Root of the notes' tree.
    pub note_root: FieldBytes,
    /// Root of the credentials' tree.
    pub credential_root: FieldBytes,
    /// Of the two notes that are spent.
    pub nullifiers: [FieldBytes; 2],
    /// Of the two notes that are made.
    pub commitments: [FieldBytes; 2],
    /// Of the counter that is spent.
    pub counter_nullifier: FieldBytes,
    /// Of the counter that is made.
    pub counter_commitment: FieldBytes,
    /// What comes into the pool: of a deposit, and of nothing else.
    pub public_in: Option<Amount>,
    /// What leaves it, fee included. A value of zero is `None`, so that there is one form.
    pub public_out: Option<Amount>,
    /// A moment that is not later than now, in seconds since the first block. The sender's credential counts
    /// at it, and it chooses the period, the policies and the keys.
    pub time: Seconds,
    /// The key that the ciphertexts below are made with, for one use.
    pub ephemeral: Point,
    /// For the holder of the flow key.
    pub flow: [FieldBytes; FLOW_LENGTH],
    /// For the committee.
    pub identities: [FieldBytes; COMMITTEE_LENGTH],
    /// For the owners of the two notes that are made.
    pub notes: [NoteCiphertext; 2],
}

impl Body {
    /// All that is spent.
    pub fn all_nullifiers(&self) -> [FieldBytes; NOTES] {
        let [one, two] = self.nullifiers;
        [one, two, self.counter_nullifier]
    }

    /// All that is made, in the order of their places in the tree.
    pub fn all_commitments(&self) -> [FieldBytes; NOTES] {
        let [one, two] = self.commitments;
        [one, two, self.counter_commitment]
    }
}

/// A proof that was not looked at yet.
#[derive(Clone, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ProofBytes(pub [u8; PROOF_LENGTH]);

impl fmt::Debug for ProofBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofBytes(384 bytes)")
    }
}

/// A transfer with its proof.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Transfer {
    /// What it says.
    pub body: Body,
    /// That it may.
    pub proof: ProofBytes,
}

/// Transfers that stand and fall together.
pub type Bundle = BoundedVec<Transfer, ConstU32<MAX_BUNDLE>>;

/// What has passed in and out of the pool of an asset, in its units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Turnstile {
    /// What came in.
    pub entered: u128,
    /// What went out, fees included. Never more than came in.
    pub left: u128,
}

impl Turnstile {
    /// What is in the pool.
    pub const fn inside(&self) -> u128 {
        self.entered.saturating_sub(self.left)
    }
}

/// A circuit whose proofs count for some time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Circuit {
    /// Its verifying key, [prepared](crate::ProofVerifier::prepare).
    pub key: BoundedVec<u8, ConstU32<MAX_PREPARED_KEY>>,
    /// BLAKE2b-256 of the key as it was registered.
    pub digest: [u8; 32],
    /// The first second in which its proofs count.
    pub from: Seconds,
    /// The first in which they no longer do.
    pub until: Option<Seconds>,
}

impl Circuit {
    /// Whether its proofs count now.
    pub fn is_active(&self, now: Seconds) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// What a tier may move of an asset in a period: a leaf of the policies' tree.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The asset's number, see [`asset_number`].
    pub asset: u32,
    /// The sender's tier: 1 to 3.
    pub tier: u8,
    /// Units that it may pay to others or withdraw within a period.
    pub limit: u64,
    /// Whether the receiver has to have a credential.
    pub receiver_known: bool,
    /// Where the sender may belong, and the receiver where it has to have a credential; in JSON a list of codes.
    #[serde(default, with = "codes")]
    pub jurisdictions: Jurisdictions,
}

/// Jurisdictions as a list of codes.
mod codes {
    use alloc::{string::String, vec::Vec};
    use plume_circuits::transfer::Jurisdictions;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(set: &Jurisdictions, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(
            set.codes()
                .map(|code| code.map(char::from).iter().collect::<String>()),
        )
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Jurisdictions, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let code = |text: &String| {
            <[u8; 2]>::try_from(text.as_bytes())
                .map_err(|_| D::Error::custom("a jurisdiction has two letters"))
        };
        let codes = texts.iter().map(code).collect::<Result<Vec<_>, _>>()?;
        Jurisdictions::new(&codes).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_has_less_than_4_kb_and_less_than_2_kb_without_its_post_quantum_part() {
        // One ML-KEM-768 ciphertext for each of the two notes.
        let post_quantum = 2 * 1_088;
        let longest = Transfer::max_encoded_len();
        assert!(longest <= 4_096, "{longest}");
        assert!(longest - post_quantum <= 2_048, "{longest}");
    }

    #[test]
    fn an_amount_of_nothing_is_no_public_input_and_assets_are_told_apart() {
        let of = |asset, value| Amount { asset, value }.public().element();
        assert_eq!(of(Asset::Native, 7), FieldBytes::from(7u64));
        assert_ne!(of(Asset::Native, 7), of(Asset::Other(0), 7));
        assert_ne!(of(Asset::Other(0), 7), of(Asset::Other(1), 7));
        assert_eq!(of(Asset::Other(5), 0), FieldBytes::ZERO);
    }

    #[test]
    fn a_policy_names_its_jurisdictions_in_json_or_leaves_them_out() {
        let read = |json: &str| serde_json::from_str::<Policy>(json);
        let two =
            r#"{"asset":0,"tier":1,"limit":5,"receiverKnown":true,"jurisdictions":["CH","DE"]}"#;
        let policy = read(two).expect("a policy");
        assert_eq!(
            policy.jurisdictions,
            Jurisdictions::new(&[*b"CH", *b"DE"]).expect("a set")
        );
        assert_eq!(serde_json::to_string(&policy).expect("it is written"), two);
        let none = r#"{"asset":0,"tier":1,"limit":5,"receiverKnown":true}"#;
        assert!(read(none).expect("a policy").jurisdictions.is_anywhere());
        for bad in [r#"["CHE"]"#, r#"["DE","CH"]"#, r#"["ch"]"#] {
            let json = format!(
                r#"{{"asset":0,"tier":1,"limit":5,"receiverKnown":true,"jurisdictions":{bad}}}"#
            );
            assert!(read(&json).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_circuit_counts_from_its_first_second_to_before_its_last() {
        let circuit = Circuit {
            key: Default::default(),
            digest: [0; 32],
            from: 10,
            until: Some(20),
        };
        let active: Vec<Seconds> = (0..30).filter(|now| circuit.is_active(*now)).collect();
        assert_eq!(active, (10..20).collect::<Vec<Seconds>>());
    }
}
