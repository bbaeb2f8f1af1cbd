//! Keeps the network's slot length and counts whole seconds since its first block.
//!
//! # What it is for
//!
//! Block numbers drift: a missed slot is a missing block, and a network may choose another slot
//! length. Whatever has to last a *time* (a release schedule, a voting period, a window) therefore
//! counts seconds, and asks [`Pallet`] for them as a [`BlockNumberProvider`].
//!
//! The slot length is a network's choice at genesis and never changes afterwards; Aura, the
//! timestamp's minimum period and the block weight limit all derive from it.
//!
//! # Who may call what
//!
//! There is nothing to call. The genesis configuration sets the slot length; the timestamp inherent
//! moves the clock.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. The slot length passes [`validate_slot_duration`].
//! 2. The clock reads zero until the first timestamp is set.
//!
//! # Example
//!
//! ```
//! # use frame_support::{derive_impl, sp_runtime::BuildStorage, traits::OnTimestampSet};
//! # use sp_runtime::traits::BlockNumberProvider;
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Timestamp = pallet_timestamp;
//! #     #[runtime::pallet_index(2)] pub type Clock = pallet_clock;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime { type Block = frame_system::mocking::MockBlock<Runtime>; }
//! # #[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
//! # impl pallet_timestamp::Config for Runtime {}
//! # impl pallet_clock::Config for Runtime {}
//! # fn main() {
//! # let storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! Clock::on_timestamp_set(1_700_000_000_000); // the first block
//! assert_eq!(Clock::current_block_number(), 0);
//! Clock::on_timestamp_set(1_700_000_061_500); // 61.5 s later
//! assert_eq!(Clock::current_block_number(), 61);
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

pub use pallet::*;

#[cfg(test)]
mod tests;

use frame_support::traits::{Get, OnTimestampSet};
use plume_primitives::{
    Moment, Seconds,
    consensus::{DEFAULT_SLOT_DURATION_MS, validate_slot_duration},
};
use sp_runtime::traits::BlockNumberProvider;

/// Milliseconds in a second.
const MS_PER_SECOND: Moment = 1_000;

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
    pub trait Config: frame_system::Config + pallet_timestamp::Config<Moment = Moment> {}

    /// What a network that says nothing gets.
    #[pallet::type_value]
    pub fn DefaultSlotDurationMs() -> Moment {
        DEFAULT_SLOT_DURATION_MS
    }

    /// Length of a slot, in milliseconds. Set at genesis, then constant.
    #[pallet::storage]
    pub type SlotDurationMs<T> = StorageValue<_, Moment, ValueQuery, DefaultSlotDurationMs>;

    /// Timestamp of the first block, in milliseconds since the Unix epoch; none before that block.
    #[pallet::storage]
    pub type FirstTimestampMs<T> = StorageValue<_, Moment, OptionQuery>;

    /// Whole seconds between the first block's timestamp and the latest one.
    #[pallet::storage]
    pub type ElapsedSeconds<T> = StorageValue<_, Seconds, ValueQuery>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Length of a slot in milliseconds: even, 200 to 12,000.
        pub slot_duration_ms: Moment,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slot_duration_ms: DEFAULT_SLOT_DURATION_MS,
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses a slot length that cannot work: a genesis is built once, by an operator who reads
        /// the message, and never in a block.
        fn build(&self) {
            if let Err(error) = validate_slot_duration(self.slot_duration_ms) {
                panic!("clock.slotDurationMs is {}: {error}", self.slot_duration_ms);
            }
            SlotDurationMs::<T>::put(self.slot_duration_ms);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[cfg(any(feature = "try-runtime", feature = "std", test))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's documentation, in its order.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            ensure!(
                validate_slot_duration(SlotDurationMs::<T>::get()).is_ok(),
                "1: the slot length is out of bounds"
            );
            ensure!(
                FirstTimestampMs::<T>::exists() || ElapsedSeconds::<T>::get() == 0,
                "2: the clock moved before the first timestamp"
            );
            Ok(())
        }
    }
}

impl<T: Config> OnTimestampSet<Moment> for Pallet<T> {
    fn on_timestamp_set(now_ms: Moment) {
        let first_ms = FirstTimestampMs::<T>::mutate(|first| *first.get_or_insert(now_ms));
        let elapsed = now_ms
            .saturating_sub(first_ms)
            .checked_div(MS_PER_SECOND)
            .unwrap_or_default();
        // 2³² seconds are 136 years.
        ElapsedSeconds::<T>::put(Seconds::try_from(elapsed).unwrap_or(Seconds::MAX));
    }
}

/// Seconds since the first block, wherever the SDK asks for a block number.
///
/// Within a block it reads the previous block's time until the timestamp inherent has run.
impl<T: Config> BlockNumberProvider for Pallet<T> {
    type BlockNumber = Seconds;

    fn current_block_number() -> Seconds {
        ElapsedSeconds::<T>::get()
    }

    #[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
    fn set_block_number(seconds: Seconds) {
        FirstTimestampMs::<T>::mutate(|first| *first.get_or_insert(0));
        ElapsedSeconds::<T>::put(seconds);
    }
}

impl<T: Config> Pallet<T> {
    /// The slot length in milliseconds.
    ///
    /// The limits of a block derive from it and are asked for a dozen times per transaction. It never
    /// changes after genesis, and every entry into the wasm runtime begins with fresh memory, so there
    /// it is read from state once and remembered until the entry ends.
    pub fn slot_duration_ms() -> Moment {
        #[cfg(feature = "std")]
        return SlotDurationMs::<T>::get();
        #[cfg(not(feature = "std"))]
        {
            use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
            static REMEMBERED_MS: AtomicU64 = AtomicU64::new(0);
            match REMEMBERED_MS.load(Relaxed) {
                0 => {
                    let slot_ms = SlotDurationMs::<T>::get();
                    REMEMBERED_MS.store(slot_ms, Relaxed);
                    slot_ms
                }
                slot_ms => slot_ms,
            }
        }
    }
}

/// The slot length in milliseconds, as Aura and the limits ask for it.
pub struct SlotDuration<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<Moment> for SlotDuration<T> {
    fn get() -> Moment {
        Pallet::<T>::slot_duration_ms()
    }
}

/// Half a slot in milliseconds: the least time between the timestamps of two blocks.
pub struct MinimumPeriod<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<Moment> for MinimumPeriod<T> {
    fn get() -> Moment {
        Pallet::<T>::slot_duration_ms()
            .checked_div(2)
            .unwrap_or_default()
    }
}
