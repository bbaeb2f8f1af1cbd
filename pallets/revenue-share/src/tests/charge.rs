use crate::{mock::*, *};
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, DispatchInfo, Pays, PostDispatchInfo},
    traits::fungible::Inspect,
    weights::Weight,
};
use pallet_transaction_payment::{ChargeTransactionPayment, Event as PaymentEvent};
use plume_primitives::Balance;
use sp_runtime::{DispatchError, traits::DispatchTransaction};

/// Sends a transaction that does nothing. Returns what was paid in all.
fn send(who: u64, tip: Balance, outcome: Result<PostDispatchInfo, DispatchError>) -> Balance {
    let before = Balances::balance(&who);
    let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
    let info = DispatchInfo {
        call_weight: Weight::from_parts(5_000, 0),
        class: DispatchClass::Normal,
        ..Default::default()
    };
    let extension = ChargeTransactionPayment::<Runtime>::from(tip);
    let outcome = outcome.map_err(Into::into);
    let _ = extension
        .test_run(signed(who), &call, &info, 100, 0, |_| outcome)
        .expect("the payer can pay");
    before - Balances::balance(&who)
}

fn done() -> PostDispatchInfo {
    PostDispatchInfo {
        actual_weight: Some(Weight::from_parts(2_000, 0)),
        pays_fee: Pays::Yes,
    }
}

#[test]
fn what_a_payer_paid_without_its_tip_is_attributed_to_its_institution() {
    chain(2).execute_with(|| {
        let first = send(1, 77, Ok(done()));
        assert_eq!(fees_of(0), first - 77);
        let second = send(0, 0, Ok(done()));
        assert_eq!(fees_of(0), first - 77 + second);
        assert_eq!(fees_of(1), 0);
        let told = System::read_events_for_pallet::<PaymentEvent<Runtime>>();
        assert_eq!(
            told.first(),
            Some(&PaymentEvent::TransactionFeePaid {
                who: 1,
                actual_fee: first,
                tip: 77
            })
        );
    });
}

#[test]
fn what_execution_did_not_use_is_refunded_and_not_attributed() {
    chain(1).execute_with(|| {
        let cheap = send(0, 0, Ok(done()));
        let dear = send(0, 0, Ok(PostDispatchInfo::default()));
        assert_eq!(dear - cheap, 3_000);
        assert_eq!(fees_of(0), dear + cheap);
    });
}

#[test]
fn a_transaction_that_fails_pays_and_is_attributed_and_one_that_pays_nothing_is_not() {
    chain(1).execute_with(|| {
        let failed = send(0, 0, Err(DispatchError::Other("no")));
        assert!(failed > 0);
        assert_eq!(fees_of(0), failed);
        let free = PostDispatchInfo {
            actual_weight: None,
            pays_fee: Pays::No,
        };
        assert_eq!(send(0, 0, Ok(free)), 0);
        assert_eq!(fees_of(0), failed);
    });
}

#[test]
fn somebody_without_an_institution_pays_the_same_and_is_not_attributed() {
    chain(1).execute_with(|| {
        let members = send(0, 5, Ok(done()));
        let attributed = fees_of(0);
        assert_eq!(send(50, 5, Ok(done())), members);
        assert_eq!(fees_of(0), attributed);
    });
}

#[test]
fn an_attribution_is_part_of_the_blocks_weight_and_no_other_payers() {
    chain(1).execute_with(|| {
        let weight_of = |who| {
            let before = *System::block_weight().get(DispatchClass::Normal);
            send(who, 0, Ok(done()));
            *System::block_weight().get(DispatchClass::Normal) - before
        };
        assert_eq!(weight_of(50), Weight::zero());
        assert_eq!(weight_of(0), <() as WeightInfo>::attribute());
    });
}

#[test]
fn real_fees_fill_the_pot_and_come_back_within_the_cap() {
    chain(1).execute_with(|| {
        let spent = send(0, 0, Ok(done()));
        after(PERIOD);
        // A tenth of the fee reached the pot; the cap would be a quarter.
        assert_eq!(right_of(0), spent / 10);
        let before = Balances::balance(&0);
        assert_ok!(RevenueShare::claim(signed(50), 0));
        assert_eq!(Balances::balance(&0) - before, spent / 10);
        assert_ok!(RevenueShare::do_try_state());
    });
}
