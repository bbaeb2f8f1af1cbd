//! Sealing a note for its receiver and its sender, and opening it again.

use crate::{
    Address, Diversifier, IncomingViewingKey, KemPublicKey, OutgoingViewingKey, Point, Scalar,
    blake,
    note::{MEMO_BYTES, Memo, Note, NoteSeed},
    wire::{
        NOTE_VERSION, NoteCiphertext, OUTGOING_BYTES, OUTGOING_PLAINTEXT_BYTES, PLAINTEXT_BYTES,
        SEALED_BYTES,
    },
};
use chacha20poly1305::{AeadInPlace, ChaCha20Poly1305, KeyInit, aead::generic_array::GenericArray};
use core::fmt;
use plume_circuits::FieldBytes;
use zeroize::Zeroizing;

/// Why a note could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The ML-KEM key is not the one that the address names.
    #[error("the ML-KEM key is not the address's: ask the receiver for the contact again")]
    OtherKemKey,
    /// A secret came out as zero.
    #[error("the note's seed gives a secret that is zero: take another")]
    Degenerate,
}

/// Why a ciphertext was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The ephemeral point is none that a key may be multiplied by.
    #[error("the ephemeral point is no point of the prime subgroup")]
    EphemeralPoint,
    /// Not for this key.
    #[error("the note is for somebody else")]
    NotOurs,
    /// Something was changed, or it is for somebody else whose view tag is the same.
    #[error("the note does not open: it is for somebody else, or was changed")]
    Sealed,
    /// A plaintext of a version that this code does not know.
    #[error("the note is of version {0}, which this wallet does not know: update it")]
    Version(u8),
    /// The seed in the note makes another ephemeral point, or another ML-KEM ciphertext.
    #[error("the note's seed and diversifier do not make its ciphertext")]
    OtherSeed,
    /// What the ciphertext says is not what the chain has.
    #[error("the note's commitment is not the one on the chain")]
    Commitment,
}

/// What a payer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// In the asset's pool unit.
    pub value: u64,
    /// Number of the asset.
    pub asset: u32,
    /// For the receiver.
    pub memo: Memo,
}

/// A note that was sealed.
#[derive(Clone, Debug)]
pub struct SealedNote {
    /// What the proof needs.
    pub note: Note,
    /// What is published beside its commitment.
    pub ciphertext: NoteCiphertext,
}

/// What a ciphertext says, and whom it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedNote {
    /// The note.
    pub note: Note,
    /// Its address.
    pub address: Address,
    /// The seed of everything random about it.
    pub seed: NoteSeed,
    /// The key that its sender signs receipts with: a compressed point over the generator, if the sender was
    /// honest.
    pub sender_key: [u8; 32],
    /// The memo.
    pub memo: Memo,
}

impl fmt::Debug for OpenedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedNote")
            .field("note", &self.note)
            .field("address", &self.address)
            .field("memo", &self.memo)
            .finish_non_exhaustive()
    }
}

/// Seals a note for an address, and for whoever has the outgoing viewing key.
///
/// `kem` is the ML-KEM key of the address's [contact](crate::Contact). The seed must be new.
pub fn seal(
    address: &Address,
    kem: &KemPublicKey,
    payment: &Payment,
    seed: &NoteSeed,
    sender: &OutgoingViewingKey,
) -> Result<SealedNote, SealError> {
    if kem.hash() != address.kem_hash {
        return Err(SealError::OtherKemKey);
    }
    let note = Note {
        value: payment.value,
        asset: payment.asset,
        owner: address.owner(),
        rcm: seed.rcm(),
    };
    let cm = note.commitment();
    let key = NoteKey::of_seed(seed, address, kem).ok_or(SealError::Degenerate)?;
    let sender_key = sender.sender_key(&seed.0).ok_or(SealError::Degenerate)?;

    let mut kept = Zeroizing::new([0; OUTGOING_PLAINTEXT_BYTES]);
    let parts: [&[u8; 32]; 4] = [
        &key.key,
        &address.transmission_key.to_compressed(),
        address.pool_key.as_bytes(),
        &address.kem_hash,
    ];
    for (to, from) in kept.chunks_exact_mut(32).zip(parts) {
        to.copy_from_slice(from);
    }
    let mut ciphertext = NoteCiphertext {
        epk: key.epk.to_uncompressed(),
        tag: key.tag,
        sealed: [0; SEALED_BYTES],
        outgoing: [0; OUTGOING_BYTES],
        kem: key.kem,
    };
    let cipher_key = outgoing_cipher_key(sender, &cm, &ciphertext);
    encrypt(&cipher_key, &[], &*kept, &mut ciphertext.outgoing);

    let plaintext = Plaintext {
        value: payment.value,
        asset: payment.asset,
        diversifier: address.diversifier,
        seed: seed.clone(),
        sender_key: sender_key.to_compressed(),
        memo: payment.memo,
    };
    let bound = bound(&cm, &ciphertext);
    encrypt(
        &key.key,
        &bound,
        &plaintext.to_bytes(),
        &mut ciphertext.sealed,
    );
    Ok(SealedNote { note, ciphertext })
}

