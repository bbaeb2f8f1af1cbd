//! Ed25519 keys, as issuers and holders have them.

use crate::Hash32;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use core::{fmt, str::FromStr};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Why something is no key. A secret is never part of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a seed.
    #[error("the secret is no Ed25519 seed: 0x and 64 hexadecimal digits")]
    Seed,
    /// Not a public key.
    #[error("this is no Ed25519 public key: 0x and 64 hexadecimal digits of a point of order ℓ")]
    Public,
    /// Not the JSON Web Key of one.
    #[error("the key is not of kind OKP on the curve Ed25519")]
    Jwk,
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
}

/// A key that signs. `Debug` shows its public half only.
#[derive(Clone)]
pub struct Key(SigningKey);

impl Key {
    /// From a seed of RFC 8032.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// From `0x` and 64 hexadecimal digits of seed.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let Hash32(seed) = text.trim().parse().map_err(|_| KeyError::Seed)?;
        Ok(Self::from_seed(seed))
    }

    /// A new one, and its seed.
    pub fn generate() -> Result<(Self, Hash32), KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| KeyError::NoRandomness)?;
        Ok((Self::from_seed(seed), Hash32(seed)))
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(Hash32(self.0.verifying_key().to_bytes()))
    }

    pub(crate) fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.public())
    }
}

/// A key that verifies. Keys of small order, under which anybody can sign, are none.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Hash32", into = "Hash32")]
pub struct PublicKey(Hash32);

impl PublicKey {
    /// Its 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0.0
    }

    /// As a JSON Web Key (RFC 8037).
    pub fn to_jwk(self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.bytes()) })
    }

    /// From a JSON Web Key (RFC 8037).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        let field = |name: &str| jwk.get(name).and_then(Value::as_str);
        if field("kty") != Some("OKP") || field("crv") != Some("Ed25519") {
            return Err(KeyError::Jwk);
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(field("x").ok_or(KeyError::Jwk)?)
            .map_err(|_| KeyError::Jwk)?;
        Hash32(bytes.try_into().map_err(|_| KeyError::Jwk)?).try_into()
    }
}

impl TryFrom<Hash32> for PublicKey {
    type Error = KeyError;

    fn try_from(bytes: Hash32) -> Result<Self, KeyError> {
        match VerifyingKey::from_bytes(&bytes.0) {
            Ok(key) if !key.is_weak() => Ok(Self(bytes)),
            _ => Err(KeyError::Public),
        }
    }
}

impl From<PublicKey> for Hash32 {
    fn from(key: PublicKey) -> Self {
        key.0
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes: Hash32 = text.trim().parse().map_err(|_| KeyError::Public)?;
        bytes.try_into()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_hex_and_from_its_jwk() {
        let public = Key::from_seed([1; 32]).public();
        assert_eq!(public.to_string().parse(), Ok(public));
        assert_eq!(PublicKey::from_jwk(&public.to_jwk()), Ok(public));
    }

    #[test]
    fn the_jwk_is_that_of_rfc_8037() {
        let seed = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let key = Key::from_text(seed).unwrap();
        assert_eq!(
            key.public().to_jwk()["x"],
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
    }

    #[test]
    fn keys_under_which_anybody_can_sign_are_none() {
        let identity = Hash32(core::array::from_fn(|place| u8::from(place == 0)));
        assert_eq!(PublicKey::try_from(identity), Err(KeyError::Public));
        assert!(PublicKey::from_jwk(&json!({ "kty": "EC", "crv": "P-256" })).is_err());
    }

    #[test]
    fn a_wrong_secret_is_not_repeated() {
        let error = Key::from_text("0xsecret").unwrap_err();
        assert!(error == KeyError::Seed && !error.to_string().contains("0xsecret"));
        assert!(!format!("{:?}", Key::from_seed([3; 32])).contains("0303"));
    }
}
