//! Which claims are accepted, and what leaf they make.

use crate::{
    claims::{issuer_element, leaf, packed},
    mock::{Credentials, *},
    *,
};
use frame_support::{assert_noop, assert_ok};
use plume_circuits::{FieldBytes, Poseidon};
use plume_primitives::{
    compliance::{Risk, SubjectKind, Tier},
    credentials::{Claims, Reach},
};
use sp_runtime::DispatchError;

fn refused(change: impl FnOnce(&mut Claims), error: Error<Runtime>) {
    let mut request = request(1);
    change(&mut request.claims);
    assert_noop!(Credentials::issue(by_bank(), request), error);
}

#[test]
fn claims_without_sense_are_refused() {
    chain().execute_with(|| {
        refused(|claims| claims.tier = Tier::Zero, Error::NoTier);
        for codes in [&[][..], &[b"DE", b"CH"], &[b"CH", b"CH"], &[b"ch"]] {
            refused(
                |claims| claims.jurisdictions = countries(codes).try_into().expect("few"),
                Error::BadJurisdictions,
            );
        }
        refused(
            |claims| claims.valid_until = claims.valid_from,
            Error::BadValidity,
        );
        refused(|claims| claims.valid_from = 10_001, Error::BadValidity);
        refused(
            |claims| claims.valid_until = claims.valid_from + MAX_VALIDITY + 1,
            Error::BadValidity,
        );
        refused(|claims| claims.valid_until = START, Error::Expired);
        refused(|claims| claims.lei_hash = Some(hash(1)), Error::BadLei);
        refused(|claims| claims.kind = SubjectKind::Firm, Error::BadLei);
    });
}

#[test]
fn an_issuer_states_nothing_outside_of_its_scope() {
    chain().execute_with(|| {
        refused(|claims| claims.tier = Tier::Three, Error::TierOutOfScope);
        refused(
            |claims| {
                claims.kind = SubjectKind::Bank;
                claims.lei_hash = Some(hash(1));
            },
            Error::KindOutOfScope,
        );
        refused(
            |claims| claims.jurisdictions = countries(&[b"CH", b"US"]).try_into().expect("few"),
            Error::JurisdictionOutOfScope,
        );
        refused(
            |claims| claims.accredited = true,
            Error::AccreditationOutOfScope,
        );
        // What is at the edge of the scope is within.
        let mut request = request(1);
        request.claims.tier = Tier::Two;
        request.claims.kind = SubjectKind::Firm;
        request.claims.lei_hash = Some(hash(1));
        request.claims.jurisdictions = countries(&[b"CH", b"DE", b"FR"]).try_into().expect("few");
        assert_ok!(Credentials::issue(by_bank(), request));
    });
}

#[test]
fn a_scope_that_allows_nothing_is_refused() {
    empty_chain().execute_with(|| {
        let refuse = |change: fn(&mut Scope)| {
            let mut scope = scope();
            change(&mut scope);
            assert_noop!(
                Credentials::admit_issuer(root(), bank(), hash(1), scope, QUOTA),
                Error::<Runtime>::BadScope
            );
        };
        refuse(|scope| scope.max_tier = Tier::Zero);
        refuse(|scope| (scope.persons, scope.firms) = (false, false));
        refuse(|scope| scope.reach = Reach::In(Default::default()));
        assert_noop!(
            Credentials::admit_issuer(signed(&bank()), bank(), hash(1), scope(), QUOTA),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_commitment_is_a_field_element_and_used_once() {
    chain().execute_with(|| {
        for bad in [[0; 32], [0xff; 32]] {
            let request = Request {
                commitment: bad,
                ..request(1)
            };
            assert_noop!(
                Credentials::issue(by_bank(), request),
                Error::<Runtime>::BadCommitment
            );
        }
        let subject = issued(1);
        // Replayed for another subject, and for the same.
        let replayed = Request {
            commitment: commitment(1),
            ..request(2)
        };
        assert_noop!(
            Credentials::issue(by_bank(), replayed),
            Error::<Runtime>::CommitmentUsed
        );
        assert_noop!(
            Credentials::renew(by_bank(), subject, claims(), commitment(1)),
            Error::<Runtime>::CommitmentUsed
        );
        assert_ok!(Credentials::renew(
            by_bank(),
            subject,
            claims(),
            commitment(3)
        ));
        assert_ok!(Credentials::do_try_state());
    });
}

#[test]
fn packed_claims_are_the_bytes_of_the_documentation() {
    let claims = Claims {
        tier: Tier::Three,
        kind: SubjectKind::Bank,
        accredited: true,
        politically_exposed: true,
        risk: Risk::High,
        lei_hash: Some(hash(1)),
        valid_from: 0x0102_0304,
        valid_until: 0x1112_1314,
        ..claims()
    };
    let mut expected = [0u8; 32];
    expected[..12].copy_from_slice(&[3, 2, 3, 2, 0x04, 0x03, 0x02, 0x01, 0x14, 0x13, 0x12, 0x11]);
    expected[12..16].copy_from_slice(b"CHDE");
    assert_eq!(packed(&claims).as_bytes(), &expected);
}

#[test]
fn the_largest_claims_fit_into_a_field_element() {
    let many: Vec<[u8; 2]> = (0..8).map(|at| [b'Z', b'S' + at]).collect();
    let claims = Claims {
        jurisdictions: many
            .iter()
            .map(|code| plume_primitives::compliance::Jurisdiction(*code))
            .collect::<Vec<_>>()
            .try_into()
            .expect("eight"),
        valid_from: u32::MAX,
        valid_until: u32::MAX,
        ..claims()
    };
    let bytes = *packed(&claims).as_bytes();
    assert_eq!(&bytes[26..], b"ZZ\0\0\0\0");
    assert!(FieldBytes::from_canonical(bytes).is_ok());
}

#[test]
fn a_leaf_says_who_states_what_about_whom() {
    chain().execute_with(|| {
        let subject = issued(1);
        let credential = credential(subject);
        let expected = plume_circuits::leaf(&[
            FieldBytes::from_hash(subject.0),
            issuer_element(&bank()),
            packed(&claims()),
            FieldBytes::from_canonical(commitment(1)).expect("an element"),
        ]);
        assert_eq!(leaf::<Poseidon, _>(&subject, &credential), expected);
    });
}

#[test]
fn two_issuers_cannot_mean_the_same_subject() {
    assert_ne!(
        subject_id(&bank(), &hash(1)),
        subject_id(&other_bank(), &hash(1))
    );
}
