//! Keeps value in notes that nobody sees, lets it change hands by proof, and lets no more of it out than came in.
//!
//! # What it is for
//!
//! 1. Somebody [deposits](Pallet::deposit) an amount. It is seen, and screened as any other flow; the note that it
//!    becomes is not.
//! 2. Whoever can spend notes [transfers](Pallet::transfer) them, alone or in a [bundle](Pallet::bundle). A proof
//!    shows that the notes exist, that they are the sender's, that nothing is created, that the sender has a
//!    credential and stays within its tier's limit, and that the ciphertexts for regulator and committee say the
//!    truth (`plume_circuits::transfer`). The chain learns nothing else.
//! 3. Somebody [withdraws](Pallet::withdraw): an amount leaves the pool for an account, seen and screened again.
//!
//! A transfer of whatever kind spends two notes and a counter, and makes two notes and a counter; what is not
//! needed is a dummy. So each adds three [nullifiers](Nullifiers) and three leaves, and all look the same.
//!
//! # What is checked, in this order
//!
//! What costs least comes first, and the proof last: a transaction that is refused before costs its sender a
//! transaction on the network and a node some reads.
//!
//! | | check | reads | refused as |
//! |---|---|---|---|
//! | 1 | the pool is open, and the call is not filtered | 2 | [`Paused`](Error::Paused) |
//! | 2 | the transfers have the form that the call asks for, and spend nothing twice | 0 | [`BadForm`](Error::BadForm), [`BadAmount`](Error::BadAmount), [`SpentTwice`](Error::SpentTwice), [`EmptyNote`](Error::EmptyNote) |
//! | 3 | the moment is not later than now, nor older than `MaxProofAge` | 1 | [`TooEarly`](Error::TooEarly), [`TooOld`](Error::TooOld) |
//! | 4 | the fee is what the fee rules demand, or more | 1 | [`FeeTooLow`](Error::FeeTooLow) |
//! | 5 | the circuit counts now | 1 | [`UnknownCircuit`](Error::UnknownCircuit), [`CircuitRetired`](Error::CircuitRetired) |
//! | 6 | the tree, and the block, have room | 2 | [`PoolFull`](Error::PoolFull), [`BlockFull`](Error::BlockFull) |
//! | 7 | what leaves is in the pool, and can arrive | 4 | [`TurnstileExceeded`](Error::TurnstileExceeded), [`CannotPay`](Error::CannotPay) |
//! | 8 | the roots are known | 5 each | [`UnknownRoot`](Error::UnknownRoot), [`UnknownCredentialRoot`](Error::UnknownCredentialRoot) |
//! | 9 | nothing was spent before | 3 each | [`Spent`](Error::Spent) |
//! | 10 | there are policies and keys for the moment | 3 | [`NoPolicies`](Error::NoPolicies), [`NoKeys`](Error::NoKeys) |
//! | 11 | all proofs are good, verified together | 0 | [`BadProof`](Error::BadProof) |
//!
//! A deposit is dispatched like any other call of an account, which pays for it. The other calls have no signed
//! origin: they are checked when they are authorised, by the pool of every node and again in the block, and their
//! dispatch cannot fail after that.
//!
//! # Fees
//!
//! They are PLUME, and come out of the pool: a new account can withdraw to itself without having anything. What
//! the [fee rules](FeeHandler) demand of a transaction of this weight and length has to leave the pool in its
//! public outputs beside what is withdrawn; whatever is beyond it is a tip. A transfer of another asset shows no
//! PLUME, so it comes in a bundle (or a withdrawal) with a transfer of PLUME that pays for both.
//! Wallets should offer round fees: an unusual one is a mark.
//!
//! # What identifies a transaction
//!
//! Its nullifiers: they are what it [provides](frame_support::pallet_prelude::ValidTransaction::provides), so of two
//! transactions that spend the same note a pool keeps one. Anybody can turn a Groth16 proof into another good one
//! for the same inputs; that is still the same transaction, and finds its notes spent. Everything else that a call
//! says is [bound](statement::bind) by each of its proofs.
//!
//! # Screening
//!
//! | call | flows |
//! |---|---|
//! | [`deposit`](Pallet::deposit) | `public_in`, from the signer to the pool's account |
//! | [`withdraw`](Pallet::withdraw) | `amount`, from the pool's account to `to`; the asset is that of `public_out` |
//! | [`transfer`](Pallet::transfer), [`bundle`](Pallet::bundle) | none that can be seen: policies inside the proof, and the flow ciphertext, take screening's place |
//! | all others | none |
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | an account | [`deposit`](Pallet::deposit) |
//! | whoever has a proof | [`transfer`](Pallet::transfer), [`withdraw`](Pallet::withdraw), [`bundle`](Pallet::bundle) |
//! | `GovernanceOrigin` | [`set_policy`](Pallet::set_policy), [`set_flow_key`](Pallet::set_flow_key), [`set_committee_key`](Pallet::set_committee_key), [`register_circuit`](Pallet::register_circuit), [`retire_circuit`](Pallet::retire_circuit), [`register_asset`](Pallet::register_asset) |
//! | `PauseOrigin` | [`set_paused`](Pallet::set_paused) |
//!
//! Whoever acts as root could carry a call with an authorised origin, and so past its proof. That is no new power
//! (root writes storage as it likes), and even then no note is spent twice and the turnstile holds.
//!
//! # Where notes are
//!
//! Commitments are leaves of a tree of depth 16, of which [what is needed to append](Edge) is kept. A block's leaves wait in
//! [`Pending`] until its end, where they are appended and the root is computed once; so a note can be spent from
//! the next block on. The last `MaxRoots` [roots](roots) count. Ciphertexts are in events and nowhere else.
//!
//! Nullifiers are kept behind BLAKE2b-128 although they are hashes already. That they are is shown by a proof; if
//! ever a circuit or its setup were broken, chosen nullifiers could make the trie deep for everybody. Behind a hash
//! of its own its shape depends on no proof.
//!
//! # Turnstile
//!
//! Of each asset the pool counts what entered and what left, fees included. More than entered never leaves: a
//! broken circuit, or a leaked secret of its setup, can take from those who are in the pool, but create nothing.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. Of each asset no more left than entered. PLUME on hold in the pool's account is exactly what entered and did
//!    not leave. Of another asset the account has that and the asset's minimum balance, or more: anybody may send
//!    it some, and that stays there.
//! 2. An asset that entered is registered with a unit.
//! 3. No leaves are pending between blocks, and as many leaves were appended as positions were given.
//! 4. The ring has the roots from `first` to `next`, at most `MaxRoots`, none twice; the newest is the tree's.
//! 5. There are as many nullifiers as leaves: three of each for a transfer.
//! 6. Schedules are in ascending order; keys in them are points of the subgroup.
//! 7. Each circuit has a key, and is not retired before it counts.
//! 8. Each policy has a place of its own, its leaf is in the tree, and the last root of the schedule is the tree's.
//!
//! # Example
//!
//! The public inputs that a proof of a deposit has to be made for:
//!
//! ```
//! use pallet_shielded_pool::{Amount, asset_number, statement::{Purpose, bind, pool_id}};
//! use plume_primitives::compliance::Asset;
//! use plume_circuits::FieldBytes;
//!
//! let amount = Amount { asset: Asset::Native, value: 2_500_000_000 }; // 2.5 PLUME in units of 10⁹ planck
//! assert_eq!(amount.public().element(), FieldBytes::from(2_500_000_000u64));
//! assert_eq!(asset_number(Asset::Other(7)), 8);
//!
//! // A proof for one chain is none for another.
//! assert_ne!(pool_id(&[1u8; 32]), pool_id(&[2u8; 32]));
//! // And a deposit by one account is none by another.
//! let of = |who: u64| bind(&Purpose::Deposit(&who), [].into_iter());
//! assert_ne!(of(1), of(2));
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
mod checks;
mod governing;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod money;
pub mod roots;
pub mod schedule;
mod settling;
pub mod statement;
#[cfg(test)]
mod tests;
mod types;
pub mod verifier;
pub mod weights;

