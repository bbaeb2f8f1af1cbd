//! Issuers and credentials from their first to their last day.

use crate::{
    mock::{Credentials, *},
    *,
};
use frame_support::{BoundedVec, assert_noop, assert_ok, storage::with_storage_layer};
use plume_primitives::{
    compliance::{Credentials as _, OnListed, SubjectId},
    regulation::OnFreeze,
};
use sp_runtime::DispatchError;

fn list(subjects: &[SubjectId]) -> BoundedVec<SubjectId, <Runtime as Config>::MaxBatch> {
    subjects.to_vec().try_into().expect("few")
}

fn leaf_is_empty(leaf: u32) -> bool {
    Credentials::tree()
        .leaf(leaf)
        .expect("there is such a leaf")
        .is_zero()
}

#[test]
fn only_admitted_issuers_issue() {
    empty_chain().execute_with(|| {
        assert_noop!(
            Credentials::issue(by_bank(), request(1)),
            Error::<Runtime>::NotIssuer
        );
        admit();
        assert_noop!(
            Credentials::issue(root(), request(1)),
            DispatchError::BadOrigin
        );
        assert_ok!(Credentials::issue(by_bank(), request(1)));
        assert_noop!(
            Credentials::issue(by_bank(), request(1)),
            Error::<Runtime>::AlreadyIssued
        );
        assert_ok!(Credentials::expel_issuer(root(), bank()));
        assert_noop!(
            Credentials::issue(by_bank(), request(2)),
            Error::<Runtime>::IssuerExpelled
        );
        assert_noop!(
            Credentials::expel_issuer(root(), bank()),
            Error::<Runtime>::IssuerExpelled
        );
        assert_noop!(
            Credentials::expel_issuer(root(), account(1)),
            Error::<Runtime>::NotIssuer
        );
        assert_noop!(
            Credentials::expel_issuer(by_bank(), bank()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn there_are_no_more_issuers_than_may_be() {
    empty_chain().execute_with(|| {
        for number in 0..MAX_ISSUERS as u8 {
            assert_ok!(Credentials::admit_issuer(
                root(),
                account(number),
                hash(1),
                scope(),
                QUOTA
            ));
        }
        assert_noop!(
            Credentials::admit_issuer(root(), bank(), hash(1), scope(), QUOTA),
            Error::<Runtime>::TooManyIssuers
        );
        // One that is there can get another scope.
        assert_ok!(Credentials::admit_issuer(
            root(),
            account(0),
            hash(1),
            scope(),
            1
        ));
    });
}

#[test]
fn a_quota_counts_what_is_kept() {
    chain().execute_with(|| {
        assert_ok!(Credentials::admit_issuer(
            root(),
            bank(),
            hash(1),
            scope(),
            1
        ));
        let subject = issued(1);
        assert_noop!(
            Credentials::issue(by_bank(), request(2)),
            Error::<Runtime>::QuotaUsedUp
        );
        assert_ok!(Credentials::revoke(by_bank(), subject, hash(9)));
        assert_noop!(
            Credentials::issue(by_bank(), request(2)),
            Error::<Runtime>::QuotaUsedUp
        );
        after(RETENTION + 1);
        assert_ok!(Credentials::forget(by_bank(), subject));
        issued(2);
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_batch_is_issued_as_a_whole_or_not_at_all() {
    chain().execute_with(|| {
        let requests: Vec<Request> = (0..4).map(request).collect();
        let mut bad = requests.clone();
        bad[3].commitment = bad[0].commitment;
        let refused = with_storage_layer(|| {
            Credentials::issue_batch(by_bank(), bad.try_into().expect("four"))
        });
        assert_eq!(refused, Err(Error::<Runtime>::CommitmentUsed.into()));
        assert_eq!(NextLeaf::<Runtime>::get(), 0);
        assert_ok!(Credentials::issue_batch(
            by_bank(),
            requests.try_into().expect("four")
        ));
        let in_batch = tree_root();
        for number in 0..4 {
            assert_eq!(credential(subject(number)).leaf, Some(u32::from(number)));
        }
        assert_ok!(Credentials::do_try_state());
        // One after the other gives the same tree.
        chain().execute_with(|| {
            (0..4).for_each(|number| {
                issued(number);
            });
            assert_eq!(tree_root(), in_batch);
        });
    });
}

#[test]
fn a_batch_is_bounded() {
    let many = vec![request(1); MAX_BATCH as usize + 1];
    let bounded: Result<BoundedVec<Request, <Runtime as Config>::MaxBatch>, _> = many.try_into();
    assert!(bounded.is_err());
}

#[test]
fn a_full_tree_takes_nobody_in_until_a_leaf_is_vacant() {
    chain().execute_with(|| {
        let first = issued(1);
        NextLeaf::<Runtime>::put(TREE_CAPACITY - 1);
        issued(2);
        assert_noop!(
            Credentials::issue(by_bank(), request(3)),
            Error::<Runtime>::TreeFull
        );
        assert_ok!(Credentials::revoke(by_bank(), first, hash(9)));
        assert_eq!(credential(issued(3)).leaf, Some(0));
    });
}

#[test]
fn a_suspended_credential_leaves_the_tree_and_comes_back_as_it_was() {
    chain().execute_with(|| {
        let subject = issued(1);
        let before = tree_root();
        assert_noop!(
            Credentials::resume(by_bank(), subject),
            Error::<Runtime>::NotSuspended
        );
        assert_ok!(Credentials::suspend(by_bank(), subject));
        assert!(leaf_is_empty(0));
        assert_eq!(Credentials::membership(&subject), None);
        assert_noop!(
            Credentials::suspend(by_bank(), subject),
            Error::<Runtime>::Suspended
        );
        assert_ok!(Credentials::resume(by_bank(), subject));
        assert_eq!(tree_root(), before);
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_revoked_credential_never_comes_back() {
    chain().execute_with(|| {
        let subject = issued(1);
        bound(subject, 1);
        assert_ok!(Credentials::revoke(by_bank(), subject, hash(9)));
        assert!(leaf_is_empty(0));
        let revoked = DispatchError::from(Error::<Runtime>::Revoked);
        assert_noop!(Credentials::suspend(by_bank(), subject), revoked);
        assert_noop!(Credentials::resume(by_bank(), subject), revoked);
        assert_noop!(Credentials::revoke(by_bank(), subject, hash(9)), revoked);
        assert_noop!(
            Credentials::renew(by_bank(), subject, claims(), commitment(9)),
            revoked
        );
        assert_noop!(
            Credentials::offer(by_bank(), subject, account(2), now()),
            revoked
        );
        assert_noop!(
            Credentials::issue(by_bank(), request(1)),
            Error::<Runtime>::AlreadyIssued
        );
        assert!(
            Credentials::standing(&account(1)).is_some_and(|standing| !standing.in_force(now()))
        );
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_vacant_leaf_is_given_out_again_and_the_old_path_is_void() {
    chain().execute_with(|| {
        let first = issued(1);
        let (leaf, path) = Credentials::membership(&first).expect("it is shown");
        assert!(path.leads::<Quick>(&leaf, &Root::<Runtime>::get()));
        assert_ok!(Credentials::revoke(by_bank(), first, hash(9)));
        let second = issued(2);
        assert_eq!(credential(second).leaf, Some(path.leaf));
        assert!(!path.leads::<Quick>(&leaf, &Root::<Runtime>::get()));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn an_expired_credential_is_renewed_and_a_suspended_one_stays_suspended() {
    chain().execute_with(|| {
        let (one, two) = (issued(1), issued(2));
        assert_ok!(Credentials::suspend(by_bank(), two));
        after(claims().valid_until);
        let mut longer = claims();
        assert_noop!(
            Credentials::renew(by_bank(), one, longer.clone(), commitment(8)),
            Error::<Runtime>::Expired
        );
        longer.valid_until += 10_000;
        assert_noop!(
            Credentials::renew(by_bank(), one, longer.clone(), [0xff; 32]),
            Error::<Runtime>::BadCommitment
        );
        assert_ok!(Credentials::renew(
            by_bank(),
            one,
            longer.clone(),
            commitment(8)
        ));
        assert_ok!(Credentials::renew(by_bank(), two, longer, commitment(9)));
        assert!(!leaf_is_empty(0));
        assert!(leaf_is_empty(1));
        assert_eq!(credential(two).status, Status::Suspended);
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn nobody_touches_what_another_issuer_stated() {
    chain().execute_with(|| {
        assert_ok!(Credentials::admit_issuer(
            root(),
            other_bank(),
            hash(2),
            scope(),
            QUOTA
        ));
        let subject = issued(1);
        let other = || signed(&other_bank());
        let error = DispatchError::from(Error::<Runtime>::NotItsIssuer);
        assert_noop!(Credentials::suspend(other(), subject), error);
        assert_noop!(Credentials::resume(other(), subject), error);
        assert_noop!(Credentials::revoke(other(), subject, hash(9)), error);
        assert_noop!(
            Credentials::renew(other(), subject, claims(), commitment(9)),
            error
        );
        assert_noop!(Credentials::forget(other(), subject), error);
        let unknown = DispatchError::from(Error::<Runtime>::UnknownSubject);
        assert_noop!(Credentials::suspend(by_bank(), hash(77)), unknown);
        assert_noop!(Credentials::revoke(root(), hash(77), hash(9)), unknown);
        assert_noop!(Credentials::forget(by_bank(), hash(77)), unknown);
        assert_noop!(Credentials::refresh(other(), list(&[hash(77)])), unknown);
        // Governance may take it back.
        assert_ok!(Credentials::revoke(root(), subject, hash(9)));
    });
}

#[test]
fn an_expelled_issuer_may_only_revoke_and_anybody_empties_its_leaves() {
    chain().execute_with(|| {
        let subjects = [issued(1), issued(2)];
        assert_noop!(
            Credentials::refresh(signed(&account(9)), list(&subjects)),
            Error::<Runtime>::NothingToRefresh
        );
        assert_ok!(Credentials::expel_issuer(root(), bank()));
        let expelled = DispatchError::from(Error::<Runtime>::IssuerExpelled);
        assert_noop!(Credentials::suspend(by_bank(), subjects[0]), expelled);
        assert_noop!(
            Credentials::renew(by_bank(), subjects[0], claims(), commitment(9)),
            expelled
        );
        assert_ok!(Credentials::revoke(by_bank(), subjects[0], hash(9)));
        assert_ok!(Credentials::refresh(signed(&account(9)), list(&subjects)));
        assert!(leaf_is_empty(0) && leaf_is_empty(1));
        assert_eq!(
            events().last(),
            Some(&Event::Refreshed {
                subject: subjects[1],
                shown: false
            })
        );
        // Admitted again, what it stated counts again.
        admit();
        assert_eq!(
            Issuers::<Runtime>::get(bank()).map(|issuer| issuer.kept),
            Some(2)
        );
        assert_ok!(Credentials::refresh(signed(&account(9)), list(&subjects)));
        assert!(leaf_is_empty(0) && !leaf_is_empty(1));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_freeze_empties_the_leaf_and_its_end_fills_it() {
    chain().execute_with(|| {
        let subject = issued(1);
        freeze(subject);
        Credentials::on_freeze(&subject);
        assert!(leaf_is_empty(0));
        assert_ok!(Credentials::do_try_state());
        // It lapses, which nobody tells the pallet.
        thaw(subject);
        assert_ok!(Credentials::refresh(signed(&account(9)), list(&[subject])));
        assert!(!leaf_is_empty(0));
        // Of somebody whom nobody knows, nothing happens.
        Credentials::on_freeze(&hash(77));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_list_empties_the_leaves_of_those_it_names_and_fills_them_when_it_no_longer_does() {
    chain().execute_with(|| {
        let subjects = [issued(1), issued(2), issued(3)];
        let before = Root::<Runtime>::get();
        put_on_a_list(subjects[0]);
        put_on_a_list(subjects[2]);
        // Somebody whom nobody knows is among them.
        Credentials::on_listed(&[subjects[0], hash(77), subjects[2]]);
        assert!(leaf_is_empty(0) && !leaf_is_empty(1) && leaf_is_empty(2));
        assert!(!Credentials::is_acceptable_root(
            before.as_bytes(),
            now() + ROOT_DELAY + 1
        ));
        assert_ok!(Credentials::do_try_state());
        // Nobody can have it shown.
        assert_noop!(
            Credentials::refresh(signed(&account(9)), list(&[subjects[0]])),
            Error::<Runtime>::NothingToRefresh
        );
        take_off_all_lists(subjects[0]);
        Credentials::on_listed(&subjects[..1]);
        assert!(!leaf_is_empty(0) && leaf_is_empty(2));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_record_is_kept_for_as_long_as_the_law_says() {
    chain().execute_with(|| {
        let subject = issued(1);
        bound(subject, 1);
        assert_ok!(Credentials::offer(by_bank(), subject, account(2), now()));
        assert_noop!(
            Credentials::forget(by_bank(), subject),
            Error::<Runtime>::NotRevoked
        );
        assert_ok!(Credentials::revoke(by_bank(), subject, hash(9)));
        after(RETENTION);
        assert_noop!(
            Credentials::forget(by_bank(), subject),
            Error::<Runtime>::TooEarly
        );
        after(1);
        freeze(subject);
        assert_noop!(
            Credentials::forget(by_bank(), subject),
            Error::<Runtime>::Frozen
        );
        thaw(subject);
        assert_ok!(Credentials::forget(by_bank(), subject));
        assert_eq!(SubjectOf::<Runtime>::get(account(1)), None);
        assert!(!Offers::<Runtime>::contains_key(subject));
        assert_ok!(Credentials::do_try_state());
        issued(1);
        assert_ok!(Credentials::do_try_state());
    });
}
