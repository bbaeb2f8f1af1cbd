//! What is held, when it ends, and who has it then.

use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        fungible::{Inspect, InspectHold, Mutate},
        tokens::Preservation,
    },
};
use plume_primitives::compliance::{Asset, Flow, FlowKind, Reason, Screen, Verdict};

fn on_hold(who: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::ComplianceReview.into(), &who)
}

fn hold_everything() {
    enact(Scope::Native, [(always(), Verdict::Hold)]);
}

#[test]
fn what_is_held_has_arrived_and_cannot_be_spent() {
    on_chain(|| {
        hold_everything();
        assert_eq!(pay(1, 2, 500).verdict, Verdict::Hold);
        assert_eq!(Balances::balance(&1), RICH - 500);
        assert_eq!(Balances::balance(&2), RICH);
        assert_eq!(on_hold(2), 500);
        assert!(events().contains(&Event::Held {
            case: 0,
            hold: 0,
            from: 1,
            to: 2,
            asset: Asset::Native,
            amount: 500,
            until: now() + REVIEW,
        }));
        let all = Balances::transfer(&2, &3, RICH + 1, Preservation::Expendable);
        assert!(all.is_err());
    });
}

#[test]
fn a_held_transfer_returns_to_its_sender_after_its_time() {
    on_chain(|| {
        hold_everything();
        pay(1, 2, 500);
        after(REVIEW - 1);
        assert_eq!(on_hold(2), 500);
        after(1);
        assert_eq!(on_hold(2), 0);
        assert_eq!(Balances::balance(&1), RICH);
        assert_eq!(Balances::balance(&2), RICH);
        let case = Cases::<Runtime>::get(0).expect("it stays");
        assert_eq!(case.stage, Stage::Open);
        assert!(case.holds.is_empty());
    });
}

#[test]
fn a_block_returns_no_more_than_it_may_and_the_next_one_goes_on() {
    on_chain(|| {
        hold_everything();
        for to in 10..15 {
            pay(1, to, 500);
        }
        after(REVIEW);
        assert_eq!(Holds::<Runtime>::iter().count(), 2);
        after(0);
        assert_eq!(Holds::<Runtime>::iter().count(), 0);
        assert_eq!(Balances::balance(&1), RICH);
        let queue = Queue::<Runtime>::get();
        assert_eq!((queue.first, queue.next), (5, 5));
    });
}

#[test]
fn what_the_block_has_not_come_to_anybody_may_return() {
    on_chain(|| {
        hold_everything();
        for to in 10..15 {
            pay(1, to, 500);
        }
        let return_last = || Compliance::return_expired(RuntimeOrigin::signed(50), 4);
        assert_noop!(return_last(), Error::<Runtime>::UnderReview);
        after(REVIEW);
        assert_ok!(return_last());
        assert_noop!(return_last(), Error::<Runtime>::UnknownHold);
        after(0);
        assert_eq!(Balances::balance(&1), RICH);
    });
}

#[test]
fn the_existential_deposit_of_a_new_account_stays_free() {
    on_chain(|| {
        hold_everything();
        pay(1, 500, 60);
        assert_eq!((Balances::balance(&500), on_hold(500)), (ED, 60 - ED));
        after(REVIEW);
        assert_eq!(Balances::total_balance(&500), ED);
        pay(1, 501, ED);
        assert_eq!((Balances::balance(&501), on_hold(501)), (ED, 0));
        assert!(
            events()
                .iter()
                .any(|event| matches!(event, Event::NothingHeld { case: 1, .. }))
        );
    });
}

#[test]
fn a_transfer_that_did_not_happen_holds_nothing_of_its_recipient() {
    on_chain(|| {
        hold_everything();
        let prepared = Compliance::prepare(Compliance::judge(vec![transfer(1, 2, 500)]));
        // The call fails.
        Compliance::complete(prepared);
        assert_eq!(on_hold(2), 0);
        assert_eq!(Holds::<Runtime>::iter().count(), 0);
        after(REVIEW);
        assert_eq!(Balances::balance(&2), RICH);
    });
}

#[test]
fn of_two_flows_to_one_recipient_no_more_is_held_than_came() {
    on_chain(|| {
        hold_everything();
        let flows = vec![transfer(1, 2, 500), transfer(1, 2, 700)];
        let prepared = Compliance::prepare(Compliance::judge(flows));
        // Only the first happens.
        assert_ok!(Balances::transfer(&1, &2, 500, Preservation::Preserve));
        Compliance::complete(prepared);
        assert_eq!(on_hold(2), 500);
        pay_all(vec![transfer(1, 4, 500), transfer(1, 4, 700)]);
        assert_eq!(on_hold(4), 1_200);
    });
}

#[test]
fn what_the_same_call_spends_before_or_after_is_denied() {
    on_chain(|| {
        hold_everything();
        let after = vec![transfer(1, 2, 500), transfer(2, 3, 500)];
        let before = vec![transfer(2, 3, 500), transfer(1, 2, 500)];
        for flows in [after, before] {
            let denied = pay_all(flows);
            assert_eq!(denied.verdict, Verdict::Deny);
            assert_eq!(denied.reason, Some(Reason::SpendsWhatIsHeld));
        }
        // The recipient's fee, too, would hide what has arrived.
        let fee = Flow {
            kind: FlowKind::Fee,
            ..transfer(2, 9, 1)
        };
        let denied = pay_all(vec![fee, transfer(1, 2, 500)]);
        assert_eq!(denied.reason, Some(Reason::SpendsWhatIsHeld));
    });
}

