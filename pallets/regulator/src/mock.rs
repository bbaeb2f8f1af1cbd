//! A chain with two supervisors, two institutions and their subjects, amounts on hold, and balances that nobody here
//! may move.

use crate::{self as pallet_regulator, *};
use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU128},
};
use plume_primitives::{
    Balance, Seconds,
    compliance::{Jurisdiction, SubjectId},
    credentials::{Reach, Subjects},
    regulation::{CaseId, Freezes, HeldAmounts, OnFreeze},
};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchResult, traits::BlockNumberProvider};
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
    pub type Regulator = pallet_regulator;
}

pub const START: Seconds = 100;
pub const MAX_SUPERVISORS: u32 = 3;
pub const MAX_WARRANT_TIME: Seconds = 1_000;
pub const MAX_FREEZES: u32 = 2;
pub const MAX_SEALED: u32 = 16;

/// Supervises Switzerland and Germany.
pub const FINMA: u64 = 1;
/// Supervises France.
pub const AMF: u64 = 2;
/// Its subjects have odd numbers.
pub const ODD_BANK: u64 = 11;
/// Its subjects have even numbers.
pub const EVEN_BANK: u64 = 12;

/// Swiss, of the odd bank.
pub const SWISS: u8 = 1;
/// German, of the even bank.
pub const GERMAN: u8 = 2;
/// French, of the odd bank.
pub const FRENCH: u8 = 3;
/// Known to nobody.
pub const NOBODY: u8 = 99;

/// An amount of the Swiss subject's for the German one.
pub const SWISS_TO_GERMAN: CaseId = 7;
/// An amount of the French subject's for somebody unknown.
pub const FRENCH_CASE: CaseId = 8;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static HELD: RefCell<BTreeMap<CaseId, Vec<SubjectId>>> = const { RefCell::new(BTreeMap::new()) };
    static TOLD: RefCell<Vec<SubjectId>> = const { RefCell::new(Vec::new()) };
}

pub struct Time;
impl BlockNumberProvider for Time {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn set_block_number(now: Seconds) {
        NOW.set(now);
    }
}

pub struct Registry;
impl Subjects<u64> for Registry {
    fn subject_of(_: &u64) -> Option<SubjectId> {
        None
    }
    fn institution_of(subject: &SubjectId) -> Option<u64> {
        match subject.0[0] {
            NOBODY => None,
            number if number % 2 == 1 => Some(ODD_BANK),
            _ => Some(EVEN_BANK),
        }
    }
    fn jurisdictions_of(subject: &SubjectId) -> Vec<Jurisdiction> {
        match subject.0[0] {
            SWISS => countries(&[b"CH"]),
            GERMAN => countries(&[b"DE"]),
            FRENCH => countries(&[b"FR"]),
            // What benchmarks make up is everywhere.
            NOBODY => Vec::new(),
            _ => countries(&[b"CH", b"DE", b"FR"]),
        }
    }
}

pub struct Held;
impl HeldAmounts for Held {
    fn parties(case: CaseId) -> Vec<SubjectId> {
        HELD.with_borrow(|held| held.get(&case).cloned().unwrap_or_default())
    }
}

/// An amount is no longer on hold.
pub fn settle(case: CaseId) {
    HELD.with_borrow_mut(|held| held.remove(&case));
}

pub struct Told;
impl OnFreeze for Told {
    fn on_freeze(subject: &SubjectId) {
        TOLD.with_borrow_mut(|told| told.push(*subject));
    }
}

