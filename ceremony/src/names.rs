//! Names of contributors and circuits.

use core::{fmt, str::FromStr};

use serde::Serialize;

use crate::error::{Error, Refusal};

/// Whether text is one to so many printable ASCII characters, without a space at either end.
pub(crate) fn is_printable(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && text.trim() == text
}

/// Who contributed: 1 to 64 printable ASCII characters. A claim; what makes it more is that its owner publishes
/// the hash of the step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Contributor(String);

impl Contributor {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Contributor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if is_printable(text, Self::MAX_BYTES) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::ContributorName.into())
        }
    }
}

impl fmt::Display for Contributor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A circuit's name: 1 to 32 of `a-z`, `0-9` and `-`, and not `phase1`. Files begin with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct CircuitName(String);

impl CircuitName {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 32;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CircuitName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let permitted =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=Self::MAX_BYTES).contains(&text.len())
            && text.bytes().all(permitted)
            && text != crate::folder::PHASE1
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::CircuitName.into())
        }
    }
}

impl fmt::Display for CircuitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
