use crate::{mock::*, *};
use frame_support::assert_ok;
use plume_primitives::{Balance, Seconds};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Pay(u64, Balance),
    Fill(Balance),
    Pass(Seconds),
    Claim(InstitutionId),
    Suspend(InstitutionId),
    Reinstate(InstitutionId),
    Deregister(InstitutionId),
    Register(u64),
    Invite(u64, InstitutionId, u64),
    Accept(u64, InstitutionId),
    Leave(u64),
    Remove(u64, InstitutionId, u64),
    SetPayout(u64, InstitutionId, u64),
    Refuse(u64),
    Admit(u64),
}

/// Few accounts and institutions, so that most operations meet something.
fn op() -> impl Strategy<Value = Op> {
    let who = || prop_oneof![(0..6u64).prop_map(|i| i * 10), 0..60u64];
    let id = || 0..7u32;
    prop_oneof![
        8 => (who(), prop_oneof![0..1_000u128, 0..1_000_000_000_000u128]).prop_map(|(w, a)| Op::Pay(w, a)),
        3 => (0..1_000_000_000u128).prop_map(Op::Fill),
        4 => (0..=2 * PERIOD).prop_map(Op::Pass),
        2 => id().prop_map(Op::Claim),
        1 => id().prop_map(Op::Suspend),
        2 => id().prop_map(Op::Reinstate),
        1 => id().prop_map(Op::Deregister),
        1 => who().prop_map(Op::Register),
        2 => (who(), id(), who()).prop_map(|(w, i, a)| Op::Invite(w, i, a)),
        2 => (who(), id()).prop_map(|(w, i)| Op::Accept(w, i)),
        1 => who().prop_map(Op::Leave),
        1 => (who(), id(), who()).prop_map(|(w, i, a)| Op::Remove(w, i, a)),
        1 => (who(), id(), who()).prop_map(|(w, i, a)| Op::SetPayout(w, i, a)),
        1 => who().prop_map(Op::Refuse),
        2 => who().prop_map(Op::Admit),
    ]
}

/// Does one thing, as a block would: what is refused leaves no trace.
fn apply(op: Op) {
    let _ = frame_support::storage::with_storage_layer(|| {
        match op {
            Op::Pay(who, fee) => paid(who, fee),
            Op::Fill(amount) => fill_pot(amount),
            Op::Pass(seconds) => after(seconds),
            Op::Claim(id) => return RevenueShare::claim(signed(99), id),
            Op::Suspend(id) => return RevenueShare::suspend(root(), id),
            Op::Reinstate(id) => return RevenueShare::reinstate(root(), id),
            Op::Deregister(id) => return RevenueShare::deregister(root(), id),
            Op::Register(main) => {
                return RevenueShare::register(root(), main, Default::default());
            }
            Op::Invite(who, id, other) => return RevenueShare::invite(signed(who), id, other),
            Op::Accept(who, id) => return RevenueShare::accept(signed(who), id),
            Op::Leave(who) => return RevenueShare::leave(signed(who)),
            Op::Remove(who, id, other) => {
                return RevenueShare::remove_account(signed(who), id, other);
            }
            Op::SetPayout(who, id, to) => return RevenueShare::set_payout(signed(who), id, to),
            Op::Refuse(who) => refuse(who),
            Op::Admit(who) => admit(who),
        }
        Ok(())
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_the_invariants_hold_and_not_a_planck_is_lost(
        ops in proptest::collection::vec(op(), 1..120),
    ) {
        chain(4).execute_with(|| {
            let issuance = Balances::total_issuance();
            for op in ops {
                apply(op);
                assert_ok!(RevenueShare::do_try_state());
            }
            assert_eq!(Balances::total_issuance(), issuance);
            let held: Balance = frame_system::Account::<Runtime>::iter()
                .map(|(_, account)| account.data.free + account.data.reserved)
                .sum();
            assert_eq!(held, issuance);
        });
    }

    /// What the events say of each period: nobody gets more than the cap of what it paid, and all no more
    /// than there was.
    #[test]
    fn in_no_period_an_institution_gets_more_than_the_cap_of_what_it_paid(
        periods in proptest::collection::vec(
            (proptest::collection::vec((0..50u64, 0..1_000_000_000_000u128), 0..20), 0..1_000_000_000_000u128),
            1..6,
        ),
        institutions in 1..=u64::from(MAX_INSTITUTIONS),
    ) {
        chain(institutions).execute_with(|| {
            let mut paid_in_all = vec![0; institutions as usize];
            for (payments, income) in periods {
                let mut paid_now = vec![0; institutions as usize];
                for (who, fee) in payments {
                    paid(who, fee);
                    if let Some(id) = InstitutionOf::<Runtime>::get(who) {
                        paid_now[id as usize] += fee;
                        paid_in_all[id as usize] += fee;
                    }
                }
                fill_pot(income);
                System::reset_events();
                after(PERIOD);
                let mut sum = 0;
                for event in events() {
                    match event {
                        Event::ShareCredited { institution, fees, amount, .. } => {
                            assert_eq!(fees, paid_now[institution as usize]);
                            assert!(amount <= Cap::get().mul_floor(fees));
                            sum += amount;
                        }
                        Event::PeriodClosed { pot, shared, .. } => {
                            assert_eq!(shared, sum);
                            assert!(shared <= pot);
                        }
                        _ => {}
                    }
                }
            }
            for (id, paid) in paid_in_all.into_iter().enumerate() {
                assert!(right_of(id as u32) <= Cap::get().mul_floor(paid));
            }
        });
    }
}
