//! A chain with stake, real balances and the real voting pallet; validators, time, screening and polls are
//! what a test says.

use crate::{self as pallet_stake, *};
use frame_support::{
    derive_impl, parameter_types,
    storage::with_storage_layer,
    traits::{
        ConstU32, ConstU64, ConstU128, PollStatus, Polling, VoteTally, fungible::InspectHold,
    },
};
use pallet_conviction_voting::{AccountVote, Conviction, TallyOf, Vote};
use plume_primitives::{
    screening::Screening,
    staking::{Backable, OnReward, OnSlash},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, Perbill, traits::BlockNumberProvider,
};
use std::collections::BTreeMap;

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
    pub type Stake = pallet_stake;
    #[runtime::pallet_index(3)]
    pub type Voting = pallet_conviction_voting;
}

pub const EXISTENTIAL_DEPOSIT: Balance = 10;
pub const OWNED: Balance = 1_000_000;
pub const MINIMUM: Balance = 100;
pub const UNBONDING: Seconds = 1_000;
pub const MAX_UNSTAKING: u32 = 4;
pub const LOCKING: Seconds = 500;
/// Validators that may be backed, unless a test says otherwise.
pub const VALIDATORS: [u64; 3] = [101, 102, 103];
/// Has the money that rewards come from.
pub const PAYER: u64 = 200;
pub const POT: u64 = 201;
pub const SLASHED: u64 = 202;

parameter_types! {
    pub static Now: Seconds = 0;
    pub static Backed: Vec<u64> = VALIDATORS.to_vec();
    pub static Refused: Vec<u64> = vec![];
    pub static PollsKept: BTreeMap<u8, Poll> = BTreeMap::new();
}

pub struct Time;
impl BlockNumberProvider for Time {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        Now::get()
    }
}

pub struct Admitted;
impl Backable<u64> for Admitted {
    fn may_be_backed(validator: &u64) -> bool {
        Backed::get().contains(validator)
    }
}

pub struct Desk;
impl Screening<u64> for Desk {
    fn admits(who: &u64) -> bool {
        !Refused::get().contains(who)
    }
}

/// A poll of class 0 or 1.
#[derive(Clone)]
pub enum Poll {
    Ongoing(TallyOf<Runtime>, u8),
    Completed(Seconds, bool),
}

pub struct Polls;
impl Polling<TallyOf<Runtime>> for Polls {
    type Index = u8;
    type Votes = Balance;
    type Moment = Seconds;
    type Class = u8;

