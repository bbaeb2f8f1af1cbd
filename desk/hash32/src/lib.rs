//! 32 bytes as people and files see them: `0x` and 64 hexadecimal digits, and nothing else is read.
//!
//! The SDK's `H256` shows the first and the last bytes alone, which is no use in a report.
//!
//! ```
//! let hash: plume_hash32::Hash32 = format!("0x{}", "ab".repeat(32)).parse()?;
//! assert_eq!(hash.0, [0xab; 32]);
//! assert_eq!(hash.to_string(), format!("0x{}", "ab".repeat(32)));
//! # Ok::<(), plume_hash32::NotHash32>(())
//! ```

use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 32 bytes that are written as `0x` and 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not 32 bytes in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes in hexadecimal; write 0x and 64 digits")]
pub struct NotHash32;

impl FromStr for Hash32 {
    type Err = NotHash32;

    fn from_str(text: &str) -> Result<Self, NotHash32> {
        let digits = text.strip_prefix("0x").ok_or(NotHash32)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotHash32)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let hash = Hash32(core::array::from_fn(|place| place as u8));
        let text = serde_json::to_string(&hash).expect("it is a string");
        assert_eq!(serde_json::from_str::<Hash32>(&text).ok(), Some(hash));
        let digits = hex::encode(hash.0);
        for wrong in [
            digits.clone(),
            format!("0x{}", &digits[1..]),
            format!("0x{digits}00"),
            format!("0x{}g", &digits[1..]),
            String::new(),
        ] {
            assert_eq!(wrong.parse::<Hash32>(), Err(NotHash32), "{wrong}");
        }
    }
}
