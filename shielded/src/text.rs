//! How keys and addresses are written: bech32m (BIP-350), with a prefix for each kind and network.

use bech32::{Bech32m, Hrp, primitives::decode::CheckedHrpstring};
use core::fmt;
use zeroize::Zeroizing;

/// Which network a text is for. Keys are the same on all of them; what is written is not taken by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// The live chain.
    Live,
    /// Public rehearsals.
    Test,
    /// Development.
    Dev,
}

impl Network {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Live, Self::Test, Self::Dev];

    /// What follows the prefix of the kind.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Live => "",
            Self::Test => "test",
            Self::Dev => "dev",
        }
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An address.
    Address,
    /// Everything that an account can do.
    SpendingKey,
    /// Sees everything, spends nothing.
    FullViewingKey,
    /// Sees what came in.
    IncomingViewingKey,
    /// Sees what went out.
    OutgoingViewingKey,
    /// Finds candidates of what came in, and reads nothing.
    DetectionKey,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Address,
        Self::SpendingKey,
        Self::FullViewingKey,
        Self::IncomingViewingKey,
        Self::OutgoingViewingKey,
        Self::DetectionKey,
    ];

    /// The prefix on the live network.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Address => "plume",
            Self::SpendingKey => "plumesecret",
            Self::FullViewingKey => "plumefvk",
            Self::IncomingViewingKey => "plumeivk",
            Self::OutgoingViewingKey => "plumeovk",
            Self::DetectionKey => "plumedetect",
        }
    }
}

/// Why a text is not what it should be. A text is never part of the message: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No bech32m: mistyped, cut off, or of another kind.
    #[error("this is no bech32m text, or a letter of it is wrong")]
    NotBech32m,
    /// Another kind, or another network.
    #[error("the text does not begin with {0}{1}1: it is of another kind or for another network")]
    Prefix(&'static str, &'static str),
    /// Not as many bytes as this kind has.
    #[error("the text has the wrong length for what it says it is")]
    Length,
    /// The bytes do not say what they should.
    #[error("the text is intact, and what it says is no valid key or address")]
    Content,
}

fn hrp(kind: Kind, network: Network) -> Hrp {
    Hrp::parse(&format!("{}{}", kind.prefix(), network.suffix()))
        .expect("prefixes are short and of lower-case letters")
}

/// Writes bytes.
pub(crate) fn encode(kind: Kind, network: Network, bytes: &[u8]) -> String {
    bech32::encode::<Bech32m>(hrp(kind, network), bytes)
        .expect("the longest key is far below the 1023 letters of the code")
}

/// Reads bytes of a length.
pub(crate) fn decode<const N: usize>(
    kind: Kind,
    network: Network,
    text: &str,
) -> Result<Zeroizing<[u8; N]>, TextError> {
    let text = text.trim();
    let checked = CheckedHrpstring::new::<Bech32m>(text).map_err(|_| TextError::NotBech32m)?;
    if checked.hrp() != hrp(kind, network) {
        return Err(TextError::Prefix(kind.prefix(), network.suffix()));
    }
    let mut bytes = Zeroizing::new([0; N]);
    let mut source = checked.byte_iter();
    for (to, from) in bytes.iter_mut().zip(source.by_ref()) {
        *to = from;
    }
    // `zip` has taken N bytes only if there were as many, and the padding only if it was zeros.
    if source.next().is_some() || encode(kind, network, &*bytes) != text.to_lowercase() {
        return Err(TextError::Length);
    }
    Ok(bytes)
}

/// Shows that there is a secret, and not which.
pub(crate) fn hidden(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}(secret)")
}
