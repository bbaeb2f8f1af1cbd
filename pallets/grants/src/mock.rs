//! A chain with a treasury and grants.

use crate::{self as pallet_grants, *};
use frame_support::{
    BoundedVec, derive_impl, ord_parameter_types,
    traits::{
        ConstU32, ConstU64, ConstU128, EitherOf,
        fungible::{Inspect, InspectHold},
    },
};
use frame_system::{EnsureRootWithSuccess, EnsureSignedBy, EnsureWithSuccess};
use plume_primitives::{Balance, Seconds, screening::Screening};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchResult, traits::BlockNumberProvider};
use std::{cell::Cell, cell::RefCell, collections::BTreeSet};

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
    pub type Grants = pallet_grants;
}

pub const ED: Balance = 10;
pub const RICH: Balance = 10_000;
pub const DEPOSIT: Balance = 100;
pub const TREASURY: u64 = 1_000;
pub const POT: u64 = 1_001;
pub const TREASURY_FUNDS: Balance = 1_000_000;
/// Approves as root does, but less.
pub const SMALL_APPROVER: u64 = 1_002;
pub const SMALL_LIMIT: Balance = 500;
pub const LARGE_LIMIT: Balance = 5_000;
pub const APPLICATION_TIME: Seconds = 100;
pub const REDELIVERY_TIME: Seconds = 30;
pub const MAX_WITHIN: Seconds = 1_000;
pub const MAX_MILESTONES: u32 = 4;

pub const GRANTEE: u64 = 1;
pub const BENEFICIARY: u64 = 2;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static REFUSED: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
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

pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
}

/// Admits everybody but those that a test refuses.
pub struct Screened;
impl Screening<u64> for Screened {
    fn admits(who: &u64) -> bool {
        REFUSED.with_borrow(|refused| !refused.contains(who))
    }
}

pub fn refuse(who: u64) {
    REFUSED.with_borrow_mut(|refused| refused.insert(who));
}

pub fn admit(who: u64) {
    REFUSED.with_borrow_mut(|refused| refused.remove(&who));
}

ord_parameter_types! {
    pub const SmallApprover: u64 = SMALL_APPROVER;
}

/// Root up to the large limit, one account up to the small one.
pub type Approvers = EitherOf<
    EnsureRootWithSuccess<u64, ConstU128<LARGE_LIMIT>>,
    EnsureWithSuccess<EnsureSignedBy<SmallApprover, u64>, u64, ConstU128<SMALL_LIMIT>>,
>;

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
    type GrantOrigin = Approvers;
    type AcceptOrigin = Approvers;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Treasury = ConstU64<TREASURY>;
    type Pot = ConstU64<POT>;
    type Screening = Screened;
    type Time = Time;
    type Deposit = ConstU128<DEPOSIT>;
    type ApplicationTime = ConstU32<APPLICATION_TIME>;
    type RedeliveryTime = ConstU32<REDELIVERY_TIME>;
    type MaxWithin = ConstU32<MAX_WITHIN>;
    type MaxMilestones = ConstU32<MAX_MILESTONES>;
    type WeightInfo = ();
}

/// A chain on which the treasury has `TREASURY_FUNDS`, and everybody below 10 is rich.
pub fn chain() -> sp_io::TestExternalities {
    NOW.set(0);
    REFUSED.with_borrow_mut(BTreeSet::clear);
    let mut balances: Vec<(u64, Balance)> = (0..10).map(|who| (who, RICH)).collect();
    balances.push((TREASURY, TREASURY_FUNDS));
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn hash(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

pub fn plans(plans: &[(Balance, Seconds)]) -> BoundedVec<Plan, ConstU32<MAX_MILESTONES>> {
    BoundedVec::truncate_from(
        plans
            .iter()
            .map(|(amount, within)| Plan {
                amount: *amount,
                within: *within,
            })
            .collect(),
    )
}

/// The grantee applies for milestones of these amounts and times.
pub fn apply(milestones: &[(Balance, Seconds)]) -> DispatchResult {
    Grants::apply(signed(GRANTEE), hash(0), BENEFICIARY, plans(milestones))
}

/// A grant of two milestones, 200 within 50 seconds and 300 within 80, approved at once.
pub fn approved() -> GrantId {
    let id = NextId::<Runtime>::get();
    apply(&[(200, 50), (300, 80)]).expect("it can apply");
    Grants::approve(root(), id).expect("root approves");
    id
}

pub fn deliver(id: GrantId, milestone: u32, byte: u8) -> DispatchResult {
    Grants::deliver(signed(GRANTEE), id, milestone, hash(byte))
}

pub fn state_of(id: GrantId, milestone: usize) -> State {
    pallet_grants::Grants::<Runtime>::get(id)
        .expect("there is such a grant")
        .milestones[milestone]
        .state
}

pub fn pot() -> Balance {
    Balances::total_balance(&POT)
}

pub fn treasury() -> Balance {
    Balances::total_balance(&TREASURY)
}

pub fn on_hold(who: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::GrantDeposit.into(), &who)
}

pub fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}
