//! What a receiver gives to those who pay: an address, the ML-KEM key that belongs to it, and what a payer has to
//! show of the receiver's credential.

use crate::{
    Address, AddressError, IncomingViewingKey, KemPublicKey, Network,
    json::{self, Base64, JsonError},
    kem::BadKemKey,
};
use plume_circuits::{FieldBytes, commit, leaf};
use serde::{Deserialize, Serialize};

/// Version of a contact's text.
const VERSION: u8 = 1;

/// What the leaf of a receiver's credential is made from. The payer's proof shows that there is such a leaf where a
/// policy asks for it, and hides it under the committee's key always (the travel rule).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// The claims, packed into one element.
    #[serde(with = "json::hexadecimal")]
    pub claims: FieldBytes,
    /// The issuer.
    #[serde(with = "json::hexadecimal")]
    pub issuer: FieldBytes,
    /// The salt of the commitment that binds the credential to the pool key: the hash of the issuer-signed part.
    #[serde(with = "json::hexadecimal")]
    pub salt: FieldBytes,
    /// The subject.
    #[serde(with = "json::hexadecimal")]
    pub subject: FieldBytes,
}

impl Disclosure {
    /// The leaf in the tree of credentials, for the holder of a pool key.
    pub fn leaf(&self, pool_key: &FieldBytes) -> FieldBytes {
        let commitment = commit(&[*pool_key], &self.salt);
        leaf(&[self.subject, self.issuer, self.claims, commitment])
    }
}

/// An address with everything that a payer has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    address: Address,
    kem: KemPublicKey,
    disclosure: Option<Disclosure>,
}

/// Why something is no contact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Not the text of one.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Of a version that this code does not know.
    #[error("the contact is of version {0}, which this wallet does not know: update it")]
    Version(u8),
    /// The address is none.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The ML-KEM key is none.
    #[error(transparent)]
    Kem(#[from] BadKemKey),
    /// The key belongs to another address.
    #[error("the ML-KEM key is not the one that the address names: one of the two was exchanged")]
    OtherKemKey,
}

/// How it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credential: Option<Disclosure>,
    kem: Base64,
    version: u8,
}

impl Contact {
    /// Puts one together. The key must be the one that the address names.
    pub fn new(
        address: Address,
        kem: KemPublicKey,
        disclosure: Option<Disclosure>,
    ) -> Result<Self, ContactError> {
        if kem.hash() != address.kem_hash {
            return Err(ContactError::OtherKemKey);
        }
        Ok(Self {
            address,
            kem,
            disclosure,
        })
    }

    /// One's own, for the address with a number. `None` as for [`IncomingViewingKey::address`].
    pub fn of(
        key: &IncomingViewingKey,
        index: u64,
        disclosure: Option<Disclosure>,
    ) -> Option<Self> {
        Some(Self {
            address: key.address(index)?,
            kem: key.kem_public().clone(),
            disclosure,
        })
    }

    /// Where to pay.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What to seal with.
    pub fn kem(&self) -> &KemPublicKey {
        &self.kem
    }

    /// What to show of the receiver's credential, if the receiver has one.
    pub fn disclosure(&self) -> Option<&Disclosure> {
        self.disclosure.as_ref()
    }

    /// The leaf of the receiver's credential.
    pub fn credential_leaf(&self) -> Option<FieldBytes> {
        Some(self.disclosure.as_ref()?.leaf(&self.address.pool_key))
    }

    /// As canonical JSON, of about 1,800 bytes, or 2,150 with a credential.
    pub fn to_json(&self, network: Network) -> String {
        json::write(&Text {
            address: self.address.to_text(network),
            credential: self.disclosure,
            kem: Base64(self.kem.to_bytes()),
            version: VERSION,
        })
    }

    /// From canonical JSON.
    pub fn from_json(text: &str, network: Network) -> Result<Self, ContactError> {
        let text: Text = json::read(text)?;
        if text.version != VERSION {
            return Err(ContactError::Version(text.version));
        }
        let address = Address::from_text(&text.address, network)?;
        let kem = KemPublicKey::from_bytes(&text.kem.0)?;
        Self::new(address, kem, text.credential)
    }
}
