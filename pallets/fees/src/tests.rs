use crate::{self as pallet_fees, *};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{
        Hooks,
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Precision, Preservation},
    },
};
use proptest::prelude::*;
use sp_runtime::{BuildStorage, Perbill};

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Fees = pallet_fees;
}

const ED: Balance = 10;
const PAYER: u64 = 1;
const SEALER: u64 = 2;
const TREASURY: u64 = 3;
const REVENUE: u64 = 4;

parameter_types! {
    pub static Author: Option<u64> = Some(SEALER);
    pub static Decided: Option<Shares> = None;
    pub const Treasury: u64 = TREASURY;
    pub const Revenue: u64 = REVENUE;
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
    type ExistentialDeposit = frame_support::traits::ConstU128<ED>;
}

impl Config for Runtime {
    type Currency = Balances;
    type Author = Author;
    type AuthorPayee = sp_runtime::traits::Identity;
    type Treasury = Treasury;
    type RevenueShare = Revenue;
    type Shares = InForce;
    type WeightInfo = ();
}

/// What somebody who may has decided, and until then what the genesis chose.
pub struct InForce;

impl Get<Shares> for InForce {
    fn get() -> Shares {
        Decided::get().unwrap_or_else(GenesisShares::<Runtime>::get)
    }
}

fn ledger() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![
                (PAYER, 1_000_000_000),
                (SEALER, ED),
                (TREASURY, ED),
                (REVENUE, ED),
            ],
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("genesis builds")
    .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Pays as `FungibleAdapter` does: withdraws the most it could cost, refunds, hands over fee and tip.
fn pay(who: u64, base_fee: Balance, tip: Balance, refund: Balance) {
    let Ok(credit) = Balances::withdraw(
        &who,
        base_fee + tip + refund,
        Precision::Exact,
        Preservation::Preserve,
        Fortitude::Polite,
    ) else {
        return; // the transaction is invalid and leaves no trace
    };
    let (refund, rest) = credit.split(refund);
    let mut kept = CreditOf::<Runtime>::zero();
    if let Err(not_refunded) = Balances::resolve(&who, refund) {
        kept = not_refunded;
    }
    let (tip, fee) = rest.split(tip);
    Fees::on_unbalanceds([fee.merge(kept), tip].into_iter());
}

fn settled() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}

#[test]
fn half_of_the_base_fee_is_burned_and_the_tip_is_not() {
    ledger().execute_with(|| {
        let issuance = Balances::total_issuance();
        pay(PAYER, 1_000, 100, 50);
        Fees::on_finalize(1);

        assert_eq!(TotalBurned::<Runtime>::get(), 500);
        assert_eq!(Balances::total_issuance(), issuance - 500);
        // 600 are left: 60% to the author, 20% to each pot.
        assert_eq!(Balances::balance(&SEALER), ED + 360);
        assert_eq!(Balances::balance(&TREASURY), ED + 120);
        assert_eq!(Balances::balance(&REVENUE), ED + 120);
        assert_eq!(
            settled(),
            vec![Event::FeesSettled {
                burned: 500,
                author: Some(SEALER),
                author_share: 360,
                treasury_share: 120,
                revenue_share: 120
            }]
        );
        assert_ok!(Fees::do_try_state());
    });
}

#[test]
fn a_block_without_fees_settles_nothing_and_says_nothing() {
    ledger().execute_with(|| {
        Fees::on_finalize(1);
        assert_eq!(settled(), vec![]);
    });
}

#[test]
fn without_an_author_the_treasury_takes_its_share() {
    ledger().execute_with(|| {
        Author::set(None);
        pay(PAYER, 1_000, 0, 0);
        Fees::on_finalize(1);
        assert_eq!(Balances::balance(&TREASURY), ED + 300 + 100);
    });
}

#[test]
fn an_author_whose_account_cannot_take_so_little_leaves_it_to_the_treasury() {
    ledger().execute_with(|| {
        Author::set(Some(99));
        pay(PAYER, 20, 0, 0); // its share would be 6, below the existential deposit
        Fees::on_finalize(1);
        assert_eq!(Balances::balance(&99), 0);
        assert_eq!(Balances::balance(&TREASURY), ED + 6 + 2);
    });
}

#[test]
fn what_no_pot_can_take_is_burned_and_counted() {
    ledger().execute_with(|| {
        for pot in [TREASURY, REVENUE] {
            assert_ok!(Balances::burn_from(
                &pot,
                ED,
                Preservation::Expendable,
                Precision::Exact,
                Fortitude::Force
            ));
        }
        let issuance = Balances::total_issuance();
        pay(PAYER, 40, 0, 0); // 4 for each pot
        Fees::on_finalize(1);
        assert_eq!(TotalBurned::<Runtime>::get(), 20 + 4 + 4);
        assert_eq!(Balances::total_issuance(), issuance - 28);
    });
}

#[test]
fn the_genesis_divides_until_somebody_decides_otherwise() {
    ledger().execute_with(|| {
        let shares = |burn| Shares {
            burn: Perbill::from_percent(burn),
            ..Shares::default()
        };
        GenesisShares::<Runtime>::put(shares(60));
        pay(PAYER, 1_000, 0, 0);
        Fees::on_finalize(1);
        assert_eq!(TotalBurned::<Runtime>::get(), 600);
        Decided::set(Some(shares(75)));
        pay(PAYER, 1_000, 0, 0);
        Fees::on_finalize(2);
        assert_eq!(TotalBurned::<Runtime>::get(), 600 + 750);
        assert_ok!(Fees::do_try_state());
    });
}

#[test]
fn shares_out_of_bounds_are_noticed() {
    ledger().execute_with(|| {
        Decided::set(Some(Shares {
            burn: Perbill::from_percent(49),
            ..Shares::default()
        }));
        assert!(Fees::do_try_state().is_err());
    });
}

#[test]
#[should_panic(expected = "fees.shares are out of bounds")]
fn a_genesis_that_burns_too_little_is_refused() {
    let shares = Shares {
        burn: Perbill::from_percent(10),
        ..Shares::default()
    };
    let _ = GenesisConfig::<Runtime> {
        shares,
        ..Default::default()
    }
    .build_storage();
}

proptest! {
    /// The rule of the house: not a planck appears or vanishes, whatever is paid.
    #[test]
    fn issuance_before_equals_issuance_after_plus_burned(
        blocks in proptest::collection::vec(
            proptest::collection::vec((0u128..100_000, 0u128..1_000, 0u128..1_000, 1u64..=6), 0..8),
            1..12,
        ),
        burn in 500_000_000u32..=1_000_000_000,
        author_known in any::<bool>(),
    ) {
        ledger().execute_with(|| {
            Author::set(author_known.then_some(SEALER));
            let shares = Shares { burn: Perbill::from_parts(burn), ..Shares::default() };
            Decided::set(Some(shares));
            let issuance = Balances::total_issuance();
            for (n, block) in blocks.into_iter().enumerate() {
                for (base_fee, tip, refund, payer) in block {
                    pay(payer, base_fee, tip, refund);
                }
                Fees::on_finalize(n as u64 + 1);
                assert_ok!(Fees::do_try_state());
                assert_eq!(issuance, Balances::total_issuance() + TotalBurned::<Runtime>::get());
                let held: Balance = frame_system::Account::<Runtime>::iter()
                    .map(|(_, account)| account.data.free + account.data.reserved)
                    .sum();
                assert_eq!(held, Balances::total_issuance());
            }
        });
    }
}
