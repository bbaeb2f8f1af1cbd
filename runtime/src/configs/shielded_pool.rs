//! Notes that nobody sees: who governs them, what a transaction pays that no account pays for, and where proofs are
//! verified.

use crate::{
    governance::{CompliancePolicy, Emergency, RootOr, TwoThirdsOfCommittee},
    *,
};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchInfo, GetDispatchInfo},
    parameter_types,
    traits::{ConstU32, ConstU64, EitherOf, OnUnbalanced, fungible::Credit},
};
use pallet_shielded_pool::{FeeHandler, Groth16};
use pallet_transaction_payment::ChargeTransactionPayment;
use plume_primitives::pots;
use sp_crypto_ec_utils::bls12_381::Bls12_381;
use sp_runtime::traits::TransactionExtension;

const DAY: Seconds = 24 * 60 * 60;

/// Bytes of a transaction around its call: its length, version, and the extensions' words.
const ENVELOPE: u32 = 16;

/// A transaction out of the pool pays what one with the same call pays that an account signs: for its weight, that
/// of its authorisation and its screening among it, and for its bytes, at the base fee of now.
pub struct SameAsSigned;

fn info(call: &RuntimeCall) -> DispatchInfo {
    let mut info = call.get_dispatch_info();
    info.extension_weight = extension(0).weight(call);
    info
}

fn length(call: &RuntimeCall) -> u32 {
    u32::try_from(call.encoded_size())
        .unwrap_or(u32::MAX)
        .saturating_add(ENVELOPE)
}

impl FeeHandler<RuntimeCall, Credit<AccountId, Balances>> for SameAsSigned {
    fn demanded(call: &RuntimeCall) -> Balance {
        TransactionPayment::compute_fee(length(call), &info(call), 0)
    }

    fn priority(call: &RuntimeCall, base_fee: Balance, tip: Balance) -> u64 {
        let length = usize::try_from(length(call)).unwrap_or(usize::MAX);
        let fee = base_fee.saturating_add(tip);
        ChargeTransactionPayment::<Runtime>::get_priority(&info(call), length, tip, fee)
    }

    fn collect(base_fee: Credit<AccountId, Balances>, tip: Credit<AccountId, Balances>) {
        Fees::on_unbalanceds([base_fee, tip].into_iter());
    }
}

parameter_types! {
    pub ShieldedPoolAccount: AccountId = pots::shielded_pool();
}

impl pallet_shielded_pool::Config for Runtime {
    type GovernanceOrigin = RootOr<CompliancePolicy>;
    /// Whoever can act at once: a broken circuit loses what is in the pool.
    type PauseOrigin = RootOr<EitherOf<Emergency, TwoThirdsOfCommittee>>;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OtherAssets = Assets;
    type PoolAccount = ShieldedPoolAccount;
    type Fees = SameAsSigned;
    type CredentialRoots = Credentials;
    type Time = Clock;
    /// Pairings and multiplications are the host's.
    type Verifier = Groth16<Bls12_381>;
    /// Limits are by the month.
    type PeriodLength = ConstU32<{ 30 * DAY }>;
    /// A proof is made within seconds. As long as a root of the credentials that were taken back.
    type MaxProofAge = ConstU32<60>;
    /// As many blocks as a proof has seconds at the fastest slot.
    type Longevity = ConstU64<240>;
    /// Four minutes of blocks that each have a transfer.
    type MaxRoots = ConstU32<1_024>;
    /// More than there is time for in a block of a second.
    type MaxLeaves = ConstU32<3_072>;
    type WeightInfo = weights::pallet_shielded_pool::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Shielded;
}
