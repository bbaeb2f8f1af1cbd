//! The keys of an account, from the one that spends down to the one that only detects.

use crate::{
    Address, Diversifier, KemPublicKey, Network, Point, Scalar, blake,
    curve::{scalar_from_bytes, scalar_to_bytes},
    kem::KemSecretKey,
    text::{self, Kind, TextError},
};
use ark_ff::Zero;
use bip39::{Language, Mnemonic};
use core::fmt;
use plume_circuits::{
    FieldBytes,
    transfer::notes::{pool_key, spend_authority},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Words of a new phrase: 256 bits of entropy.
pub const PHRASE_WORDS: usize = 24;

/// Why there is no key. A secret is never part of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a phrase of BIP-39.
    #[error("this is no BIP-39 phrase: 12 to 24 English words, the last with the right checksum")]
    Phrase,
    /// A scalar that is zero, or encoded otherwise than it should be.
    #[error("a part of the key is zero or not below its modulus")]
    Degenerate,
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
    /// The text is none.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// A new phrase of [`PHRASE_WORDS`] English words. It is everything that its owner has: whoever reads it, spends.
pub fn new_phrase() -> Result<Zeroizing<String>, KeyError> {
    let mut entropy = Zeroizing::new([0; 32]);
    getrandom::fill(entropy.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
    let phrase = Mnemonic::from_entropy(&*entropy).map_err(|_| KeyError::Phrase)?;
    Ok(Zeroizing::new(phrase.to_string()))
}

/// Everything that an account can do. Two secrets of it are needed to spend: `s`, whose hash the transfer proof
/// opens, and `nk`.
#[derive(Clone, ZeroizeOnDrop)]
pub struct SpendingKey {
    root: [u8; 64],
}

impl SpendingKey {
    /// From a BIP-39 phrase, its passphrase (empty for none), and the number of the account.
    pub fn from_phrase(phrase: &str, passphrase: &str, account: u32) -> Result<Self, KeyError> {
        let phrase = Mnemonic::parse_in(Language::English, phrase).map_err(|_| KeyError::Phrase)?;
        let seed = Zeroizing::new(phrase.to_seed(passphrase));
        Self::from_seed(&seed, account)
    }

    /// From the 64-byte seed of BIP-39 and the number of the account.
    pub fn from_seed(seed: &[u8; 64], account: u32) -> Result<Self, KeyError> {
        let root = blake::secret64(blake::ACCOUNT, &[seed, &account.to_le_bytes()]);
        Self::from_root(&root)
    }

    /// The root must give an incoming viewing key that is not zero: all but one in 2²⁵² do.
    fn from_root(root: &[u8; 64]) -> Result<Self, KeyError> {
        if blake::scalar(blake::INCOMING, &[root]).is_zero() {
            return Err(KeyError::Degenerate);
        }
        Ok(Self { root: *root })
    }

    /// s: the secret that the transfer proof is asked for.
    pub fn spend_secret(&self) -> FieldBytes {
        blake::element(blake::SPEND, &[&self.root])
    }

    /// nk: what nullifiers are made with.
    pub fn nullifier_key(&self) -> FieldBytes {
        blake::element(blake::NULLIFIER, &[&self.root])
    }

    /// What sees everything and spends nothing.
    pub fn full_viewing_key(&self) -> FullViewingKey {
        let ak = spend_authority(&self.spend_secret());
        let nk = self.nullifier_key();
        let root: &[u8] = &self.root;
        FullViewingKey {
            ak,
            nk,
            incoming: IncomingViewingKey {
                ivk: blake::scalar(blake::INCOMING, &[root]),
                pool_key: pool_key(&ak, &nk),
                diversifier_key: *blake::secret32(blake::DIVERSIFIER_KEY, &[root]),
                kem: KemSecretKey::from_seed(&blake::secret64(blake::KEM_SEED, &[root])),
            },
            outgoing: OutgoingViewingKey(*blake::secret32(blake::OUTGOING, &[root])),
        }
    }

    /// As text, which spends.
    pub fn to_text(&self, network: Network) -> Zeroizing<String> {
        Zeroizing::new(text::encode(Kind::SpendingKey, network, &self.root))
    }

    /// From text.
    pub fn from_text(text: &str, network: Network) -> Result<Self, KeyError> {
        Self::from_root(&*text::decode(Kind::SpendingKey, network, text)?)
    }
}

/// Sees what came in, what went out and what is spent, and spends nothing.
#[derive(Clone)]
pub struct FullViewingKey {
    ak: FieldBytes,
    nk: FieldBytes,
    incoming: IncomingViewingKey,
    outgoing: OutgoingViewingKey,
}

impl FullViewingKey {
    const BYTES: usize = 32 + 32 + IncomingViewingKey::BYTES + 32;

    /// ak = H(s): the spend authority.
    pub fn spend_authority(&self) -> FieldBytes {
        self.ak
    }

    /// nk: what nullifiers are made with. Whoever has it sees which notes are spent.
    pub fn nullifier_key(&self) -> FieldBytes {
        self.nk
    }

    /// H(ak, nk).
    pub fn pool_key(&self) -> FieldBytes {
        self.incoming.pool_key
    }

    /// The part that sees what came in.
    pub fn incoming(&self) -> &IncomingViewingKey {
        &self.incoming
    }

    /// The part that sees what went out.
    pub fn outgoing(&self) -> &OutgoingViewingKey {
        &self.outgoing
    }

    /// As text: ak, nk, the incoming and the outgoing viewing key.
    pub fn to_text(&self, network: Network) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(Self::BYTES));
        bytes.extend_from_slice(self.ak.as_bytes());
        bytes.extend_from_slice(self.nk.as_bytes());
        bytes.extend_from_slice(&*self.incoming.to_bytes());
        bytes.extend_from_slice(&self.outgoing.0);
        Zeroizing::new(text::encode(Kind::FullViewingKey, network, &bytes))
    }

    /// From text. The pool key must be the one that ak and nk make.
    pub fn from_text(text: &str, network: Network) -> Result<Self, KeyError> {
        let bytes = text::decode::<{ Self::BYTES }>(Kind::FullViewingKey, network, text)?;
        let mut parts = Parts(&*bytes);
        let (ak, nk) = (parts.element()?, parts.element()?);
        let incoming = IncomingViewingKey::from_parts(&mut parts)?;
        let outgoing = OutgoingViewingKey(*parts.take::<32>()?);
        if incoming.pool_key != pool_key(&ak, &nk) {
            return Err(TextError::Content.into());
        }
        Ok(Self {
            ak,
            nk,
            incoming,
            outgoing,
        })
    }
}

