//! What governance can set without replacing the runtime.
//!
//! A parameter's bounds are in its type: what is out of bounds cannot be decoded, so it can neither be
//! sent, nor enacted by a referendum, nor be read back from storage.

use crate::{
    governance::{FeeModel, RootOr},
    *,
};
use frame_support::{
    dynamic_params::{dynamic_pallet_params, dynamic_params},
    traits::{EnsureOrigin, EnsureOriginWithArg},
};

/// The parameters.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
    use super::*;

    /// What the fee model's track decides.
    #[dynamic_pallet_params]
    #[codec(index = 0)]
    pub mod fee_model {
        /// How fees are divided; at least half of the base fee is burned. What the genesis chose, while
        /// nothing is set.
        #[codec(index = 0)]
        pub static Shares: pallet_fees::Shares = pallet_fees::GenesisShares::<Runtime>::get();
        /// What those who risk their stake on a validator get of what it earns. Three tenths, while nothing is
        /// set: it keeps seven for running one.
        #[codec(index = 1)]
        pub static BackersShare: plume_primitives::staking::BackersShare =
            plume_primitives::staking::BackersShare::at_most_max(
                sp_runtime::Perbill::from_percent(30),
            );
    }
}

/// Who sets which parameter.
pub struct WhoSets;

impl EnsureOriginWithArg<RuntimeOrigin, RuntimeParametersKey> for WhoSets {
    type Success = ();

    fn try_origin(
        origin: RuntimeOrigin,
        parameter: &RuntimeParametersKey,
    ) -> Result<(), RuntimeOrigin> {
        match parameter {
            RuntimeParametersKey::FeeModel(_) => RootOr::<FeeModel>::try_origin(origin),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin(parameter: &RuntimeParametersKey) -> Result<RuntimeOrigin, ()> {
        match parameter {
            RuntimeParametersKey::FeeModel(_) => RootOr::<FeeModel>::try_successful_origin(),
        }
    }
}

impl pallet_parameters::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = RuntimeParameters;
    type AdminOrigin = WhoSets;
    type WeightInfo = weights::pallet_parameters::WeightInfo<Runtime>;
}

/// What the parameter is measured with.
#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
    fn default() -> Self {
        use dynamic_params::fee_model::{Parameters, Shares};
        Self::FeeModel(Parameters::Shares(Shares, Some(Default::default())))
    }
}
