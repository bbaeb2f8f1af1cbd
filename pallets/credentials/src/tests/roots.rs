//! Roots stay good until what they say is not true any more, and a little longer.

use crate::{
    mock::{Credentials, *},
    *,
};
use frame_support::assert_ok;
use plume_circuits::FieldBytes;
use sp_runtime::DispatchResult;

fn done(result: DispatchResult) {
    assert_ok!(result);
}

/// The root at the end of a block in which this happened, and a second later the next block.
fn root_after(what: impl FnOnce()) -> [u8; 32] {
    what();
    let root = tree_root();
    after(1);
    root
}

#[test]
fn a_root_stays_good_while_credentials_are_only_added() {
    chain().execute_with(|| {
        let first = root_after(|| {
            issued(1);
        });
        let second = root_after(|| {
            issued(2);
        });
        after(10 * ROOT_DELAY);
        assert!(accepts(first) && accepts(second));
        assert!(!accepts([9; 32]));
        assert!(!accepts([0xff; 32]), "it is not even a field element");
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_root_from_before_a_revocation_ends_after_the_delay() {
    chain().execute_with(|| {
        let before = root_after(|| {
            issued(1);
            issued(2);
        });
        let revoked_at = now();
        let since = root_after(|| {
            assert_ok!(Credentials::revoke(by_bank(), subject(1), hash(9)));
        });
        at(revoked_at + ROOT_DELAY);
        assert!(accepts(before));
        at(revoked_at + ROOT_DELAY + 1);
        assert!(!accepts(before), "the revoked holder could go on");
        assert!(accepts(since));
        // More revocations end nothing anew.
        root_after(|| {
            assert_ok!(Credentials::revoke(by_bank(), subject(2), hash(9)));
        });
        assert!(!accepts(before));
        assert!(accepts(since));
        at(now() - 1 + ROOT_DELAY + 1);
        assert!(!accepts(since));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn all_that_takes_a_credential_back_ends_the_roots_before() {
    let ways: [(&str, fn()); 5] = [
        ("suspended", || {
            Credentials::suspend(by_bank(), subject(1)).expect("it is the bank's")
        }),
        ("revoked", || {
            Credentials::revoke(by_bank(), subject(1), hash(9)).expect("it is the bank's")
        }),
        ("renewed", || {
            Credentials::renew(by_bank(), subject(1), claims(), commitment(9))
                .expect("it is the bank's")
        }),
        ("frozen", || {
            freeze(subject(1));
            <Credentials as plume_primitives::regulation::OnFreeze>::on_freeze(&subject(1));
        }),
        ("its issuer expelled", || {
            Credentials::expel_issuer(root(), bank()).expect("root expels");
            let subjects = vec![subject(1)].try_into().expect("one");
            Credentials::refresh(signed(&account(9)), subjects).expect("it has to be emptied");
        }),
    ];
    for (way, take_back) in ways {
        chain().execute_with(|| {
            let before = root_after(|| {
                issued(1);
            });
            take_back();
            after(ROOT_DELAY);
            assert!(accepts(before), "{way}");
            after(1);
            assert!(!accepts(before), "{way}");
        });
    }
}

#[test]
fn in_one_block_additions_and_revocations_end_what_was_before_whatever_their_order() {
    for revoke_first in [true, false] {
        chain().execute_with(|| {
            let before = root_after(|| {
                issued(1);
            });
            let revoke = || done(Credentials::revoke(by_bank(), subject(1), hash(9)));
            let issue = || {
                issued(2);
            };
            let since = root_after(|| {
                if revoke_first {
                    revoke();
                    issue();
                } else {
                    issue();
                    revoke();
                }
            });
            after(ROOT_DELAY);
            assert!(!accepts(before));
            assert!(accepts(since));
            assert_ok!(Credentials::do_try_state());
        });
    }
}

#[test]
fn nobody_sees_a_root_within_a_block() {
    chain().execute_with(|| {
        issued(1);
        let within = tree_root();
        issued(2);
        assert!(!accepts(within));
        assert!(accepts(tree_root()));
    });
}

#[test]
fn a_root_that_comes_again_is_good_again() {
    chain().execute_with(|| {
        let with = root_after(|| {
            issued(1);
        });
        root_after(|| done(Credentials::suspend(by_bank(), subject(1))));
        after(ROOT_DELAY);
        assert!(!accepts(with));
        let again = root_after(|| done(Credentials::resume(by_bank(), subject(1))));
        assert_eq!(again, with);
        assert!(accepts(with));
        // Replaced again by an addition, it stays good.
        root_after(|| {
            issued(2);
        });
        assert!(accepts(with));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn the_ring_keeps_as_many_roots_as_it_may_and_no_end_of_a_forgotten_epoch() {
    chain().execute_with(|| {
        let mut roots = vec![];
        for number in 1..=MAX_ROOTS as u8 {
            roots.push(root_after(|| {
                issued(number);
            }));
            assert_ok!(Credentials::do_try_state());
        }
        // The present root, and the empty tree's and all but the present one in the ring.
        assert!(roots.iter().all(|root| accepts(*root)));
        root_after(|| {
            issued(100);
        });
        assert!(roots.iter().all(|root| accepts(*root)));
        root_after(|| {
            issued(101);
        });
        assert!(!accepts(roots[0]));
        assert!(roots[1..].iter().all(|root| accepts(*root)));
        for number in 1..=MAX_ROOTS as u8 {
            root_after(|| done(Credentials::revoke(by_bank(), subject(number), hash(9))));
            assert_ok!(Credentials::do_try_state());
        }
        assert!(EpochEnds::<Runtime>::iter().count() <= MAX_ROOTS as usize);
    });
}

#[test]
fn the_empty_tree_proves_nothing_to_anybody() {
    chain().execute_with(|| {
        let root = Root::<Runtime>::get();
        let path = Credentials::tree().path(0).expect("there is a leaf 0");
        assert_eq!(path.root::<Quick>(&FieldBytes::ZERO), Ok(root));
        assert!(!path.leads::<Quick>(&FieldBytes::ZERO, &root));
    });
}
