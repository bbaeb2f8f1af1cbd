//! Who is known, what may move, and who watches: credentials, prices, policies, and supervisors.

use crate::{
    governance::{CompliancePolicy, RootOr},
    *,
};
use frame_support::{
    parameter_types,
    traits::{
        ConstU32,
        fungibles::{Inspect, InspectHold, MutateHold},
        tokens::{Fortitude, Precision, Preservation, Restriction},
    },
    weights::Weight,
};
use plume_primitives::{
    compliance::{self, Custody, Ownership, Securities, Standing},
    pots,
};
use sp_runtime::DispatchResult;

const HOUR: Seconds = 60 * 60;
const DAY: Seconds = 24 * HOUR;
const YEAR: Seconds = 365 * DAY;

/// What the law of most places asks for: five years after a relation has ended.
type Retention = ConstU32<{ 5 * YEAR }>;

parameter_types! {
    /// A proof is made from a root within seconds, and on its way for as long.
    pub const RootDelay: Seconds = 60;
}

impl pallet_credentials::Config for Runtime {
    type AdmitOrigin = RootOr<CompliancePolicy>;
    type Time = Clock;
    type Hasher = plume_circuits::Poseidon;
    type Freezes = Regulator;
    type Lists = Compliance;
    type Signer = <Signature as sp_runtime::traits::Verify>::Signer;
    type Signature = Signature;
    type RootDelay = RootDelay;
    /// Four minutes of blocks that each issue something: as long as several proofs are on their way.
    type MaxRoots = ConstU32<1_024>;
    type MaxIssuers = ConstU32<256>;
    type MaxBatch = ConstU32<16>;
    type MaxAccounts = ConstU32<16>;
    type MaxValidity = ConstU32<{ 5 * YEAR }>;
    type MaxOfferTime = ConstU32<{ 30 * DAY }>;
    type Retention = Retention;
    type WeightInfo = weights::pallet_credentials::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Subjects;
}

impl pallet_regulator::Config for Runtime {
    type AdmitOrigin = RootOr<CompliancePolicy>;
    type Time = Clock;
    type Subjects = Credentials;
    type HeldAmounts = Compliance;
    type OnFreeze = Credentials;
    type MaxSupervisors = ConstU32<64>;
    type MaxWarrantTime = ConstU32<YEAR>;
    type MaxFreezes = ConstU32<8>;
    type MaxSealed = ConstU32<1_024>;
    type WeightInfo = weights::pallet_regulator::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Subjects;
}

impl pallet_prices::Config for Runtime {
    type AdmitOrigin = RootOr<CompliancePolicy>;
    type Time = Clock;
    type MaxSources = ConstU32<16>;
    /// Half as long as a price counts at all.
    type MaxAge = ConstU32<{ 12 * HOUR }>;
    type MaxAssets = ConstU32<32>;
    type WeightInfo = weights::pallet_prices::WeightInfo<Runtime>;
}

/// The subjects behind accounts. The chain's own pots have none, and are in good standing: what goes into them
/// and out of them is ruled by the pallets that keep them.
pub struct SubjectsAndPots;

impl compliance::Credentials<AccountId> for SubjectsAndPots {
    fn standing(who: &AccountId) -> Option<Standing> {
        if pots::is_pot(who) {
            return Some(Standing::permissive());
        }
        <Credentials as compliance::Credentials<AccountId>>::standing(who)
    }

    fn standing_weighed(who: &AccountId) -> (Option<Standing>, Weight) {
        if pots::is_pot(who) {
            return (Some(Standing::permissive()), Weight::zero());
        }
        <Credentials as compliance::Credentials<AccountId>>::standing_weighed(who)
    }

    fn weight() -> Weight {
        <Credentials as compliance::Credentials<AccountId>>::weight()
    }
}

/// Assets other than PLUME, as the screening sees them.
pub struct OtherAssets;

impl Securities<AccountId> for OtherAssets {
    fn ownership(asset: AssetId, from: &AccountId, to: &AccountId) -> Option<Ownership> {
        let details = pallet_assets::Asset::<Runtime>::get(asset)?;
        Some(Ownership {
            supply: details.supply,
            holders: details.accounts,
            sender_has: Assets::total_balance(asset, from),
            recipient_has: Assets::total_balance(asset, to),
        })
    }

    /// The asset, both accounts of it, and what is on hold there.
    fn weight() -> Weight {
        <Runtime as frame_system::Config>::DbWeight::get().reads(5)
    }
}

fn review() -> RuntimeHoldReason {
    pallet_compliance::HoldReason::ComplianceReview.into()
}

impl Custody<AccountId> for OtherAssets {
    fn can_hold(asset: AssetId) -> bool {
        <Assets as Inspect<AccountId>>::asset_exists(asset)
    }

    fn balance(asset: AssetId, who: &AccountId) -> Balance {
        Assets::total_balance(asset, who)
    }

    fn hold(asset: AssetId, who: &AccountId, amount: Balance) -> Balance {
        let can_be = <Assets as Inspect<AccountId>>::reducible_balance(
            asset,
            who,
            Preservation::Protect,
            Fortitude::Force,
        );
        let amount = amount.min(can_be);
        if amount == 0 {
            return 0;
        }
        match AssetsHolder::hold(asset, &review(), who, amount) {
            Ok(()) => amount,
            Err(_) => 0,
        }
    }

    fn release(asset: AssetId, who: &AccountId, amount: Balance) -> DispatchResult {
        AssetsHolder::release(asset, &review(), who, amount, Precision::BestEffort).map(|_| ())
    }

    fn send(asset: AssetId, who: &AccountId, to: &AccountId, amount: Balance) -> DispatchResult {
        AssetsHolder::transfer_on_hold(
            asset,
            &review(),
            who,
            to,
            amount,
            Precision::BestEffort,
            Restriction::Free,
            Fortitude::Force,
        )
        .map(|_| ())
    }

    fn held(asset: AssetId, who: &AccountId) -> Balance {
        AssetsHolder::balance_on_hold(asset, &review(), who)
    }
}

parameter_types! {
    /// Three days: a desk that closes for a weekend decides before it is over.
    pub const ReviewPeriod: Seconds = 3 * DAY;
    /// A day: most prices are fixed once.
    pub const MaxQuoteAge: Seconds = DAY;
}

impl pallet_compliance::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OtherAssets = OtherAssets;
    type Credentials = SubjectsAndPots;
    type Prices = Prices;
    type Securities = OtherAssets;
    type Freezes = Regulator;
    type OnListed = Credentials;
    type Time = Clock;
    type PolicyOrigin = RootOr<CompliancePolicy>;
    type OfficerOrigin = RootOr<CompliancePolicy>;
    type Unreturnable = super::balances::TreasuryAccount;
    type ReviewPeriod = ReviewPeriod;
    type MaxQuoteAge = MaxQuoteAge;
    type Retention = Retention;
    type MaxTrial = ConstU32<{ 90 * DAY }>;
    /// As many holds of one case end within a block, whatever the slot.
    type MaxFlows = ConstU32<64>;
    type MaxOfficers = ConstU32<64>;
    type MaxEnvelopes = ConstU32<16>;
    type MaxReturnsPerBlock = ConstU32<16>;
    type WeightInfo = weights::pallet_compliance::WeightInfo<Runtime>;
}
