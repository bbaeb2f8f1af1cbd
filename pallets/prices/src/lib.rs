//! Says what assets are worth in the reference currency, by the median of what admitted sources state.
//!
//! # What it is for
//!
//! Thresholds of policies are in a reference currency. Sources that `AdmitOrigin` [admits](Pallet::admit_source)
//! [post](Pallet::post) what assets cost there, as a [`Price`] for many smallest units. At every post the price
//! that counts is found anew and kept, so that an [answer](plume_primitives::compliance::Prices) reads one item.
//!
//! # What counts
//!
//! A statement counts until it is `MaxAge` old, its source is [removed](Pallet::remove_source), or the source posts
//! another. When those of more than half of all sources count, their median becomes the [`Answer`]; otherwise the
//! answer stays what it was, and grows old. Of two prices in the middle the higher one counts: thresholds are met
//! rather too early than too late.
//!
//! # How old an answer is
//!
//! Who asks decides how old a price may be, so an answer must never look newer than it is. Its time is the newest
//! moment since which more than half of all sources have spoken. Were it the time of the last post, one source
//! could keep fresh what the others said long ago; were it that of the oldest statement, one slow source could make
//! all others look old. Posts are dated when they execute: a source that does not want an old price to look new
//! sends transactions that expire within seconds.
//!
//! # What a faulty source can do
//!
//! Sources that are fewer than half of those that count can move the answer only between what the others state, and
//! cannot make it look newer than the newest of theirs. Within that range they can move it as far as they like in
//! one post: how fast a price may change is not bounded, since no bound tells a crash from an error. When others
//! are silent, faulty ones alone can be half of those that count; more than half of all sources have to speak, so
//! of 2f + 1 sources f faulty ones never speak alone. A source can fill the list of assets up to `MaxAssets`, which
//! keeps others from adding one, until it is removed. Admitting a source that does not post yet can leave too few
//! that do.
//!
//! # Genesis
//!
//! A genesis may state prices. They count as stated at second 0, and so grow old; or, in a network for development
//! that has no sources, [for ever](FOR_EVER), until sources answer.
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | `AdmitOrigin` | [`admit_source`](Pallet::admit_source), [`remove_source`](Pallet::remove_source), [`forget_asset`](Pallet::forget_asset) |
//! | an admitted source | [`post`](Pallet::post) |
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. No source is admitted twice.
//! 2. Each asset with statements has one at the most of each source, of no others, and none is of the future or
//!    [absurd](Price::can_be_stated).
//! 3. There are no more of these assets than may be.
//! 4. No answer is absurd or of the future, unless it counts for ever.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::{BuildStorage, traits::BlockNumberProvider}, traits::ConstU32};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Quotes = pallet_prices;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime { type Block = frame_system::mocking::MockBlock<Runtime>; }
//! # pub struct Noon;
//! # impl BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # impl pallet_prices::Config for Runtime {
//! #     type AdmitOrigin = frame_system::EnsureRoot<u64>;
//! #     type Time = Noon;
//! #     type MaxSources = ConstU32<16>;
//! #     type MaxAge = ConstU32<600>;
//! #     type MaxAssets = ConstU32<64>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! use pallet_prices::Price;
//! use plume_primitives::{compliance::{Asset, Prices}, units::PLUME};
//! # let storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! for (source, hundredths) in [(1, 136), (2, 137), (3, 99_999)] {
//!     assert_ok!(Quotes::admit_source(RuntimeOrigin::root(), source));
//!     let price = Price::of(hundredths, PLUME).unwrap();
//!     let prices = vec![(Asset::Native, price)].try_into().unwrap();
//!     assert_ok!(Quotes::post(RuntimeOrigin::signed(source), prices));
//! }
//! // The third is out of its mind; the median is 1.37.
//! let quote = Quotes::quote(Asset::Native, 1_000 * PLUME).unwrap();
//! assert_eq!((quote.value, quote.at), (137_000, 43_200));
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
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod median;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Answer, PRICED_UNITS, Price, Statement};
pub use weights::WeightInfo;

use plume_primitives::Seconds;

