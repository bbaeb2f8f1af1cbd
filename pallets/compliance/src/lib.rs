//! Screens every flow of value against policies, holds what is suspicious, and keeps the cases.
//!
//! # What it is for
//!
//! The runtime maps a call to its flows and has them judged before they happen. A [`Policy`] is a list of up to
//! [`MAX_RULES`] rules for PLUME, for all other assets, or for one of them; [`rules`] are pure functions of the
//! flow, of what is [stated](plume_primitives::compliance::Credentials) of both parties, and of what both did
//! of late ([`activity`]). All accounts of a subject are one party. The weightiest verdict counts:
//!
//! | verdict | the flow | besides |
//! |---|---|---|
//! | Allow | goes on | |
//! | Alert | goes on | a case opens, or one that is open about the same party counts it |
//! | Hold | goes on, but what the recipient receives is on hold | a case opens; decided by officers, or returned to the sender after `ReviewPeriod` |
//! | Deny | does not happen | the transaction is refused with the reason's code, no fee is taken |
//!
//! What is to be held is what a recipient has more after the call than before. So a call is denied where another
//! flow of it takes the same asset from that recipient, or brings it from another sender, and where the asset or
//! the kind of flow cannot be held at all. A recipient's existential deposit stays free; see
//! [`Pallet::complete_flows`].
//!
//! # The three steps
//!
//! [`Screen`](plume_primitives::compliance::Screen) judges (reads only), prepares (notes what recipients have,
//! right before the call) and completes (remembers the flows, opens cases and puts on hold, right after a call
//! that succeeded). What the pool has not seen is judged when it is executed, and fails with
//! [`Error::Denied`]. A transfer reads and writes two items of activity and reads one policy; credentials,
//! prices and ownership are read by who answers for them.
//!
//! # Trials
//!
//! A new policy can first be [tried](Pallet::start_trial): until the trial ends it is evaluated beside the one in
//! force, and only counts ([`Tallies`]) and says ([`Event::WouldHave`]) what it would have done to the flows that
//! the one in force lets happen.
//!
//! # Who may call what
//!
//! - `PolicyOrigin`: [`Pallet::enact_policy`], [`Pallet::withdraw_policy`], [`Pallet::start_trial`],
//!   [`Pallet::enact_trial`], [`Pallet::end_trial`].
//! - `OfficerOrigin`: [`Pallet::admit_officer`], [`Pallet::remove_officer`], [`Pallet::admit_screener`],
//!   [`Pallet::remove_screener`].
//! - Screeners: [`Pallet::mark`], by which they post what sanctions lists say of parties, found off-chain.
//! - Officers: [`Pallet::take_case`], [`Pallet::add_evidence`], [`Pallet::propose_closing`],
//!   [`Pallet::confirm_closing`], [`Pallet::reject_closing`]. Two different ones close a case, and none works on
//!   a case with flows of its own account.
//! - Anybody: [`Pallet::return_expired`], [`Pallet::prune_case`]; for its own transfers
//!   [`Pallet::attach_travel_data`] and [`Pallet::detach_travel_data`].
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. Each policy, in force or tried, passes [`Policy::fault`], and its number was given.
//! 2. What is on hold at an account is the sum of its holds, in each asset.
//! 3. Each hold's number was given, and its case is not closed and lists it; a case lists no other holds.
//! 4. Each case's number was given; a party's open case is about it and not closed.
//! 5. A closed case was closed by two different officers.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::BuildStorage, traits::{ConstU128, ConstU32, ConstU64, fungible::Mutate, tokens::Preservation}};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type Compliance = pallet_compliance;
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
//! # pub struct Noon;
//! # impl frame_support::sp_runtime::traits::BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # pub struct OneToOne;
//! # impl plume_primitives::compliance::Prices for OneToOne {
//! #     fn quote(_: plume_primitives::compliance::Asset, amount: u128) -> Option<plume_primitives::compliance::Quote> {
//! #         Some(plume_primitives::compliance::Quote { value: amount as u64, at: 43_200 })
//! #     }
//! #     fn weight() -> frame_support::weights::Weight { Default::default() }
//! # }
//! # impl pallet_compliance::Config for Runtime {
//! #     type Currency = Balances;
//! #     type RuntimeHoldReason = RuntimeHoldReason;
//! #     type OtherAssets = ();
//! #     type Credentials = ();
//! #     type Prices = OneToOne;
//! #     type Securities = ();
//! #     type Freezes = ();
//! #     type OnListed = ();
//! #     type Time = Noon;
//! #     type PolicyOrigin = frame_system::EnsureRoot<u64>;
//! #     type OfficerOrigin = frame_system::EnsureRoot<u64>;
//! #     type Unreturnable = ConstU64<99>;
//! #     type ReviewPeriod = ConstU32<86_400>;
//! #     type MaxQuoteAge = ConstU32<3_600>;
//! #     type Retention = ConstU32<157_680_000>;
//! #     type MaxTrial = ConstU32<2_592_000>;
//! #     type MaxFlows = ConstU32<8>;
//! #     type MaxOfficers = ConstU32<8>;
//! #     type MaxEnvelopes = ConstU32<4>;
//! #     type MaxReturnsPerBlock = ConstU32<4>;
//! #     type WeightInfo = ();
//! # }
//! # const ALICE: u64 = 1;
//! # const BOB: u64 = 2;
//! # fn main() {
//! use frame_support::traits::fungible::InspectHold;
//! use pallet_compliance::{Entry, HoldReason, Policy, Rule, Scope, Severity, Span, Window};
//! use plume_primitives::compliance::{Asset, Flow, FlowKind, Screen, Verdict};
//! # let mut storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # pallet_balances::GenesisConfig::<Runtime> { balances: vec![(ALICE, 100_000), (BOB, 1)], ..Default::default() }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! // Whoever sends more than 10,000 a day has it held.
//! let rule = Rule::VelocitySum {
//!     side: pallet_compliance::Side::From,
//!     span: Span::whole(Window::Day),
//!     at_most: 10_000,
//! };
//! let policy = Policy {
//!     rules: vec![Entry::new(rule, Severity::High, Verdict::Hold)].try_into().unwrap(),
//!     reporting_threshold: 10_000,
//!     just_under: sp_runtime::Perbill::from_percent(80),
//!     counterparty_from: 0,
//!     without_price: Verdict::Hold,
//! };
//! assert_ok!(Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, policy));
//!
//! // What the runtime does with a transfer of 10,001:
//! let flow = Flow { from: ALICE, to: BOB, asset: Asset::Native, amount: 10_001, kind: FlowKind::Transfer };
//! let judgement = Compliance::judge(vec![flow]);
//! assert_eq!(Compliance::ruling(&judgement).verdict, Verdict::Hold);
//! let prepared = Compliance::prepare(judgement);
//! assert_ok!(Balances::transfer(&ALICE, &BOB, 10_001, Preservation::Preserve));
//! Compliance::complete(prepared);
//! assert_eq!(Balances::balance_on_hold(&HoldReason::ComplianceReview.into(), &BOB), 10_001);
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

