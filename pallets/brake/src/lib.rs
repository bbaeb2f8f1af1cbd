//! Lets a committee pause calls, for a bounded time and not again at once.
//!
//! # What it is for
//!
//! Somebody finds a hole in a call, and a vote of all holders takes days. Until then a few may stop that
//! call, and do nothing else: a pause moves nobody's funds, touches no state but its own, ends by itself,
//! and cannot be renewed until the call has been open for a while. Whoever wants more asks for a vote.
//!
//! The pausing itself is the SDK's (`pallet_tx_pause`, behind [`TransactionPause`]): its list is what the
//! runtime's call filter reads. This pallet decides who may put calls on that list, and takes them off.
//!
//! ```text
//!  pause(call, seconds)              ends, or lift(call)                    rested
//! ──────────────────────▶ paused ───────────────────────▶ open, at rest ─────────────▶ open
//!                         ≤ MaxPause                       Rest: cannot be paused again
//! ```
//!
//! # Who may call what
//!
//! | call | who |
//! |---|---|
//! | [`Pallet::pause`] | `PauseOrigin`, for at most `MaxPause` |
//! | [`Pallet::lift`] | `LiftOrigin` |
//!
//! What keeps the chain and its government going cannot be paused; the runtime says what that is. Whoever
//! may write the SDK's list directly (root) lifts a pause here first: this pallet would end at its time
//! what it began.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. No call is listed twice.
//! 2. No pause ends later than `MaxPause` from now, and no rest lasts longer than `Rest` beyond that.
//!
//! A pause that is over is ended at the beginning of the next block, whatever else that block does.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_noop, assert_ok, derive_impl, parameter_types, traits::{ConstU32, Contains, Everything, Nothing, Hooks, TransactionPause}};
//! # use frame_support::sp_runtime::{BuildStorage, traits::BlockNumberProvider};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type TxPause = pallet_tx_pause;
//! #     #[runtime::pallet_index(2)] pub type Brake = pallet_brake;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime { type Block = frame_system::mocking::MockBlock<Runtime>; }
//! # impl pallet_tx_pause::Config for Runtime {
//! #     type RuntimeEvent = RuntimeEvent;
//! #     type RuntimeCall = RuntimeCall;
//! #     type PauseOrigin = frame_system::EnsureRoot<u64>;
//! #     type UnpauseOrigin = frame_system::EnsureRoot<u64>;
//! #     type WhitelistedCalls = Nothing;
//! #     type MaxNameLen = ConstU32<32>;
//! #     type WeightInfo = ();
//! # }
//! # parameter_types! { pub static Now: u32 = 0; }
//! # pub struct Time;
//! # impl BlockNumberProvider for Time { type BlockNumber = u32; fn current_block_number() -> u32 { Now::get() } }
//! # impl pallet_brake::Config for Runtime {
//! #     type PauseOrigin = frame_system::EnsureSigned<u64>;
//! #     type LiftOrigin = frame_system::EnsureRoot<u64>;
//! #     type CallName = pallet_tx_pause::RuntimeCallNameOf<Runtime>;
//! #     type Calls = TxPause;
//! #     type KnownCalls = Everything;
//! #     type Time = Time;
//! #     type MaxPause = ConstU32<3_600>;
//! #     type Rest = ConstU32<7_200>;
//! #     type MaxPauses = ConstU32<8>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! # let storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! # let name = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
//! let call: (_, _) = (name("System"), name("remark"));
//! # let call: pallet_tx_pause::RuntimeCallNameOf<Runtime> = call;
//! assert_ok!(Brake::pause(RuntimeOrigin::signed(1), call.clone(), 600));
//! assert!(<TxPause as TransactionPause>::is_paused(call.clone()));
//! Now::set(600);
//! Brake::on_initialize(1);
//! assert!(!<TxPause as TransactionPause>::is_paused(call.clone()));
//! // Two hours of rest before it can be paused again:
//! assert_noop!(
//!     Brake::pause(RuntimeOrigin::signed(1), call.clone(), 600),
//!     pallet_brake::Error::<Runtime>::AtRest
//! );
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

#[cfg(feature = "runtime-benchmarks")]
extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod tests;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use types::Pause;
pub use weights::WeightInfo;