pub use pallet::*;
pub use plume_circuits::transfer::{Jurisdictions, Point};
pub use types::*;
pub use verifier::{Groth16, ProofVerifier};
pub use weights::WeightInfo;

use frame_support::traits::fungible::Credit;
use plume_primitives::Balance;

/// PLUME that has left the pool and not yet reached those who get the fees.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// The chain's fee rules.
pub trait FeeHandler<Call, Credit> {
    /// Planck that are demanded now of a transaction with this call: as much as of one that an account signs, for
    /// the weight of the call, of its authorisation and of what every transaction has, and for its bytes.
    fn demanded(call: &Call) -> Balance;

    /// The priority of a transaction that pays this, as for one that an account pays for.
    fn priority(call: &Call, base_fee: Balance, tip: Balance) -> u64;

    /// Takes a fee. Half of the base fee is burned, as everywhere.
    fn collect(base_fee: Credit, tip: Credit);
}

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
    /// A root of the credentials' tree that counts.
    fn credential_root() -> plume_circuits::FieldBytes;
    /// An asset besides PLUME, of which the account and the pool's have 10¹⁸ of its smallest units.
    fn asset(who: &AccountId) -> plume_primitives::AssetId;
    /// Gives the account 10,000 PLUME.
    fn fund(who: &AccountId);
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use crate::{money, roots, schedule::Schedule, statement::Purpose};
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible, fungibles},
    };
    use frame_system::pallet_prelude::*;
    use plume_circuits::{FieldBytes, frontier::Frontier, transfer::Jurisdictions, tree::Group};
    use plume_primitives::{AssetId, Seconds, compliance::Asset, credentials::CredentialRoots};
    use sp_core::H256;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Why the pool's account holds PLUME.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// It is in notes.
        Shielded,
    }

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>, RuntimeCall: From<Call<Self>>>
    {
        /// Who sets policies and keys, and registers circuits and assets.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who stops the pool, and lets it go on.
        type PauseOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// PLUME.
        type Currency: fungible::hold::Mutate<
                Self::AccountId,
                Reason = Self::RuntimeHoldReason,
                Balance = Balance,
            > + fungible::hold::Balanced<Self::AccountId>;

        /// The overarching reason to hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Assets other than PLUME.
        type OtherAssets: fungibles::Mutate<Self::AccountId, AssetId = AssetId, Balance = Balance>;

        /// The account that has what is in the pool. Nobody's key is its.
        type PoolAccount: Get<Self::AccountId>;

        /// The fee rules.
        type Fees: FeeHandler<Self::RuntimeCall, CreditOf<Self>>;

        /// Which roots of the credentials' tree count.
        type CredentialRoots: CredentialRoots;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// Verifies proofs.
        type Verifier: ProofVerifier;

        /// Length of a period, in seconds. Limits are for a period, and pseudonyms last for one. The circuits
        /// know periods by number, so it never changes.
        #[pallet::constant]
        type PeriodLength: Get<Seconds>;

        /// How old the moment of a proof may be. Shorter than a proof takes to be made and sent, and nobody can
        /// pay; longer, and expired credentials and replaced policies count on.
        #[pallet::constant]
        type MaxProofAge: Get<Seconds>;

        /// How many blocks a transaction waits in a pool before it is forgotten.
        #[pallet::constant]
        type Longevity: Get<u64>;

        /// The most roots that count, at most one a block. Fewer than there are blocks while a proof is made and
        /// on its way, and a busy pool breaks proofs.
        #[pallet::constant]
        type MaxRoots: Get<u32>;

        /// The most leaves of a block.
        #[pallet::constant]
        type MaxLeaves: Get<u32>;

        type WeightInfo: WeightInfo;

        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Whether the pool is stopped.
    #[pallet::storage]
    pub type Paused<T> = StorageValue<_, bool, ValueQuery>;

    /// What is spent. Behind a hash of its own: the pallet's documentation says why.
    #[pallet::storage]
    pub type Nullifiers<T> = StorageMap<_, Blake2_128Concat, FieldBytes, ()>;

    /// Leaves of the block that is executing. Empty between blocks.
    #[pallet::storage]
    pub type Pending<T: Config> = StorageValue<_, BoundedVec<FieldBytes, T::MaxLeaves>, ValueQuery>;

    /// The position of the next leaf.
    #[pallet::storage]
    pub type NextPosition<T> = StorageValue<_, u64, ValueQuery>;

    /// The right edge of the tree of notes.
    #[pallet::storage]
    pub type Edge<T> = StorageValue<_, Frontier<{ roots::NOTES_DEPTH }>, ValueQuery>;

    /// Roots that count, by number.
    #[pallet::storage]
    pub type Ring<T> = StorageMap<_, Twox64Concat, u64, FieldBytes>;

    /// Their numbers.
    #[pallet::storage]
    pub type RootNumbers<T> = StorageMap<_, Blake2_128Concat, FieldBytes, u64>;

    /// Where the ring begins and ends.
    #[pallet::storage]
    pub type RingState<T> = StorageValue<_, roots::State, ValueQuery>;

    /// What has passed in and out, by asset.
    #[pallet::storage]
    pub type Turnstiles<T> = StorageMap<_, Twox64Concat, Asset, Turnstile, ValueQuery>;

    /// Smallest units of an asset that are one in the pool. PLUME's is [`PLUME_UNIT`].
    #[pallet::storage]
    pub type Units<T> = StorageMap<_, Twox64Concat, AssetId, Balance>;

    /// Circuits, by version.
    #[pallet::storage]
    pub type Circuits<T> = StorageMap<_, Twox64Concat, CircuitVersion, Circuit>;

    /// Keys of the regulator, by the first second of the period from which on they count.
    #[pallet::storage]
    pub type FlowKeys<T> = StorageValue<_, Schedule<Point>, ValueQuery>;

    /// Keys of the committee.
    #[pallet::storage]
    pub type CommitteeKeys<T> = StorageValue<_, Schedule<Point>, ValueQuery>;

    /// Roots of the policies' tree.
    #[pallet::storage]
    pub type PolicyRoots<T> = StorageValue<_, Schedule<FieldBytes>, ValueQuery>;

    /// The policies' tree: groups of four siblings, by level and place.
    #[pallet::storage]
    pub type PolicyNodes<T> = StorageMap<_, Twox64Concat, (u32, u32), Group>;

    /// The leaf of an asset and a tier. It keeps its place when it is emptied.
    #[pallet::storage]
    pub type PolicyPlaces<T> = StorageMap<_, Twox64Concat, (u32, u8), u32>;

    /// How many places were given.
    #[pallet::storage]
    pub type PolicyCount<T> = StorageValue<_, u32, ValueQuery>;

    /// Policies, by the place of their leaf.
    #[pallet::storage]
    pub type Policies<T> = StorageMap<_, Twox64Concat, u32, Policy>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A transfer took effect. Its three commitments are the leaves at `first` and the two after it. All
        /// that wallets, regulator and committee need is in it.
        Transferred { first: u64, transfer: Box<Body> },
        /// An account brought an amount into the pool.
        Deposited { who: T::AccountId, amount: Amount },
        /// An amount left the pool for an account.
        Withdrawn { to: T::AccountId, amount: Amount },
        /// A transaction paid for itself, in planck.
        FeePaid { base_fee: Balance, tip: Balance },
        /// The tree has a new root, after so many leaves.
        RootChanged { root: FieldBytes, leaves: u64 },
        /// The pool was stopped, or goes on.
        PauseSet { paused: bool },
        /// What a tier may move of an asset is decided; nothing when `limit` is none. The root counts from a
        /// second on.
        PolicySet {
            asset: Asset,
            tier: u8,
            limit: Option<u64>,
            receiver_known: bool,
            jurisdictions: Jurisdictions,
            root: FieldBytes,
            from: Seconds,
        },
        /// Flows are encrypted to this key from a period on.
        FlowKeySet { period: Period, key: Point },
        /// Identities are encrypted to this key from a second on.
        CommitteeKeySet { from: Seconds, key: Point },
        /// Proofs of a circuit count from a second on. `key` is the BLAKE2b-256 of its verifying key.
        CircuitRegistered {
            circuit: CircuitVersion,
            key: [u8; 32],
            from: Seconds,
        },
        /// Proofs of a circuit no longer count from a second on.
        CircuitRetired {
            circuit: CircuitVersion,
            until: Seconds,
        },
        /// An asset can be deposited. So many of its smallest units are one in the pool.
        AssetRegistered { asset: AssetId, unit: Balance },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The pool is stopped. Wait until governance lets it go on; notes stay good.
        Paused,
        /// The transfers do not have the form that this call asks for. Make the transaction with a wallet for
        /// this version of the chain.
        BadForm,
        /// An amount is zero, of the wrong asset, or more than the asset's supply can be.
        BadAmount,
        /// The transaction spends the same note twice.
        SpentTwice,
        /// A commitment is zero, which is an empty leaf.
        EmptyNote,
        /// The proof says a moment that is later than now. Set the clock, or wait.
        TooEarly,
        /// The proof says a moment that is longer ago than `shieldedPool.maxProofAge`. Prove again.
        TooOld,
        /// The fee is less than what is demanded now. Prove again with a higher one.
        FeeTooLow,
        /// No circuit has this version. Update the wallet, or wait until it is registered.
        UnknownCircuit,
        /// The circuit does not count yet. Wait.
        CircuitNotYetActive,
        /// The circuit counts no longer. Update the wallet and prove again.
        CircuitRetired,
        /// All leaves of the tree are taken. A new pool has to be opened.
        PoolFull,
        /// The block has as many leaves as it may. The next one takes it.
        BlockFull,
        /// The asset is not in the pool. Have it registered.
        UnknownAsset,
        /// More would leave the pool than entered it.
        TurnstileExceeded,
        /// The account has less of the asset, or would keep less than the asset's minimum balance. Deposit less, or
        /// all of it.
        CannotDeposit,
        /// The account cannot be paid: the amount is below the existential deposit, the asset is frozen, or the
        /// account is the pool's own.
        CannotPay,
        /// The root of the notes is no recent one of this chain. Synchronise the wallet and prove again.
        UnknownRoot,
        /// The root of the credentials counts no longer. Fetch the credential's path and prove again.
        UnknownCredentialRoot,
        /// A note was spent already.
        Spent,
        /// No policies count at this moment. Governance has to set them.
        NoPolicies,
        /// Regulator or committee have no key for this moment. Governance has to set it.
        NoKeys,
        /// The proof is not good for what the transaction says on this chain.
        BadProof,
        /// The pool's account does not have what it should. It will not happen.
        Inconsistent,
        /// A key is not on its curve, not in its subgroup, or the neutral element; or it is no verifying key of
        /// a transfer.
        BadKey,
        /// It would count from too early a moment on. Choose one to come.
        FromTooEarly,
        /// So much changed of late that nothing more may. Wait for `shieldedPool.maxProofAge` seconds.
        TooManyChanges,
        /// A circuit of this version is registered. Take the next number.
        KnownCircuit,
        /// The tier is not 1, 2 or 3.
        BadTier,
        /// All 256 places for policies are taken.
        TooManyPolicies,
        /// The asset is registered, and its unit never changes.
        KnownAsset,
        /// The asset does not exist, or its unit is zero.
        BadAsset,
        /// The pool's account has less of the asset than its minimum balance. Send it that first.
        NotEndowed,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Circuits whose proofs count from the first block on: version and verifying key.
        pub circuits: Vec<(CircuitVersion, sp_core::Bytes)>,
        /// The regulator's first key: x and y.
        pub flow_key: Option<(H256, H256)>,
        /// The committee's first key.
        pub committee_key: Option<(H256, H256)>,
        /// What tiers may move.
        pub policies: Vec<Policy>,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what is no key or policy: a genesis is built once, by an operator who reads the message.
        fn build(&self) {
            money::open::<T>();
            Pallet::<T>::begin_ring();
            for (version, key) in &self.circuits {
                Pallet::<T>::put_circuit(*version, key, 0)
                    .unwrap_or_else(|error| panic!("shieldedPool.circuits {version}: {error:?}"));
            }
            for policy in &self.policies {
                Pallet::<T>::put_policy(*policy, 0)
                    .unwrap_or_else(|error| panic!("shieldedPool.policies: {error:?}"));
            }
            let keys = [
                (&self.flow_key, "flowKey", true),
                (&self.committee_key, "committeeKey", false),
            ];
            for (key, name, is_flow_key) in keys {
                let Some((x, y)) = key else { continue };
                let point = match (
                    FieldBytes::from_canonical(x.0),
                    FieldBytes::from_canonical(y.0),
                ) {
                    (Ok(x), Ok(y)) => Point { x, y },
                    _ => panic!("shieldedPool.{name} is not two field elements"),
                };
                let put = if is_flow_key {
                    Pallet::<T>::put_flow_key(0, point)
                } else {
                    Pallet::<T>::put_committee_key(0, point)
                };
                put.unwrap_or_else(|error| panic!("shieldedPool.{name}: {error:?}"));
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Brings `public_in` of a transfer from the signer's account into the pool.
        ///
        /// The proof is bound to the signer. Errors as the table of the pallet's documentation says.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::deposit().saturating_add(T::WeightInfo::authorize_transfer()))]
        pub fn deposit(origin: OriginFor<T>, transfer: Box<Transfer>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let purpose = Purpose::Deposit(&who);
            let examined = Self::examine(&purpose, &[&transfer], None)?;
            Self::prove(&examined)?;
            Self::enter(who, *transfer)
        }

        /// Lets a transfer of PLUME, or of nothing, take effect. It pays for itself.
        ///
        /// Anybody may carry it; its proof authorises it.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::transfer())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_transfer())]
        #[pallet::authorize(Self::authorize_transfer)]
        pub fn transfer(origin: OriginFor<T>, transfer: Box<Transfer>) -> DispatchResult {
            frame_system::ensure_authorized(origin)?;
            let demanded = Self::demanded(Call::transfer {
                transfer: transfer.clone(),
            });
            Self::leave(&Purpose::Transfer, alloc::vec![*transfer], demanded)
        }

        /// Lets `amount` units of the transfer's `public_out` leave the pool for an account. What is beyond it,
        /// and all that `fee` shows, is the fee: for another asset than PLUME `fee` is needed.
        ///
        /// Anybody may carry it; its proofs authorise it.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_withdraw())]
        #[pallet::authorize(Self::authorize_withdraw)]
        pub fn withdraw(
            origin: OriginFor<T>,
            transfer: Box<Transfer>,
            fee: Option<Box<Transfer>>,
            to: T::AccountId,
            amount: u64,
        ) -> DispatchResult {
            frame_system::ensure_authorized(origin)?;
            let demanded = Self::demanded(Call::withdraw {
                transfer: transfer.clone(),
                fee: fee.clone(),
                to: to.clone(),
                amount,
            });
            let transfers = core::iter::once(transfer)
                .chain(fee)
                .map(|transfer| *transfer)
                .collect();
            Self::leave(
                &Purpose::Withdrawal { to: &to, amount },
                transfers,
                demanded,
            )
        }

        /// Lets up to 32 transfers take effect together. Those of PLUME pay for all.
        ///
        /// Anybody may carry it; its proofs, each bound to the whole bundle, authorise it.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::bundle(u32::try_from(transfers.len()).unwrap_or(MAX_BUNDLE)))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_bundle(u32::try_from(transfers.len()).unwrap_or(MAX_BUNDLE)))]
        #[pallet::authorize(Self::authorize_bundle)]
        pub fn bundle(origin: OriginFor<T>, transfers: Bundle) -> DispatchResult {
            frame_system::ensure_authorized(origin)?;
            let demanded = Self::demanded(Call::bundle {
                transfers: transfers.clone(),
            });
            Self::leave(&Purpose::Bundle, transfers.into_inner(), demanded)
        }

        /// Decides what a tier may pay to others or withdraw of an asset within a period, in its units; `None`
        /// lets it do neither. Whoever pays has to belong to one of the jurisdictions, of whose codes there are eight
        /// at most, and to no other one; `receiver_known` asks the same of whoever is paid. No code lets everybody
        /// belong anywhere. Proofs for later moments than now have to keep to it.
        ///
        /// Errors with [`Error::BadTier`], [`Error::UnknownAsset`], [`Error::TooManyPolicies`] or
        /// [`Error::TooManyChanges`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_policy())]
        pub fn set_policy(
            origin: OriginFor<T>,
            asset: Asset,
            tier: u8,
            limit: Option<u64>,
            receiver_known: bool,
            jurisdictions: Jurisdictions,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_policy(asset, tier, limit, receiver_known, jurisdictions)
        }

        /// Sets the key that flows are encrypted to from a period on, which is to come. The first one may count
        /// at once.
        ///
        /// Errors with [`Error::BadKey`], [`Error::FromTooEarly`] or [`Error::TooManyChanges`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::set_flow_key())]
        pub fn set_flow_key(origin: OriginFor<T>, period: Period, key: Point) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::put_flow_key(period, key)
        }

        /// Sets the key that identities are encrypted to from a second on, which is to come. The first one may
        /// count at once.
        ///
        /// Errors with [`Error::BadKey`], [`Error::FromTooEarly`] or [`Error::TooManyChanges`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_committee_key())]
        pub fn set_committee_key(
            origin: OriginFor<T>,
            from: Seconds,
            key: Point,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::put_committee_key(from, key)
        }

        /// Lets proofs of a circuit count from a second on, now or later. Its key's points are not compressed.
        ///
        /// Errors with [`Error::BadKey`], [`Error::KnownCircuit`] or [`Error::FromTooEarly`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::register_circuit())]
        pub fn register_circuit(
            origin: OriginFor<T>,
            circuit: CircuitVersion,
            key: BoundedVec<u8, ConstU32<MAX_KEY>>,
            from: Seconds,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            ensure!(
                from >= T::Time::current_block_number(),
                Error::<T>::FromTooEarly
            );
            Self::put_circuit(circuit, &key, from)
        }

        /// Lets proofs of a circuit count no longer from a second on: at once when it is broken; later when
        /// wallets are to have time. Can be decided otherwise until then.
        ///
        /// Errors with [`Error::UnknownCircuit`], [`Error::CircuitRetired`] or [`Error::FromTooEarly`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::retire_circuit())]
        pub fn retire_circuit(
            origin: OriginFor<T>,
            circuit: CircuitVersion,
            until: Seconds,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_retire_circuit(circuit, until)
        }

        /// Lets an asset be deposited. `unit` of its smallest units are one in the pool, where amounts have 64
        /// bits. It stays so.
        ///
        /// Errors with [`Error::BadAsset`], [`Error::KnownAsset`] or [`Error::NotEndowed`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::register_asset())]
        pub fn register_asset(
            origin: OriginFor<T>,
            asset: AssetId,
            unit: Balance,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_register_asset(asset, unit)
        }

        /// Stops the pool, or lets it go on. While it is stopped nothing enters, moves or leaves.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::set_paused())]
        pub fn set_paused(origin: OriginFor<T>, paused: bool) -> DispatchResult {
            T::PauseOrigin::ensure_origin(origin)?;
            Paused::<T>::put(paused);
            Self::deposit_event(Event::PauseSet { paused });
            Ok(())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Appends the block's leaves and computes their root. The weight of the leaves is in the calls, that of the
        /// root is reserved by the first call that adds some.
        fn on_finalize(_n: BlockNumberFor<T>) {
            Self::append_pending();
        }

        fn integrity_test() {
            assert!(
                T::PeriodLength::get() > 0 && T::MaxProofAge::get() > 0 && T::Longevity::get() > 0,
                "a proof counts for some time"
            );
            assert!(
                T::MaxProofAge::get() < T::PeriodLength::get(),
                "a proof that counts is of this period or the last"
            );
            assert!(T::MaxRoots::get() > 1, "the last root is not the only one");
            let most = MAX_BUNDLE.saturating_mul(u32::try_from(NOTES).unwrap_or(u32::MAX));
            assert!(T::MaxLeaves::get() >= most, "a bundle fits a block");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
