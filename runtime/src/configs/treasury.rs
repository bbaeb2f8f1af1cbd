//! What the treasury spends: in PLUME, by referendum, and less on the track that takes less.

use crate::{
    governance::{
        LARGE_SPEND, RootOr, SMALL_SPEND, TreasuryLarge, TreasurySmall, paymaster::FromTreasury,
    },
    *,
};
use frame_support::{
    PalletId, parameter_types,
    traits::{ConstU32, EitherOf, tokens::UnityAssetBalanceConversion},
};
use frame_system::{EnsureRootWithSuccess, EnsureWithSuccess};
use plume_primitives::pots;
use sp_runtime::{Permill, traits::IdentityLookup};

const DAY: Seconds = 24 * 60 * 60;

parameter_types! {
    pub const TreasuryPalletId: PalletId = pots::TREASURY;
    /// Nothing but fees ever leaves issuance.
    pub const NoBurn: Permill = Permill::zero();
    pub const SmallSpend: Balance = SMALL_SPEND;
    pub const LargeSpend: Balance = LARGE_SPEND;
    pub const AnySpend: Balance = Balance::MAX;
}

impl pallet_treasury::Config for Runtime {
    type Currency = Balances;
    type RejectOrigin = RootOr<TreasuryLarge>;
    type RuntimeEvent = RuntimeEvent;
    /// When what `spend_local` approved is paid; `spend` is paid when somebody asks.
    type SpendPeriod = ConstU32<DAY>;
    type Burn = NoBurn;
    type PalletId = TreasuryPalletId;
    type BurnDestination = ();
    type WeightInfo = weights::pallet_treasury::WeightInfo<Runtime>;
    type SpendFunds = ();
    type MaxApprovals = ConstU32<16>;
    type SpendOrigin = EitherOf<
        EnsureRootWithSuccess<AccountId, AnySpend>,
        EitherOf<
            EnsureWithSuccess<TreasuryLarge, AccountId, LargeSpend>,
            EnsureWithSuccess<TreasurySmall, AccountId, SmallSpend>,
        >,
    >;
    type AssetKind = ();
    type Beneficiary = AccountId;
    type BeneficiaryLookup = IdentityLookup<AccountId>;
    type Paymaster = FromTreasury;
    type BalanceConverter = UnityAssetBalanceConversion;
    type PayoutPeriod = ConstU32<{ 30 * DAY }>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
    type BlockNumberProvider = Clock;
}

#[cfg(test)]
mod tests {
    use super::{super::balances::TreasuryAccount, *};

    #[test]
    fn the_treasury_of_the_sdk_is_the_pot_that_fees_and_dust_go_to() {
        assert_eq!(Treasury::account_id(), pots::treasury());
        assert_eq!(Treasury::account_id(), TreasuryAccount::get());
    }
}