pub mod activity;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod cases;
mod custody;
mod holds;
mod invariants;
mod judge;
#[cfg(test)]
mod mock;
mod ownership;
mod peers;
mod policy;
mod record;
mod rows;
pub mod rules;
mod standard;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;
mod window;

pub use activity::{Activity, Marks, Party};
pub use pallet::*;
pub use peers::{PEERS, Peers, Tag};
pub use policy::{
    Corridor, Entry, Kinds, MAX_COUNTERPARTY_FROM, MAX_RULES, Policy, PolicyFault, Rule, Scope,
    Severity, Side,
};
pub use types::{
    Case, CaseId, Closing, Envelope, Finding, FlowOf, Held, HoldId, HoldQueue, Judgement,
    MAX_FINDINGS, PartyOf, PolicyState, Prepared, Stage, Tally, Trial, Version, Versioned,
};
pub use weights::WeightInfo;
pub use window::{BUCKETS, Bucket, Span, Window};

use plume_primitives::{Balance, Seconds};

/// The most parties about which a screener can post something at once.
pub const MAX_MARKS: u32 = 100;
/// The most subjects among them that come onto a list, or off it.
pub const MAX_LISTED: u32 = 16;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, hold::Mutate as MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use plume_primitives::compliance::{
        Asset, Credentials, Custody, OnListed, Prices, Reason, Securities, Verdict,
    };
    use plume_primitives::regulation::Freezes;
    use sp_core::H256;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// PLUME.
        type Currency: Mutate<Self::AccountId>
            + Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Why PLUME is on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Holds of other assets.
        type OtherAssets: Custody<Self::AccountId>;

        /// Knows the subjects behind accounts.
        type Credentials: Credentials<Self::AccountId>;

        /// Knows what assets are worth in the reference currency.
        type Prices: Prices;

        /// Knows who owns securities.
        type Securities: Securities<Self::AccountId>;

        /// Knows which amounts on hold a supervisor has frozen.
        type Freezes: Freezes;

        /// Hears which subjects lists name, or no longer do.
        type OnListed: OnListed;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// Who may change policies.
        type PolicyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who may admit and remove officers and screeners.
        type OfficerOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Receives what returns to a sender whose account cannot take so little any more.
        type Unreturnable: Get<Self::AccountId>;

        /// Seconds after which what is on hold returns to its sender. Too short, and officers have no time to
        /// decide; too long, and an idle desk keeps what belongs to others.
        #[pallet::constant]
        type ReviewPeriod: Get<Seconds>;

        /// Seconds after which a price no longer counts. Too short, and a slow price source stops payments;
        /// too long, and thresholds are measured with what an asset was once worth.
        #[pallet::constant]
        type MaxQuoteAge: Get<Seconds>;

        /// Seconds for which a closed case is kept.
        #[pallet::constant]
        type Retention: Get<Seconds>;

        /// The most seconds of a trial, which costs every transfer its evaluation.
        #[pallet::constant]
        type MaxTrial: Get<Seconds>;

        /// The most flows of a call that is screened; one with more is denied.
        #[pallet::constant]
        type MaxFlows: Get<u32>;

        /// The most officers, and the most screeners.
        #[pallet::constant]
        type MaxOfficers: Get<u32>;

        /// The most transfers of a sender whose travel-rule data waits for them.
        #[pallet::constant]
        type MaxEnvelopes: Get<u32>;

        /// The most holds that time out in a block. Too few, and they outlast their time after a busy day.
        #[pallet::constant]
        type MaxReturnsPerBlock: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds PLUME.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A case about how it arrived is not decided.
        ComplianceReview,
    }

    /// The policies of each scope.
    #[pallet::storage]
    pub type Policies<T> = StorageMap<_, Twox64Concat, Scope, PolicyState, OptionQuery>;

    /// What tried policies would have done.
    #[pallet::storage]
    pub type Tallies<T> =
        StorageDoubleMap<_, Twox64Concat, Scope, Twox64Concat, Version, Tally, ValueQuery>;

    /// What is remembered of each party that has sent or received.
    #[pallet::storage]
    pub type Activities<T: Config> =
        StorageMap<_, Blake2_128Concat, PartyOf<T>, Activity, OptionQuery>;

    /// Travel-rule data that waits for its transfer, by sender.
    #[pallet::storage]
    pub type Envelopes<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        BoundedVec<Envelope<T::AccountId>, T::MaxEnvelopes>,
        ValueQuery,
    >;

    /// Who may work on cases.
    #[pallet::storage]
    pub type Officers<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxOfficers>, ValueQuery>;

    /// Who may post what lists say of parties.
    #[pallet::storage]
    pub type Screeners<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxOfficers>, ValueQuery>;

    /// All cases that are not pruned.
    #[pallet::storage]
    pub type Cases<T: Config> = StorageMap<_, Twox64Concat, CaseId, Case<T>, OptionQuery>;

    /// The case to which further alerts about a party are added.
    #[pallet::storage]
    pub type OpenCases<T: Config> =
        StorageMap<_, Blake2_128Concat, PartyOf<T>, CaseId, OptionQuery>;

    /// The number of the next case.
    #[pallet::storage]
    pub type NextCase<T> = StorageValue<_, CaseId, ValueQuery>;

    /// What is on hold.
    #[pallet::storage]
    pub type Holds<T: Config> =
        StorageMap<_, Twox64Concat, HoldId, Held<T::AccountId>, OptionQuery>;

    /// The order in which holds time out.
    #[pallet::storage]
    pub type Queue<T> = StorageValue<_, HoldQueue, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A policy is in force from now on.
        PolicyEnacted {
            scope: Scope,
            version: Version,
            policy: Policy,
        },
        /// A scope has no policy in force any more.
        PolicyWithdrawn { scope: Scope, version: Version },
        /// A policy is tried.
        TrialStarted {
            scope: Scope,
            version: Version,
            policy: Policy,
            until: Seconds,
        },
        /// A trial was given up, with what it had counted.
        TrialEnded {
            scope: Scope,
            version: Version,
            tally: Tally,
        },
        /// A tried policy would have had something to say about a flow.
        WouldHave {
            scope: Scope,
            version: Version,
            verdict: Verdict,
            reasons: Vec<Reason>,
            flow: FlowOf<T>,
        },
        /// Flows of what is no transaction were denied and do not happen.
        Denied {
            flows: Vec<FlowOf<T>>,
            findings: Vec<Finding>,
        },
        /// A case is open.
        CaseOpened {
            case: CaseId,
            about: PartyOf<T>,
            verdict: Verdict,
            flows: Vec<FlowOf<T>>,
            findings: Vec<Finding>,
        },
        /// A further transaction was noticed about the party of an open case.
        CaseRepeated {
            case: CaseId,
            flows: Vec<FlowOf<T>>,
            findings: Vec<Finding>,
        },
        /// What a recipient has received is on hold.
        Held {
            case: CaseId,
            hold: HoldId,
            from: T::AccountId,
            to: T::AccountId,
            asset: Asset,
            amount: Balance,
            until: Seconds,
        },
        /// A flow that was to be held did not happen, or was worth no more than an existential deposit.
        NothingHeld { case: CaseId, flow: FlowOf<T> },
        /// What was on hold is at its recipient's disposal.
        Released {
            case: CaseId,
            hold: HoldId,
            to: T::AccountId,
            asset: Asset,
            amount: Balance,
        },
        /// What was on hold at `from` went back, to its sender or to the account for what cannot be returned.
        Returned {
            case: CaseId,
            hold: HoldId,
            from: T::AccountId,
            to: T::AccountId,
            asset: Asset,
            amount: Balance,
            timed_out: bool,
        },
        /// The time of a hold is over, but it is frozen or could not be returned. Anybody may try again.
        ReturnFailed { case: CaseId, hold: HoldId },
        /// An officer looks at a case.
        CaseTaken { case: CaseId, officer: T::AccountId },
        /// The hash of a piece of evidence is on record.
        EvidenceAdded {
            case: CaseId,
            officer: T::AccountId,
            evidence: H256,
        },
        /// An officer has proposed how to close a case.
        ClosingProposed {
            case: CaseId,
            officer: T::AccountId,
            closing: Closing,
            evidence: H256,
        },
        /// A proposal to close a case was rejected.
        ClosingRejected {
            case: CaseId,
            officer: T::AccountId,
            evidence: H256,
        },
        /// A case is over.
        CaseClosed {
            case: CaseId,
            closing: Closing,
            proposed_by: T::AccountId,
            confirmed_by: T::AccountId,
            evidence: H256,
        },
        /// A case that had been closed for long is no longer kept.
        CasePruned { case: CaseId },
        /// Somebody may work on cases.
        OfficerAdmitted { officer: T::AccountId },
        /// Somebody may no longer work on cases.
        OfficerRemoved { officer: T::AccountId },
        /// Somebody may post what lists say.
        ScreenerAdmitted { screener: T::AccountId },
        /// Somebody may no longer post what lists say.
        ScreenerRemoved { screener: T::AccountId },
        /// A screener has posted what lists say of a party.
        Marked {
            party: PartyOf<T>,
            marks: Marks,
            screener: T::AccountId,
        },
        /// Travel-rule data waits for its transfer.
        TravelDataAttached {
            from: T::AccountId,
            envelope: Envelope<T::AccountId>,
        },
        /// Travel-rule data was taken back.
        TravelDataDetached { from: T::AccountId, hash: H256 },
        /// Travel-rule data belongs to a transfer of this transaction.
        TravelDataUsed {
            from: T::AccountId,
            envelope: Envelope<T::AccountId>,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// A policy does not let this happen, for the reason that is said.
        Denied(Reason),
        /// The policy has no rule. Withdraw the scope's policy if nothing is to be checked.
        NoRules,
        /// A rule's parameters contradict each other or reach further than is remembered. Check its span
        /// (1 to 12 buckets), counts (2 to 24 counterparties) and amounts.
        BadParameters,
        /// A rule's verdict is Allow, which changes nothing. Choose Alert, Hold or Deny.
        RuleAllows,
        /// A jurisdiction is not two upper-case letters of ISO 3166-1.
        BadJurisdiction,
        /// A rule against structuring needs a reporting threshold, and a band below it.
        BadThreshold,
        /// The scope has no policy in force.
        NoPolicy,
        /// No policy of the scope is tried. Start a trial first.
        NoTrial,
        /// A policy of the scope is tried already. End that trial first.
        TrialExists,
        /// The trial is not over. Wait, or enact the policy without a trial.
        TrialRunning,
        /// A trial lasts from one second to `MaxTrial`.
        BadTrialLength,
        /// The account is no officer.
        NotOfficer,
        /// The account is an officer already.
        AlreadyOfficer,
        /// There are as many officers as there may be. Remove one first.
        TooManyOfficers,
        /// The account is no screener.
        NotScreener,
        /// The account is a screener already.
        AlreadyScreener,
        /// There are as many screeners as there may be. Remove one first.
        TooManyScreeners,
        /// A supervisor has frozen the amount. Wait until the warrant ends, or ask for its release.
        AmountFrozen,
        /// There is no such case, or it was pruned.
        UnknownCase,
        /// The case is closed.
        CaseClosed,
        /// The case is not closed yet.
        CaseOpen,
        /// The case has to be kept longer.
        StillRetained,
        /// The case has flows of the officer's own account. Leave it to others.
        OwnCase,
        /// Take the case first.
        NotInvestigating,
        /// A closing is proposed. Confirm or reject it first.
        ClosingProposed,
        /// No closing is proposed. Propose one first.
        NothingProposed,
        /// Another closing was proposed than the one that was confirmed. Look again.
        OtherClosing,
        /// Another officer has to confirm than the one who proposed.
        SameOfficer,
        /// Who proposed the closing is no longer an officer. Reject it, and propose anew.
        ProposerRemoved,
        /// There is no such hold; it was decided or returned.
        UnknownHold,
        /// The hold's time is not over. Wait for the officers, or until then.
        UnderReview,
        /// Travel-rule data for as many transfers as possible is waiting. Send, or detach some.
        TooManyEnvelopes,
        /// No travel-rule data with this hash is waiting.
        UnknownEnvelope,
        /// A counterparty cannot be asked to be worth so much. Ask for 42,949,672.95 units at the most.
        BadCounterparties,
        /// Only an alert about a fan in or a fan out can speak once. Let the rule speak each time.
        BadOnce,
        /// More than 16 subjects come onto a list, or off it. Post them in several calls.
        TooManyListed,
    }

    impl<T> From<PolicyFault> for Error<T> {
        fn from(fault: PolicyFault) -> Self {
            match fault {
                PolicyFault::Empty => Self::NoRules,
                PolicyFault::Parameters(_) => Self::BadParameters,
                PolicyFault::Allows(_) => Self::RuleAllows,
                PolicyFault::Jurisdiction(_) => Self::BadJurisdiction,
                PolicyFault::Threshold => Self::BadThreshold,
                PolicyFault::Counterparties => Self::BadCounterparties,
                PolicyFault::Once(_) => Self::BadOnce,
            }
        }
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The policies from the first block on, at most one a scope.
        pub policies: Vec<(Scope, Policy)>,
        /// The officers from the first block on.
        pub officers: Vec<T::AccountId>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses policies that cannot be: a genesis is built once, by an operator who reads the message.
        fn build(&self) {
            for (scope, policy) in &self.policies {
                if let Some(fault) = policy.fault() {
                    panic!("compliance.policies, {scope:?}: {fault:?}");
                }
                assert!(
                    !Policies::<T>::contains_key(scope),
                    "compliance.policies has {scope:?} twice"
                );
                Pallet::<T>::put_in_force(*scope, 1, policy.clone());
            }
            for officer in &self.officers {
                if let Err(error) = Pallet::<T>::admit(officer.clone()) {
                    panic!("compliance.officers, {officer:?}: {error:?}");
                }
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts a policy in force, in place of the scope's one. It has a number of its own.
        ///
        /// Errors with [`Error::NoRules`], [`Error::BadParameters`], [`Error::RuleAllows`],
        /// [`Error::BadJurisdiction`] or [`Error::BadThreshold`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enact_policy())]
        pub fn enact_policy(origin: OriginFor<T>, scope: Scope, policy: Policy) -> DispatchResult {
            T::PolicyOrigin::ensure_origin(origin)?;
            Self::ensure_sound(&policy)?;
            let version = Self::next_version(scope);
            Self::put_in_force(scope, version, policy);
            Ok(())
        }

        /// Ends a scope's policy. For a single asset, that of all assets applies again.
        ///
        /// Errors with [`Error::NoPolicy`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::withdraw_policy())]
        pub fn withdraw_policy(origin: OriginFor<T>, scope: Scope) -> DispatchResult {
            T::PolicyOrigin::ensure_origin(origin)?;
            let mut state = Policies::<T>::get(scope).ok_or(Error::<T>::NoPolicy)?;
            let withdrawn = state.active.take().ok_or(Error::<T>::NoPolicy)?;
            Policies::<T>::insert(scope, state);
            Self::deposit_event(Event::PolicyWithdrawn {
                scope,
                version: withdrawn.version,
            });
            Ok(())
        }

        /// Tries a policy: for so many seconds it only counts and says what it would have done.
        ///
        /// Errors as [`Self::enact_policy`], and with [`Error::TrialExists`] or [`Error::BadTrialLength`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::start_trial())]
        pub fn start_trial(
            origin: OriginFor<T>,
            scope: Scope,
            policy: Policy,
            seconds: Seconds,
        ) -> DispatchResult {
            T::PolicyOrigin::ensure_origin(origin)?;
            Self::ensure_sound(&policy)?;
            ensure!(
                seconds > 0 && seconds <= T::MaxTrial::get(),
                Error::<T>::BadTrialLength
            );
            let mut state = Policies::<T>::get(scope).unwrap_or_default();
            ensure!(state.trial.is_none(), Error::<T>::TrialExists);
            let now = T::Time::current_block_number();
            let until = now.saturating_add(seconds);
            let version = Self::next_version(scope);
            state.last_version = version;
            state.trial = Some(Trial {
                tried: Versioned {
                    version,
                    since: now,
                    policy: policy.clone(),
                },
                until,
            });
            Policies::<T>::insert(scope, state);
            Self::deposit_event(Event::TrialStarted {
                scope,
                version,
                policy,
                until,
            });
            Ok(())
        }

        /// Puts the policy that was tried in force.
        ///
        /// Errors with [`Error::NoTrial`] or [`Error::TrialRunning`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::enact_trial())]
        pub fn enact_trial(origin: OriginFor<T>, scope: Scope) -> DispatchResult {
            T::PolicyOrigin::ensure_origin(origin)?;
            let trial = Policies::<T>::get(scope)
                .and_then(|state| state.trial)
                .ok_or(Error::<T>::NoTrial)?;
            ensure!(
                T::Time::current_block_number() >= trial.until,
                Error::<T>::TrialRunning
            );
            Policies::<T>::mutate(scope, |state| {
                if let Some(state) = state {
                    state.trial = None;
                }
            });
            Self::put_in_force(scope, trial.tried.version, trial.tried.policy);
            Ok(())
        }

        /// Gives up a trial, running or over. What it counted stays readable.
        ///
        /// Errors with [`Error::NoTrial`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::end_trial())]
        pub fn end_trial(origin: OriginFor<T>, scope: Scope) -> DispatchResult {
            T::PolicyOrigin::ensure_origin(origin)?;
            let mut state = Policies::<T>::get(scope).ok_or(Error::<T>::NoTrial)?;
            let trial = state.trial.take().ok_or(Error::<T>::NoTrial)?;
            Policies::<T>::insert(scope, state);
            let version = trial.tried.version;
            Self::deposit_event(Event::TrialEnded {
                scope,
                version,
                tally: Tallies::<T>::get(scope, version),
            });
            Ok(())
        }

        /// Lets an account work on cases.
        ///
        /// Errors with [`Error::AlreadyOfficer`] or [`Error::TooManyOfficers`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::admit_officer())]
        pub fn admit_officer(origin: OriginFor<T>, officer: T::AccountId) -> DispatchResult {
            T::OfficerOrigin::ensure_origin(origin)?;
            Self::admit(officer.clone())?;
            Self::deposit_event(Event::OfficerAdmitted { officer });
            Ok(())
        }

        /// Keeps an account from working on cases. What it proposed can no longer be confirmed.
        ///
        /// Errors with [`Error::NotOfficer`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::remove_officer())]
        pub fn remove_officer(origin: OriginFor<T>, officer: T::AccountId) -> DispatchResult {
            T::OfficerOrigin::ensure_origin(origin)?;
            Officers::<T>::try_mutate(|officers| {
                let place = officers
                    .iter()
                    .position(|known| *known == officer)
                    .ok_or(Error::<T>::NotOfficer)?;
                officers.remove(place);
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::OfficerRemoved { officer });
            Ok(())
        }

        /// An officer looks at a case, or takes it over.
        ///
        /// Errors with [`Error::NotOfficer`], [`Error::UnknownCase`], [`Error::CaseClosed`],
        /// [`Error::OwnCase`] or [`Error::ClosingProposed`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::take_case())]
        pub fn take_case(origin: OriginFor<T>, case: CaseId) -> DispatchResult {
            let officer = Self::officer(origin)?;
            Self::do_take_case(officer, case)
        }

        /// Puts the hash of a piece of evidence on record.
        ///
        /// Errors with [`Error::NotOfficer`], [`Error::UnknownCase`], [`Error::CaseClosed`] or
        /// [`Error::OwnCase`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::add_evidence())]
        pub fn add_evidence(origin: OriginFor<T>, case: CaseId, evidence: H256) -> DispatchResult {
            let officer = Self::officer(origin)?;
            Self::do_add_evidence(officer, case, evidence)
        }

        /// Proposes how to close a case, with the hash of the reasons. Another officer has to confirm.
        ///
        /// Errors as [`Self::add_evidence`], and with [`Error::NotInvestigating`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::propose_closing())]
        pub fn propose_closing(
            origin: OriginFor<T>,
            case: CaseId,
            closing: Closing,
            evidence: H256,
        ) -> DispatchResult {
            let officer = Self::officer(origin)?;
            Self::do_propose_closing(officer, case, closing, evidence)
        }

        /// Closes a case as another officer has proposed. What is on hold goes where the closing says.
        ///
        /// Errors as [`Self::add_evidence`], and with [`Error::NothingProposed`], [`Error::OtherClosing`],
        /// [`Error::SameOfficer`], [`Error::ProposerRemoved`] or [`Error::AmountFrozen`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::confirm_closing(T::MaxFlows::get()))]
        pub fn confirm_closing(
            origin: OriginFor<T>,
            case: CaseId,
            closing: Closing,
            evidence: H256,
        ) -> DispatchResult {
            let officer = Self::officer(origin)?;
            Self::do_confirm_closing(officer, case, closing, evidence)
        }

        /// Rejects what was proposed; the case is investigated further.
        ///
        /// Errors as [`Self::add_evidence`], and with [`Error::NothingProposed`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::reject_closing())]
        pub fn reject_closing(
            origin: OriginFor<T>,
            case: CaseId,
            evidence: H256,
        ) -> DispatchResult {
            let officer = Self::officer(origin)?;
            Self::do_reject_closing(officer, case, evidence)
        }

        /// Returns what was on hold for longer than its time to its sender, where that did not happen by itself.
        ///
        /// Errors with [`Error::UnknownHold`], [`Error::UnderReview`] or [`Error::AmountFrozen`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::return_expired())]
        pub fn return_expired(origin: OriginFor<T>, hold: HoldId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::time_out(hold)
        }

        /// Forgets a case that was closed for `Retention`. Its events remain in the blocks.
        ///
        /// Errors with [`Error::UnknownCase`], [`Error::CaseOpen`] or [`Error::StillRetained`].
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::prune_case())]
        pub fn prune_case(origin: OriginFor<T>, case: CaseId) -> DispatchResult {
            ensure_signed(origin)?;
            let record = Cases::<T>::get(case).ok_or(Error::<T>::UnknownCase)?;
            let Stage::Closed { at, .. } = record.stage else {
                return Err(Error::<T>::CaseOpen.into());
            };
            ensure!(
                T::Time::current_block_number() >= at.saturating_add(T::Retention::get()),
                Error::<T>::StillRetained
            );
            Cases::<T>::remove(case);
            Self::deposit_event(Event::CasePruned { case });
            Ok(())
        }

        /// Attaches the hash of an encrypted IVMS101 envelope to the sender's next such transfer, which has to
        /// be in a later transaction.
        ///
        /// Errors with [`Error::TooManyEnvelopes`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::attach_travel_data())]
        pub fn attach_travel_data(
            origin: OriginFor<T>,
            to: T::AccountId,
            asset: Asset,
            up_to: Balance,
            hash: H256,
        ) -> DispatchResult {
            let from = ensure_signed(origin)?;
            let envelope = Envelope {
                to,
                asset,
                up_to,
                hash,
            };
            Envelopes::<T>::try_mutate(&from, |waiting| waiting.try_push(envelope.clone()))
                .map_err(|_| Error::<T>::TooManyEnvelopes)?;
            Self::deposit_event(Event::TravelDataAttached { from, envelope });
            Ok(())
        }

        /// Takes back travel-rule data whose transfer will not come.
        ///
        /// Errors with [`Error::UnknownEnvelope`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::detach_travel_data())]
        pub fn detach_travel_data(origin: OriginFor<T>, hash: H256) -> DispatchResult {
            let from = ensure_signed(origin)?;
            let mut waiting = Envelopes::<T>::get(&from);
            let place = waiting
                .iter()
                .position(|envelope| envelope.hash == hash)
                .ok_or(Error::<T>::UnknownEnvelope)?;
            waiting.remove(place);
            if waiting.is_empty() {
                Envelopes::<T>::remove(&from);
            } else {
                Envelopes::<T>::insert(&from, waiting);
            }
            Self::deposit_event(Event::TravelDataDetached { from, hash });
            Ok(())
        }

        /// Lets an account post what lists say of parties.
        ///
        /// Errors with [`Error::AlreadyScreener`] or [`Error::TooManyScreeners`].
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::admit_officer())]
        pub fn admit_screener(origin: OriginFor<T>, screener: T::AccountId) -> DispatchResult {
            T::OfficerOrigin::ensure_origin(origin)?;
            Screeners::<T>::try_mutate(|screeners| {
                ensure!(!screeners.contains(&screener), Error::<T>::AlreadyScreener);
                screeners
                    .try_push(screener.clone())
                    .map_err(|_| Error::<T>::TooManyScreeners)
            })?;
            Self::deposit_event(Event::ScreenerAdmitted { screener });
            Ok(())
        }

        /// Keeps an account from posting what lists say. What it has posted stays.
        ///
        /// Errors with [`Error::NotScreener`].
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::remove_officer())]
        pub fn remove_screener(origin: OriginFor<T>, screener: T::AccountId) -> DispatchResult {
            T::OfficerOrigin::ensure_origin(origin)?;
            Screeners::<T>::try_mutate(|screeners| {
                let place = screeners
                    .iter()
                    .position(|known| *known == screener)
                    .ok_or(Error::<T>::NotScreener)?;
                screeners.remove(place);
                Ok::<_, Error<T>>(())
            })?;
            Self::deposit_event(Event::ScreenerRemoved { screener });
            Ok(())
        }

        /// Posts what lists say of parties, as the difference to what was said before.
        ///
        /// A subject that is newly on a list, or newly on none, loses or gets back the leaf of its credential in the
        /// same moment: at most [`MAX_LISTED`] subjects in one call.
        ///
        /// Errors with [`Error::NotScreener`] or [`Error::TooManyListed`].
        #[pallet::call_index(18)]
        #[pallet::weight(Pallet::<T>::mark_weight(marks.len(), subjects_of(marks)))]
        pub fn mark(
            origin: OriginFor<T>,
            marks: BoundedVec<(PartyOf<T>, Marks), ConstU32<MAX_MARKS>>,
        ) -> DispatchResultWithPostInfo {
            let screener = ensure_signed(origin)?;
            ensure!(
                Screeners::<T>::get().contains(&screener),
                Error::<T>::NotScreener
            );
            let number = marks.len();
            let mut listed = Vec::new();
            for (party, marks) in marks {
                let before = Activities::<T>::mutate(&party, |kept| {
                    core::mem::replace(&mut kept.get_or_insert_default().marks, marks)
                });
                if let Party::Subject(subject) = &party
                    && before.sanctioned != marks.sanctioned
                {
                    listed.push(*subject);
                }
                Self::deposit_event(Event::Marked {
                    party,
                    marks,
                    screener: screener.clone(),
                });
            }
            ensure!(
                listed.len() <= MAX_LISTED as usize,
                Error::<T>::TooManyListed
            );
            T::OnListed::on_listed(&listed);
            Ok(Some(Self::mark_weight(number, listed.len())).into())
        }
    }

    /// How many of the parties are subjects.
    fn subjects_of<AccountId>(marks: &[(Party<AccountId>, Marks)]) -> usize {
        let is_subject = |party: &Party<AccountId>| matches!(party, Party::Subject(_));
        marks.iter().filter(|(party, _)| is_subject(party)).count()
    }

    impl<T: Config> Pallet<T> {
        fn mark_weight(marks: usize, listed: usize) -> Weight {
            let listed = listed.try_into().unwrap_or(MAX_LISTED).min(MAX_LISTED);
            T::WeightInfo::mark(marks.try_into().unwrap_or(MAX_MARKS))
                .saturating_add(T::OnListed::weight(listed))
        }

        fn officer(origin: OriginFor<T>) -> Result<T::AccountId, DispatchError> {
            let who = ensure_signed(origin)?;
            Self::ensure_officer(&who)?;
            Ok(who)
        }

        fn admit(officer: T::AccountId) -> Result<(), Error<T>> {
            Officers::<T>::try_mutate(|officers| {
                ensure!(!officers.contains(&officer), Error::<T>::AlreadyOfficer);
                officers
                    .try_push(officer)
                    .map_err(|_| Error::<T>::TooManyOfficers)
            })
        }

        fn ensure_sound(policy: &Policy) -> DispatchResult {
            match policy.fault() {
                None => Ok(()),
                Some(fault) => Err(Error::<T>::from(fault).into()),
            }
        }

        fn next_version(scope: Scope) -> Version {
            Policies::<T>::get(scope)
                .map_or(0, |state| state.last_version)
                .saturating_add(1)
        }

        fn put_in_force(scope: Scope, version: Version, policy: Policy) {
            let mut state = Policies::<T>::get(scope).unwrap_or_default();
            state.last_version = state.last_version.max(version);
            state.active = Some(Versioned {
                version,
                since: T::Time::current_block_number(),
                policy: policy.clone(),
            });
            Policies::<T>::insert(scope, state);
            Self::deposit_event(Event::PolicyEnacted {
                scope,
                version,
                policy,
            });
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Returns what has waited for its time.
        fn on_initialize(_n: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::return_due(Self::return_due())
        }

        fn integrity_test() {
            assert!(T::MaxFlows::get() > 0, "a transfer can be screened");
            assert!(
                T::MaxOfficers::get() >= 2,
                "two different officers can close a case"
            );
            assert!(
                T::MaxReturnsPerBlock::get() > 0 && T::ReviewPeriod::get() > 0,
                "holds last, and end"
            );
            assert!(
                T::MaxEnvelopes::get() > 0,
                "travel-rule data can be attached"
            );
            assert!(T::MaxTrial::get() > 0, "a policy can be tried");
            assert!(
                T::Currency::minimum_balance() > 0,
                "an account that holds keeps an existential deposit"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
