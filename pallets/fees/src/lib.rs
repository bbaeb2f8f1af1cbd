//! Splits every transaction fee: half of the base fee is burned, the rest is shared.
//!
//! # What it is for
//!
//! `pallet_transaction_payment` withdraws a fee and corrects it after execution. What remains comes
//! here: the *base fee* (inclusion fee without tip) and the tip. Of the base fee [`Shares::burn`]
//! leaves issuance; the rest and the tip are divided among the block's author, the treasury and the
//! revenue-share pot.
//!
//! Fees are collected once per transaction and settled once per block: a transaction adds to
//! [`Pending`] (one storage item), and `on_finalize` burns, divides, pays and says so in a single
//! [`Event::FeesSettled`]. A block full of transfers therefore does not pay for three more account
//! updates each.
//!
//! [`base_fee`] moves the fee with demand; [`split`] has the arithmetic.
//!
//! # Who may call what
//!
//! There is nothing to call. The genesis chooses the shares; the runtime says ([`Config::Shares`]) who may
//! move them later. Nobody can move them out of bounds: such [`Shares`] cannot be decoded.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. [`Pending`] is empty between blocks: every fee of a block is settled in that block.
//! 2. The shares, those in force and those of the genesis, pass [`Shares::validate`].
//!
//! For any sequence of fees, tips and refunds: issuance before = issuance after + burned, and
//! [`TotalBurned`] grows by exactly that.
//!
//! # Example
//!
//! ```
//! use pallet_fees::Shares;
//! let shares = Shares::default();
//! // A base fee of 1,001 planck and a tip of 10:
//! let burned = shares.burned(1_001);
//! assert_eq!(burned, 501); // rounded up, so never below half
//! let parts = shares.divide(1_001 - burned + 10);
//! assert_eq!((parts.author, parts.treasury, parts.revenue_share), (306, 102, 102));
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

pub mod base_fee;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod split;
#[cfg(test)]
mod tests;
pub mod weights;

pub use base_fee::FollowDemand;
pub use pallet::*;
pub use split::{Division, Shares, SharesError};
pub use weights::WeightInfo;

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::{
    Get, Imbalance, NoDrop, OnUnbalanced, SuppressedDrop,
    fungible::{Balanced, Credit},
};
use plume_primitives::Balance;
use scale_info::TypeInfo;
use sp_runtime::traits::Convert;