/// Opens what came in. `cm` is the commitment that the chain has for this output.
pub fn open(
    key: &IncomingViewingKey,
    cm: &FieldBytes,
    ciphertext: &NoteCiphertext,
) -> Result<OpenedNote, OpenError> {
    let epk = Point::from_uncompressed(&ciphertext.epk).map_err(|_| OpenError::EphemeralPoint)?;
    let shared = epk.times(key.ivk()).ok_or(OpenError::NotOurs)?;
    if view_tag(&shared.to_uncompressed(), &ciphertext.epk) != ciphertext.tag {
        return Err(OpenError::NotOurs);
    }
    let secret = key.kem().decapsulate(&ciphertext.kem);
    let note_key = note_key(&shared, &secret, ciphertext);
    let plaintext = Plaintext::open(&note_key, cm, ciphertext)?;
    let address = key
        .address_at(plaintext.diversifier)
        .ok_or(OpenError::OtherSeed)?;
    let message = blake::secret32(blake::KEM_MESSAGE, &[&plaintext.seed.0]);
    let (remade, _) = key.kem_public().encapsulate(&message);
    if remade != *ciphertext.kem {
        return Err(OpenError::OtherSeed);
    }
    plaintext.check(address, cm, &epk, ciphertext)
}

/// Opens what went out: the same, for whoever paid.
pub fn open_outgoing(
    key: &OutgoingViewingKey,
    cm: &FieldBytes,
    ciphertext: &NoteCiphertext,
) -> Result<OpenedNote, OpenError> {
    let cipher_key = outgoing_cipher_key(key, cm, ciphertext);
    let kept = decrypt::<OUTGOING_PLAINTEXT_BYTES>(&cipher_key, &[], &ciphertext.outgoing)
        .ok_or(OpenError::NotOurs)?;
    let part = |at: usize| -> Result<[u8; 32], OpenError> {
        let bytes = kept.chunks_exact(32).nth(at).ok_or(OpenError::Sealed)?;
        bytes.try_into().map_err(|_| OpenError::Sealed)
    };
    let note_key = Zeroizing::new(part(0)?);
    let plaintext = Plaintext::open(&note_key, cm, ciphertext)?;
    let epk = Point::from_uncompressed(&ciphertext.epk).map_err(|_| OpenError::EphemeralPoint)?;
    let address = Address {
        diversifier: plaintext.diversifier,
        transmission_key: Point::from_compressed(&part(1)?).map_err(|_| OpenError::Sealed)?,
        pool_key: FieldBytes::from_canonical(part(2)?).map_err(|_| OpenError::Sealed)?,
        kem_hash: part(3)?,
    };
    plaintext.check(address, cm, &epk, ciphertext)
}

