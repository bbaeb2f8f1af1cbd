//! ML-KEM-768 (FIPS 203), the half of a note's key that a quantum computer does not open.

use crate::blake;
use core::fmt;
use ml_kem::{
    B32, DecapsulationKey768, EncapsulationKey768,
    kem::{Decapsulate, KeyExport},
};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Bytes of a public key.
pub const KEM_PUBLIC_BYTES: usize = 1184;
/// Bytes of a ciphertext.
pub const KEM_CIPHERTEXT_BYTES: usize = 1088;

/// The bytes are no ML-KEM-768 public key: a coefficient of it is not below 3329.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no ML-KEM-768 public key: 1,184 bytes with every coefficient below 3,329")]
pub struct BadKemKey;

/// A public key that was checked as FIPS 203 (section 7.2) demands.
#[derive(Clone, PartialEq, Eq)]
pub struct KemPublicKey(EncapsulationKey768);

impl KemPublicKey {
    /// Reads 1,184 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadKemKey> {
        let bytes: ml_kem::Key<EncapsulationKey768> = bytes.try_into().map_err(|_| BadKemKey)?;
        EncapsulationKey768::new(&bytes)
            .map(Self)
            .map_err(|_| BadKemKey)
    }

    /// 1,184 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// What an address has of it.
    pub fn hash(&self) -> [u8; 32] {
        blake::hash32(blake::KEM_KEY_HASH, &[self.0.to_bytes().as_slice()])
    }

    /// Encapsulates 32 secret bytes: ciphertext and shared secret. The same bytes give the same ciphertext.
    pub(crate) fn encapsulate(
        &self,
        message: &[u8; 32],
    ) -> ([u8; KEM_CIPHERTEXT_BYTES], Zeroizing<[u8; 32]>) {
        let (ciphertext, shared) = self.0.encapsulate_deterministic(&B32::from(*message));
        let mut bytes = [0; KEM_CIPHERTEXT_BYTES];
        bytes.copy_from_slice(&ciphertext);
        (bytes, Zeroizing::new(shared.into()))
    }
}

impl fmt::Debug for KemPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KemPublicKey({})", hex::encode(self.hash()))
    }
}

/// A secret key, with its seed and its public half.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct KemSecretKey {
    seed: [u8; 64],
    #[zeroize(skip)] // clears itself
    secret: DecapsulationKey768,
    #[zeroize(skip)] // public
    public: KemPublicKey,
}

impl KemSecretKey {
    pub(crate) fn from_seed(seed: &[u8; 64]) -> Self {
        let secret = DecapsulationKey768::from_seed((*seed).into());
        let public = KemPublicKey(secret.encapsulation_key().clone());
        Self {
            seed: *seed,
            secret,
            public,
        }
    }

    pub(crate) fn public(&self) -> &KemPublicKey {
        &self.public
    }

    pub(crate) fn seed(&self) -> &[u8; 64] {
        &self.seed
    }

    /// The shared secret. A ciphertext that was tampered with gives another one, and no error (FIPS 203, 6.3).
    pub(crate) fn decapsulate(
        &self,
        ciphertext: &[u8; KEM_CIPHERTEXT_BYTES],
    ) -> Zeroizing<[u8; 32]> {
        let shared = self.secret.decapsulate_slice(ciphertext);
        Zeroizing::new(shared.expect("the ciphertext has its length").into())
    }
}
