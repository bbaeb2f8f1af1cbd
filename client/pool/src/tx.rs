//! A transaction in the pool, and how it is recognised.

use codec::{Compact, Decode, Encode};
use plume_primitives::{AccountId, Hash, Nonce};
use sc_transaction_pool_api::{
    InPoolTransaction, TransactionLongevity, TransactionPriority, TransactionTag,
};
use sp_runtime::transaction_validity::ValidTransaction;
use std::sync::Arc;

/// A validated transaction. `E` is the block's extrinsic type.
#[derive(Clone, Debug)]
pub struct Tx<E> {
    /// BLAKE2b-256 of the encoded transaction.
    pub hash: Hash,
    /// The transaction itself.
    pub data: Arc<E>,
    /// Length of its encoding.
    pub bytes: usize,
    /// What identifies it: no two transactions of one slot can be included.
    pub slot: Slot,
    /// What the runtime said when it was accepted.
    pub validity: ValidTransaction,
}

/// What orders a transaction among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A signed transaction: after the account's previous nonce.
    Nonce {
        /// The signer.
        account: AccountId,
        /// The signer's nonce.
        nonce: Nonce,
    },
    /// Any other: after whatever provides the tags that it requires.
    Tags,
}

impl<E> Tx<E> {
    /// Recognises the slot: a signed transaction provides the tag `(account, nonce)` of
    /// `frame_system::CheckNonce`.
    pub fn new(
        hash: Hash,
        data: Arc<E>,
        bytes: usize,
        signed: bool,
        validity: ValidTransaction,
    ) -> Self {
        let slot = match validity.provides.first() {
            Some(tag) if signed && tag.len() == 36 => {
                match <(AccountId, Nonce)>::decode(&mut &tag[..]) {
                    Ok((account, nonce)) => Slot::Nonce { account, nonce },
                    Err(_) => Slot::Tags,
                }
            }
            _ => Slot::Tags,
        };
        Self {
            hash,
            data,
            bytes,
            slot,
            validity,
        }
    }

    /// The tag that `frame_system::CheckNonce` provides.
    pub fn nonce_tag(account: &AccountId, nonce: Nonce) -> TransactionTag {
        (account, nonce).encode()
    }
}

impl<E> InPoolTransaction for Tx<E> {
    type Transaction = Arc<E>;
    type Hash = Hash;

    fn data(&self) -> &Arc<E> {
        &self.data
    }
    fn hash(&self) -> &Hash {
        &self.hash
    }
    fn priority(&self) -> &TransactionPriority {
        &self.validity.priority
    }
    fn longevity(&self) -> &TransactionLongevity {
        &self.validity.longevity
    }
    fn requires(&self) -> &[TransactionTag] {
        &self.validity.requires
    }
    fn provides(&self) -> &[TransactionTag] {
        &self.validity.provides
    }
    fn is_propagable(&self) -> bool {
        self.validity.propagate
    }
}

/// What the first bytes of an encoded extrinsic say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Preamble {
    /// Signed, by this account if the address is a plain account id.
    Signed(Option<AccountId>),
    /// Not signed: an inherent, a bare or a general transaction.
    Other,
}

impl Preamble {
    /// Reads an encoded extrinsic: compact length, version and type byte, address.
    pub(crate) fn of(encoded: &[u8]) -> Self {
        const SIGNED: u8 = 0b1000_0000;
        const TYPE_MASK: u8 = 0b1100_0000;
        const ADDRESS_ID: u8 = 0;
        let mut input = encoded;
        if Compact::<u32>::decode(&mut input).is_err() {
            return Self::Other;
        }
        match input {
            [version, rest @ ..] if version & TYPE_MASK == SIGNED => Self::Signed(match rest {
                [ADDRESS_ID, id @ ..] => id.get(..32).and_then(|id| AccountId::try_from(id).ok()),
                _ => None,
            }),
            _ => Self::Other,
        }
    }
}
