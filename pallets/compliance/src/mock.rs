//! A chain with balances and the engine; subjects, prices, other assets and the clock are the test's.

use crate::{self as pallet_compliance, *};
use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU64, ConstU128, Hooks, fungible::Mutate, tokens::Preservation},
    weights::Weight,
};
use plume_primitives::{
    AssetId, Balance, Seconds,
    compliance::{
        Asset, Credentials, Custody, Flow, FlowKind, OnListed, Ownership, Prices, Quote, Ruling,
        Screen, Securities, Standing, SubjectId, Verdict,
    },
    regulation::Freezes,
};
use sp_runtime::{BuildStorage, DispatchResult, Perbill, traits::BlockNumberProvider};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Compliance = pallet_compliance;
}

pub const ED: Balance = 10;
pub const RICH: Balance = 1_000_000_000;
/// Receives what cannot be returned.
pub const SUBSTITUTE: u64 = 999;
pub const ANNA: u64 = 901;
pub const BERT: u64 = 902;
pub const REVIEW: Seconds = 3_600;
pub const QUOTE_AGE: Seconds = 600;
pub const RETENTION: Seconds = 1_000_000;
pub const MAX_TRIAL: Seconds = 100_000;
pub const MAX_FLOWS: u32 = 8;
pub const MAX_RETURNS: u32 = 3;
/// An asset of which the mock keeps balances and holds, and one that cannot be held.
pub const SHARES: AssetId = 7;
pub const UNHOLDABLE: AssetId = 8;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static FROZEN: Cell<Option<CaseId>> = const { Cell::new(None) };
    static HEARD: RefCell<Vec<SubjectId>> = const { RefCell::new(Vec::new()) };
    static QUOTED_AT: Cell<Option<Seconds>> = const { Cell::new(None) };
    static STANDINGS: RefCell<BTreeMap<u64, Option<Standing>>> = const { RefCell::new(BTreeMap::new()) };
    /// Of [`SHARES`]: free, on hold.
    static OWNED: RefCell<BTreeMap<u64, (Balance, Balance)>> = const { RefCell::new(BTreeMap::new()) };
}

pub struct Clock;
impl BlockNumberProvider for Clock {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    fn set_block_number(seconds: Seconds) {
        NOW.set(seconds);
    }
}

/// Everybody is in good standing, but those of whom a test says otherwise.
pub struct Known;
impl Credentials<u64> for Known {
    fn standing(who: &u64) -> Option<Standing> {
        STANDINGS.with_borrow(|all| match all.get(who) {
            Some(said) => said.clone(),
            None => Some(Standing::permissive()),
        })
    }
    fn weight() -> Weight {
        Weight::from_parts(7, 0)
    }
}

/// A supervisor has frozen the amount of the case that a test names.
pub struct Frozen;
impl Freezes for Frozen {
    fn is_frozen(_: &SubjectId) -> bool {
        false
    }
    fn any_subject() -> bool {
        STANDINGS.with_borrow(|all| all.values().flatten().any(|known| known.frozen))
    }
    fn is_amount_frozen(case: CaseId) -> bool {
        FROZEN.get() == Some(case)
    }
    fn weight() -> Weight {
        Weight::from_parts(2, 0)
    }
}

/// Of whom the listener has heard since the chain began.
pub fn heard() -> Vec<SubjectId> {
    HEARD.with_borrow(Clone::clone)
}

/// Keeps of whom it hears.
pub struct Heard;
impl OnListed for Heard {
    fn on_listed(subjects: &[SubjectId]) {
        HEARD.with_borrow_mut(|heard| heard.extend_from_slice(subjects));
    }
    fn weight(subjects: u32) -> Weight {
        Weight::from_parts(u64::from(subjects) * 1_000, 0)
    }
}

/// One unit is one hundredth of the reference currency, stated just now unless a test says when.
pub struct OneToOne;
impl Prices for OneToOne {
    fn quote(_: Asset, amount: Balance) -> Option<Quote> {
        Some(Quote {
            value: u64::try_from(amount).unwrap_or(u64::MAX),
            at: QUOTED_AT.get().unwrap_or(NOW.get()),
        })
        .filter(|quote| quote.at != Seconds::MAX)
    }
    fn weight() -> Weight {
        Weight::from_parts(5, 0)
    }
}

