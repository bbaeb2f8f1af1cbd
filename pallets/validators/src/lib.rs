//! Keeps the permissioned list of validators and hands it to the session.
//!
//! # What it is for
//!
//! Plume's validators are known institutions. This pallet holds the list of those admitted; the
//! session pallet asks for it when a new session is planned, so a change takes effect two session
//! boundaries later, when every node has had time to see it coming.
//!
//! The list is reported with every session, changed or not, so that `historical` always has a
//! membership root and an equivocation can be proven against any stored session.
//!
//! # Who may call what
//!
//! [`Pallet::admit`] and [`Pallet::remove`]: `AdmitOrigin` only.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. There is at least one validator.
//! 2. Nobody is on the list twice.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::BuildStorage, traits::ValidatorRegistration};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Validators = pallet_validators;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime { type Block = frame_system::mocking::MockBlock<Runtime>; }
//! # pub struct EveryoneHasKeys;
//! # impl ValidatorRegistration<u64> for EveryoneHasKeys { fn is_registered(_: &u64) -> bool { true } }
//! # impl pallet_validators::Config for Runtime {
//! #     type AdmitOrigin = frame_system::EnsureRoot<u64>;
//! #     type SessionKeys = EveryoneHasKeys;
//! #     type MaxValidators = frame_support::traits::ConstU32<16>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! # let genesis = pallet_validators::GenesisConfig::<Runtime> { validators: vec![1, 2, 3, 4], ..Default::default() };
//! # sp_io::TestExternalities::from(genesis.build_storage().unwrap()).execute_with(|| {
//! assert_ok!(Validators::admit(RuntimeOrigin::root(), 5));
//! assert_eq!(pallet_validators::Admitted::<Runtime>::get().into_inner(), vec![1, 2, 3, 4, 5]);
//! # });
//! # }
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod session;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use session::{BoundedHistory, SelfIdentification};
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::{collections::BTreeSet, vec::Vec};
    use frame_support::{pallet_prelude::*, traits::ValidatorRegistration};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who admits and removes validators.
        type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Tells whether an account has registered session keys. One without would be given all-zero
        /// keys by the session pallet: an authority that never votes.
        type SessionKeys: ValidatorRegistration<Self::AccountId>;

        /// The most validators there can be.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// The admitted validators, in order of admission.
    #[pallet::storage]
    pub type Admitted<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator was admitted; it sits from the session after the next.
        Admitted { validator: T::AccountId },
        /// A validator was removed; it leaves with the session after the next.
        Removed { validator: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// This account is a validator already.
        AlreadyAdmitted,
        /// This account is not on the list of validators.
        NotAdmitted,
        /// The account has no session keys. Let it call `session.setKeys` first.
        NoSessionKeys,
        /// The list is full. Remove a validator first.
        TooManyValidators,
        /// The last validator cannot be removed: nobody would seal a block again.
        LastValidator,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The first validators; each needs keys in the session's genesis too. When empty, those of
        /// the session's genesis sit, and stay until this list is given by an upgrade.
        pub validators: Vec<T::AccountId>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses lists that are too long or name somebody twice: a genesis is built once, by an
        /// operator who reads the message.
        fn build(&self) {
            let distinct: BTreeSet<_> = self.validators.iter().collect();
            assert_eq!(
                distinct.len(),
                self.validators.len(),
                "validators.validators names an account twice"
            );
            match BoundedVec::try_from(self.validators.clone()) {
                Ok(list) => Admitted::<T>::put(list),
                Err(_) => panic!(
                    "validators.validators has more than {} accounts",
                    T::MaxValidators::get()
                ),
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts an account with session keys on the list; it sits from the session after the next.
        ///
        /// Errors with [`Error::AlreadyAdmitted`], [`Error::NoSessionKeys`] or
        /// [`Error::TooManyValidators`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit())]
        pub fn admit(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            ensure!(
                T::SessionKeys::is_registered(&validator),
                Error::<T>::NoSessionKeys
            );
            Admitted::<T>::try_mutate(|list| -> DispatchResult {
                ensure!(!list.contains(&validator), Error::<T>::AlreadyAdmitted);
                list.try_push(validator.clone())
                    .map_err(|_| Error::<T>::TooManyValidators)?;
                Ok(())
            })?;
            Self::deposit_event(Event::Admitted { validator });
            Ok(())
        }

        /// Takes an account off the list; it leaves with the session after the next.
        ///
        /// Errors with [`Error::NotAdmitted`] or [`Error::LastValidator`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn remove(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Admitted::<T>::try_mutate(|list| -> DispatchResult {
                let position = list
                    .iter()
                    .position(|v| *v == validator)
                    .ok_or(Error::<T>::NotAdmitted)?;
                ensure!(list.len() > 1, Error::<T>::LastValidator);
                list.remove(position);
                Ok(())
            })?;
            Self::deposit_event(Event::Removed { validator });
            Ok(())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxValidators::get() > 0,
                "a chain has at least one validator"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[cfg(any(feature = "try-runtime", test))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's documentation, in its order.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let list = Admitted::<T>::get();
            ensure!(!list.is_empty(), "1: there is no validator");
            let distinct: BTreeSet<_> = list.iter().collect();
            ensure!(
                distinct.len() == list.len(),
                "2: a validator is on the list twice"
            );
            Ok(())
        }
    }
}
