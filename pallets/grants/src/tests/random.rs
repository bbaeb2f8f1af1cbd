use crate::{
    mock::{Grants, *},
    *,
};
use frame_support::assert_ok;
use plume_primitives::{Balance, Seconds};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Apply(u64, u64, Vec<(Balance, Seconds)>),
    Approve(Option<u64>, GrantId),
    Deliver(GrantId, u32, u8),
    Accept(GrantId, u32, u8),
    Reject(GrantId, u32, u8),
    Expire(GrantId),
    Cancel(Option<u64>, GrantId),
    Pass(Seconds),
    Refuse(u64),
    Admit(u64),
}

/// Few grants, milestones and hashes, so that most operations meet something.
fn op() -> impl Strategy<Value = Op> {
    let id = || 0..6u32;
    let place = || 0..3u32;
    let byte = || 0..2u8;
    let milestones = proptest::collection::vec((1..2_000u128, 0..200u32), 0..4);
    let approver = || prop_oneof![Just(None), Just(Some(SMALL_APPROVER))];
    prop_oneof![
        3 => (0..4u64, 0..60u64, milestones).prop_map(|(w, b, m)| Op::Apply(w, b, m)),
        4 => (approver(), id()).prop_map(|(w, i)| Op::Approve(w, i)),
        8 => (id(), place(), byte()).prop_map(|(i, m, b)| Op::Deliver(i, m, b)),
        6 => (id(), place(), byte()).prop_map(|(i, m, b)| Op::Accept(i, m, b)),
        3 => (id(), place(), byte()).prop_map(|(i, m, b)| Op::Reject(i, m, b)),
        3 => id().prop_map(Op::Expire),
        1 => (prop_oneof![approver(), (0..4u64).prop_map(Some)], id()).prop_map(|(w, i)| Op::Cancel(w, i)),
        3 => (0..60u32).prop_map(Op::Pass),
        1 => (0..4u64).prop_map(Op::Refuse),
        2 => (0..4u64).prop_map(Op::Admit),
    ]
}

fn origin(who: Option<u64>) -> RuntimeOrigin {
    who.map_or_else(root, signed)
}

/// Does one thing, as a block would: what is refused leaves no trace. Whether it was done.
fn perform(op: &Op) -> bool {
    frame_support::storage::with_storage_layer(|| {
        match op.clone() {
            Op::Apply(who, to, milestones) => {
                return Grants::apply(signed(who), hash(0), to, plans(&milestones));
            }
            Op::Approve(who, id) => return Grants::approve(origin(who), id),
            Op::Deliver(id, place, byte) => {
                // By whoever the grant is of.
                let grantee = crate::Grants::<Runtime>::get(id).map_or(0, |grant| grant.grantee);
                return Grants::deliver(signed(grantee), id, place, hash(byte));
            }
            Op::Accept(id, place, byte) => return Grants::accept(root(), id, place, hash(byte)),
            Op::Reject(id, place, byte) => {
                return Grants::reject(root(), id, place, hash(byte), hash(9));
            }
            Op::Expire(id) => return Grants::expire(signed(9), id),
            Op::Cancel(who, id) => return Grants::cancel(origin(who), id),
            Op::Pass(seconds) => after(seconds),
            Op::Refuse(who) => refuse(who),
            Op::Admit(who) => admit(who),
        }
        Ok(())
    })
    .is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_happens_the_pot_is_the_sum_of_the_open_milestones_and_money_moves_as_told(
        ops in proptest::collection::vec(op(), 1..150),
    ) {
        chain().execute_with(|| {
            let issuance = Balances::total_issuance();
            for op in &ops {
                perform(op);
                assert_ok!(Grants::do_try_state());
                let open: Balance = crate::Grants::<Runtime>::iter().map(|(_, grant)| grant.in_pot()).sum();
                assert_eq!(pot(), open, "after {op:?}");
            }

            // What the events say, and what happened, is the same.
            let (mut funded, mut paid, mut returned) = (0, 0, 0);
            for event in events() {
                match event {
                    Event::Approved { total, .. } => funded += total,
                    Event::Accepted { amount, .. } => paid += amount,
                    Event::MilestoneExpired { amount, .. } => returned += amount,
                    Event::Cancelled { returned: amount, .. } => returned += amount,
                    _ => {}
                }
            }
            assert_eq!(pot(), funded - paid - returned);
            assert_eq!(treasury(), TREASURY_FUNDS - funded + returned);
            assert_eq!(Balances::total_issuance(), issuance);

            // Everything can be ended, and then nothing is left.
            let left: Vec<_> = crate::Grants::<Runtime>::iter().collect();
            for (id, grant) in left {
                assert_ok!(Grants::cancel(signed(grant.grantee), id));
            }
            assert_eq!(pot(), 0);
            for who in 0..10 {
                assert_eq!(on_hold(who), 0);
            }
            assert_eq!(treasury(), TREASURY_FUNDS - paid);
        });
    }
}