/// Of whom others were told since it was last asked.
pub fn told() -> Vec<SubjectId> {
    TOLD.take()
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<u64> for Helper {
    fn subject(institution: &u64) -> SubjectId {
        subject(if *institution % 2 == 1 { 101 } else { 102 })
    }
    fn held_amount(from: &SubjectId, to: &SubjectId) -> CaseId {
        HELD.with_borrow_mut(|held| held.insert(55, vec![*from, *to]));
        55
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
    type ExistentialDeposit = ConstU128<1>;
}

impl Config for Runtime {
    type AdmitOrigin = frame_system::EnsureRoot<u64>;
    type Time = Time;
    type Subjects = Registry;
    type HeldAmounts = Held;
    type OnFreeze = Told;
    type MaxSupervisors = ConstU32<MAX_SUPERVISORS>;
    type MaxWarrantTime = ConstU32<MAX_WARRANT_TIME>;
    type MaxFreezes = ConstU32<MAX_FREEZES>;
    type MaxSealed = ConstU32<MAX_SEALED>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// A chain without supervisors, on which everybody below 20 has something.
pub fn empty_chain() -> sp_io::TestExternalities {
    NOW.set(START);
    told();
    HELD.with_borrow_mut(|held| {
        *held = BTreeMap::from([
            (SWISS_TO_GERMAN, vec![subject(SWISS), subject(GERMAN)]),
            (FRENCH_CASE, vec![subject(FRENCH), subject(NOBODY)]),
        ]);
    });
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (0..20).map(|who| (who, 1_000)).collect(),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// A chain with two supervisors.
pub fn chain() -> sp_io::TestExternalities {
    let mut ext = empty_chain();
    ext.execute_with(|| {
        admit(FINMA, Powers::ALL, &[b"CH", b"DE"]).expect("root admits");
        admit(AMF, Powers::ALL, &[b"FR"]).expect("root admits");
    });
    ext
}

pub fn now() -> Seconds {
    NOW.get()
}

pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn hash(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

pub fn subject(number: u8) -> SubjectId {
    hash(number)
}

pub fn countries(codes: &[&[u8; 2]]) -> Vec<Jurisdiction> {
    codes.iter().map(|code| Jurisdiction(**code)).collect()
}

pub fn reach(codes: &[&[u8; 2]]) -> Reach {
    Reach::In(countries(codes).try_into().expect("they are few"))
}

pub fn admit(who: u64, powers: Powers, codes: &[&[u8; 2]]) -> DispatchResult {
    Regulator::admit_supervisor(root(), who, hash(50), powers, reach(codes))
}

/// The supervisor opens a warrant with all of its powers, for 100 seconds.
pub fn opened(who: u64, target: Target<u64>) -> WarrantId {
    let id = NextWarrant::<Runtime>::get();
    let powers = Supervisors::<Runtime>::get(who)
        .expect("it supervises")
        .powers;
    Regulator::open_warrant(signed(who), target, powers, hash(60), now() + 100, None)
        .expect("it may open a warrant");
    id
}

pub fn freeze(who: u64, warrant: WarrantId, number: u8) -> DispatchResult {
    Regulator::freeze_subject(signed(who), warrant, subject(number), hash(61))
}

pub fn release(who: u64, warrant: WarrantId, number: u8) -> DispatchResult {
    Regulator::release_subject(signed(who), warrant, subject(number), hash(62))
}

pub fn freeze_amount(who: u64, warrant: WarrantId, case: CaseId) -> DispatchResult {
    Regulator::freeze_amount(signed(who), warrant, case, hash(63))
}

pub fn release_amount(who: u64, warrant: WarrantId, case: CaseId) -> DispatchResult {
    Regulator::release_amount(signed(who), warrant, case, hash(64))
}

pub fn access(who: u64, warrant: Option<WarrantId>, number: u8) -> DispatchResult {
    let sealed = b"for the bank".to_vec().try_into().expect("it is short");
    Regulator::record_access(signed(who), warrant, subject(number), hash(65), sealed)
}

/// Asks the committee, three of whom it takes, to open what a byte stands for.
pub fn record_opening(who: u64, warrant: WarrantId, what: u8) -> DispatchResult {
    Regulator::record_opening(signed(who), warrant, hash(what), 3)
}

pub fn is_frozen(number: u8) -> bool {
    <Regulator as Freezes>::is_frozen(&subject(number))
}

pub fn is_amount_frozen(case: CaseId) -> bool {
    <Regulator as Freezes>::is_amount_frozen(case)
}

/// Lines of a supervisor.
pub fn lines_of(who: u64) -> u64 {
    SupervisorCounts::<Runtime>::get(who)
}

/// Lines about an institution.
pub fn lines_about(institution: u64) -> u64 {
    InstitutionCounts::<Runtime>::get(institution)
}
