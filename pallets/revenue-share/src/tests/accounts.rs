use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchError};

#[test]
fn an_institution_is_registered_invites_and_its_accounts_accept() {
    chain(1).execute_with(|| {
        let lei_hash = H256::repeat_byte(7);
        assert_ok!(RevenueShare::register(root(), 50, lei_hash));
        assert_ok!(RevenueShare::invite(signed(50), 1, 51));
        assert_ok!(RevenueShare::accept(signed(51), 1));
        paid(51, 300);
        assert_eq!(fees_of(1), 300);
        // The main account consents like any other.
        paid(50, 300);
        assert_eq!(fees_of(1), 300);
        assert_ok!(RevenueShare::accept(signed(50), 1));
        paid(50, 300);
        assert_eq!(fees_of(1), 600);
        assert_eq!(Invitations::<Runtime>::iter().count(), 0);
        assert_ok!(RevenueShare::do_try_state());
        assert_eq!(
            events(),
            vec![
                Event::Registered {
                    institution: 1,
                    main: 50,
                    lei_hash
                },
                Event::Invited {
                    institution: 1,
                    account: 50
                },
                Event::Invited {
                    institution: 1,
                    account: 51
                },
                Event::AccountJoined {
                    institution: 1,
                    account: 51
                },
                Event::AccountJoined {
                    institution: 1,
                    account: 50
                },
            ]
        );
    });
}

#[test]
fn nobody_belongs_to_an_institution_without_saying_yes() {
    chain(2).execute_with(|| {
        assert_noop!(
            RevenueShare::accept(signed(50), 0),
            Error::<Runtime>::NotInvited
        );
        assert_ok!(RevenueShare::invite(signed(0), 0, 50));
        paid(50, 300);
        assert_eq!(fees_of(0), 0);
        assert_noop!(
            RevenueShare::accept(signed(50), 1),
            Error::<Runtime>::NotInvited
        );
    });
}

#[test]
fn an_account_belongs_to_one_institution_at_most() {
    chain(2).execute_with(|| {
        assert_ok!(RevenueShare::invite(signed(0), 0, 11));
        assert_noop!(
            RevenueShare::accept(signed(11), 0),
            Error::<Runtime>::AlreadyAttributed
        );
        assert_ok!(RevenueShare::leave(signed(11)));
        assert_ok!(RevenueShare::accept(signed(11), 0));
        paid(11, 300);
        assert_eq!((fees_of(0), fees_of(1)), (300, 0));
        assert_ok!(RevenueShare::do_try_state());
    });
}

#[test]
fn who_left_or_was_removed_pays_for_nobody() {
    chain(1).execute_with(|| {
        paid(1, 100);
        assert_ok!(RevenueShare::leave(signed(1)));
        paid(1, 100);
        assert_ok!(RevenueShare::remove_account(signed(0), 0, 0));
        paid(0, 100);
        assert_eq!(fees_of(0), 100);
        assert_noop!(
            RevenueShare::leave(signed(1)),
            Error::<Runtime>::NotAttributed
        );
        assert_eq!(Members::<Runtime>::iter().count(), 0);
        assert_ok!(RevenueShare::do_try_state());
    });
}

#[test]
fn an_invitation_can_be_taken_back() {
    chain(1).execute_with(|| {
        assert_ok!(RevenueShare::invite(signed(0), 0, 50));
        assert_noop!(
            RevenueShare::invite(signed(0), 0, 50),
            Error::<Runtime>::AlreadyInvited
        );
        assert_ok!(RevenueShare::remove_account(signed(0), 0, 50));
        assert_noop!(
            RevenueShare::accept(signed(50), 0),
            Error::<Runtime>::NotInvited
        );
        assert_noop!(
            RevenueShare::remove_account(signed(0), 0, 50),
            Error::<Runtime>::NotAttributed
        );
    });
}

