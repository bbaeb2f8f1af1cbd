//! Keeps the institutions that validate: who applied, who is admitted, who sits, what they have at stake,
//! what they earn and lose, and which network nodes are theirs.
//!
//! # The life of a validator
//!
//! ```text
//!            apply             admit              leave, remove, an offence        withdraw_bond
//! (nobody) ────────▶ Applied ────────▶ Admitted ─────────────────────────▶ Unbonding ────────▶ (nobody)
//!                       │                 ▲ ┊
//!                       └─ leave, remove  ┊ └┄ sits, or waits as a candidate, by the rules of `set`
//! ```
//!
//! 1. An institution registers session keys with the session pallet, which checks the proof that it
//!    holds them, and [applies](Pallet::apply) with the hash of its LEI (ISO 17442) and a bond: PLUME on
//!    hold, of at least [`MinimumBond`].
//! 2. `AdmitOrigin` [admits](Pallet::admit) it. When the next session is planned, it may get a seat; a
//!    plan takes effect one session later.
//! 3. It [leaves](Pallet::leave), or is [removed](Pallet::remove). Its bond stays on hold for
//!    `UnbondingTime`, longer than an offence can be proven, and is then [free](Pallet::withdraw_bond).
//! 4. New keys replace the old ones the same way: register them with the session pallet.
//!
//! # Who sits
//!
//! The set has a size of the form 3f + 1, which follows the load by one step a session; see [`set`].
//! Those with the most at stake sit, weighted with how reliable they were when they sat. The others stay
//! candidates.
//!
//! # Offences
//!
//! Double votes and double seals arrive from the offences pallet. The culprit loses the offence's part
//! of its bond to `SlashedFunds`, is taken off the list, and two sessions end early, in the next two
//! blocks, so that it is out of the set at once and not twenty minutes later. The last validator stays.
//! The stake that backs it ([`Config::Backers`]) loses the same part.
//!
//! # Rewards
//!
//! The authors' share of fees is collected in `RewardPot`. At a session's end nine tenths of what came
//! in are credited by blocks sealed, and a tenth equally to those that gave a sign of life; see
//! [`rewards`]. Those whose stake backs a validator get their share of it first ([`Config::BackersShare`]);
//! without backers the validator keeps all. Anybody may have a credit [paid out](Pallet::claim) to its owner.
//!
//! # Nodes
//!
//! A permissioned node connects to those that the chain lists: the nodes that admitted validators
//! [publish](Pallet::publish_node), and those, of any role, that `AdmitOrigin` [admits](Pallet::admit_node).
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. There is at least one admitted validator.
//! 2. Nobody is on the list twice, and those on it are the records that are admitted.
//! 3. Every bond is on hold, to the planck.
//! 4. The reward pot covers what is owed, and what is owed is the sum of the credits.
//! 5. A validator's node belongs to an admitted validator or to one that departs, and is on that one's list.
//! 6. The parameters of the set are valid.
//! 7. Whoever was punished is on record.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::BuildStorage, traits::{ConstU128, ConstU32, ConstU64, ValidatorRegistration}};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type Validators = pallet_validators;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime {
//! #     type Block = frame_system::mocking::MockBlock<Runtime>;
//! #     type AccountData = pallet_balances::AccountData<u128>;
//! # }
//! # #[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
//! # impl pallet_balances::Config for Runtime {
//! #     type AccountStore = System;
//! #     type Balance = u128;
//! #     type ExistentialDeposit = ConstU128<1>;
//! # }
//! # pub struct EveryoneHasKeys;
//! # impl ValidatorRegistration<u64> for EveryoneHasKeys { fn is_registered(_: &u64) -> bool { true } }
//! # pub struct Noon;
//! # impl frame_support::sp_runtime::traits::BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # impl pallet_validators::Config for Runtime {
//! #     type AdmitOrigin = frame_system::EnsureRoot<u64>;
//! #     type Currency = Balances;
//! #     type RuntimeHoldReason = RuntimeHoldReason;
//! #     type SessionKeys = EveryoneHasKeys;
//! #     type Time = Noon;
//! #     type UnbondingTime = ConstU32<86_400>;
//! #     type SlashedFunds = ConstU64<98>;
//! #     type RewardPot = ConstU64<99>;
//! #     type Backers = ();
//! #     type BackersShare = ();
//! #     type MaxValidators = ConstU32<16>;
//! #     type MaxRecords = ConstU32<32>;
//! #     type MaxNodes = ConstU32<32>;
//! #     type MaxNodesPerValidator = ConstU32<4>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! # let mut storage = pallet_validators::GenesisConfig::<Runtime> { validators: vec![1, 2, 3, 4], ..Default::default() }.build_storage().unwrap();
//! # pallet_balances::GenesisConfig::<Runtime> { balances: vec![(5, 2_000), (98, 1), (99, 1)], ..Default::default() }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! let lei_hash = frame_support::sp_runtime::traits::BlakeTwo256::hash(b"5493001KJTIIGC8Y1R12");
//! # use frame_support::sp_runtime::traits::Hash;
//! assert_ok!(Validators::apply(RuntimeOrigin::signed(5), lei_hash, 1_500));
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
mod bonds;
mod genesis;
#[cfg(any(feature = "try-runtime", feature = "std", test))]
mod invariants;
mod membership;
mod nodes;
mod offences;
pub mod rewards;
mod session;
pub mod set;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use nodes::{PeerId, is_peer_id};
pub use pallet::*;
pub use session::{BoundedHistory, EndsSession, SelfIdentification, SessionBlocksOf};
pub use types::{DEFAULT_SESSION_BLOCKS, FULL_RELIABILITY, MIN_SESSION_BLOCKS, Record, Status};
pub use weights::WeightInfo;

