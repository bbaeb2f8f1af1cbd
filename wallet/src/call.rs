//! What a transaction of the pool says, byte for byte as the chain's `pallet-shielded-pool` reads it.
//!
//! The types stand here a second time so that a wallet needs nothing of FRAME. A test compares every encoding with
//! the pallet's.

use codec::{Decode, Encode};
use plume_circuits::{
    FieldBytes,
    transfer::{
        COMMITTEE_LENGTH, FLOW_LENGTH, Point, PublicAmount, verify::PROOF_BYTES_UNCOMPRESSED,
    },
};

/// Transfers of a bundle at most.
pub const MAX_BUNDLE: usize = 32;
/// Planck of a unit of PLUME in the pool.
pub const PLUME_UNIT: u128 = 1_000_000_000;
/// PLUME's number.
pub const PLUME: u32 = 0;

/// Begins the preimage of a binding.
const BINDING_DOMAIN: &[u8] = b"plume/pool/binding/1";

/// What of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Asset {
    /// PLUME.
    Native,
    /// Any other asset, by its number on the chain.
    Other(u32),
}

impl Asset {
    /// The number in notes: PLUME is 0, asset `n` is `n + 1`.
    pub const fn number(self) -> u32 {
        match self {
            Self::Native => PLUME,
            Self::Other(id) => id.saturating_add(1),
        }
    }

    /// From the number in notes.
    pub const fn from_number(number: u32) -> Self {
        match number.checked_sub(1) {
            None => Self::Native,
            Some(id) => Self::Other(id),
        }
    }
}

/// Value of an asset, in its pool units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Amount {
    /// What of.
    pub asset: Asset,
    /// Units: 10⁹ planck of PLUME, or what the asset was registered with.
    pub value: u64,
}

impl Amount {
    /// Nothing is no amount.
    pub fn of(asset: u32, value: u64) -> Option<Self> {
        (value > 0).then_some(Self {
            asset: Asset::from_number(asset),
            value,
        })
    }

    /// As it stands in public inputs.
    pub const fn public(&self) -> PublicAmount {
        PublicAmount {
            asset: self.asset.number(),
            value: self.value,
        }
    }
}

/// What a transfer says besides its proof. The chain publishes it whole, in an event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Body {
    /// The circuit that the proof is of.
    pub circuit: u32,
    /// Root of the notes' tree.
    pub note_root: FieldBytes,
    /// Root of the credentials' tree.
    pub credential_root: FieldBytes,
    /// Of the two notes that are spent.
    pub nullifiers: [FieldBytes; 2],
    /// Of the two notes that are made: payment, then change.
    pub commitments: [FieldBytes; 2],
    /// Of the counter that is spent.
    pub counter_nullifier: FieldBytes,
    /// Of the counter that is made.
    pub counter_commitment: FieldBytes,
    /// What comes into the pool.
    pub public_in: Option<Amount>,
    /// What leaves it, fee included.
    pub public_out: Option<Amount>,
    /// A moment that is not later than now, in seconds since the first block.
    pub time: u32,
    /// The key that the ciphertexts below are made with, for one use.
    pub ephemeral: Point,
    /// For the holder of the flow key.
    pub flow: [FieldBytes; FLOW_LENGTH],
    /// For the committee.
    pub identities: [FieldBytes; COMMITTEE_LENGTH],
    /// For the owners of the two notes that are made: [`plume_shielded::wire`] has the bytes.
    pub notes: [Vec<u8>; 2],
}

impl Body {
    /// All that is made, in the order of their places in the tree.
    pub fn all_commitments(&self) -> [FieldBytes; 3] {
        let [payment, change] = self.commitments;
        [payment, change, self.counter_commitment]
    }
}

/// A transfer with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Transfer {
    /// What it says.
    pub body: Body,
    /// That it may: three points that are not compressed.
    pub proof: [u8; PROOF_BYTES_UNCOMPRESSED],
}

