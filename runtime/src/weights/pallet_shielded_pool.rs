//! The weights of `pallet_shielded_pool` until `scripts/weights` has measured them: the pallet's own estimates, which
//! are from above and say in `pallets/shielded-pool/src/weights.rs` what they are made of.

use core::marker::PhantomData;
use frame_support::weights::Weight;

/// Weight functions for `pallet_shielded_pool`.
pub struct WeightInfo<T>(PhantomData<T>);

macro_rules! estimated {
	($($name:ident($($argument:ident: $kind:ty)?)),* $(,)?) => {
		impl<T: frame_system::Config> pallet_shielded_pool::WeightInfo for WeightInfo<T> {
			$(fn $name($($argument: $kind)?) -> Weight {
				<() as pallet_shielded_pool::WeightInfo>::$name($($argument)?)
			})*
		}
	};
}

estimated!(
    deposit(),
    transfer(),
    authorize_transfer(),
    withdraw(),
    authorize_withdraw(),
    bundle(n: u32),
    authorize_bundle(n: u32),
    settle_root(),
    set_policy(),
    set_flow_key(),
    set_committee_key(),
    register_circuit(),
    retire_circuit(),
    register_asset(),
    set_paused(),
);
