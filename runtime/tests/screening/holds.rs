//! What is suspicious arrives on hold, and nothing of the same transaction can spend it.

use crate::{common::*, stage::*};
use frame_support::traits::fungible::Inspect;
use plume_primitives::{
    compliance::{Reason, Verdict},
    units::{EXISTENTIAL_DEPOSIT, PLUME},
};
use plume_runtime::*;
use sp_keyring::Sr25519Keyring::{Alice, Eve};

#[test]
fn what_arrives_is_on_hold_and_returns_when_nobody_decides() {
    chain().execute_with(|| {
        enact([(everything(), Verdict::Hold)]);
        let before = Balances::free_balance(account(Alice));
        let eve = Balances::free_balance(account(Eve));
        assert_eq!(send(Eve, transfer(account(Alice), 5 * PLUME)), Ok(()));
        assert_eq!(Balances::free_balance(account(Alice)), before);
        assert_eq!(under_review(&account(Alice)), 5 * PLUME);
        block(3 * 24 * 60 * 60);
        <Compliance as frame_support::traits::Hooks<BlockNumber>>::on_initialize(
            System::block_number(),
        );
        assert_eq!(under_review(&account(Alice)), 0);
        assert_eq!(Balances::free_balance(account(Eve)), eve);
    });
}

#[test]
fn a_new_account_keeps_its_existential_deposit_free() {
    chain().execute_with(|| {
        enact([(everything(), Verdict::Hold)]);
        assert_eq!(send(Eve, transfer(fresh(1), PLUME)), Ok(()));
        assert_eq!(under_review(&fresh(1)), PLUME - EXISTENTIAL_DEPOSIT);
        assert_eq!(Balances::free_balance(fresh(1)), EXISTENTIAL_DEPOSIT);
    });
}

#[test]
fn a_tree_that_would_spend_what_is_to_be_held_is_denied() {
    chain().execute_with(|| {
        enact([(everything(), Verdict::Hold)]);
        let own = pallet_utility::derivative_account_id(account(Eve), 0);
        let onward = batch_all([
            transfer(own, 5 * PLUME),
            as_derivative(0, transfer(account(Alice), 4 * PLUME)),
        ]);
        assert_eq!(send(Eve, onward), denied(Reason::SpendsWhatIsHeld));
    });
}

#[test]
fn a_tree_that_no_pool_has_seen_finds_it_on_hold_already() {
    chain().execute_with(|| {
        use sp_runtime::traits::Dispatchable;
        enact([(everything(), Verdict::Hold)]);
        let own = pallet_utility::derivative_account_id(account(Eve), 0);
        let onward = batch([
            transfer(own.clone(), 5 * PLUME),
            as_derivative(0, transfer(account(Alice), 4 * PLUME)),
        ]);
        let before = Balances::total_balance(&account(Alice));
        assert!(onward.dispatch(signed(Eve)).is_ok());
        assert_eq!(under_review(&own), 5 * PLUME - EXISTENTIAL_DEPOSIT);
        assert_eq!(Balances::total_balance(&account(Alice)), before);
    });
}

#[test]
fn shares_of_an_asset_are_held_like_plume() {
    use frame_support::{assert_ok, traits::fungibles::InspectHold};
    chain().execute_with(|| {
        let id = codec::Compact(1);
        assert_ok!(Assets::create(signed(Eve), id, account(Eve).into(), 1));
        assert_ok!(Assets::mint(signed(Eve), id, account(Eve).into(), 100));
        enact([(everything(), Verdict::Hold)]);
        let sent = pallet_assets::Call::transfer {
            id,
            target: account(Alice).into(),
            amount: 40,
        };
        assert_eq!(send(Eve, sent), Ok(()));
        let review = pallet_compliance::HoldReason::ComplianceReview.into();
        let held = AssetsHolder::balance_on_hold(1, &review, &account(Alice));
        assert!(held >= 39, "{held}");
        block(3 * 24 * 60 * 60);
        <Compliance as frame_support::traits::Hooks<BlockNumber>>::on_initialize(
            System::block_number(),
        );
        assert_eq!(
            AssetsHolder::balance_on_hold(1, &review, &account(Alice)),
            0
        );
        assert!(Assets::balance(1, account(Eve)) >= 99);
    });
}

#[test]
fn closing_a_case_fits_into_a_block() {
    use frame_support::{
        dispatch::{DispatchClass, GetDispatchInfo},
        traits::Get,
    };
    chain().execute_with(|| {
        let close: RuntimeCall = pallet_compliance::Call::confirm_closing {
            case: 0,
            closing: pallet_compliance::Closing::ReportAndReturn,
            evidence: Default::default(),
        }
        .into();
        let weights = <Runtime as frame_system::Config>::BlockWeights::get();
        let most = weights
            .get(DispatchClass::Normal)
            .max_total
            .expect("ordinary calls have a limit");
        // Half of it, so that it fits beside others, and on the shortest slots.
        assert!(close.get_dispatch_info().call_weight.all_lt(most / 2));
    });
}
