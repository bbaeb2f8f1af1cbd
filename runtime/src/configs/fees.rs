//! What a transaction costs, and who gets it.

use super::{balances::TreasuryAccount, parameters::dynamic_params::fee_model};
use crate::*;
use frame_support::{
    parameter_types,
    traits::{ConstU8, Get},
    weights::{
        ConstantMultiplier, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial,
        constants::WEIGHT_REF_TIME_PER_SECOND,
    },
};
use pallet_transaction_payment::FungibleAdapter;
use plume_primitives::{pots, units::*};
use smallvec::smallvec;
use sp_runtime::{Perbill, traits::Convert};

/// Planck that a second of execution costs at the genesis base fee. A transfer, with what every
/// transaction costs, takes some half a millisecond of weight, hence about 0.005 PLUME.
const PLANCK_PER_SECOND: Balance = 10 * PLUME;

/// Execution time to fee, linear.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        let per_second = Balance::from(WEIGHT_REF_TIME_PER_SECOND);
        smallvec![WeightToFeeCoefficient {
            degree: 1,
            negative: false,
            coeff_integer: PLANCK_PER_SECOND / per_second,
            coeff_frac: Perbill::from_rational(PLANCK_PER_SECOND % per_second, per_second),
        }]
    }
}

parameter_types! {
    /// Planck for each byte of a transaction: blocks are kept for ever by archives.
    pub const PlanckPerByte: Balance = MICRO_PLUME;
    pub RevenueShareAccount: AccountId = pots::revenue_share();
}

/// Encoded length to fee, linear.
pub type LengthToFee = ConstantMultiplier<Balance, PlanckPerByte>;

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    /// Institutions share in what their own transactions paid, so the pallet hears of each.
    type OnChargeTransaction =
        pallet_revenue_share::AttributedFees<FungibleAdapter<Balances, Fees>, RevenueShare>;
    type WeightToFee = WeightToFee;
    type LengthToFee = LengthToFee;
    type FeeMultiplierUpdate = pallet_fees::FollowDemand<Runtime>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
}

/// Whoever sealed the block that is executing.
pub struct BlockAuthor;

impl Get<Option<AccountId>> for BlockAuthor {
    fn get() -> Option<AccountId> {
        Authorship::author()
    }
}

/// The authors' share waits in one pot for the session's end, which says who has earned how much.
pub struct AuthorsPot;

impl Convert<AccountId, AccountId> for AuthorsPot {
    fn convert(_: AccountId) -> AccountId {
        pots::validator_rewards()
    }
}

impl pallet_fees::Config for Runtime {
    type Currency = Balances;
    type Author = BlockAuthor;
    type AuthorPayee = AuthorsPot;
    type Treasury = TreasuryAccount;
    type RevenueShare = RevenueShareAccount;
    type Shares = fee_model::Shares;
    type WeightInfo = weights::pallet_fees::WeightInfo<Runtime>;
}
