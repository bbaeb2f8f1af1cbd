//! Where a payment goes, and what a payer has to know.

use crate::{
    Network, Point, PointError, blake, curve,
    text::{self, Kind, TextError},
};
use plume_circuits::{FieldBytes, transfer::notes};

/// Bytes of a diversifier.
pub const DIVERSIFIER_BYTES: usize = 11;
/// Bytes of an address: diversifier, transmission key (compressed), pool key, hash of the ML-KEM public key.
pub const ADDRESS_BYTES: usize = DIVERSIFIER_BYTES + 3 * 32;

/// What makes addresses of one account look unrelated to whoever sees only their transmission keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diversifier(pub [u8; DIVERSIFIER_BYTES]);

impl Diversifier {
    /// The diversifier with a number, by the account's diversifier key.
    pub(crate) fn derive(key: &[u8; 32], index: u64) -> Self {
        let digest = blake::hash32(blake::DIVERSIFIER, &[key, &index.to_le_bytes()]);
        let mut bytes = [0; DIVERSIFIER_BYTES];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        Self(bytes)
    }

    /// Its base point. `None` for none, of which none has been seen.
    pub fn base_point(&self) -> Option<Point> {
        curve::base_point(&self.0)
    }

    /// As circuits take it: the 11 bytes as a little-endian number.
    pub fn element(&self) -> FieldBytes {
        let mut packed = [0; 31];
        for (to, from) in packed.iter_mut().zip(self.0) {
            *to = from;
        }
        FieldBytes::from_packed(packed)
    }
}

/// Where a payment goes: 107 bytes, as bech32m with the prefix `plume`.
///
/// All addresses of an account have the same pool key and ML-KEM key: payers who put their addresses together see
/// that they are one account's. The chain sees none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// d.
    pub diversifier: Diversifier,
    /// pk_d = \[ivk\] g_d.
    pub transmission_key: Point,
    /// H(ak, nk), which the owner of the note is made from, and the receiver's credential bound to.
    pub pool_key: FieldBytes,
    /// Hash of the ML-KEM-768 public key that the payer must use.
    pub kem_hash: [u8; 32],
}

impl Address {
    /// What a note to this address has as its owner: H(pool key, d).
    pub fn owner(&self) -> FieldBytes {
        notes::owner(&self.pool_key, &self.diversifier.element())
    }

    /// 107 bytes.
    pub fn to_bytes(&self) -> [u8; ADDRESS_BYTES] {
        let mut bytes = [0; ADDRESS_BYTES];
        let (diversifier, rest) = bytes.split_at_mut(DIVERSIFIER_BYTES);
        let (transmission_key, rest) = rest.split_at_mut(32);
        let (pool_key, kem_hash) = rest.split_at_mut(32);
        diversifier.copy_from_slice(&self.diversifier.0);
        transmission_key.copy_from_slice(&self.transmission_key.to_compressed());
        pool_key.copy_from_slice(self.pool_key.as_bytes());
        kem_hash.copy_from_slice(&self.kem_hash);
        bytes
    }

    /// Reads 107 bytes. The transmission key must be a point of the prime subgroup, and the diversifier have a base
    /// point.
    pub fn from_bytes(bytes: &[u8; ADDRESS_BYTES]) -> Result<Self, AddressError> {
        let cut = || AddressError::Text(TextError::Length);
        let (diversifier, rest) = bytes.split_first_chunk().ok_or_else(cut)?;
        let (transmission_key, rest) = rest.split_first_chunk::<32>().ok_or_else(cut)?;
        let (pool_key, rest) = rest.split_first_chunk::<32>().ok_or_else(cut)?;
        let (kem_hash, _) = rest.split_first_chunk::<32>().ok_or_else(cut)?;
        let address = Self {
            diversifier: Diversifier(*diversifier),
            transmission_key: Point::from_compressed(transmission_key)?,
            pool_key: FieldBytes::from_canonical(*pool_key).map_err(|_| AddressError::PoolKey)?,
            kem_hash: *kem_hash,
        };
        match address.diversifier.base_point() {
            Some(_) => Ok(address),
            None => Err(AddressError::Diversifier),
        }
    }

    /// As text.
    pub fn to_text(&self, network: Network) -> String {
        text::encode(Kind::Address, network, &self.to_bytes())
    }

    /// From text.
    pub fn from_text(text: &str, network: Network) -> Result<Self, AddressError> {
        Self::from_bytes(&*text::decode(Kind::Address, network, text)?)
    }
}

/// Why something is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text is none.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The transmission key is no point that is safe to use.
    #[error("the address's transmission key is bad: {0}")]
    TransmissionKey(#[from] PointError),
    /// The pool key is no field element.
    #[error("the address's pool key is not below the field's modulus")]
    PoolKey,
    /// No base point.
    #[error("the address's diversifier has no base point")]
    Diversifier,
}