impl Drop for FullViewingKey {
    fn drop(&mut self) {
        // `ak` is a hash of the secret. `nk` shows which notes are spent.
        self.nk = FieldBytes::ZERO;
        core::hint::black_box(&self.nk);
    }
}

/// Sees what came in, at all addresses of the account, and makes new addresses. Does not see what is spent.
#[derive(Clone)]
pub struct IncomingViewingKey {
    ivk: Scalar,
    pool_key: FieldBytes,
    diversifier_key: [u8; 32],
    kem: KemSecretKey,
}

impl IncomingViewingKey {
    const BYTES: usize = 32 + 32 + 32 + 64;

    /// The address with a number. Number 0 is the one to hand out by default.
    ///
    /// `None` for a diversifier without a base point, of which none has been seen.
    pub fn address(&self, index: u64) -> Option<Address> {
        self.address_at(Diversifier::derive(&self.diversifier_key, index))
    }

    /// The address with a diversifier.
    pub fn address_at(&self, diversifier: Diversifier) -> Option<Address> {
        Some(Address {
            diversifier,
            transmission_key: diversifier.base_point()?.times(&self.ivk)?,
            pool_key: self.pool_key,
            kem_hash: self.kem.public().hash(),
        })
    }

    /// H(ak, nk).
    pub fn pool_key(&self) -> FieldBytes {
        self.pool_key
    }

    /// The public key that goes with every address of the account.
    pub fn kem_public(&self) -> &KemPublicKey {
        self.kem.public()
    }

    /// The part that finds candidates and reads nothing.
    pub fn detection(&self) -> DetectionKey {
        DetectionKey(self.ivk)
    }

    pub(crate) fn ivk(&self) -> &Scalar {
        &self.ivk
    }

    pub(crate) fn kem(&self) -> &KemSecretKey {
        &self.kem
    }

