//! Bytes of a fixed length, in hexadecimal where people read them.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen,
            TypeInfo,
        )]
        pub struct $name(pub [u8; $length]);

        impl From<[u8; $length]> for $name {
            fn from(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0x")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        #[cfg(feature = "std")]
        impl core::str::FromStr for $name {
            type Err = NotHex;

            fn from_str(text: &str) -> Result<Self, NotHex> {
                let digits = text.strip_prefix("0x").ok_or(NotHex)?;
                let mut bytes = [0; $length];
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotHex)?;
                Ok(Self(bytes))
            }
        }

        #[cfg(feature = "std")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "std")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

fixed_bytes!(
    /// 32 bytes: a hash, an encoded [point](crate::Point) or an encoded [scalar](crate::scalar).
    Bytes32,
    32
);
fixed_bytes!(
    /// 64 bytes: a proof or a signature.
    Bytes64,
    64
);

#[cfg(feature = "std")]
fixed_bytes!(
    /// 48 bytes: 32 that are encrypted, and 16 that authenticate them.
    Bytes48,
    48
);

impl Bytes64 {
    /// Two halves.
    pub(crate) fn halves(&self) -> (Bytes32, Bytes32) {
        let (mut first, mut second) = ([0; 32], [0; 32]);
        for (to, from) in first.iter_mut().chain(&mut second).zip(self.0) {
            *to = from;
        }
        (Bytes32(first), Bytes32(second))
    }

    /// From two halves.
    pub(crate) fn join(first: &Bytes32, second: &Bytes32) -> Self {
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(first.0.iter().chain(&second.0)) {
            *to = *from;
        }
        Self(bytes)
    }
}

/// Not the right number of bytes in hexadecimal.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write 0x and two hexadecimal digits a byte, and the right number of bytes")]
pub struct NotHex;

/// Secret bytes: written in hexadecimal like others, never shown by `Debug`, and wiped when they are dropped.
#[cfg(feature = "std")]
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct SecretBytes(pub(crate) Vec<u8>);

#[cfg(feature = "std")]
impl SecretBytes {
    /// 32 of them, where there are.
    pub(crate) fn as_32(&self) -> Option<Bytes32> {
        self.0.as_slice().try_into().ok().map(Bytes32)
    }
}

#[cfg(feature = "std")]
impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

#[cfg(feature = "std")]
impl serde::Serialize for SecretBytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = zeroize::Zeroizing::new(format!("0x{}", hex::encode(&self.0)));
        serializer.serialize_str(&text)
    }
}

#[cfg(feature = "std")]
impl<'de> serde::Deserialize<'de> for SecretBytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text =
            zeroize::Zeroizing::new(<String as serde::Deserialize>::deserialize(deserializer)?);
        let digits = text
            .strip_prefix("0x")
            .ok_or_else(|| serde::de::Error::custom(NotHex))?;
        hex::decode(digits)
            .map(Self)
            .map_err(|_| serde::de::Error::custom(NotHex))
    }
}