/// The time of an answer that does not grow old.
pub const FOR_EVER: Seconds = Seconds::MAX;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use plume_primitives::{
        AssetId, Balance,
        compliance::{Asset, Prices, Quote},
    };
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who admits and removes sources, and forgets assets.
        type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// The most sources.
        #[pallet::constant]
        type MaxSources: Get<u32>;

        /// Seconds after which a statement no longer counts. Too short, and there are seldom enough that count; too
        /// long, and the median is of what was once said. It should be below the age at which whoever asks takes
        /// an answer for stale.
        #[pallet::constant]
        type MaxAge: Get<Seconds>;

        /// The most assets of which sources can speak, in one post and in all.
        #[pallet::constant]
        type MaxAssets: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// What sources said of an asset, the last of each.
    pub type StatementsOf<T> =
        BoundedVec<Statement<<T as frame_system::Config>::AccountId>, <T as Config>::MaxSources>;

    /// Who may post.
    #[pallet::storage]
    pub type Sources<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxSources>, ValueQuery>;

    /// What sources said, by asset.
    #[pallet::storage]
    pub type Statements<T: Config> =
        CountedStorageMap<_, Twox64Concat, Asset, StatementsOf<T>, OptionQuery>;

    /// The prices that count.
    #[pallet::storage]
    pub type Answers<T> = StorageMap<_, Twox64Concat, Asset, Answer, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account may post.
        SourceAdmitted { source: T::AccountId },
        /// An account may no longer post, and what it said does not count.
        SourceRemoved { source: T::AccountId },
        /// A source said what assets cost.
        Posted {
            source: T::AccountId,
            prices: Vec<(Asset, Price)>,
        },
        /// The price that counts was found anew. `at` is the newest moment since which more than half of the
        /// sources had spoken, in seconds since the first block.
        Answered {
            asset: Asset,
            price: Price,
            at: Seconds,
        },
        /// An asset has no price that counts: too few sources are left that speak of it, or it was forgotten.
        Unanswered { asset: Asset },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account is no source. Ask for admission.
        NotSource,
        /// The account is a source already.
        AlreadySource,
        /// There are as many sources as there may be. Remove one first.
        TooManySources,
        /// The list is empty. State a price.
        NothingStated,
        /// List assets in ascending order, each once.
        NotAscending,
        /// The price is zero, or a smallest unit would cost more than a hundred million. State hundredths of the
        /// reference currency for 10^27 of the asset's smallest units.
        AbsurdPrice,
        /// There are prices of as many assets as may be. One has to be forgotten first.
        TooManyAssets,
        /// Nobody spoke of this asset.
        UnknownAsset,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who may post from the first block on.
        pub sources: Vec<T::AccountId>,
        /// What PLUME costs: hundredths of the reference currency for 10^27 planck.
        pub native: Option<Price>,
        /// What other assets cost, in the same measure.
        pub assets: Vec<(AssetId, Price)>,
        /// Whether these prices count until sources answer, however old they are. For networks without sources.
        pub for_ever: bool,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what could not be admitted or posted: a genesis is built once, by an operator who reads the
        /// message.
        fn build(&self) {
            for source in &self.sources {
                if let Err(error) = Pallet::<T>::admit(source) {
                    panic!("prices.sources: {source:?} cannot be admitted: {error:?}");
                }
            }
            let others = self
                .assets
                .iter()
                .map(|(id, price)| (Asset::Other(*id), *price));
            let native = self.native.map(|price| (Asset::Native, price));
            for (asset, price) in native.into_iter().chain(others) {
                assert!(
                    price.can_be_stated(),
                    "prices: {asset:?} costs nothing, or absurdly much"
                );
                assert!(
                    !Answers::<T>::contains_key(asset),
                    "prices.assets: {asset:?} is listed twice"
                );
                let at = if self.for_ever { FOR_EVER } else { 0 };
                Answers::<T>::insert(asset, Answer { price, at });
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits a source. From then on more than half of all sources, this one included, have to speak.
        ///
        /// Errors with [`Error::AlreadySource`] or [`Error::TooManySources`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit_source())]
        pub fn admit_source(origin: OriginFor<T>, source: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Self::admit(&source)?;
            Self::deposit_event(Event::SourceAdmitted { source });
            Ok(())
        }

        /// Removes a source. The prices of the assets of which it spoke are found anew without it; where too few
        /// others speak there is none until they do.
        ///
        /// Errors with [`Error::NotSource`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove_source(T::MaxAssets::get()))]
        pub fn remove_source(
            origin: OriginFor<T>,
            source: T::AccountId,
        ) -> DispatchResultWithPostInfo {
            T::AdmitOrigin::ensure_origin(origin)?;
            let mut sources = Sources::<T>::get();
            let place = sources
                .iter()
                .position(|known| *known == source)
                .ok_or(Error::<T>::NotSource)?;
            sources.remove(place);
            let quorum = median::quorum(sources.len());
            Sources::<T>::put(sources);
            Self::deposit_event(Event::SourceRemoved {
                source: source.clone(),
            });
            let all: Vec<_> = Statements::<T>::iter().collect();
            let assets = u32::try_from(all.len()).unwrap_or(u32::MAX);
            for (asset, mut statements) in all {
                let Some(place) = statements.iter().position(|said| said.source == source) else {
                    continue;
                };
                statements.remove(place);
                if !Self::answer(asset, &statements, quorum) {
                    Self::withdraw_answer(asset);
                }
                if statements.is_empty() {
                    Statements::<T>::remove(asset);
                } else {
                    Statements::<T>::insert(asset, statements);
                }
            }
            Ok(Some(T::WeightInfo::remove_source(assets)).into())
        }

        /// States what assets cost. `prices` are in ascending order of the assets, PLUME first.
        ///
        /// Errors with [`Error::NotSource`], [`Error::NothingStated`], [`Error::NotAscending`],
        /// [`Error::AbsurdPrice`] or [`Error::TooManyAssets`].
        #[pallet::call_index(2)]
        #[pallet::weight({
            let assets = u32::try_from(prices.len()).unwrap_or(u32::MAX);
            // The count of assets changes only with new ones, whose lists are short.
            T::WeightInfo::post(assets).saturating_add(T::DbWeight::get().reads_writes(1, 1))
        })]
        pub fn post(
            origin: OriginFor<T>,
            prices: BoundedVec<(Asset, Price), T::MaxAssets>,
        ) -> DispatchResult {
            let source = ensure_signed(origin)?;
            let sources = Sources::<T>::get();
            ensure!(sources.contains(&source), Error::<T>::NotSource);
            ensure!(!prices.is_empty(), Error::<T>::NothingStated);
            let following = prices.iter().skip(1);
            ensure!(
                prices
                    .iter()
                    .zip(following)
                    .all(|(one, next)| one.0 < next.0),
                Error::<T>::NotAscending
            );
            ensure!(
                prices.iter().all(|(_, price)| price.can_be_stated()),
                Error::<T>::AbsurdPrice
            );
            let at = T::Time::current_block_number();
            let quorum = median::quorum(sources.len());
            for (asset, price) in prices.iter().copied() {
                let mut statements = match Statements::<T>::get(asset) {
                    Some(statements) => statements,
                    None => {
                        ensure!(
                            Statements::<T>::count() < T::MaxAssets::get(),
                            Error::<T>::TooManyAssets
                        );
                        StatementsOf::<T>::default()
                    }
                };
                let statement = Statement {
                    source: source.clone(),
                    price,
                    at,
                };
                match statements.iter_mut().find(|said| said.source == source) {
                    Some(said) => *said = statement,
                    // Only sources speak, each once, so there is a place for each.
                    None => statements
                        .try_push(statement)
                        .map_err(|_| Error::<T>::TooManySources)?,
                }
                Self::answer(asset, &statements, quorum);
                Statements::<T>::insert(asset, statements);
            }
            Self::deposit_event(Event::Posted {
                source,
                prices: prices.into_inner(),
            });
            Ok(())
        }

        /// Forgets an asset, with what was said of it and its price; also one that the genesis stated. Sources can
        /// speak of it again.
        ///
        /// Errors with [`Error::UnknownAsset`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::forget_asset())]
        pub fn forget_asset(origin: OriginFor<T>, asset: Asset) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            let statements = Statements::<T>::take(asset);
            let answer = Answers::<T>::take(asset);
            ensure!(
                statements.is_some() || answer.is_some(),
                Error::<T>::UnknownAsset
            );
            Self::deposit_event(Event::Unanswered { asset });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn admit(source: &T::AccountId) -> Result<(), Error<T>> {
            Sources::<T>::try_mutate(|sources| {
                ensure!(!sources.contains(source), Error::<T>::AlreadySource);
                sources
                    .try_push(source.clone())
                    .map_err(|_| Error::<T>::TooManySources)
            })
        }

        /// Finds the price that counts now, and says whether there is one. Where there is none, the answer stays
        /// what it was.
        fn answer(asset: Asset, statements: &StatementsOf<T>, quorum: usize) -> bool {
            let now = T::Time::current_block_number();
            let counting = statements
                .iter()
                .filter(|said| now.saturating_sub(said.at) <= T::MaxAge::get())
                .map(|said| (said.price, said.at));
            let Some(answer) = median::answer(counting, quorum) else {
                return false;
            };
            Answers::<T>::insert(asset, answer);
            Self::deposit_event(Event::Answered {
                asset,
                price: answer.price,
                at: answer.at,
            });
            true
        }

        /// Ends an answer in which somebody may have had a part who does not count any more.
        fn withdraw_answer(asset: Asset) {
            // Sources had no part in one that counts for ever.
            let has_ended = Answers::<T>::mutate_exists(asset, |answer| {
                answer.take_if(|known| known.at != FOR_EVER).is_some()
            });
            if has_ended {
                Self::deposit_event(Event::Unanswered { asset });
            }
        }
    }

    impl<T: Config> Prices for Pallet<T> {
        fn quote(asset: Asset, amount: Balance) -> Option<Quote> {
            Answers::<T>::get(asset).map(|answer| Quote {
                value: answer.price.value_of(amount),
                at: answer.at,
            })
        }

        fn weight() -> Weight {
            T::WeightInfo::quote()
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxSources::get() > 0 && T::MaxAssets::get() > 0,
                "somebody can state a price"
            );
            assert!(T::MaxAge::get() > 0, "a statement counts for a while");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