    fn to_bytes(&self) -> Zeroizing<[u8; Self::BYTES]> {
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        let (ivk, rest) = bytes.split_at_mut(32);
        let (pool_key, rest) = rest.split_at_mut(32);
        let (diversifier_key, kem) = rest.split_at_mut(32);
        ivk.copy_from_slice(&*Zeroizing::new(scalar_to_bytes(&self.ivk)));
        pool_key.copy_from_slice(self.pool_key.as_bytes());
        diversifier_key.copy_from_slice(&self.diversifier_key);
        kem.copy_from_slice(self.kem.seed());
        bytes
    }

    fn from_parts(parts: &mut Parts<'_>) -> Result<Self, KeyError> {
        Ok(Self {
            ivk: parts.scalar()?,
            pool_key: parts.element()?,
            diversifier_key: *parts.take()?,
            kem: KemSecretKey::from_seed(parts.take()?),
        })
    }

    /// As text.
    pub fn to_text(&self, network: Network) -> Zeroizing<String> {
        let bytes = self.to_bytes();
        Zeroizing::new(text::encode(Kind::IncomingViewingKey, network, &*bytes))
    }

    /// From text.
    pub fn from_text(text: &str, network: Network) -> Result<Self, KeyError> {
        let bytes = text::decode::<{ Self::BYTES }>(Kind::IncomingViewingKey, network, text)?;
        Self::from_parts(&mut Parts(&*bytes))
    }
}

impl Drop for IncomingViewingKey {
    fn drop(&mut self) {
        self.ivk.zeroize();
        self.diversifier_key.zeroize();
    }
}

/// Sees what went out.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OutgoingViewingKey(pub(crate) [u8; 32]);

impl OutgoingViewingKey {
    /// A key that nobody has: what is sealed under it is for its receiver alone.
    pub fn discarded() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The secret with which the sender of a note signs receipts for it, and for no other.
    pub(crate) fn sender_secret(&self, rseed: &[u8; 32]) -> Option<Scalar> {
        let secret = blake::scalar(blake::SENDER, &[&self.0, rseed]);
        (!secret.is_zero()).then_some(secret)
    }

    /// What is sealed into the note for the receiver: the public half of that secret, over the generator.
    pub(crate) fn sender_key(&self, rseed: &[u8; 32]) -> Option<Point> {
        Point::generator().times(&self.sender_secret(rseed)?)
    }

    /// As text.
    pub fn to_text(&self, network: Network) -> Zeroizing<String> {
        Zeroizing::new(text::encode(Kind::OutgoingViewingKey, network, &self.0))
    }

    /// From text.
    pub fn from_text(text: &str, network: Network) -> Result<Self, KeyError> {
        Ok(Self(*text::decode(
            Kind::OutgoingViewingKey,
            network,
            text,
        )?))
    }
}

/// Finds one output in 256 and all those of the account. For a server that scans for somebody: it cannot read a
/// note, because the ML-KEM half of a note's key is missing, and cannot tell which candidates are real.
#[derive(Clone)]
pub struct DetectionKey(pub(crate) Scalar);

impl DetectionKey {
    /// As text.
    pub fn to_text(&self, network: Network) -> Zeroizing<String> {
        let bytes = Zeroizing::new(scalar_to_bytes(&self.0));
        Zeroizing::new(text::encode(Kind::DetectionKey, network, &*bytes))
    }

    /// From text.
    pub fn from_text(text: &str, network: Network) -> Result<Self, KeyError> {
        let bytes = text::decode::<32>(Kind::DetectionKey, network, text)?;
        Parts(&*bytes).scalar().map(Self)
    }
}

impl Drop for DetectionKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Bytes that are read part by part.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn take<const N: usize>(&mut self) -> Result<&'a [u8; N], KeyError> {
        let (first, rest) = self.0.split_first_chunk().ok_or(TextError::Length)?;
        self.0 = rest;
        Ok(first)
    }

    fn element(&mut self) -> Result<FieldBytes, KeyError> {
        FieldBytes::from_canonical(*self.take()?).map_err(|_| KeyError::Degenerate)
    }

    fn scalar(&mut self) -> Result<Scalar, KeyError> {
        match scalar_from_bytes(self.take()?) {
            Some(scalar) if !scalar.is_zero() => Ok(scalar),
            _ => Err(KeyError::Degenerate),
        }
    }
}

macro_rules! debug_hides {
    ($($key:ident),*) => {$(
        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                text::hidden(stringify!($key), f)
            }
        }
    )*};
}

debug_hides!(
    SpendingKey,
    FullViewingKey,
    IncomingViewingKey,
    OutgoingViewingKey,
    DetectionKey
);
