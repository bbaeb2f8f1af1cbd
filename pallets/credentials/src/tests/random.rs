//! Whatever happens, in whatever order, the invariants hold, and no proof outlives its credential by more than
//! the delay.

use crate::{
    mock::{Credentials, *},
    *,
};
use frame_support::assert_ok;
use plume_circuits::{FieldBytes, tree::Path};
use plume_primitives::{
    Seconds,
    compliance::{Credentials as _, SubjectId},
    regulation::OnFreeze,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Subjects that take part.
const SUBJECTS: u8 = 5;

#[derive(Clone, Debug)]
enum Op {
    Issue(u8, u8),
    Batch(u8, u8),
    Suspend(u8),
    Resume(u8),
    Revoke(u8),
    Renew(u8, u8),
    Forget(u8),
    Refresh(u8, u8),
    Offer(u8, u8),
    Accept(u8, u8),
    Unbind(u8),
    Freeze(u8, bool),
    Thaw(u8, bool),
    Expel,
    Admit,
    Pass(Seconds),
}

fn op() -> impl Strategy<Value = Op> {
    let subject = || 0..SUBJECTS;
    let account = || 1..5u8;
    prop_oneof![
        6 => (subject(), any::<u8>()).prop_map(|(s, c)| Op::Issue(s, c)),
        1 => (subject(), any::<u8>()).prop_map(|(s, c)| Op::Batch(s, c)),
        2 => subject().prop_map(Op::Suspend),
        2 => subject().prop_map(Op::Resume),
        2 => subject().prop_map(Op::Revoke),
        2 => (subject(), any::<u8>()).prop_map(|(s, c)| Op::Renew(s, c)),
        1 => subject().prop_map(Op::Forget),
        2 => (subject(), subject()).prop_map(|(a, b)| Op::Refresh(a, b)),
        3 => (subject(), account()).prop_map(|(s, a)| Op::Offer(s, a)),
        3 => (subject(), account()).prop_map(|(s, a)| Op::Accept(s, a)),
        1 => account().prop_map(Op::Unbind),
        1 => (subject(), any::<bool>()).prop_map(|(s, told)| Op::Freeze(s, told)),
        1 => (subject(), any::<bool>()).prop_map(|(s, told)| Op::Thaw(s, told)),
        1 => Just(Op::Expel),
        2 => Just(Op::Admit),
        5 => prop_oneof![0..5 as Seconds, 50..70 as Seconds, Just(RETENTION + 1)].prop_map(Op::Pass),
    ]
}

/// Does one thing, as a block would: what is refused leaves no trace.
fn perform(op: Op) {
    let _ = frame_support::storage::with_storage_layer(|| {
        match op {
            Op::Issue(number, other) => {
                let request = Request {
                    commitment: commitment(other),
                    ..request(number)
                };
                return Credentials::issue(by_bank(), request);
            }
            Op::Batch(number, other) => {
                let requests: Vec<Request> = [(number, other), (number + 1, other.wrapping_add(1))]
                    .into_iter()
                    .map(|(number, other)| Request {
                        commitment: commitment(other),
                        ..request(number)
                    })
                    .collect();
                return Credentials::issue_batch(by_bank(), requests.try_into().expect("two"));
            }
            Op::Suspend(number) => return Credentials::suspend(by_bank(), subject(number)),
            Op::Resume(number) => return Credentials::resume(by_bank(), subject(number)),
            Op::Revoke(number) => return Credentials::revoke(by_bank(), subject(number), hash(9)),
            Op::Renew(number, other) => {
                return Credentials::renew(by_bank(), subject(number), claims(), commitment(other));
            }
            Op::Forget(number) => return Credentials::forget(by_bank(), subject(number)),
            Op::Refresh(one, two) => {
                let subjects = vec![subject(one), subject(two)];
                return Credentials::refresh(
                    signed(&account(9)),
                    subjects.try_into().expect("two"),
                );
            }
            Op::Offer(number, to) => {
                return Credentials::offer(by_bank(), subject(number), account(to), now() + 5);
            }
            Op::Accept(number, to) => {
                return Credentials::accept(signed(&account(to)), subject(number));
            }
            Op::Unbind(who) => return Credentials::unbind(signed(&account(who)), account(who)),
            Op::Freeze(number, told) => {
                freeze(subject(number));
                if told {
                    Credentials::on_freeze(&subject(number));
                }
            }
            Op::Thaw(number, told) => {
                thaw(subject(number));
                if told {
                    Credentials::on_freeze(&subject(number));
                }
            }
            Op::Expel => return Credentials::expel_issuer(root(), bank()),
            Op::Admit => {
                return Credentials::admit_issuer(root(), bank(), hash(200), scope(), QUOTA);
            }
            Op::Pass(seconds) => after(seconds),
        }
        Ok(())
    });
}

/// What a holder could prove at the end of a block.
struct Proof {
    subject: SubjectId,
    leaf: FieldBytes,
    path: Path<TREE_DEPTH>,
    root: FieldBytes,
    /// The second in which the chain last said the same.
    true_until: Seconds,
}

/// Whether the chain shows this very leaf for this subject now.
fn still_shown(proof: &Proof) -> bool {
    Credentials::membership(&proof.subject).is_some_and(|(leaf, _)| leaf == proof.leaf)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_proof_outlives_its_credential(ops in proptest::collection::vec(op(), 1..60)) {
        chain().execute_with(|| {
            let mut proofs = BTreeMap::<([u8; 32], SubjectId), Proof>::new();
            for op in ops {
                perform(op.clone());
                if let Err(error) = Credentials::do_try_state() {
                    panic!("after {op:?}: {error:?}");
                }
                for proof in proofs.values_mut() {
                    if still_shown(proof) {
                        proof.true_until = now();
                    }
                    let accepted = accepts(proof.root.into());
                    assert!(proof.path.leads::<Quick>(&proof.leaf, &proof.root));
                    assert!(
                        !accepted || now() <= proof.true_until + ROOT_DELAY || {
                            // What passed since it was taken back is a step of the clock at most.
                            still_shown(proof)
                        },
                        "after {op:?}: a proof counts {} seconds too long",
                        now() - proof.true_until - ROOT_DELAY,
                    );
                }
                // Blocks end when time passes.
                if matches!(op, Op::Pass(_)) {
                    for number in 0..=SUBJECTS {
                        let subject = subject(number);
                        if let Some((leaf, path)) = Credentials::membership(&subject) {
                            let root = Root::<Runtime>::get();
                            let proof = Proof { subject, leaf, path, root, true_until: now() };
                            proofs.insert((root.into(), subject), proof);
                        }
                    }
                }
            }
            // Nobody whose credential does not count has a good standing.
            for number in 1..5 {
                if let Some(standing) = Credentials::standing(&account(number)) {
                    assert_eq!(
                        standing.in_force(now()),
                        Credentials::shortcoming(&account(number)).is_none()
                    );
                }
            }
            assert_ok!(Credentials::do_try_state());
        });
    }
}