pub struct Shares;
impl Custody<u64> for Shares {
    fn can_hold(asset: AssetId) -> bool {
        asset == SHARES
    }
    fn balance(_: AssetId, who: &u64) -> Balance {
        OWNED.with_borrow(|all| all.get(who).map_or(0, |(free, held)| free + held))
    }
    fn hold(_: AssetId, who: &u64, amount: Balance) -> Balance {
        OWNED.with_borrow_mut(|all| {
            let (free, held) = all.entry(*who).or_default();
            let amount = amount.min(*free);
            *free -= amount;
            *held += amount;
            amount
        })
    }
    fn release(_: AssetId, who: &u64, amount: Balance) -> DispatchResult {
        Self::send(SHARES, who, who, amount)
    }
    fn send(_: AssetId, who: &u64, to: &u64, amount: Balance) -> DispatchResult {
        OWNED.with_borrow_mut(|all| {
            all.entry(*who).or_default().1 -= amount;
            all.entry(*to).or_default().0 += amount;
        });
        Ok(())
    }
    fn held(_: AssetId, who: &u64) -> Balance {
        OWNED.with_borrow(|all| all.get(who).map_or(0, |(_, held)| *held))
    }
}
impl Securities<u64> for Shares {
    fn ownership(asset: AssetId, from: &u64, to: &u64) -> Option<Ownership> {
        (asset == SHARES).then(|| {
            let (supply, holders) = OWNED.with_borrow(|all| {
                let all = all.values().map(|(free, held)| free + held);
                let owned = all.filter(|has| *has > 0);
                owned.fold((0, 0), |(supply, holders), has| (supply + has, holders + 1))
            });
            Ownership {
                supply,
                holders,
                sender_has: Self::balance(asset, from),
                recipient_has: Self::balance(asset, to),
            }
        })
    }
    fn weight() -> Weight {
        Weight::from_parts(3, 0)
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<ED>;
}

impl Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OtherAssets = Shares;
    type Credentials = Known;
    type Prices = OneToOne;
    type Securities = Shares;
    type Freezes = Frozen;
    type OnListed = Heard;
    type Time = Clock;
    type PolicyOrigin = frame_system::EnsureRoot<u64>;
    type OfficerOrigin = frame_system::EnsureRoot<u64>;
    type Unreturnable = ConstU64<SUBSTITUTE>;
    type ReviewPeriod = ConstU32<REVIEW>;
    type MaxQuoteAge = ConstU32<QUOTE_AGE>;
    type Retention = ConstU32<RETENTION>;
    type MaxTrial = ConstU32<MAX_TRIAL>;
    type MaxFlows = ConstU32<MAX_FLOWS>;
    type MaxOfficers = ConstU32<3>;
    type MaxEnvelopes = ConstU32<2>;
    type MaxReturnsPerBlock = ConstU32<MAX_RETURNS>;
    type WeightInfo = ();
}

/// A chain on which the accounts 1 to 99 are rich and the officers are [`ANNA`] and [`BERT`].
pub fn chain() -> sp_io::TestExternalities {
    NOW.set(1_000_000);
    QUOTED_AT.set(None);
    FROZEN.set(None);
    HEARD.with_borrow_mut(Vec::clear);
    STANDINGS.with_borrow_mut(BTreeMap::clear);
    OWNED.with_borrow_mut(BTreeMap::clear);
    let mut balances: Vec<(u64, Balance)> = (1..100).map(|who| (who, RICH)).collect();
    balances.extend([(SUBSTITUTE, ED), (ANNA, RICH), (BERT, RICH)]);
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        compliance: GenesisConfig {
            policies: vec![],
            officers: vec![ANNA, BERT],
        },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on the chain, and checks the invariants after it.
pub fn on_chain(test: impl FnOnce()) {
    chain().execute_with(|| {
        test();
        Compliance::do_try_state().expect("the invariants hold");
    });
}

pub fn now() -> Seconds {
    NOW.get()
}

/// Lets time pass, and a block begin.
pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
    Compliance::on_initialize(System::block_number());
}

/// When the last price was stated; [`Seconds::MAX`] for never.
pub fn quoted_at(at: Seconds) {
    QUOTED_AT.set(Some(at));
}

/// Says something of the subject behind an account.
pub fn known(who: u64, change: impl FnOnce(&mut Standing)) {
    let mut standing = Standing::permissive();
    change(&mut standing);
    STANDINGS.with_borrow_mut(|all| all.insert(who, Some(standing)));
}

pub fn freeze(case: Option<CaseId>) {
    FROZEN.set(case);
}

pub fn unknown(who: u64) {
    STANDINGS.with_borrow_mut(|all| all.insert(who, None));
}

/// Binds accounts to a subject.
pub fn subject(number: u64, accounts: impl IntoIterator<Item = u64>) {
    for who in accounts {
        known(who, |known| {
            known.subject = Some(SubjectId::from_low_u64_be(number))
        });
    }
}

pub fn give_shares(who: u64, amount: Balance) {
    OWNED.with_borrow_mut(|all| all.entry(who).or_default().0 += amount);
}

pub fn policy(rules: impl IntoIterator<Item = (Rule, Verdict)>) -> Policy {
    let rules = rules
        .into_iter()
        .map(|(rule, verdict)| Entry::new(rule, Severity::Medium, verdict));
    Policy {
        rules: rules.collect::<Vec<_>>().try_into().expect("few enough"),
        reporting_threshold: 10_000,
        just_under: Perbill::from_percent(80),
        counterparty_from: 0,
        without_price: Verdict::Hold,
    }
}

pub fn enact(scope: Scope, rules: impl IntoIterator<Item = (Rule, Verdict)>) {
    Compliance::enact_policy(RuntimeOrigin::root(), scope, policy(rules)).expect("it is sound");
}

/// Speaks about every flow of one unit or more.
pub fn always() -> Rule {
    Rule::VelocitySum {
        side: Side::From,
        span: Span::whole(Window::Hour),
        at_most: 0,
    }
}

pub fn transfer(from: u64, to: u64, amount: Balance) -> Flow<u64> {
    Flow {
        from,
        to,
        asset: Asset::Native,
        amount,
        kind: FlowKind::Transfer,
    }
}

/// Transfers PLUME as the runtime would: judged, committed, moved, settled.
pub fn pay_all(flows: Vec<Flow<u64>>) -> Ruling {
    let judgement = Compliance::judge(flows.clone());
    let ruling = Compliance::ruling(&judgement);
    if ruling.verdict < Verdict::Deny {
        let prepared = Compliance::prepare(judgement);
        for flow in flows {
            <Balances as Mutate<u64>>::transfer(
                &flow.from,
                &flow.to,
                flow.amount,
                Preservation::Expendable,
            )
            .expect("there is enough");
        }
        Compliance::complete(prepared);
    }
    ruling
}

pub fn pay(from: u64, to: u64, amount: Balance) -> Ruling {
    pay_all(vec![transfer(from, to, amount)])
}

pub fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}
