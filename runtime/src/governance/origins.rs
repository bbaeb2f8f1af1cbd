//! What a passed referendum acts as: one origin a track. And how long the tracks' periods last.
//!
//! The protocol track acts as root, which is not listed here. Everything else that holders decide has an
//! origin of its own, which can do what the runtime gave to it and nothing more.

pub use pallet::*;

use frame_support::traits::EnsureOrigin;
use plume_primitives::Seconds;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// What the hooks of other pallets cost without saying so.
        type UnsaidHooks: Get<Weight>;
    }

    /// Who a referendum's call comes from.
    #[pallet::origin]
    #[derive(
        Clone,
        Copy,
        Debug,
        PartialEq,
        Eq,
        Encode,
        Decode,
        DecodeWithMemTracking,
        MaxEncodedLen,
        TypeInfo,
    )]
    pub enum Origin {
        /// Changes how fees are divided, within bounds.
        #[codec(index = 0)]
        FeeModel,
        /// Admits and removes validators and nodes, and sets how their set follows the load.
        #[codec(index = 1)]
        ValidatorAdmission,
        /// Sets the policies that screening applies.
        #[codec(index = 2)]
        CompliancePolicy,
        /// Spends little of the treasury.
        #[codec(index = 3)]
        TreasurySmall,
        /// Spends more of the treasury.
        #[codec(index = 4)]
        TreasuryLarge,
        /// Has a call executed as root that the technical committee has whitelisted.
        #[codec(index = 5)]
        Emergency,
    }

    /// Every period of governance is divided by this. Set at genesis, then constant.
    #[pallet::storage]
    pub type PeriodDivisor<T> = StorageValue<_, u32, ValueQuery, ConstU32<1>>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Every period of governance is divided by this: 1 on a network that is meant to last, more where
        /// somebody wants to see a referendum pass within minutes.
        pub period_divisor: u32,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                period_divisor: 1,
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses a divisor of zero: a genesis is built once, by an operator who reads the message.
        fn build(&self) {
            assert!(
                self.period_divisor > 0,
                "origins.periodDivisor is 0: periods are divided by it; write 1 to leave them as they are"
            );
            PeriodDivisor::<T>::put(self.period_divisor);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::UnsaidHooks::get()
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            ensure!(
                PeriodDivisor::<T>::get() > 0,
                "the periods' divisor is zero"
            );
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// How long a period lasts on this network that lasts for `seconds` on others; a second at least.
        pub fn period(seconds: Seconds) -> Seconds {
            seconds
                .checked_div(PeriodDivisor::<T>::get())
                .unwrap_or(seconds)
                .max(1)
        }
    }
}

macro_rules! each_lets_its_own_origin_pass {
    ($($name:ident),* $(,)?) => {
        $(
            #[doc = concat!("Lets [`Origin::", stringify!($name), "`] pass, and nobody else.")]
            pub struct $name;

            impl<O: Into<Result<Origin, O>> + From<Origin>> EnsureOrigin<O> for $name {
                type Success = ();

                fn try_origin(origin: O) -> Result<(), O> {
                    origin.into().and_then(|origin| match origin {
                        Origin::$name => Ok(()),
                        other => Err(other.into()),
                    })
                }

                #[cfg(feature = "runtime-benchmarks")]
                fn try_successful_origin() -> Result<O, ()> {
                    Ok(Origin::$name.into())
                }
            }
        )*
    };
}

each_lets_its_own_origin_pass!(
    FeeModel,
    ValidatorAdmission,
    CompliancePolicy,
    TreasurySmall,
    TreasuryLarge,
    Emergency,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Runtime;
    use sp_runtime::BuildStorage;

    #[test]
    #[should_panic(expected = "origins.periodDivisor is 0")]
    fn a_genesis_that_divides_by_zero_is_refused() {
        let _ = GenesisConfig::<Runtime> {
            period_divisor: 0,
            ..Default::default()
        }
        .build_storage();
    }

    #[test]
    fn periods_are_whole_where_a_genesis_says_nothing() {
        let storage = GenesisConfig::<Runtime>::default()
            .build_storage()
            .expect("it builds");
        sp_io::TestExternalities::from(storage).execute_with(|| {
            assert_eq!(Pallet::<Runtime>::period(86_400), 86_400);
        });
    }
}
