//! A supervisor's freeze stops what a subject has, on a network without any policy as well.

use crate::{common::*, stage::*};
use codec::Encode;
use frame_support::assert_ok;
use pallet_regulator::{Powers, Target};
use plume_primitives::{
    compliance::{Jurisdiction, Reason, Risk, SubjectId, SubjectKind, Tier},
    credentials::{Claims, Reach},
    units::PLUME,
};
use plume_runtime::*;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve};

/// Alice is the issuer, and this account belongs to a subject of hers.
pub fn known(who: Sr25519Keyring) -> SubjectId {
    let reference = H256(sp_io::hashing::blake2_256(&who.to_account_id().encode()));
    let mut commitment = reference.0;
    commitment[31] = 0; // below the field's modulus
    let request = pallet_credentials::Request {
        reference,
        claims: Claims {
            tier: Tier::Two,
            kind: SubjectKind::Person,
            jurisdictions: vec![Jurisdiction(*b"CH")].try_into().expect("one"),
            accredited: false,
            politically_exposed: false,
            risk: Risk::Low,
            lei_hash: None,
            valid_from: 0,
            valid_until: 1_000_000,
        },
        commitment,
    };
    assert_ok!(Credentials::issue(signed(Alice), request));
    let subject = pallet_credentials::subject_id(&account(Alice), &reference);
    assert_ok!(Credentials::offer(
        signed(Alice),
        subject,
        account(who),
        100_000
    ));
    assert_ok!(Credentials::accept(signed(who), subject));
    subject
}

pub fn with_supervisor() -> sp_io::TestExternalities {
    let mut ext = chain();
    ext.execute_with(|| {
        block(10);
        let scope = pallet_credentials::Scope {
            max_tier: Tier::Three,
            persons: true,
            firms: true,
            banks: true,
            accredits: true,
            reach: Reach::Everywhere,
        };
        assert_ok!(Credentials::admit_issuer(
            RuntimeOrigin::root(),
            account(Alice),
            H256::repeat_byte(1),
            scope,
            u32::MAX
        ));
        assert_ok!(Regulator::admit_supervisor(
            RuntimeOrigin::root(),
            account(Charlie),
            H256::repeat_byte(2),
            Powers::ALL,
            Reach::Everywhere
        ));
    });
    ext
}

#[test]
fn a_frozen_subject_moves_nothing_where_no_policy_is() {
    with_supervisor().execute_with(|| {
        let subject = known(Bob);
        known(Eve);
        let order = H256::repeat_byte(3);
        let supervisor = || signed(Charlie);
        assert_eq!(send(Bob, transfer(account(Eve), PLUME)), Ok(()));

        assert_ok!(Regulator::open_warrant(
            supervisor(),
            Target::Subject(subject),
            Powers {
                freeze_subjects: true,
                ..Powers::NONE
            },
            order,
            50_000,
            None
        ));
        assert_ok!(Regulator::freeze_subject(supervisor(), 0, subject, order));
        let from_bob = transfer(account(Eve), PLUME);
        assert_eq!(send(Bob, from_bob.clone()), denied(Reason::SenderFrozen));
        assert_eq!(
            send(Eve, transfer(account(Bob), PLUME)),
            denied(Reason::RecipientFrozen)
        );
        let carried = batch_all([batch([from_bob.clone()])]);
        assert_eq!(send(Bob, carried), denied(Reason::SenderFrozen));
        assert_eq!(send(Eve, transfer(account(Alice), PLUME)), Ok(()));

        assert_ok!(Regulator::release_subject(supervisor(), 0, subject, order));
        assert_eq!(send(Bob, from_bob), Ok(()));
    });
}

#[test]
fn a_freeze_ends_with_its_warrant() {
    with_supervisor().execute_with(|| {
        let subject = known(Bob);
        let order = H256::repeat_byte(3);
        assert_ok!(Regulator::open_warrant(
            signed(Charlie),
            Target::Subject(subject),
            Powers {
                freeze_subjects: true,
                ..Powers::NONE
            },
            order,
            50_000,
            None
        ));
        assert_ok!(Regulator::freeze_subject(
            signed(Charlie),
            0,
            subject,
            order
        ));
        let from_bob = || transfer(account(Eve), PLUME);
        assert_eq!(send(Bob, from_bob()), denied(Reason::SenderFrozen));
        block(60_000);
        assert_eq!(send(Bob, from_bob()), Ok(()));
    });
}
