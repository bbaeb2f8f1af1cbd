//! One payment, shown to one verifier.

use super::{
    Audience, DisclosureError, Published, is_signed_by_holder, message, sender_secret,
    sign_as_holder,
};
use crate::{
    Address, FullViewingKey, KemPublicKey, Memo, Network, NoteSeed, OpenedNote, Point,
    encryption::reopen,
    json::{self, Base64},
    schnorr::{self, Signature},
};
use plume_circuits::FieldBytes;
use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;
const KIND: &str = "receipt";

/// What whoever shows a payment was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It paid.
    Sender,
    /// It was paid.
    Receiver,
}

/// Everything that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    asset: u32,
    audience: Audience,
    #[serde(with = "json::hexadecimal")]
    commitment: FieldBytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    kem: Base64,
    #[serde(with = "json::hexadecimal")]
    memo: Memo,
    #[serde(with = "json::hexadecimal")]
    pool: FieldBytes,
    #[serde(with = "json::decimal")]
    position: u64,
    role: Role,
    #[serde(with = "json::hexadecimal")]
    seed: [u8; 32],
    #[serde(with = "json::hexadecimal")]
    sender_key: [u8; 32],
    to: String,
    #[serde(with = "json::decimal")]
    value: u64,
    version: u8,
}

/// One payment, shown by its sender or its receiver to one verifier: see [the module](super). About 3,000 bytes of
/// canonical JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_signature: Option<HexSignature>,
    signature: HexSignature,
}

/// A signature as hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct HexSignature(#[serde(with = "json::hexadecimal")] pub Signature);

/// What a receipt has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Who showed it.
    pub role: Role,
    /// Who was paid.
    pub to: Address,
    /// An address of the payer, if the payer shows one.
    pub from: Option<Address>,
    /// In the asset's pool unit.
    pub value: u64,
    /// Number of the asset.
    pub asset: u32,
    /// The memo.
    pub memo: Memo,
    /// The key that the sender signs with for this note, and no other.
    pub sender_key: [u8; 32],
}

/// The payment that is shown, and where it is.
struct Place {
    pool: FieldBytes,
    position: u64,
}

impl Receipt {
    /// Shows what came in.
    ///
    /// `pool` and `position` say where: the chain's pool, and the leaf in its tree of notes.
    pub fn of_receiver(
        key: &FullViewingKey,
        note: &OpenedNote,
        (pool, position): (FieldBytes, u64),
        audience: Audience,
        network: Network,
    ) -> Result<Self, DisclosureError> {
        let kem = key.incoming().kem_public();
        let place = Place { pool, position };
        let body = body(Role::Receiver, note, kem, &place, audience, network, None)?;
        let signature = sign_as_holder(key, &note.address, &message(KIND, &body))?;
        Ok(Self {
            body,
            from_signature: None,
            signature: HexSignature(signature),
        })
    }

    /// Shows what went out. `kem` is the key of the receiver's contact; `from` is an address of one's own to show
    /// beside the payment.
    pub fn of_sender(
        key: &FullViewingKey,
        note: &OpenedNote,
        (pool, position): (FieldBytes, u64),
        kem: &KemPublicKey,
        from: Option<Address>,
        audience: Audience,
        network: Network,
    ) -> Result<Self, DisclosureError> {
        let secret = sender_secret(key, note.seed.as_bytes(), &note.sender_key)?;
        let place = Place { pool, position };
        let body = body(Role::Sender, note, kem, &place, audience, network, from)?;
        let message = message(KIND, &body);
        let from_signature = from
            .map(|from| sign_as_holder(key, &from, &message).map(HexSignature))
            .transpose()?;
        let signature = schnorr::sign(&Point::generator(), &secret, &message)?;
        Ok(Self {
            body,
            from_signature,
            signature: HexSignature(signature),
        })
    }

    /// The position in the tree of notes at which the verifier has to look.
    pub fn position(&self) -> u64 {
        self.body.position
    }

