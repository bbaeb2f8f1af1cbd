//! Accounts become a subject's only by the will of both sides, on this chain, once.

use crate::{
    mock::{Credentials, *},
    *,
};
use frame_support::{assert_noop, assert_ok};
use plume_primitives::{Seconds, compliance::SubjectId};
use sp_core::H256;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{AccountId32, DispatchError, DispatchResult, MultiSignature};

const ALICE: Sr25519Keyring = Sr25519Keyring::Alice;

fn statement(subject: SubjectId, nonce: u32, until: Seconds) -> Statement<AccountId32, H256> {
    Statement {
        genesis: System::block_hash(0),
        subject,
        account: ALICE.to_account_id(),
        nonce,
        until,
    }
}

fn signature(statement: &Statement<AccountId32, H256>) -> MultiSignature {
    ALICE.sign(&signed_bytes(statement)).into()
}

/// The bank binds with what Alice signs.
fn bind(statement: Statement<AccountId32, H256>) -> DispatchResult {
    let signature = signature(&statement);
    Credentials::bind(by_bank(), statement, signature)
}

#[test]
fn an_account_accepts_what_the_issuer_offers() {
    chain().execute_with(|| {
        let subject = issued(1);
        assert_noop!(
            Credentials::accept(signed(&account(1)), subject),
            Error::<Runtime>::NotOffered
        );
        assert_ok!(Credentials::offer(
            by_bank(),
            subject,
            account(1),
            now() + 10
        ));
        // An offer is to one account, of one subject.
        assert_noop!(
            Credentials::accept(signed(&account(2)), subject),
            Error::<Runtime>::NotOffered
        );
        assert_noop!(
            Credentials::accept(root(), subject),
            DispatchError::BadOrigin
        );
        assert_ok!(Credentials::accept(signed(&account(1)), subject));
        assert_eq!(SubjectOf::<Runtime>::get(account(1)), Some(subject));
        // Accepted once.
        assert_noop!(
            Credentials::accept(signed(&account(1)), subject),
            Error::<Runtime>::NotOffered
        );
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn an_account_of_the_subject_may_offer_and_nobody_else() {
    chain().execute_with(|| {
        let subject = issued(1);
        bound(subject, 1);
        assert_ok!(Credentials::offer(
            signed(&account(1)),
            subject,
            account(2),
            now()
        ));
        assert_ok!(Credentials::accept(signed(&account(2)), subject));
        assert_noop!(
            Credentials::offer(signed(&account(3)), subject, account(3), now()),
            Error::<Runtime>::NotController
        );
        let other = issued(2);
        assert_noop!(
            Credentials::offer(signed(&account(1)), other, account(3), now()),
            Error::<Runtime>::NotController
        );
        assert_noop!(
            Credentials::offer(by_bank(), hash(77), account(3), now()),
            Error::<Runtime>::UnknownSubject
        );
        assert_eq!(AccountsOf::<Runtime>::get(subject).len(), 2);
    });
}

#[test]
fn an_offer_expires_and_can_be_taken_back() {
    chain().execute_with(|| {
        let subject = issued(1);
        let offer = |number, until| Credentials::offer(by_bank(), subject, account(number), until);
        assert_noop!(offer(1, now() - 1), Error::<Runtime>::TooFarAhead);
        assert_noop!(
            offer(1, now() + MAX_OFFER_TIME + 1),
            Error::<Runtime>::TooFarAhead
        );
        assert_ok!(offer(1, now() + 10));
        after(11);
        assert_noop!(
            Credentials::accept(signed(&account(1)), subject),
            Error::<Runtime>::OfferExpired
        );
        assert_ok!(offer(1, now() + 10));
        assert_noop!(
            Credentials::withdraw_offer(signed(&account(9)), subject, account(1)),
            Error::<Runtime>::NotController
        );
        assert_noop!(
            Credentials::withdraw_offer(by_bank(), hash(77), account(1)),
            Error::<Runtime>::UnknownSubject
        );
        assert_ok!(Credentials::withdraw_offer(by_bank(), subject, account(1)));
        assert_noop!(
            Credentials::withdraw_offer(by_bank(), subject, account(1)),
            Error::<Runtime>::NotOffered
        );
        assert_noop!(
            Credentials::accept(signed(&account(1)), subject),
            Error::<Runtime>::NotOffered
        );
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn offers_are_bounded_and_expired_ones_make_room() {
    chain().execute_with(|| {
        let subject = issued(1);
        let offer = |number| Credentials::offer(by_bank(), subject, account(number), now() + 10);
        for number in 1..=MAX_ACCOUNTS as u8 {
            assert_ok!(offer(number));
        }
        assert_noop!(offer(9), Error::<Runtime>::TooManyOffers);
        // The same account again is no further offer.
        assert_ok!(offer(1));
        after(11);
        assert_ok!(offer(9));
        assert_eq!(Offers::<Runtime>::get(subject).len(), 1);
    });
}

#[test]
fn a_subject_has_no_more_accounts_than_it_may() {
    chain().execute_with(|| {
        let subject = issued(1);
        for number in 1..=MAX_ACCOUNTS as u8 {
            bound(subject, number);
        }
        assert_ok!(Credentials::offer(by_bank(), subject, account(9), now()));
        assert_noop!(
            Credentials::accept(signed(&account(9)), subject),
            Error::<Runtime>::TooManyAccounts
        );
        assert_ok!(Credentials::unbind(signed(&account(1)), account(1)));
        assert_ok!(Credentials::accept(signed(&account(9)), subject));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn an_account_belongs_to_one_subject() {
    chain().execute_with(|| {
        let (one, two) = (issued(1), issued(2));
        assert_ok!(Credentials::offer(by_bank(), two, account(1), now()));
        bound(one, 1);
        assert_noop!(
            Credentials::accept(signed(&account(1)), two),
            Error::<Runtime>::AlreadyBound
        );
        assert_noop!(
            Credentials::offer(by_bank(), two, account(1), now()),
            Error::<Runtime>::AlreadyBound
        );
        assert_ok!(Credentials::unbind(by_bank(), account(1)));
        assert_ok!(Credentials::accept(signed(&account(1)), two));
    });
}

#[test]
fn a_signature_binds_at_once() {
    chain().execute_with(|| {
        let subject = issued(1);
        assert_ok!(bind(statement(subject, 0, now() + 10)));
        assert_eq!(
            SubjectOf::<Runtime>::get(ALICE.to_account_id()),
            Some(subject)
        );
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn a_statement_for_another_chain_is_refused() {
    chain().execute_with(|| {
        let foreign = Statement {
            genesis: hash(0xee),
            ..statement(issued(1), 0, now())
        };
        assert_noop!(bind(foreign), Error::<Runtime>::OtherChain);
    });
}

#[test]
fn a_replayed_statement_is_refused() {
    chain().execute_with(|| {
        let subject = issued(1);
        let signed = statement(subject, 0, now() + 10);
        assert_ok!(bind(signed.clone()));
        assert_ok!(Credentials::unbind(by_bank(), ALICE.to_account_id()));
        assert_noop!(bind(signed), Error::<Runtime>::Replayed);
        assert_noop!(
            bind(statement(subject, 2, now())),
            Error::<Runtime>::NonceAhead
        );
        assert_ok!(bind(statement(subject, 1, now())));
    });
}

#[test]
fn what_was_signed_before_another_binding_is_void() {
    chain().execute_with(|| {
        let (one, two) = (issued(1), issued(2));
        let early = statement(one, 0, now() + 10);
        let alice = ALICE.to_account_id();
        assert_ok!(Credentials::offer(by_bank(), two, alice.clone(), now()));
        assert_ok!(Credentials::accept(signed(&alice), two));
        assert_ok!(Credentials::unbind(signed(&alice), alice.clone()));
        assert_noop!(bind(early), Error::<Runtime>::Replayed);
    });
}

#[test]
fn an_expired_statement_is_refused_and_so_is_one_that_lasts_too_long() {
    chain().execute_with(|| {
        let subject = issued(1);
        assert_noop!(
            bind(statement(subject, 0, now() - 1)),
            Error::<Runtime>::StatementExpired
        );
        assert_noop!(
            bind(statement(subject, 0, now() + MAX_OFFER_TIME + 1)),
            Error::<Runtime>::TooFarAhead
        );
        assert_ok!(bind(statement(subject, 0, now())));
    });
}

#[test]
fn a_forged_signature_is_refused() {
    chain().execute_with(|| {
        let (subject, other) = (issued(1), issued(2));
        let genuine = statement(subject, 0, now());
        let forged = DispatchError::from(Error::<Runtime>::Forged);
        let bind =
            |signature: MultiSignature| Credentials::bind(by_bank(), genuine.clone(), signature);
        // By somebody else, over another statement, and over the statement without its domain.
        let by_bob = Sr25519Keyring::Bob.sign(&signed_bytes(&genuine));
        assert_noop!(bind(by_bob.into()), forged);
        assert_noop!(bind(signature(&statement(other, 0, now()))), forged);
        let bare = ALICE.sign(&codec::Encode::encode(&genuine));
        assert_noop!(bind(bare.into()), forged);
        assert_ok!(bind(signature(&genuine)));
    });
}

#[test]
fn a_signature_does_not_stand_for_the_subjects_side() {
    chain().execute_with(|| {
        let subject = issued(1);
        let genuine = statement(subject, 0, now());
        let signature = signature(&genuine);
        for who in [ALICE.to_account_id(), account(9)] {
            assert_noop!(
                Credentials::bind(signed(&who), genuine.clone(), signature.clone()),
                Error::<Runtime>::NotController
            );
        }
        bound(subject, 1);
        assert_ok!(Credentials::bind(signed(&account(1)), genuine, signature));
    });
}

#[test]
fn a_subject_that_is_not_in_force_takes_no_accounts() {
    chain().execute_with(|| {
        let subject = issued(1);
        // Offered while all was well.
        assert_ok!(Credentials::offer(
            by_bank(),
            subject,
            account(1),
            now() + 400
        ));
        let refused = |error: Error<Runtime>| {
            let error = DispatchError::from(error);
            assert_noop!(Credentials::accept(signed(&account(1)), subject), error);
            assert_noop!(
                Credentials::offer(by_bank(), subject, account(2), now()),
                error
            );
            assert_noop!(bind(statement(subject, 0, now())), error);
        };
        assert_ok!(Credentials::suspend(by_bank(), subject));
        refused(Error::Suspended);
        assert_ok!(Credentials::resume(by_bank(), subject));
        freeze(subject);
        refused(Error::Frozen);
        thaw(subject);
        assert_ok!(Credentials::expel_issuer(root(), bank()));
        refused(Error::IssuerExpelled);
        admit();
        assert_ok!(Credentials::accept(signed(&account(1)), subject));
    });
}

#[test]
fn an_expired_credential_takes_no_accounts() {
    chain().execute_with(|| {
        let subject = issued(1);
        at(claims().valid_until - 1);
        assert_ok!(Credentials::offer(
            by_bank(),
            subject,
            account(1),
            now() + 10
        ));
        after(1);
        assert_noop!(
            Credentials::accept(signed(&account(1)), subject),
            Error::<Runtime>::Expired
        );
        assert_noop!(
            bind(statement(subject, 0, now())),
            Error::<Runtime>::Expired
        );
    });
}

#[test]
fn an_account_leaves_by_its_own_or_the_issuers_will_but_not_out_of_a_freeze() {
    chain().execute_with(|| {
        let subject = issued(1);
        bound(subject, 1);
        bound(subject, 2);
        assert_noop!(
            Credentials::unbind(signed(&account(3)), account(3)),
            Error::<Runtime>::NotBound
        );
        // Not even another account of the same subject.
        assert_noop!(
            Credentials::unbind(signed(&account(2)), account(1)),
            Error::<Runtime>::NotController
        );
        freeze(subject);
        assert_noop!(
            Credentials::unbind(signed(&account(1)), account(1)),
            Error::<Runtime>::Frozen
        );
        assert_noop!(
            Credentials::unbind(by_bank(), account(1)),
            Error::<Runtime>::Frozen
        );
        thaw(subject);
        assert_ok!(Credentials::unbind(signed(&account(1)), account(1)));
        assert_ok!(Credentials::unbind(by_bank(), account(2)));
        assert!(!AccountsOf::<Runtime>::contains_key(subject));
        assert_ok!(Credentials::do_try_state());
    });
}
