//! Many payments of one account, with totals, for one auditor.

use super::{
    Audience, DisclosureError, Published, is_signed_by_holder, message, receipt::HexSignature,
    sender_secret, sign_as_holder,
};
use crate::{
    Address, FullViewingKey, KemPublicKey, Memo, Network, NoteSeed, OpenedNote, Point,
    encryption::reopen,
    json::{self, Base64},
    schnorr,
};
use plume_circuits::FieldBytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u8 = 1;
const KIND: &str = "statement";

/// Which way an amount went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Movement {
    /// To the account. That somebody else paid it is what the account says.
    Received,
    /// From the account to somebody else.
    Sent,
    /// From the account to itself: change.
    Own,
}

/// A payment in a statement. Who it was paid to is one of the statement's parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    asset: u32,
    #[serde(with = "json::hexadecimal")]
    commitment: FieldBytes,
    #[serde(with = "json::hexadecimal")]
    memo: Memo,
    movement: Movement,
    party: u32,
    #[serde(with = "json::decimal")]
    position: u64,
    #[serde(with = "json::hexadecimal")]
    seed: [u8; 32],
    #[serde(with = "json::hexadecimal")]
    sender_key: [u8; 32],
    #[serde(with = "json::decimal")]
    value: u64,
}

impl Entry {
    /// In the asset's pool unit.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// Number of the asset.
    pub fn asset(&self) -> u32 {
        self.asset
    }

    /// Which way it went.
    pub fn movement(&self) -> Movement {
        self.movement
    }

    /// Where it is in the tree of notes.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The memo.
    pub fn memo(&self) -> &Memo {
        &self.memo
    }
}

/// Sums of one asset, in its pool unit. Change is in neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    asset: u32,
    received: String,
    sent: String,
}

impl Total {
    /// Number of the asset.
    pub fn asset(&self) -> u32 {
        self.asset
    }

    /// What came in, as a decimal number of up to 128 bits.
    pub fn received(&self) -> &str {
        &self.received
    }

    /// What went out.
    pub fn sent(&self) -> &str {
        &self.sent
    }
}

/// Somebody who was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Party {
    address: String,
    kem: Base64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    audience: Audience,
    #[serde(with = "json::decimal")]
    end: u64,
    entries: Vec<Entry>,
    #[serde(with = "json::decimal")]
    first: u64,
    parties: Vec<Party>,
    #[serde(with = "json::hexadecimal")]
    pool: FieldBytes,
    /// H(ak, nk) of the account.
    #[serde(with = "json::hexadecimal")]
    pool_key: FieldBytes,
    totals: Vec<Total>,
    version: u8,
}

/// Payments of one account between two positions of the tree of notes, with totals, signed for one auditor: see
/// [the module](super).
///
/// The account signs with the key of each of its addresses that is in it, and as the sender of each note that it
/// sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    body: Body,
    /// One for each party that is the account's, in order.
    holder_signatures: Vec<HexSignature>,
    /// One for each entry that was sent or is change, in order.
    sender_signatures: Vec<HexSignature>,
}

/// Puts a statement together.
pub struct StatementBuilder<'a> {
    key: &'a FullViewingKey,
    network: Network,
    parties: Vec<(Address, Party)>,
    entries: Vec<Entry>,
}