    fn classes() -> Vec<u8> {
        vec![0, 1]
    }
    fn as_ongoing(index: u8) -> Option<(TallyOf<Runtime>, u8)> {
        match PollsKept::get().get(&index) {
            Some(Poll::Ongoing(tally, class)) => Some((tally.clone(), *class)),
            _ => None,
        }
    }
    fn access_poll<R>(
        index: u8,
        f: impl FnOnce(PollStatus<&mut TallyOf<Runtime>, Seconds, u8>) -> R,
    ) -> R {
        let mut polls = PollsKept::get();
        let answer = match polls.get_mut(&index) {
            Some(Poll::Ongoing(tally, class)) => f(PollStatus::Ongoing(tally, *class)),
            Some(Poll::Completed(when, approved)) => f(PollStatus::Completed(*when, *approved)),
            None => f(PollStatus::None),
        };
        PollsKept::set(polls);
        answer
    }
    fn try_access_poll<R>(
        index: u8,
        f: impl FnOnce(PollStatus<&mut TallyOf<Runtime>, Seconds, u8>) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        let before = PollsKept::get();
        let answer = Self::access_poll(index, f);
        if answer.is_err() {
            PollsKept::set(before);
        }
        answer
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn create_ongoing(class: u8) -> Result<u8, ()> {
        let mut polls = PollsKept::get();
        let index = polls.len() as u8;
        polls.insert(index, Poll::Ongoing(TallyOf::<Runtime>::new(class), class));
        PollsKept::set(polls);
        Ok(index)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn end_ongoing(index: u8, approved: bool) -> Result<(), ()> {
        end_poll(index, approved);
        Ok(())
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
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
}

impl Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Screening = Desk;
    type Validators = Admitted;
    type Time = Time;
    type UnbondingTime = ConstU32<UNBONDING>;
    type MinimumStake = ConstU128<MINIMUM>;
    type MaxUnstaking = ConstU32<MAX_UNSTAKING>;
    type MaxLocks = ConstU32<2>;
    type RewardPot = ConstU64<POT>;
    type SlashedFunds = ConstU64<SLASHED>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Admitted;
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<u64> for Admitted {
    fn backable() -> u64 {
        VALIDATORS[0]
    }
}

impl pallet_conviction_voting::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type Currency = VotingCurrency<Runtime>;
    type Polls = Polls;
    type MaxTurnout = MaxTurnout<Runtime>;
    type MaxVotes = ConstU32<4>;
    type VoteLockingPeriod = ConstU32<LOCKING>;
    type BlockNumberProvider = Time;
    type VotingHooks = ();
}

fn genesis(stakers: Vec<(u64, Balance, Option<u64>)>) -> Result<sp_runtime::Storage, String> {
    Now::set(0);
    Backed::set(VALIDATORS.to_vec());
    Refused::set(vec![]);
    PollsKept::set(
        [(0, 0), (1, 0), (2, 1)]
            .map(|(index, class)| (index, Poll::Ongoing(TallyOf::<Runtime>::new(class), class)))
            .into(),
    );
    let mut balances: Vec<(u64, Balance)> = (1..=8).map(|who| (who, OWNED)).collect();
    balances.extend([
        (PAYER, 1_000 * OWNED),
        (POT, EXISTENTIAL_DEPOSIT),
        (SLASHED, EXISTENTIAL_DEPOSIT),
    ]);
    RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        stake: GenesisConfig { stakers },
    }
    .build_storage()
}

/// A chain on which accounts 1 to 8 own something and have nothing at stake.
pub fn chain() -> sp_io::TestExternalities {
    chain_with(vec![])
}

/// A chain whose genesis has these stakers.
pub fn chain_with(stakers: Vec<(u64, Balance, Option<u64>)>) -> sp_io::TestExternalities {
    let mut ext = sp_io::TestExternalities::from(genesis(stakers).expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Calls as the executive does: what fails leaves no trace.
fn call(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
    with_storage_layer(call)
}

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn stake(who: u64, amount: Balance) -> DispatchResult {
    call(|| Stake::stake(signed(who), amount))
}

pub fn unstake(who: u64, amount: Balance) -> DispatchResult {
    call(|| Stake::unstake(signed(who), amount))
}

/// Somebody else asks for it.
pub fn withdraw(who: u64) -> DispatchResult {
    call(|| Stake::withdraw(signed(PAYER), who))
}

pub fn back(who: u64, validator: u64) -> DispatchResult {
    call(|| Stake::back(signed(who), validator))
}

pub fn stop(who: u64) -> DispatchResult {
    call(|| Stake::stop_backing(signed(who)))
}

/// Somebody else asks for it.
pub fn claim(who: u64) -> DispatchResult {
    call(|| Stake::claim(signed(PAYER), who))
}

/// Somebody else asks for it.
pub fn settle(who: u64) -> DispatchResult {
    call(|| Stake::settle(signed(PAYER), who))
}

pub fn reward(validator: u64, amount: Balance) -> Balance {
    <Stake as OnReward<u64>>::reward(&validator, &PAYER, amount)
}

pub fn slash(validator: u64, percent: u32) {
    <Stake as OnSlash<u64>>::slash(&validator, Perbill::from_percent(percent));
}

pub fn pass(seconds: Seconds) {
    Now::set(Now::get().saturating_add(seconds));
}

pub fn on_hold(who: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::Stake.into(), &who)
}

fn call_voting<P>(
    call: impl FnOnce() -> Result<
        P,
        sp_runtime::DispatchErrorWithPostInfo<frame_support::dispatch::PostDispatchInfo>,
    >,
) -> DispatchResult {
    let polls = PollsKept::get();
    let answer = with_storage_layer(|| call().map(drop).map_err(|failed| failed.error));
    if answer.is_err() {
        PollsKept::set(polls);
    }
    answer
}

/// Votes aye with a conviction of one locking period.
pub fn vote(who: u64, poll: u8, balance: Balance) -> DispatchResult {
    let vote = Vote {
        aye: true,
        conviction: Conviction::Locked1x,
    };
    call_voting(|| {
        Voting::vote(signed(who), poll, AccountVote::Standard { vote, balance }).map_err(Into::into)
    })
}

pub fn remove_vote(who: u64, poll: u8) -> DispatchResult {
    // Polls 0 and 1 are of class 0, poll 2 of class 1.
    let class = u8::from(poll == 2);
    call_voting(|| Voting::remove_vote(signed(who), Some(class), poll).map_err(Into::into))
}

pub fn delegate(who: u64, class: u8, to: u64, balance: Balance) -> DispatchResult {
    call_voting(|| Voting::delegate(signed(who), class, to, Conviction::Locked1x, balance))
}

pub fn undelegate(who: u64, class: u8) -> DispatchResult {
    call_voting(|| Voting::undelegate(signed(who), class))
}

/// Somebody else asks for it.
pub fn unlock(who: u64, class: u8) -> DispatchResult {
    call_voting(|| Voting::unlock(signed(PAYER), class, who).map_err(Into::into))
}

pub fn end_poll(poll: u8, approved: bool) {
    let mut polls = PollsKept::get();
    polls.insert(poll, Poll::Completed(Now::get(), approved));
    PollsKept::set(polls);
}

/// Planck behind the ayes of a poll, each counted once.
pub fn support(poll: u8) -> Balance {
    Polls::as_ongoing(poll).expect("it is ongoing").0.support
}

pub fn support_share(poll: u8) -> Perbill {
    let (tally, class) = Polls::as_ongoing(poll).expect("it is ongoing");
    tally.support(class)
}

pub fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}
