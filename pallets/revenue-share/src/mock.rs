//! A chain with balances, fees and institutions.

use crate::{self as pallet_revenue_share, *};
use frame_support::{
    derive_impl, parameter_types,
    traits::{
        ConstU32, ConstU64, ConstU128, Hooks, Imbalance, OnUnbalanced,
        fungible::{Balanced, Credit, Mutate},
        tokens::Preservation,
    },
    weights::IdentityFee,
};
use pallet_transaction_payment::FungibleAdapter;
use plume_primitives::{Balance, Seconds, revenue::OnFeePaid, screening::Screening};
use sp_core::H256;
use sp_runtime::{BuildStorage, Perbill, traits::BlockNumberProvider};
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
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(3)]
    pub type RevenueShare = pallet_revenue_share;
}

pub const ED: Balance = 10;
pub const POT: u64 = 1_000;
/// Fills the pot in tests, and receives what is neither burned nor the pot's.
pub const FUNDS: u64 = 1_001;
pub const RICH: Balance = 1_000_000_000_000_000_000_000;
pub const PERIOD: Seconds = 1_000;
pub const CLAIM_PERIODS: u32 = 3;
pub const MAX_INSTITUTIONS: u32 = 5;
pub const MAX_ACCOUNTS: u32 = 3;

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

parameter_types! {
    pub const Cap: Perbill = Perbill::from_percent(25);
    pub const LeastBurned: Perbill = Perbill::from_percent(50);
}

/// Burns half of a base fee, gives a tenth to the pot and the rest with the tip to others.
pub struct DealFees;
impl OnUnbalanced<Credit<u64, Balances>> for DealFees {
    fn on_unbalanceds(mut fee_then_tip: impl Iterator<Item = Credit<u64, Balances>>) {
        let fee = fee_then_tip.next().expect("the adapter hands a fee");
        let amount = fee.peek();
        let (_burned, rest) = fee.split(amount / 2);
        let (to_pot, mut rest) = rest.split(amount / 10);
        if let Some(tip) = fee_then_tip.next() {
            rest.subsume(tip);
        }
        Balances::resolve(&POT, to_pot).expect("the pot exists");
        Balances::resolve(&FUNDS, rest).expect("the account exists");
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

#[derive_impl(pallet_transaction_payment::config_preludes::TestDefaultConfig)]
impl pallet_transaction_payment::Config for Runtime {
    type OnChargeTransaction = AttributedFees<FungibleAdapter<Balances, DealFees>, RevenueShare>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = IdentityFee<Balance>;
}

impl Config for Runtime {
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type Currency = Balances;
    type Pot = ConstU64<POT>;
    type Screening = Screened;
    type Time = Time;
    type Period = ConstU32<PERIOD>;
    type ClaimPeriods = ConstU32<CLAIM_PERIODS>;
    type Cap = Cap;
    type LeastBurned = LeastBurned;
    type MaxInstitutions = ConstU32<MAX_INSTITUTIONS>;
    type MaxAccounts = ConstU32<MAX_ACCOUNTS>;
    type WeightInfo = ();
}

/// A chain on which institution `i` begins with the accounts `i * 10`, which is its main account, and
/// `i * 10 + 1`. Everybody below 100 is rich.
pub fn chain(institutions: u64) -> sp_io::TestExternalities {
    NOW.set(0);
    REFUSED.with_borrow_mut(BTreeSet::clear);
    let mut balances: Vec<(u64, Balance)> = (0..100).map(|who| (who, RICH)).collect();
    balances.extend([(POT, ED), (FUNDS, RICH)]);
    let institutions = (0..institutions)
        .map(|i| GenesisInstitution {
            main: i * 10,
            lei_hash: H256::from_low_u64_be(i),
            accounts: vec![i * 10, i * 10 + 1],
        })
        .collect();
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        revenue_share: GenesisConfig { institutions },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

#[cfg(feature = "runtime-benchmarks")]
pub fn empty_chain() -> sp_io::TestExternalities {
    chain(0)
}

pub fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

/// Somebody paid a base fee.
pub fn paid(who: u64, base_fee: Balance) {
    RevenueShare::on_fee_paid(&who, base_fee);
}

/// Puts PLUME into the pot, which fees do otherwise.
pub fn fill_pot(amount: Balance) {
    Balances::transfer(&FUNDS, &POT, amount, Preservation::Preserve).expect("there is enough");
}

/// Begins a block after this many seconds.
pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
    RevenueShare::on_initialize(System::block_number());
}

pub fn right_of(institution: InstitutionId) -> Balance {
    Rights::<Runtime>::get(institution)
        .iter()
        .map(|right| right.amount)
        .sum()
}

pub fn fees_of(institution: InstitutionId) -> Balance {
    Institutions::<Runtime>::get(institution)
        .expect("it is registered")
        .fees
}

pub fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}
