//! What a transaction without a signed origin pays.

use crate::{
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_ok, pallet_prelude::InvalidTransaction};
use plume_primitives::{Balance, compliance::Asset};

fn funded(test: impl FnOnce()) {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        next_block();
        verified();
        test();
        next_block();
    });
}

/// The least fee of a transfer of one note more or less the same.
fn least() -> u64 {
    ShieldedPool::least_fee(&transfer(99)).expect("it pays for itself")
}

#[test]
fn one_unit_less_than_the_fee_rules_demand_is_refused_and_the_least_is_taken() {
    funded(|| {
        let least = least();
        assert!(least > 1);
        let too_low = transfer_of(body_out(2, plume(least - 1)));
        assert_eq!(include(too_low), Err(InvalidTransaction::Payment.into()));
        let none = transfer_of(body(2));
        assert_eq!(include(none), Err(InvalidTransaction::Payment.into()));
        assert_eq!(verified(), (0, 0), "before any proof is looked at");
        assert_ok!(include(transfer_of(body_out(2, plume(least)))));
    });
}

#[test]
fn exactly_what_is_demanded_is_the_base_fee_and_the_rest_a_tip() {
    funded(|| {
        let least = least();
        let call = transfer_of(body_out(2, plume(least + 700)));
        assert_ok!(include(call));
        let (base, tip) = fees();
        let paid = Balance::from(least + 700) * PLUME_UNIT;
        assert_eq!(base + tip, paid);
        // Less than a unit is lost in rounding up, to the tip.
        assert!((700 * PLUME_UNIT..701 * PLUME_UNIT).contains(&tip));
        System::assert_has_event(
            Event::<Runtime>::FeePaid {
                base_fee: base,
                tip,
            }
            .into(),
        );
    });
}

#[test]
fn half_of_the_base_fee_leaves_issuance_and_the_rest_arrives() {
    funded(|| {
        let issuance = Balances::total_issuance();
        let pot = Balances::free_balance(FEES_POT);
        assert_ok!(include(transfer(2)));
        let (base, tip) = fees();
        let burned = issuance - Balances::total_issuance();
        assert_eq!(burned, base.div_ceil(2));
        assert_eq!(Balances::free_balance(FEES_POT) - pot, base + tip - burned);
        assert_eq!(inside(Asset::Native).0, 100_000_000 - u128::from(FEE));
    });
}

#[test]
fn a_fee_that_was_enough_when_it_was_proven_is_refused_when_demand_has_risen() {
    funded(|| {
        let call = transfer_of(body_out(2, plume(least())));
        assert_ok!(validate(&call));
        set_fee_factor(2);
        assert_eq!(include(call), Err(InvalidTransaction::Payment.into()));
    });
}

#[test]
fn who_pays_more_comes_first() {
    funded(|| {
        let dear = validate(&transfer_of(body_out(2, plume(least() + 10)))).unwrap();
        let cheap = validate(&transfer_of(body_out(3, plume(least())))).unwrap();
        assert!(dear.priority > cheap.priority);
    });
}

#[test]
fn a_withdrawal_pays_with_what_it_does_not_pay_out() {
    funded(|| {
        let call = withdrawal_of(vec![body_out(2, plume(500 + 5))], BERT, 500);
        assert_eq!(include(call), Err(InvalidTransaction::Payment.into()));
        assert_ok!(include(withdrawal(2, BERT, 500)));
        let (base, tip) = fees();
        assert_eq!(base + tip, Balance::from(FEE) * PLUME_UNIT);
        assert_eq!(Balances::free_balance(BERT), RICH + 500 * PLUME_UNIT);
    });
}

#[test]
fn a_withdrawal_of_another_asset_cannot_pay_with_it() {
    funded(|| {
        assert_ok!(deposit(ANNA, 5, gold(1_000_000)));
        let alone = withdrawal_of(vec![body_out(6, gold(500))], BERT, 500);
        assert_eq!(include(alone), Err(InvalidTransaction::Payment.into()));
        let with_gold = withdrawal_of(vec![body_out(6, gold(500 + FEE))], BERT, 500);
        assert_eq!(
            include(with_gold),
            Err(checks::refusal::<Runtime>(Error::BadAmount))
        );
        let fee_in_gold = withdrawal_of(
            vec![body_out(6, gold(500)), body_out(7, gold(FEE))],
            BERT,
            500,
        );
        assert_eq!(
            include(fee_in_gold),
            Err(checks::refusal::<Runtime>(Error::BadAmount))
        );
    });
}