impl<'a> StatementBuilder<'a> {
    /// Begins one for an account.
    pub fn new(key: &'a FullViewingKey, network: Network) -> Self {
        Self {
            key,
            network,
            parties: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Adds a payment at a position. `kem` is the key of whoever was paid.
    pub fn add(
        &mut self,
        note: &OpenedNote,
        position: u64,
        kem: &KemPublicKey,
    ) -> Result<(), DisclosureError> {
        if kem.hash() != note.address.kem_hash {
            return Err(DisclosureError::Kem);
        }
        let incoming = self.key.incoming();
        let own = incoming.address_at(note.address.diversifier) == Some(note.address);
        let sent = sender_secret(self.key, note.seed.as_bytes(), &note.sender_key).is_ok();
        let movement = match (own, sent) {
            (true, true) => Movement::Own,
            (true, false) => Movement::Received,
            (false, true) => Movement::Sent,
            (false, false) => return Err(DisclosureError::NotAParty),
        };
        let known = self
            .parties
            .iter()
            .position(|(address, _)| *address == note.address);
        let party = known.unwrap_or_else(|| {
            let party = Party {
                address: note.address.to_text(self.network),
                kem: Base64(kem.to_bytes()),
            };
            self.parties.push((note.address, party));
            self.parties.len() - 1
        });
        self.entries.push(Entry {
            asset: note.note.asset,
            commitment: note.note.commitment(),
            memo: note.memo,
            movement,
            party: u32::try_from(party).map_err(|_| DisclosureError::Entries)?,
            position,
            seed: *note.seed.as_bytes(),
            sender_key: note.sender_key,
            value: note.note.value,
        });
        Ok(())
    }

    /// Signs it for an auditor. All positions must be in `first..end`, and no two the same.
    pub fn sign(
        mut self,
        pool: FieldBytes,
        (first, end): (u64, u64),
        audience: Audience,
    ) -> Result<Statement, DisclosureError> {
        audience.check()?;
        self.entries.sort_by_key(|entry| entry.position);
        check_order(&self.entries, first, end)?;
        let (addresses, parties): (Vec<_>, Vec<_>) = self.parties.into_iter().unzip();
        let body = Body {
            audience,
            end,
            totals: totals(&self.entries),
            entries: self.entries,
            first,
            parties,
            pool,
            pool_key: self.key.pool_key(),
            version: VERSION,
        };
        let message = message(KIND, &body);
        let own = addresses
            .iter()
            .filter(|address| address.pool_key == body.pool_key);
        let holder_signatures = own
            .map(|address| sign_as_holder(self.key, address, &message).map(HexSignature))
            .collect::<Result<_, _>>()?;
        let mut sender_signatures = Vec::new();
        for entry in body.entries.iter().filter(|entry| entry.is_sent()) {
            let secret = sender_secret(self.key, &entry.seed, &entry.sender_key)?;
            let signature = schnorr::sign(&Point::generator(), &secret, &message)?;
            sender_signatures.push(HexSignature(signature));
        }
        Ok(Statement {
            body,
            holder_signatures,
            sender_signatures,
        })
    }
}

impl Entry {
    fn is_sent(&self) -> bool {
        self.movement != Movement::Received
    }
}

impl Statement {
    /// The payments, in the order of the chain.
    pub fn entries(&self) -> &[Entry] {
        &self.body.entries
    }

    /// The totals, in the order of the assets' numbers.
    pub fn totals(&self) -> &[Total] {
        &self.body.totals
    }

    /// The positions that it is about: the first, and the one after the last.
    pub fn period(&self) -> (u64, u64) {
        (self.body.first, self.body.end)
    }

    /// Checks everything but that nothing was left out. `published` gives what the chain has at a position.
    pub fn verify(
        &self,
        expected: &Audience,
        pool: &FieldBytes,
        published: impl Fn(u64) -> Option<Published>,
        network: Network,
    ) -> Result<(), DisclosureError> {
        let body = &self.body;
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
        check_order(&body.entries, body.first, body.end)?;
        if body.totals != totals(&body.entries) {
            return Err(DisclosureError::Totals);
        }
        let message = message(KIND, body);
        let parties = self.parties(&message, network)?;
        let mut sender_signatures = self.sender_signatures.iter();
        for entry in &body.entries {
            let party = usize::try_from(entry.party).ok();
            let party = party.and_then(|party| parties.get(party));
            let (address, kem) = party.ok_or(DisclosureError::Entries)?;
            let on_chain = published(entry.position)
                .filter(|on_chain| on_chain.cm == entry.commitment)
                .ok_or(DisclosureError::NotOnChain(entry.position))?;
            self.check_entry(entry, address, kem, &on_chain)?;
            if entry.is_sent() {
                let signed = sender_signatures.next().is_some_and(|signature| {
                    Point::from_compressed(&entry.sender_key).is_ok_and(|key| {
                        schnorr::verify(&Point::generator(), &key, &message, &signature.0)
                    })
                });
                if !signed {
                    return Err(DisclosureError::Signature("the sender of a note"));
                }
            }
        }
        match sender_signatures.next() {
            None => Ok(()),
            Some(_) => Err(DisclosureError::Signature("the sender of a note")),
        }
    }

    /// All parties; each that has the account's pool key must have signed.
    fn parties(
        &self,
        message: &[u8; 32],
        network: Network,
    ) -> Result<Vec<(Address, KemPublicKey)>, DisclosureError> {
        let mut signatures = self.holder_signatures.iter();
        let mut parties = Vec::new();
        for party in &self.body.parties {
            let address = Address::from_text(&party.address, network)?;
            let kem = KemPublicKey::from_bytes(&party.kem.0).map_err(|_| DisclosureError::Kem)?;
            if kem.hash() != address.kem_hash {
                return Err(DisclosureError::Kem);
            }
            if address.pool_key == self.body.pool_key {
                let signature = signatures.next();
                if !signature.is_some_and(|HexSignature(signature)| {
                    is_signed_by_holder(&address, message, signature)
                }) {
                    return Err(DisclosureError::Signature("the account"));
                }
            }
            parties.push((address, kem));
        }
        match signatures.next() {
            None => Ok(parties),
            Some(_) => Err(DisclosureError::Signature("the account")),
        }
    }

    fn check_entry(
        &self,
        entry: &Entry,
        address: &Address,
        kem: &KemPublicKey,
        on_chain: &Published,
    ) -> Result<(), DisclosureError> {
        let seed = NoteSeed::from_bytes(entry.seed);
        let opened = reopen(address, kem, &seed, &on_chain.cm, &on_chain.ciphertext)
            .map_err(|error| DisclosureError::Opening(entry.position, error))?;
        let says = (
            opened.note.value,
            opened.note.asset,
            opened.memo,
            opened.sender_key,
        );
        let own = address.pool_key == self.body.pool_key;
        if says != (entry.value, entry.asset, entry.memo, entry.sender_key)
            || own != (entry.movement != Movement::Sent)
        {
            return Err(DisclosureError::Content(entry.position));
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

impl core::fmt::Debug for Statement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Statement({} entries)", self.body.entries.len())
    }
}

fn check_order(entries: &[Entry], first: u64, end: u64) -> Result<(), DisclosureError> {
    let mut next = first;
    for entry in entries {
        if entry.position < next || entry.position >= end {
            return Err(DisclosureError::Entries);
        }
        next = entry.position.saturating_add(1);
    }
    Ok(())
}

/// 2⁶⁴ entries of 64 bits fit into 128, so the sums cannot overflow.
fn totals(entries: &[Entry]) -> Vec<Total> {
    let mut sums = BTreeMap::<u32, (u128, u128)>::new();
    for entry in entries {
        let (received, sent) = sums.entry(entry.asset).or_default();
        match entry.movement {
            Movement::Received => *received += u128::from(entry.value),
            Movement::Sent => *sent += u128::from(entry.value),
            Movement::Own => (),
        }
    }
    let total = |(asset, (received, sent)): (u32, (u128, u128))| Total {
        asset,
        received: received.to_string(),
        sent: sent.to_string(),
    };
    sums.into_iter().map(total).collect()
}