    /// Checks everything: that it answers this verifier's question, that the chain has this output in this pool,
    /// that the output says what is shown, and that a party to it signed.
    pub fn verify(
        &self,
        expected: &Audience,
        pool: &FieldBytes,
        published: &Published,
        network: Network,
    ) -> Result<Shown, DisclosureError> {
        let body = &self.body;
        let position = body.position;
        if body.version != VERSION {
            return Err(DisclosureError::Version(body.version));
        }
        expected.check()?;
        if body.audience != *expected {
            return Err(DisclosureError::Audience);
        }
        if body.pool != *pool {
            return Err(DisclosureError::Pool);
        }
        if body.commitment != published.cm {
            return Err(DisclosureError::NotOnChain(position));
        }
        let to = Address::from_text(&body.to, network)?;
        let kem = KemPublicKey::from_bytes(&body.kem.0).map_err(|_| DisclosureError::Kem)?;
        if kem.hash() != to.kem_hash {
            return Err(DisclosureError::Kem);
        }
        let seed = NoteSeed::from_bytes(body.seed);
        let opened = reopen(&to, &kem, &seed, &published.cm, &published.ciphertext)
            .map_err(|error| DisclosureError::Opening(position, error))?;
        let says = (
            opened.note.value,
            opened.note.asset,
            opened.memo,
            opened.sender_key,
        );
        if says != (body.value, body.asset, body.memo, body.sender_key) {
            return Err(DisclosureError::Content(position));
        }
        let message = message(KIND, body);
        let from = body
            .from
            .as_ref()
            .map(|from| Address::from_text(from, network))
            .transpose()?;
        self.check_signatures(&to, from.as_ref(), &message)?;
        Ok(Shown {
            role: body.role,
            to,
            from,
            value: body.value,
            asset: body.asset,
            memo: body.memo,
            sender_key: body.sender_key,
        })
    }

    fn check_signatures(
        &self,
        to: &Address,
        from: Option<&Address>,
        message: &[u8; 32],
    ) -> Result<(), DisclosureError> {
        let HexSignature(signature) = &self.signature;
        match self.body.role {
            Role::Receiver => {
                if from.is_some() || self.from_signature.is_some() {
                    return Err(DisclosureError::Signature("an address of the sender"));
                }
                if !is_signed_by_holder(to, message, signature) {
                    return Err(DisclosureError::Signature("the receiver"));
                }
            }
            Role::Sender => {
                let key = Point::from_compressed(&self.body.sender_key);
                let key = key.map_err(|_| DisclosureError::Signature("the sender"))?;
                if !schnorr::verify(&Point::generator(), &key, message, signature) {
                    return Err(DisclosureError::Signature("the sender"));
                }
                let signed = match (from, &self.from_signature) {
                    (None, None) => true,
                    (Some(from), Some(HexSignature(signature))) => {
                        is_signed_by_holder(from, message, signature)
                    }
                    _ => false,
                };
                if !signed {
                    return Err(DisclosureError::Signature("an address of the sender"));
                }
            }
        }
        Ok(())
    }

    /// As canonical JSON.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// From canonical JSON.
    pub fn from_json(text: &str) -> Result<Self, DisclosureError> {
        Ok(json::read(text)?)
    }
}

impl core::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let body = &self.body;
        write!(f, "Receipt({:?}, position {})", body.role, body.position)
    }
}

fn body(
    role: Role,
    note: &OpenedNote,
    kem: &KemPublicKey,
    place: &Place,
    audience: Audience,
    network: Network,
    from: Option<Address>,
) -> Result<Body, DisclosureError> {
    audience.check()?;
    if kem.hash() != note.address.kem_hash {
        return Err(DisclosureError::Kem);
    }
    Ok(Body {
        asset: note.note.asset,
        audience,
        commitment: note.note.commitment(),
        from: from.map(|from| from.to_text(network)),
        kem: Base64(kem.to_bytes()),
        memo: note.memo,
        pool: place.pool,
        position: place.position,
        role,
        seed: *note.seed.as_bytes(),
        sender_key: note.sender_key,
        to: note.address.to_text(network),
        value: note.note.value,
        version: VERSION,
    })
}