/// PLUME that has left one account and not yet reached another.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// The fees of the block being executed, waiting for its end. Still part of issuance.
#[derive(Encode, Decode, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct Collected<T: Config> {
    /// To be burned.
    pub to_burn: NoDrop<CreditOf<T>>,
    /// To be divided.
    pub to_divide: NoDrop<CreditOf<T>>,
}

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
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// PLUME.
        type Currency: Balanced<Self::AccountId, Balance = Balance>;

        /// The account of whoever sealed the block that is executing, if it is known.
        type Author: Get<Option<Self::AccountId>>;

        /// The account that receives an author's share, for the author.
        type AuthorPayee: Convert<Self::AccountId, Self::AccountId>;

        /// The treasury's account.
        type Treasury: Get<Self::AccountId>;

        /// The account of the revenue-share pot.
        type RevenueShare: Get<Self::AccountId>;

        /// How fees are divided now. [`GenesisShares`], unless somebody may move them.
        type Shares: Get<Shares>;

        type WeightInfo: WeightInfo;
    }

    /// How the genesis chose to divide fees.
    #[pallet::storage]
    pub type GenesisShares<T> = StorageValue<_, Shares, ValueQuery>;

    /// The fees of the block being executed. Empty between blocks.
    #[pallet::storage]
    pub type Pending<T: Config> = StorageValue<_, Collected<T>, OptionQuery>;

    /// Planck burned since genesis.
    #[pallet::storage]
    pub type TotalBurned<T> = StorageValue<_, Balance, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The block's fees were settled. Amounts are in planck and add up to the fees and tips paid.
        FeesSettled {
            /// Left issuance for ever.
            burned: Balance,
            /// Who sealed the block; none when the share went to the treasury instead.
            author: Option<T::AccountId>,
            /// Paid for the author to its payee.
            author_share: Balance,
            /// Paid to the treasury.
            treasury_share: Balance,
            /// Paid to the revenue-share pot.
            revenue_share: Balance,
        },
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// How fees are divided from the first block on, until somebody who may decides otherwise.
        pub shares: Shares,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses shares out of bounds: a genesis is built once, by an operator who reads the message.
        fn build(&self) {
            if let Err(error) = self.shares.validate() {
                panic!("fees.shares are out of bounds: {}", error.message());
            }
            GenesisShares::<T>::put(self.shares);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Reserves the weight of settling.
        fn on_initialize(_n: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::settle()
        }

        fn on_finalize(_n: BlockNumberFor<T>) {
            Self::settle();
        }

        fn integrity_test() {
            assert!(
                Shares::default().validate().is_ok(),
                "the default shares are within bounds"
            );
            assert_ne!(
                T::Treasury::get(),
                T::RevenueShare::get(),
                "the pots are two accounts"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[cfg(any(feature = "try-runtime", feature = "std", test))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's documentation, in its order.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            ensure!(!Pending::<T>::exists(), "1: fees were left unsettled");
            for shares in [T::Shares::get(), GenesisShares::<T>::get()] {
                ensure!(shares.validate().is_ok(), "2: the shares are out of bounds");
            }
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Adds one transaction's fee to the block's, already parted into what burns and what does not.
    fn collect(base_fee: CreditOf<T>, tip: CreditOf<T>) {
        let burned = T::Shares::get().burned(base_fee.peek());
        let (to_burn, rest) = base_fee.split(burned);
        let rest = rest.merge(tip);
        Pending::<T>::mutate(|pending| match pending {
            Some(collected) => {
                collected.to_burn.as_mut().subsume(to_burn);
                collected.to_divide.as_mut().subsume(rest);
            }
            None => {
                *pending = Some(Collected {
                    to_burn: NoDrop::new(to_burn),
                    to_divide: NoDrop::new(rest),
                });
            }
        });
    }

    /// Burns, divides and pays what the block collected.
    pub(crate) fn settle() {
        let Some(Collected { to_burn, to_divide }) = Pending::<T>::take() else {
            return;
        };
        let mut to_burn = to_burn.into_inner();
        let to_divide = to_divide.into_inner();

        let division = T::Shares::get().divide(to_divide.peek());
        let (author_credit, rest) = to_divide.split(division.author);
        let (mut treasury_credit, revenue_credit) = rest.split(division.treasury);

        // An author that is unknown, or whose account cannot take so little, leaves its share to the
        // treasury; what a pot cannot take (it has its existential deposit from genesis) is burned.
        let mut author_share = author_credit.peek();
        let mut author = None;
        match T::Author::get() {
            Some(account) => {
                let payee = T::AuthorPayee::convert(account.clone());
                match T::Currency::resolve(&payee, author_credit) {
                    Ok(()) => author = Some(account),
                    Err(credit) => treasury_credit.subsume(credit),
                }
            }
            None => treasury_credit.subsume(author_credit),
        }
        if author.is_none() {
            author_share = 0;
        }
        let mut pay = |pot: T::AccountId, credit: CreditOf<T>| {
            let amount = credit.peek();
            match T::Currency::resolve(&pot, credit) {
                Ok(()) => amount,
                Err(credit) => {
                    to_burn.subsume(credit);
                    0
                }
            }
        };
        let treasury_share = pay(T::Treasury::get(), treasury_credit);
        let revenue_share = pay(T::RevenueShare::get(), revenue_credit);

        let burned = to_burn.peek();
        drop(to_burn); // the one place where PLUME ends
        TotalBurned::<T>::mutate(|total| *total = total.saturating_add(burned));
        Self::deposit_event(Event::FeesSettled {
            burned,
            author,
            author_share,
            treasury_share,
            revenue_share,
        });
    }
}

/// Receives a transaction's corrected fee first and its tip second, as `FungibleAdapter` hands them.
impl<T: Config> OnUnbalanced<CreditOf<T>> for Pallet<T> {
    fn on_unbalanceds(mut fee_then_tip: impl Iterator<Item = CreditOf<T>>) {
        if let Some(base_fee) = fee_then_tip.next() {
            let tip = fee_then_tip.fold(CreditOf::<T>::zero(), CreditOf::<T>::merge);
            Self::collect(base_fee, tip);
        }
    }

    fn on_nonzero_unbalanced(base_fee: CreditOf<T>) {
        Self::collect(base_fee, CreditOf::<T>::zero());
    }
}