use plume_primitives::{Balance, Seconds};
use sp_core::H256;
use types::{Expulsion, PUNISHED_SESSIONS};

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
    /// Registers fresh session keys for an account.
    fn give_keys(who: &AccountId);
    /// Lets some stake back a validator, so that a reward and a slash reach it.
    fn give_backer(validator: &AccountId);
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use crate::set::{SMALLEST_SET, SetParameters};
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            ValidatorRegistration,
            fungible::{Inspect, Mutate, hold::Mutate as MutateHold},
        },
    };
    use frame_system::pallet_prelude::*;
    use plume_primitives::{
        api::NodeRole,
        staking::{OnReward, OnSlash},
    };
    use sp_runtime::{Perbill, traits::BlockNumberProvider};
    use sp_staking::SessionIndex;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who admits and removes validators and nodes, and sets the parameters.
        type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// PLUME.
        type Currency: Mutate<Self::AccountId>
            + Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Why PLUME is on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Tells whether an account has registered session keys. One without would be given all-zero
        /// keys by the session pallet: an authority that never votes.
        type SessionKeys: ValidatorRegistration<Self::AccountId>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// How long a bond stays on hold after its owner has left: longer than an offence can be proven.
        #[pallet::constant]
        type UnbondingTime: Get<Seconds>;

        /// The account that slashed bonds go to.
        type SlashedFunds: Get<Self::AccountId>;

        /// The account that collects the authors' share of fees.
        type RewardPot: Get<Self::AccountId>;

        /// The stake that backs validators: it earns and loses with them.
        type Backers: OnReward<Self::AccountId> + OnSlash<Self::AccountId>;

        /// The part of a validator's rewards that its backers are offered, if it has some. When it is
        /// small nobody backs anybody; when it is large an institution gains nothing by validating.
        type BackersShare: Get<Perbill>;

        /// The most validators that can be admitted.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// The most institutions there can be records of: applicants, admitted, and unbonding ones.
        #[pallet::constant]
        type MaxRecords: Get<u32>;

        /// The most nodes that can be listed.
        #[pallet::constant]
        type MaxNodes: Get<u32>;

        /// The most nodes that a validator can publish.
        #[pallet::constant]
        type MaxNodesPerValidator: Get<u32>;

        type WeightInfo: WeightInfo;

        /// Gives keys to the validators that are measured with.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Why this pallet holds PLUME.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A validator's bond.
        ValidatorBond,
    }

    /// The admitted validators, in order of admission.
    #[pallet::storage]
    pub type Admitted<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// What is known of every institution that applied, is admitted, or has yet to get its bond back.
    #[pallet::storage]
    pub type Records<T: Config> = CountedStorageMap<_, Twox64Concat, T::AccountId, Record>;

    /// The part of bond and backing that a validator has lost for a session's offences, of the last sessions
    /// that it lost any for; the earliest punished first.
    #[pallet::storage]
    pub type Punished<T: Config> = StorageMap<
        _,
        Twox64Concat,
        T::AccountId,
        BoundedVec<(SessionIndex, Perbill), ConstU32<PUNISHED_SESSIONS>>,
        ValueQuery,
    >;

    /// Who left and still sits: its nodes are let in until its seat is gone.
    #[pallet::storage]
    pub type Departing<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// Planck that an applicant has to put at stake.
    #[pallet::storage]
    pub type MinimumBond<T> = StorageValue<_, Balance, ValueQuery>;

    /// How the set follows the load.
    #[pallet::storage]
    pub type Parameters<T> = StorageValue<_, SetParameters, ValueQuery>;

    /// Seats of the session planned last.
    #[pallet::storage]
    pub type Seats<T> = StorageValue<_, u32, ValueQuery>;

    /// How full blocks are, smoothed.
    #[pallet::storage]
    pub type Fullness<T> = StorageValue<_, Perbill, ValueQuery>;

    /// Who sits in this session.
    #[pallet::storage]
    pub type Seated<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// Who will sit in the sessions that are planned: the next one, and during its planning the one after.
    #[pallet::storage]
    pub type Plans<T: Config> = StorageMap<
        _,
        Twox64Concat,
        SessionIndex,
        BoundedVec<T::AccountId, T::MaxValidators>,
        OptionQuery,
    >;

    /// Blocks in a session.
    #[pallet::storage]
    pub type SessionBlocks<T> = StorageValue<_, u32, ValueQuery, ConstU32<DEFAULT_SESSION_BLOCKS>>;

    /// How many sessions still have to end early.
    #[pallet::storage]
    pub type Hurry<T> = StorageValue<_, u8, ValueQuery>;

    /// Blocks that a validator sealed in this session; there for all that gave a sign of life.
    #[pallet::storage]
    pub type Sealed<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, u32, OptionQuery>;

    /// Planck that a validator has earned and not been paid.
    #[pallet::storage]
    pub type Credits<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, Balance, ValueQuery>;

    /// The sum of all credits.
    #[pallet::storage]
    pub type Owed<T> = StorageValue<_, Balance, ValueQuery>;

    /// The nodes that a permissioned network lets in, with the validator that published them, if one did.
    #[pallet::storage]
    pub type Nodes<T: Config> =
        CountedStorageMap<_, Twox64Concat, PeerId, (NodeRole, Option<T::AccountId>)>;

    /// The nodes that a validator has published.
    #[pallet::storage]
    pub type NodesOf<T: Config> = StorageMap<
        _,
        Twox64Concat,
        T::AccountId,
        BoundedVec<PeerId, T::MaxNodesPerValidator>,
        ValueQuery,
    >;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An institution asks to be admitted.
        Applied {
            validator: T::AccountId,
            lei_hash: H256,
            bond: Balance,
        },
        /// A validator was admitted; it may sit from the session after the next.
        Admitted { validator: T::AccountId },
        /// A validator has put more at stake.
        BondIncreased {
            validator: T::AccountId,
            bond: Balance,
        },
        /// An application was withdrawn or declined; the bond is free.
        ApplicationEnded { validator: T::AccountId },
        /// A validator has left the list, or was removed. Its bond is free at `until`, in seconds since
        /// the first block.
        Removed {
            validator: T::AccountId,
            until: Seconds,
        },
        /// The bond of a validator that had left is free.
        BondWithdrawn {
            validator: T::AccountId,
            bond: Balance,
        },
        /// A validator has lost part of its bond for an offence.
        Slashed {
            validator: T::AccountId,
            amount: Balance,
            /// The session of the offence.
            session: SessionIndex,
        },
        /// Applicants have to put this much at stake.
        MinimumBondSet { amount: Balance },
        /// The set follows the load differently.
        ParametersSet { parameters: SetParameters },
        /// The session after the next has another number of seats.
        SeatsChanged { seats: u32, fullness: Perbill },
        /// What a session's validators have earned was credited to them, and what their backers have was
        /// handed over.
        Rewarded {
            session: SessionIndex,
            validators: u32,
            /// Planck credited to the validators.
            amount: Balance,
            /// Planck handed over for their backers.
            backers: Balance,
        },
        /// A credit was paid out.
        Claimed {
            validator: T::AccountId,
            amount: Balance,
        },
        /// A node is let in.
        NodeAdmitted {
            peer_id: PeerId,
            role: NodeRole,
            owner: Option<T::AccountId>,
        },
        /// A node is let in no longer.
        NodeExpelled { peer_id: PeerId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// This account is a validator already.
        AlreadyAdmitted,
        /// This account is not on the list of validators.
        NotAdmitted,
        /// This account has applied already. Wait for the decision, or leave first.
        AlreadyApplied,
        /// This account has not applied. Let it call `validators.apply` first.
        NotApplied,
        /// The bond of this account is still unbonding. Withdraw it before applying again.
        Unbonding,
        /// The bond is not free yet. The record says from when on.
        TooEarly,
        /// Nothing is known of this account: it has not applied.
        Unknown,
        /// The account has no session keys. Let it call `session.setKeys` first.
        NoSessionKeys,
        /// The bond is below the minimum. See `validators.minimumBond`.
        BondTooSmall,
        /// The list is full. Remove a validator first.
        TooManyValidators,
        /// There are too many applications. Decline one first.
        TooManyRecords,
        /// The last validator cannot leave: nobody would seal a block again.
        LastValidator,
        /// The parameters contradict each other: 4 <= min <= max, low < high, smoothing_blocks > 0.
        BadParameters,
        /// These bytes are no peer id of an ed25519 key: 38 bytes that begin 00 24 08 01 12 20.
        BadPeerId,
        /// The node is on the list already.
        NodeListed,
        /// The node is not on the list, or not this validator's.
        NodeNotListed,
        /// The list of nodes is full, or this validator has published as many as it may.
        TooManyNodes,
        /// There is nothing to pay out.
        NothingEarned,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The first validators; each needs keys in the session's genesis too. When empty, those of
        /// the session's genesis sit, and stay until this list is given by an upgrade.
        pub validators: Vec<T::AccountId>,
        /// Planck that each of them puts at stake; each needs more than this in the balances.
        pub bond: Balance,
        /// Planck that later applicants put at stake at least.
        pub minimum_bond: Balance,
        /// How the set follows the load.
        pub parameters: SetParameters,
        /// Blocks in a session; the default when zero.
        pub session_blocks: u32,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what no chain should begin with: a genesis is built once, by an operator who reads the
        /// message.
        fn build(&self) {
            Pallet::<T>::begin(self);
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts an applicant on the list; it may sit from the session after the next.
        ///
        /// Errors with [`Error::NotApplied`], [`Error::AlreadyAdmitted`], [`Error::Unbonding`],
        /// [`Error::NoSessionKeys`] or [`Error::TooManyValidators`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit())]
        pub fn admit(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Self::do_admit(validator)
        }

        /// Takes a validator off the list, or declines an application. A validator that sits leaves with
        /// the session after the next, and its bond is free after `UnbondingTime`; an applicant's is free
        /// at once.
        ///
        /// Errors with [`Error::Unknown`], [`Error::NotAdmitted`] or [`Error::LastValidator`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn remove(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Self::do_leave(&validator, Expulsion::AtOnce)
        }

        /// Asks to be admitted, with the hash of the institution's LEI and a bond in planck.
        ///
        /// Errors with [`Error::AlreadyApplied`], [`Error::AlreadyAdmitted`], [`Error::Unbonding`],
        /// [`Error::NoSessionKeys`], [`Error::BondTooSmall`], [`Error::TooManyRecords`], or when the
        /// account has less than the bond.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::apply())]
        pub fn apply(origin: OriginFor<T>, lei_hash: H256, bond: Balance) -> DispatchResult {
            let validator = ensure_signed(origin)?;
            Self::do_apply(validator, lei_hash, bond)
        }

        /// Puts more at stake. Who has more at stake sits first.
        ///
        /// Errors with [`Error::Unknown`], [`Error::Unbonding`], or when the account has less.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::bond_more())]
        pub fn bond_more(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let validator = ensure_signed(origin)?;
            Self::do_bond_more(validator, amount)
        }

        /// Leaves the list of validators, or withdraws the application; as [`Pallet::remove`], but asked
        /// for by the institution itself.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove())]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let validator = ensure_signed(origin)?;
            Self::do_leave(&validator, Expulsion::WithItsSeat)
        }

        /// Frees the bond of a validator that has left, after `UnbondingTime`. Anybody may ask for it.
        ///
        /// Errors with [`Error::Unknown`] or [`Error::TooEarly`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::withdraw_bond())]
        pub fn withdraw_bond(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_withdraw_bond(validator)
        }

        /// Sets what later applicants have to put at stake, in planck.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_minimum_bond())]
        pub fn set_minimum_bond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            MinimumBond::<T>::put(amount);
            Self::deposit_event(Event::MinimumBondSet { amount });
            Ok(())
        }

        /// Sets how the set follows the load, from the next session to be planned on.
        ///
        /// Errors with [`Error::BadParameters`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_parameters())]
        pub fn set_parameters(origin: OriginFor<T>, parameters: SetParameters) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            ensure!(parameters.is_valid(), Error::<T>::BadParameters);
            Parameters::<T>::put(parameters);
            Self::deposit_event(Event::ParametersSet { parameters });
            Ok(())
        }

        /// Lists a node of the calling validator, so that permissioned nodes let it in.
        ///
        /// Errors with [`Error::NotAdmitted`], [`Error::BadPeerId`], [`Error::NodeListed`] or
        /// [`Error::TooManyNodes`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::publish_node())]
        pub fn publish_node(origin: OriginFor<T>, peer_id: PeerId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_publish_node(owner, peer_id)
        }

        /// Takes a node of the calling validator off the list.
        ///
        /// Errors with [`Error::NodeNotListed`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::withdraw_node())]
        pub fn withdraw_node(origin: OriginFor<T>, peer_id: PeerId) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            Self::do_withdraw_node(caller, peer_id)
        }

        /// Lists a node of any role, so that permissioned nodes let it in.
        ///
        /// Errors with [`Error::BadPeerId`], [`Error::NodeListed`] or [`Error::TooManyNodes`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::admit_node())]
        pub fn admit_node(origin: OriginFor<T>, peer_id: PeerId, role: NodeRole) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Self::list_node(peer_id, role, None)
        }

        /// Takes any node off the list.
        ///
        /// Errors with [`Error::NodeNotListed`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::expel_node())]
        pub fn expel_node(origin: OriginFor<T>, peer_id: PeerId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Self::unlist_node(peer_id)
        }

        /// Pays out what a validator has earned, to the validator. Anybody may ask for it.
        ///
        /// Errors with [`Error::NothingEarned`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::claim())]
        pub fn claim(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_claim(validator)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Reserves the weight of noting the author and of measuring the block.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::on_block()
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::measure();
        }

        fn integrity_test() {
            assert!(
                T::MaxValidators::get() > 0,
                "a chain has at least one validator"
            );
            assert!(
                T::MaxRecords::get() >= T::MaxValidators::get(),
                "every validator has a record"
            );
            assert!(
                SetParameters::default().is_valid(),
                "the set's default parameters are valid"
            );
            assert!(
                SetParameters::default().max >= SMALLEST_SET,
                "the default set bears a fault"
            );
            assert_ne!(
                T::RewardPot::get(),
                T::SlashedFunds::get(),
                "what is slashed is nobody's reward"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