#[test]
fn what_one_of_two_senders_sent_is_not_returned_to_the_other() {
    on_chain(|| {
        hold_everything();
        let denied = pay_all(vec![transfer(1, 2, 500), transfer(3, 2, 700)]);
        assert_eq!(denied.verdict, Verdict::Deny);
        assert_eq!(denied.reason, Some(Reason::CannotBeHeld));
        let held = pay_all(vec![transfer(1, 2, 500), transfer(3, 4, 700)]);
        assert_eq!(held.verdict, Verdict::Hold);
    });
}

#[test]
fn what_cannot_be_held_is_denied() {
    on_chain(|| {
        hold_everything();
        enact(Scope::Assets, [(always(), Verdict::Hold)]);
        let judged = |asset, kind| {
            Compliance::ruling(&Compliance::judge(vec![Flow {
                asset,
                kind,
                ..transfer(1, 2, 500)
            }]))
        };
        let reason = Some(Reason::CannotBeHeld);
        assert_eq!(judged(Asset::Native, FlowKind::Redeem).reason, reason);
        assert_eq!(judged(Asset::Native, FlowKind::Trade).reason, reason);
        let unholdable = Asset::Other(UNHOLDABLE);
        assert_eq!(judged(unholdable, FlowKind::Transfer).reason, reason);
        assert_eq!(
            judged(Asset::Other(SHARES), FlowKind::Transfer).verdict,
            Verdict::Hold
        );
    });
}

#[test]
fn other_assets_are_held_and_returned_too() {
    on_chain(|| {
        use plume_primitives::compliance::Custody;
        enact(Scope::Assets, [(always(), Verdict::Hold)]);
        give_shares(1, 100);
        let flow = Flow {
            asset: Asset::Other(SHARES),
            ..transfer(1, 2, 40)
        };
        let prepared = Compliance::prepare(Compliance::judge(vec![flow]));
        assert_eq!(Shares::hold(SHARES, &1, 40), 40);
        assert_ok!(Shares::send(SHARES, &1, &2, 40)); // as a transfer does
        Compliance::complete(prepared);
        assert_eq!(Shares::held(SHARES, &2), 40);
        after(REVIEW);
        assert_eq!(Shares::held(SHARES, &2), 0);
        assert_eq!(Shares::balance(SHARES, &1), 100);
    });
}

#[test]
fn what_a_vanished_sender_cannot_take_goes_to_the_account_for_it() {
    on_chain(|| {
        hold_everything();
        // All that 5 has goes to others, a part of it so small that no account can begin with it.
        pay(5, 6, ED - 1);
        assert_ok!(Balances::transfer(
            &5,
            &7,
            RICH - (ED - 1),
            Preservation::Expendable
        ));
        assert_eq!(Balances::total_balance(&5), 0);
        after(REVIEW);
        assert_eq!(Balances::total_balance(&5), 0);
        assert_eq!(on_hold(6), 0);
        assert_eq!(Balances::balance(&SUBSTITUTE), ED + ED - 1);
    });
}

#[test]
fn a_frozen_amount_stays_where_it_is_until_the_freeze_ends() {
    on_chain(|| {
        hold_everything();
        pay(1, 2, 500);
        freeze(Some(0));
        for (officer, step) in [(ANNA, 0), (ANNA, 1)] {
            let origin = RuntimeOrigin::signed(officer);
            let evidence = sp_core::H256::zero();
            assert_ok!(match step {
                0 => Compliance::take_case(origin, 0),
                _ => Compliance::propose_closing(origin, 0, Closing::Dismiss, evidence),
            });
        }
        let confirm = || {
            let evidence = sp_core::H256::zero();
            Compliance::confirm_closing(RuntimeOrigin::signed(BERT), 0, Closing::Dismiss, evidence)
        };
        assert_noop!(confirm(), Error::<Runtime>::AmountFrozen);
        after(REVIEW);
        assert_eq!(on_hold(2), 500);
        assert!(events().contains(&Event::ReturnFailed { case: 0, hold: 0 }));
        let again = || Compliance::return_expired(RuntimeOrigin::signed(50), 0);
        assert_noop!(again(), Error::<Runtime>::AmountFrozen);
        freeze(None);
        assert_ok!(again());
        assert_eq!(Balances::balance(&1), RICH);
        assert_ok!(confirm());
    });
}

#[test]
fn a_supervisor_learns_whose_amounts_are_on_hold() {
    on_chain(|| {
        use plume_primitives::{compliance::SubjectId, regulation::HeldAmounts};
        hold_everything();
        subject(5, [1]);
        subject(4, [2]);
        pay_all(vec![transfer(1, 2, 500), transfer(1, 3, 500)]);
        let subjects = [4, 5].map(SubjectId::from_low_u64_be).to_vec();
        assert_eq!(Compliance::parties(0), subjects);
        assert!(Compliance::parties(1).is_empty());
        after(REVIEW);
        assert!(Compliance::parties(0).is_empty());
    });
}
