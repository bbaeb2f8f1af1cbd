//! Whatever supervisors do, the invariants hold and no balance changes.

use crate::{
    Call,
    mock::{Regulator, *},
    *,
};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use plume_primitives::{Balance, Seconds, regulation::CaseId};
use proptest::prelude::*;
use sp_runtime::traits::Dispatchable;

fn powers() -> impl Strategy<Value = Powers> {
    any::<(bool, bool, bool)>().prop_map(|(freeze_subjects, freeze_amounts, access)| Powers {
        freeze_subjects,
        freeze_amounts,
        access,
    })
}

fn number() -> impl Strategy<Value = u8> {
    prop_oneof![Just(SWISS), Just(GERMAN), Just(FRENCH), Just(NOBODY)]
}

fn case() -> impl Strategy<Value = CaseId> {
    prop_oneof![Just(SWISS_TO_GERMAN), Just(FRENCH_CASE), Just(77)]
}

fn target() -> impl Strategy<Value = Target<u64>> {
    prop_oneof![
        number().prop_map(|number| Target::Subject(subject(number))),
        case().prop_map(Target::Case),
        prop_oneof![Just(ODD_BANK), Just(EVEN_BANK)].prop_map(Target::Institution),
    ]
}

/// Every call of the pallet.
fn call() -> impl Strategy<Value = Call<Runtime>> {
    let warrant = || 0..8u32;
    prop_oneof![
        1 => (FINMA..=AMF + 1, powers(), any::<bool>()).prop_map(|(supervisor, powers, swiss)| {
            Call::admit_supervisor {
                supervisor,
                authority: hash(1),
                powers,
                reach: if swiss { reach(&[b"CH", b"DE"]) } else { reach(&[b"FR"]) },
            }
        }),
        1 => (FINMA..=AMF + 1).prop_map(|supervisor| Call::dismiss_supervisor { supervisor }),
        4 => (target(), powers(), 0..200u32).prop_map(|(target, powers, lasts)| Call::open_warrant {
            target,
            powers,
            legal_basis: hash(2),
            until: START + lasts,
            case: None,
        }),
        1 => warrant().prop_map(|warrant| Call::withdraw_warrant { warrant, evidence: hash(3) }),
        4 => (warrant(), number()).prop_map(|(warrant, number)| Call::freeze_subject {
            warrant,
            subject: subject(number),
            evidence: hash(4),
        }),
        2 => (warrant(), number()).prop_map(|(warrant, number)| Call::release_subject {
            warrant,
            subject: subject(number),
            evidence: hash(5),
        }),
        3 => (warrant(), case()).prop_map(|(warrant, case)| Call::freeze_amount {
            warrant,
            case,
            evidence: hash(6),
        }),
        2 => (warrant(), case()).prop_map(|(warrant, case)| Call::release_amount {
            warrant,
            case,
            evidence: hash(7),
        }),
        3 => (proptest::option::of(warrant()), number()).prop_map(|(warrant, number)| {
            Call::record_access {
                warrant,
                subject: subject(number),
                evidence: hash(8),
                sealed: Default::default(),
            }
        }),
        3 => (warrant(), 0..6u8, 0..3u16).prop_map(|(warrant, what, shares)| Call::record_opening {
            warrant,
            opened: hash(what),
            shares,
        }),
    ]
}

/// Everybody's balances: free, on hold, frozen.
fn balances() -> Vec<(u64, pallet_balances::AccountData<Balance>)> {
    let mut all: Vec<_> = frame_system::Account::<Runtime>::iter()
        .map(|(who, account)| (who, account.data))
        .collect();
    all.sort_by_key(|(who, _)| *who);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_regulator_never_moves_funds(
        steps in proptest::collection::vec(
            (call(), prop_oneof![Just(None), Just(Some(FINMA)), Just(Some(AMF)), Just(Some(9))], 0..40 as Seconds),
            1..50,
        ),
    ) {
        chain().execute_with(|| {
            let before = balances();
            let issuance = Balances::total_issuance();
            for (call, who, passed) in steps {
                let origin = who.map_or_else(root, signed);
                let lines = LogCount::<Runtime>::get();
                let is_act = !matches!(
                    call,
                    Call::admit_supervisor { .. } | Call::dismiss_supervisor { .. }
                );
                let call = RuntimeCall::from(call);
                assert!(call.get_dispatch_info().call_weight.ref_time() > 0);
                let done = call.dispatch(origin).is_ok();
                assert_eq!(LogCount::<Runtime>::get(), lines + u64::from(done && is_act));
                assert_eq!(balances(), before);
                assert_eq!(Balances::total_issuance(), issuance);
                assert_ok!(Regulator::do_try_state());
                after(passed);
            }
        });
    }
}

#[test]
fn every_call_is_among_those_that_are_tried() {
    use frame_support::traits::GetCallName;
    assert_eq!(
        Call::<Runtime>::get_call_names(),
        [
            "admit_supervisor",
            "dismiss_supervisor",
            "open_warrant",
            "withdraw_warrant",
            "freeze_subject",
            "release_subject",
            "freeze_amount",
            "release_amount",
            "record_access",
            "record_opening",
        ],
        "a new call has to be tried in `a_regulator_never_moves_funds`"
    );
}
