//! What the benchmarks of the shielded pool need.

use crate::*;
use frame_support::traits::{
    fungible::Mutate as _,
    fungibles::{Create, Inspect as _, Mutate as _},
};
use plume_circuits::FieldBytes;
use plume_primitives::{pots, units::PLUME};

/// Makes what the benchmarks need.
pub struct Shielded;

/// An asset that no preset has.
const ASSET: AssetId = 4_711;
/// Of its smallest units.
const AMOUNT: Balance = 1_000_000_000_000_000_000;

impl pallet_shielded_pool::BenchmarkHelper<AccountId> for Shielded {
    fn credential_root() -> FieldBytes {
        pallet_credentials::Root::<Runtime>::get()
    }

    fn asset(who: &AccountId) -> AssetId {
        if !Assets::asset_exists(ASSET) {
            <Assets as Create<AccountId>>::create(ASSET, who.clone(), true, 1)
                .expect("nobody has it");
        }
        for owner in [who.clone(), pots::shielded_pool()] {
            Assets::mint_into(ASSET, &owner, AMOUNT).expect("it exists");
        }
        ASSET
    }

    fn fund(who: &AccountId) {
        Balances::set_balance(&pots::shielded_pool(), PLUME);
        Balances::set_balance(who, 10_000 * PLUME);
    }
}