/// Makes a ciphertext again from what is said to be in it, and compares. For whoever is shown a seed: nothing else
/// than what is claimed can have been sealed for this address.
pub(crate) fn reopen(
    address: &Address,
    kem: &KemPublicKey,
    seed: &NoteSeed,
    cm: &FieldBytes,
    ciphertext: &NoteCiphertext,
) -> Result<OpenedNote, OpenError> {
    let key = NoteKey::of_seed(seed, address, kem).ok_or(OpenError::OtherSeed)?;
    if key.epk.to_uncompressed() != ciphertext.epk
        || key.tag != ciphertext.tag
        || key.kem != ciphertext.kem
        || kem.hash() != address.kem_hash
    {
        return Err(OpenError::OtherSeed);
    }
    let plaintext = Plaintext::open(&key.key, cm, ciphertext)?;
    if plaintext.seed != *seed || plaintext.diversifier != address.diversifier {
        return Err(OpenError::OtherSeed);
    }
    plaintext.check(*address, cm, &key.epk, ciphertext)
}

/// The view tag of an output whose shared point has these 64 bytes.
pub(crate) fn view_tag(shared: &[u8; 64], epk: &[u8; 64]) -> u8 {
    let [tag, ..] = blake::hash32(blake::VIEW_TAG, &[shared, epk]);
    tag
}

/// esk.
fn ephemeral_secret(seed: &NoteSeed) -> Scalar {
    blake::scalar(blake::EPHEMERAL, &[&seed.0])
}

/// Everything that a seed and an address make, but for what is sealed.
struct NoteKey {
    epk: Point,
    tag: u8,
    kem: Box<[u8; crate::KEM_CIPHERTEXT_BYTES]>,
    key: Zeroizing<[u8; 32]>,
}

impl NoteKey {
    fn of_seed(seed: &NoteSeed, address: &Address, kem: &KemPublicKey) -> Option<Self> {
        let esk = Zeroizing::new(ephemeral_secret(seed));
        let epk = address.diversifier.base_point()?.times(&esk)?;
        let shared = address.transmission_key.times(&esk)?;
        let (ciphertext, secret) =
            kem.encapsulate(&blake::secret32(blake::KEM_MESSAGE, &[&seed.0]));
        let epk_bytes = epk.to_uncompressed();
        Some(Self {
            epk,
            tag: view_tag(&shared.to_uncompressed(), &epk_bytes),
            key: derive_key(&shared, &secret, &epk_bytes, &ciphertext),
            kem: Box::new(ciphertext),
        })
    }
}

fn note_key(shared: &Point, secret: &[u8; 32], ciphertext: &NoteCiphertext) -> Zeroizing<[u8; 32]> {
    derive_key(shared, secret, &ciphertext.epk, &ciphertext.kem)
}

/// The key of a note: both shared secrets, and what both came from. As long as one of the two stays secret the key
/// does (the combiner of eprint 2018/024, section 3, as draft-ietf-tls-hybrid-design takes it).
pub(crate) fn derive_key(
    shared: &Point,
    secret: &[u8; 32],
    epk: &[u8; 64],
    kem: &[u8; crate::KEM_CIPHERTEXT_BYTES],
) -> Zeroizing<[u8; 32]> {
    let shared = Zeroizing::new(shared.to_uncompressed());
    let kem = blake::hash32(blake::KEM_HASH, &[kem]);
    blake::secret32(blake::NOTE_KEY, &[&*shared, secret, epk, &kem])
}

fn outgoing_cipher_key(
    key: &OutgoingViewingKey,
    cm: &FieldBytes,
    ciphertext: &NoteCiphertext,
) -> Zeroizing<[u8; 32]> {
    let kem = blake::hash32(blake::KEM_HASH, &[ciphertext.kem.as_slice()]);
    let parts: [&[u8]; 4] = [&key.0, cm.as_bytes(), &ciphertext.epk, &kem];
    blake::secret32(blake::OUTGOING_CIPHER, &parts)
}

/// What the sealed note is bound to beside its key: every other byte of the output.
fn bound(cm: &FieldBytes, ciphertext: &NoteCiphertext) -> Vec<u8> {
    let mut bytes = cm.as_bytes().to_vec();
    bytes.push(ciphertext.tag);
    bytes.extend_from_slice(&ciphertext.outgoing);
    bytes
}