#[test]
fn only_the_main_account_speaks_for_its_institution() {
    chain(2).execute_with(|| {
        for somebody_else in [1, 10, 50] {
            let origin = signed(somebody_else);
            assert_noop!(
                RevenueShare::invite(origin.clone(), 0, 50),
                Error::<Runtime>::NotMainAccount
            );
            assert_noop!(
                RevenueShare::remove_account(origin.clone(), 0, 1),
                Error::<Runtime>::NotMainAccount
            );
            assert_noop!(
                RevenueShare::set_payout(origin, 0, 50),
                Error::<Runtime>::NotMainAccount
            );
        }
        assert_noop!(
            RevenueShare::invite(signed(0), 7, 50),
            Error::<Runtime>::UnknownInstitution
        );
    });
}

#[test]
fn only_the_admin_registers_suspends_reinstates_and_ends() {
    chain(1).execute_with(|| {
        let refused = DispatchError::BadOrigin;
        assert_noop!(RevenueShare::register(signed(0), 50, H256::zero()), refused);
        assert_noop!(RevenueShare::deregister(signed(0), 0), refused);
        assert_noop!(RevenueShare::suspend(signed(0), 0), refused);
        assert_noop!(RevenueShare::reinstate(signed(0), 0), refused);
    });
}

#[test]
fn accounts_invitations_and_institutions_are_bounded() {
    chain(1).execute_with(|| {
        for account in 50..50 + u64::from(MAX_ACCOUNTS) {
            assert_ok!(RevenueShare::invite(signed(0), 0, account));
        }
        assert_noop!(
            RevenueShare::invite(signed(0), 0, 60),
            Error::<Runtime>::TooManyAccounts
        );
        assert_ok!(RevenueShare::accept(signed(50), 0));
        assert_noop!(
            RevenueShare::accept(signed(51), 0),
            Error::<Runtime>::TooManyAccounts
        );
        for main in 1..u64::from(MAX_INSTITUTIONS) {
            assert_ok!(RevenueShare::register(root(), main * 10, H256::zero()));
        }
        assert_noop!(
            RevenueShare::register(root(), 90, H256::zero()),
            Error::<Runtime>::TooManyInstitutions
        );
    });
}

#[test]
fn who_is_deregistered_leaves_nothing_behind_and_its_number_is_not_given_again() {
    chain(1).execute_with(|| {
        assert_ok!(RevenueShare::invite(signed(0), 0, 50));
        paid(0, 1_000);
        assert_ok!(RevenueShare::deregister(root(), 0));
        assert_noop!(
            RevenueShare::deregister(root(), 0),
            Error::<Runtime>::UnknownInstitution
        );
        assert_eq!(Members::<Runtime>::iter().count(), 0);
        assert_eq!(Invitations::<Runtime>::iter().count(), 0);
        assert_eq!(InstitutionOf::<Runtime>::iter().count(), 0);
        assert_ok!(RevenueShare::register(root(), 0, H256::zero()));
        assert!(Institutions::<Runtime>::contains_key(1));
        assert_ok!(RevenueShare::do_try_state());
    });
}

#[test]
fn nobody_is_deregistered_who_has_rights_left() {
    chain(1).execute_with(|| {
        fill_pot(1_000);
        paid(0, 1_000);
        after(PERIOD);
        assert_noop!(
            RevenueShare::deregister(root(), 0),
            Error::<Runtime>::RightsLeft
        );
        assert_ok!(RevenueShare::claim(signed(99), 0));
        assert_ok!(RevenueShare::deregister(root(), 0));
    });
}

#[test]
#[should_panic(expected = "10 cannot join number 1")]
fn a_genesis_that_names_an_account_twice_is_refused() {
    let institution = |main| GenesisInstitution {
        main,
        lei_hash: H256::zero(),
        accounts: vec![10],
    };
    let _ = GenesisConfig::<Runtime> {
        institutions: vec![institution(1), institution(2)],
    }
    .build_storage();
}

#[test]
#[should_panic(expected = "revenueShare.institutions has more than 5 entries")]
fn a_genesis_with_too_many_institutions_is_refused() {
    let institution = |main| GenesisInstitution {
        main,
        lei_hash: H256::zero(),
        accounts: vec![],
    };
    let _ = GenesisConfig::<Runtime> {
        institutions: (0..6).map(institution).collect(),
    }
    .build_storage();
}
