//! Canonical JSON (RFC 8785): one text for one content, and whatever else is refused.

use crate::{Memo, Point};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use plume_circuits::FieldBytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error};

/// The longest text that is read, in bytes: a statement of about 5,000 payments.
pub const MAX_JSON_BYTES: usize = 8 << 20;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Longer than anything that was ever written.
    #[error("the text is longer than {MAX_JSON_BYTES} bytes")]
    TooLong,
    /// Not what it should be.
    #[error("this cannot be read: {0}")]
    Content(String),
    /// The same content is written otherwise.
    #[error(
        "the text is not in canonical form (RFC 8785): it was edited, or written by something else"
    )]
    NotCanonical,
}

/// Writes.
pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_json_canonicalizer::to_string(value).expect("strings, small numbers and lists of them")
}

/// Reads what [`write`] writes.
pub(crate) fn read<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    if text.len() > MAX_JSON_BYTES {
        return Err(JsonError::TooLong);
    }
    let value: T =
        serde_json::from_str(text).map_err(|error| JsonError::Content(error.to_string()))?;
    if write(&value) == text.trim_end() {
        Ok(value)
    } else {
        Err(JsonError::NotCanonical)
    }
}

/// Bytes as base64url without padding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        URL_SAFE_NO_PAD
            .decode(&text)
            .map(Self)
            .map_err(|_| D::Error::custom("not base64url without padding"))
    }
}

/// A whole number as text: JSON's numbers end at 2⁵³.
pub(crate) mod decimal {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|_| D::Error::custom("not a whole number of 64 bits, as text"))
    }
}

/// What is written as hexadecimal digits.
pub(crate) trait Hex: Sized {
    fn bytes(&self) -> Vec<u8>;
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl<const N: usize> Hex for [u8; N] {
    fn bytes(&self) -> Vec<u8> {
        self.to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
}

impl Hex for FieldBytes {
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_canonical(bytes.try_into().ok()?).ok()
    }
}

impl Hex for Point {
    fn bytes(&self) -> Vec<u8> {
        self.to_compressed().to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_compressed(bytes.try_into().ok()?).ok()
    }
}

impl Hex for Memo {
    /// Without the zeros at the end.
    fn bytes(&self) -> Vec<u8> {
        let end = self.0.iter().rposition(|byte| *byte != 0);
        let bytes = self.0.get(..end.map_or(0, |last| last + 1));
        bytes.unwrap_or_default().to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut memo = Self::EMPTY;
        memo.0.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(memo)
    }
}

/// `0x` and two digits a byte.
pub(crate) mod hexadecimal {
    use super::*;

    pub(crate) fn serialize<T: Hex, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("0x{}", hex::encode(value.bytes())))
    }

    pub(crate) fn deserialize<'de, T: Hex, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.strip_prefix("0x");
        digits
            .and_then(|digits| hex::decode(digits).ok())
            .and_then(|bytes| T::from_bytes(&bytes))
            .ok_or_else(|| D::Error::custom("not 0x and the hexadecimal digits that belong here"))
    }
}