/// Each key is used once, so the nonce is zero (RFC 8439).
fn encrypt(key: &[u8; 32], bound: &[u8], plaintext: &[u8], out: &mut [u8]) {
    let (text, authentication) = out.split_at_mut(plaintext.len());
    text.copy_from_slice(plaintext);
    let tag = ChaCha20Poly1305::new(GenericArray::from_slice(key))
        .encrypt_in_place_detached(&GenericArray::default(), bound, text)
        .expect("a note is far shorter than what the cipher can encrypt");
    authentication.copy_from_slice(&tag);
}

fn decrypt<const N: usize>(
    key: &[u8; 32],
    bound: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<[u8; N]>> {
    let (text, authentication) = sealed.split_first_chunk::<N>()?;
    let mut text = Zeroizing::new(*text);
    ChaCha20Poly1305::new(GenericArray::from_slice(key))
        .decrypt_in_place_detached(
            &GenericArray::default(),
            bound,
            text.as_mut_slice(),
            GenericArray::from_slice(authentication),
        )
        .ok()?;
    Some(text)
}

/// What is sealed for the receiver.
struct Plaintext {
    value: u64,
    asset: u32,
    diversifier: Diversifier,
    seed: NoteSeed,
    sender_key: [u8; 32],
    memo: Memo,
}

impl Plaintext {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(PLAINTEXT_BYTES));
        bytes.push(NOTE_VERSION);
        bytes.extend_from_slice(&self.value.to_le_bytes());
        bytes.extend_from_slice(&self.asset.to_le_bytes());
        bytes.extend_from_slice(&self.diversifier.0);
        bytes.extend_from_slice(&self.seed.0);
        bytes.extend_from_slice(&self.sender_key);
        bytes.extend_from_slice(&self.memo.0);
        bytes
    }

    fn open(
        key: &[u8; 32],
        cm: &FieldBytes,
        ciphertext: &NoteCiphertext,
    ) -> Result<Self, OpenError> {
        let bound = bound(cm, ciphertext);
        let bytes =
            decrypt::<PLAINTEXT_BYTES>(key, &bound, &ciphertext.sealed).ok_or(OpenError::Sealed)?;
        Self::from_bytes(&bytes)
    }

    pub(crate) fn from_bytes(bytes: &[u8; PLAINTEXT_BYTES]) -> Result<Self, OpenError> {
        let [version, rest @ ..] = bytes;
        if *version != NOTE_VERSION {
            return Err(OpenError::Version(*version));
        }
        let parts = || {
            let (value, rest) = rest.split_first_chunk()?;
            let (asset, rest) = rest.split_first_chunk()?;
            let (diversifier, rest) = rest.split_first_chunk()?;
            let (seed, rest) = rest.split_first_chunk()?;
            let (sender_key, rest) = rest.split_first_chunk()?;
            let memo: &[u8; MEMO_BYTES] = rest.try_into().ok()?;
            Some(Self {
                value: u64::from_le_bytes(*value),
                asset: u32::from_le_bytes(*asset),
                diversifier: Diversifier(*diversifier),
                seed: NoteSeed(*seed),
                sender_key: *sender_key,
                memo: Memo(*memo),
            })
        };
        parts().ok_or(OpenError::Sealed)
    }

    /// The seed must make the ephemeral point and the view tag (ZIP 212), and the note the commitment.
    fn check(
        self,
        address: Address,
        cm: &FieldBytes,
        epk: &Point,
        ciphertext: &NoteCiphertext,
    ) -> Result<OpenedNote, OpenError> {
        let esk = Zeroizing::new(ephemeral_secret(&self.seed));
        let shared = address.transmission_key.times(&esk);
        let remade = address
            .diversifier
            .base_point()
            .and_then(|base| base.times(&esk));
        let tag = shared.map(|shared| view_tag(&shared.to_uncompressed(), &ciphertext.epk));
        if remade != Some(*epk) || tag != Some(ciphertext.tag) {
            return Err(OpenError::OtherSeed);
        }
        let note = Note {
            value: self.value,
            asset: self.asset,
            owner: address.owner(),
            rcm: self.seed.rcm(),
        };
        if note.commitment() != *cm {
            return Err(OpenError::Commitment);
        }
        Ok(OpenedNote {
            note,
            address,
            sender_key: self.sender_key,
            memo: self.memo,
            seed: self.seed,
        })
    }
}