/// What a call does with its transfers, which their proofs are bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub enum Purpose {
    /// The account brings value.
    Deposit([u8; 32]),
    /// Value changes hands.
    Transfer,
    /// So many units go to the account.
    Withdrawal {
        /// Who gets them.
        to: [u8; 32],
        /// Units of the asset that leaves.
        amount: u64,
    },
    /// Values change hands together.
    Bundle,
}

/// What all proofs of a call are bound to: its purpose, and all of its transfers but their proofs.
pub fn bind<'a>(purpose: &Purpose, bodies: impl Iterator<Item = &'a Body>) -> FieldBytes {
    let bodies: Vec<&Body> = bodies.collect();
    FieldBytes::from_hash(blake2_256(&(BINDING_DOMAIN, purpose, bodies).encode()))
}

/// The number of the pool of a chain, by the hash of its first block.
pub fn pool_id(genesis: &[u8; 32]) -> FieldBytes {
    plume_circuits::transfer::pool_id(genesis, blake2_256)
}

pub(crate) fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    let hash = blake2b_simd::Params::new().hash_length(32).hash(bytes);
    digest.copy_from_slice(hash.as_bytes());
    digest
}

/// A call of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Brings `public_in` of the transfer into the pool from the account that signs.
    Deposit(Box<Transfer>),
    /// Moves PLUME, and pays for itself.
    Transfer(Box<Transfer>),
    /// Lets units of the transfer's asset leave for an account.
    Withdraw {
        /// What leaves.
        transfer: Box<Transfer>,
        /// Pays where another asset leaves than PLUME.
        fee: Option<Box<Transfer>>,
        /// Who gets it.
        to: [u8; 32],
        /// Units.
        amount: u64,
    },
    /// Moves several assets; those of PLUME pay for all.
    Bundle(Vec<Transfer>),
}

impl Call {
    /// Its name in the pallet `ShieldedPool`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Deposit(_) => "deposit",
            Self::Transfer(_) => "transfer",
            Self::Withdraw { .. } => "withdraw",
            Self::Bundle(_) => "bundle",
        }
    }

    /// Whether an account signs it. Whatever does not travels as a general transaction.
    pub const fn is_signed(&self) -> bool {
        matches!(self, Self::Deposit(_))
    }

    /// The encoded arguments: what follows the numbers of pallet and call.
    pub fn arguments(&self) -> Vec<u8> {
        match self {
            Self::Deposit(transfer) | Self::Transfer(transfer) => transfer.encode(),
            Self::Withdraw {
                transfer,
                fee,
                to,
                amount,
            } => (transfer, fee, to, amount).encode(),
            Self::Bundle(transfers) => transfers.encode(),
        }
    }

    /// Its transfers, in order.
    pub fn transfers(&self) -> Vec<&Transfer> {
        match self {
            Self::Deposit(transfer) | Self::Transfer(transfer) => vec![transfer],
            Self::Withdraw { transfer, fee, .. } => core::iter::once(&**transfer)
                .chain(fee.as_deref())
                .collect(),
            Self::Bundle(transfers) => transfers.iter().collect(),
        }
    }

    /// Puts transfers together as a purpose asks for. `None` for too few, or too many.
    pub fn of(purpose: &Purpose, transfers: Vec<Transfer>) -> Option<Self> {
        if matches!(purpose, Purpose::Bundle) {
            return (1..=MAX_BUNDLE)
                .contains(&transfers.len())
                .then_some(Self::Bundle(transfers));
        }
        let mut transfers = transfers.into_iter();
        let (first, second) = (Box::new(transfers.next()?), transfers.next());
        let call = match *purpose {
            Purpose::Withdrawal { to, amount } => Self::Withdraw {
                transfer: first,
                fee: second.map(Box::new),
                to,
                amount,
            },
            _ if second.is_some() => return None,
            Purpose::Deposit(_) => Self::Deposit(first),
            _ => Self::Transfer(first),
        };
        transfers.next().is_none().then_some(call)
    }
}