use frame_support::traits::{TransactionPause, TransactionPauseError};

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<CallName> {
    /// A call that exists and can be paused.
    fn real_call() -> CallName;
    /// Any name as long as names can be, another one for each number; not that of [`Self::real_call`].
    fn call(number: u32) -> CallName;
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use frame_support::{pallet_prelude::*, traits::Contains};
    use frame_system::pallet_prelude::*;
    use plume_primitives::Seconds;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who may pause a call.
        type PauseOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who may end a pause early.
        type LiftOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// How a call is named.
        type CallName: Parameter + MaxEncodedLen;

        /// Whoever pauses calls, and knows which cannot be paused.
        type Calls: TransactionPause<CallIdentifier = Self::CallName>;

        /// The calls that exist. Without it a misspelt name would seem to be paused.
        type KnownCalls: Contains<Self::CallName>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// The longest pause, in seconds. Long enough for a fast vote to decide what comes after.
        #[pallet::constant]
        type MaxPause: Get<Seconds>;

        /// How long a call has to be open after a pause before it can be paused again, in seconds. Were it
        /// zero, `PauseOrigin` could renew a pause for ever.
        #[pallet::constant]
        type Rest: Get<Seconds>;

        /// The most calls that can be paused or at rest at the same time.
        #[pallet::constant]
        type MaxPauses: Get<u32>;

        type WeightInfo: WeightInfo;

        /// Names calls to measure with.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::CallName>;
    }

    /// The calls that are paused, or open but at rest.
    #[pallet::storage]
    pub type Pauses<T: Config> =
        StorageValue<_, BoundedVec<Pause<T::CallName>, T::MaxPauses>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A call is paused until `ends`, and cannot be paused again before `rested`; both in seconds since
        /// the first block.
        Paused {
            call: T::CallName,
            ends: Seconds,
            rested: Seconds,
        },
        /// A call is open again, and cannot be paused before `rested`.
        Ended { call: T::CallName, rested: Seconds },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// There is no such call. Names are those of the metadata, as `Balances` and `transfer_keep_alive`.
        UnknownCall,
        /// This call cannot be paused: the chain or its government would stand still.
        CannotBePaused,
        /// The call is paused already. Wait for the end, or lift the pause.
        AlreadyPaused,
        /// A pause lasts a second at least, and `brake.maxPause` at most. A longer one takes a vote.
        BadDuration,
        /// The call was paused a while ago and has to stay open until `brake.pauses` says. To pause it
        /// earlier takes a vote.
        AtRest,
        /// Too many calls are paused or at rest. Lift pauses, or wait until rests are over.
        TooManyPauses,
        /// This call is not paused, or not by this pallet.
        NotPaused,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Pauses a call for so many seconds: nobody but root can send it until then.
        ///
        /// Errors with [`Error::BadDuration`], [`Error::UnknownCall`], [`Error::CannotBePaused`],
        /// [`Error::AlreadyPaused`], [`Error::AtRest`] or [`Error::TooManyPauses`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::pause())]
        pub fn pause(origin: OriginFor<T>, call: T::CallName, duration: Seconds) -> DispatchResult {
            T::PauseOrigin::ensure_origin(origin)?;
            ensure!(
                duration > 0 && duration <= T::MaxPause::get(),
                Error::<T>::BadDuration
            );
            ensure!(T::KnownCalls::contains(&call), Error::<T>::UnknownCall);
            let now = T::Time::current_block_number();
            let pause = Pause::new(call.clone(), now, duration, T::Rest::get());
            let (ends, rested) = (pause.ends, pause.rested);
            Pauses::<T>::try_mutate(|pauses| {
                pauses.retain(|pause| !pause.is_rested(now));
                if let Some(before) = pauses.iter().find(|other| other.call == call) {
                    return Err(if before.on {
                        Error::<T>::AlreadyPaused
                    } else {
                        Error::<T>::AtRest
                    });
                }
                pauses
                    .try_push(pause)
                    .map_err(|_| Error::<T>::TooManyPauses)?;
                T::Calls::pause(call.clone()).map_err(Error::<T>::from)
            })?;
            Self::deposit_event(Event::Paused { call, ends, rested });
            Ok(())
        }

        /// Ends a pause now. The call's rest begins.
        ///
        /// Errors with [`Error::NotPaused`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::lift())]
        pub fn lift(origin: OriginFor<T>, call: T::CallName) -> DispatchResult {
            T::LiftOrigin::ensure_origin(origin)?;
            let now = T::Time::current_block_number();
            Pauses::<T>::try_mutate(|pauses| {
                let pause = pauses
                    .iter_mut()
                    .find(|pause| pause.on && pause.call == call)
                    .ok_or(Error::<T>::NotPaused)?;
                Self::end(pause, now);
                Ok(())
            })
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Ends the pauses that are over.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let mut pauses = Pauses::<T>::get();
            if pauses.is_empty() {
                return T::WeightInfo::on_block(0);
            }
            let now = T::Time::current_block_number();
            let mut over: u32 = 0;
            for pause in pauses.iter_mut().filter(|pause| pause.is_over(now)) {
                Self::end(pause, now);
                over = over.saturating_add(1);
            }
            if over > 0 {
                Pauses::<T>::put(pauses);
            }
            T::WeightInfo::on_block(over)
        }

        fn integrity_test() {
            assert!(T::MaxPause::get() > 0, "a pause lasts for a while");
            assert!(T::Rest::get() > 0, "a pause cannot be renewed for ever");
            assert!(T::MaxPauses::get() > 0, "something can be paused");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> Pallet<T> {
        /// Lets a call through again and begins its rest.
        fn end(pause: &mut Pause<T::CallName>, now: Seconds) {
            *pause = pause.clone().ended(now);
            // An error means that it is not on the list any more: root has taken it off.
            let _ = T::Calls::unpause(pause.call.clone());
            Self::deposit_event(Event::Ended {
                call: pause.call.clone(),
                rested: pause.rested,
            });
        }
    }

    #[cfg(any(feature = "try-runtime", feature = "std", test))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's documentation, in its order.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let pauses = Pauses::<T>::get();
            for (place, pause) in pauses.iter().enumerate() {
                ensure!(
                    pauses
                        .iter()
                        .skip(place.saturating_add(1))
                        .all(|other| other.call != pause.call),
                    "1: a call is listed twice"
                );
                let latest = T::Time::current_block_number().saturating_add(T::MaxPause::get());
                ensure!(pause.ends <= latest, "2: a pause is too long");
                ensure!(
                    pause.rested <= latest.saturating_add(T::Rest::get()),
                    "2: a rest is too long"
                );
            }
            Ok(())
        }
    }
}

impl<T> From<TransactionPauseError> for Error<T> {
    fn from(error: TransactionPauseError) -> Self {
        match error {
            TransactionPauseError::NotFound => Self::UnknownCall,
            TransactionPauseError::AlreadyPaused => Self::AlreadyPaused,
            TransactionPauseError::AlreadyUnpaused => Self::NotPaused,
            TransactionPauseError::Unpausable | TransactionPauseError::Unknown => {
                Self::CannotBePaused
            }
        }
    }
}
