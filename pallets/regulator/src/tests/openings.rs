//! What the committee opens is on the log before it is opened, by a warrant that is in force.

use crate::{
    mock::{Regulator, *},
    *,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};

type Refusal = Error<Runtime>;

fn about_the_swiss() -> WarrantId {
    opened(FINMA, Target::Subject(subject(SWISS)))
}

#[test]
fn an_opening_is_a_line_that_is_found_by_what_is_opened() {
    chain().execute_with(|| {
        let warrant = about_the_swiss();
        after(5);
        assert_ok!(record_opening(FINMA, warrant, 9));
        let number = Openings::<Runtime>::get(hash(9)).expect("it was recorded");
        assert_eq!(
            Log::<Runtime>::get(number),
            Some(Entry {
                at: now(),
                supervisor: FINMA,
                warrant: Some(warrant),
                institutions: vec![ODD_BANK].try_into().expect("one of two"),
                act: Act::TransferOpened {
                    opened: hash(9),
                    shares: 3
                },
                evidence: hash(60),
                sealed: Default::default(),
            })
        );
        let event = System::read_events_for_pallet::<Event<Runtime>>().pop();
        assert_eq!(
            event,
            Some(Event::Logged {
                number,
                supervisor: FINMA,
                warrant: Some(warrant),
                institutions: vec![ODD_BANK],
                act: Act::TransferOpened {
                    opened: hash(9),
                    shares: 3
                },
                evidence: hash(60),
            })
        );
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn each_opening_counts_for_its_warrant_its_supervisor_and_the_institution() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Institution(EVEN_BANK));
        let (lines, about) = (lines_of(FINMA), lines_about(EVEN_BANK));
        for what in 1..=3 {
            assert_ok!(record_opening(FINMA, warrant, what));
        }
        let uses = Warrants::<Runtime>::get(warrant).map(|warrant| warrant.uses);
        assert_eq!(uses, Some(3));
        assert_eq!(lines_of(FINMA), lines + 3);
        assert_eq!(lines_about(EVEN_BANK), about + 3);
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn nothing_is_opened_without_a_warrant_of_ones_own_that_is_good_for_access() {
    chain().execute_with(|| {
        assert_noop!(record_opening(FINMA, 0, 9), Refusal::UnknownWarrant);
        let warrant = about_the_swiss();
        assert_noop!(record_opening(AMF, warrant, 9), Refusal::NotItsSupervisor);
        assert_noop!(record_opening(9, warrant, 9), Refusal::NotItsSupervisor);
        assert!(Regulator::record_opening(root(), warrant, hash(9), 3).is_err());

        let freezes = Powers {
            access: false,
            ..Powers::ALL
        };
        let target = Target::Subject(subject(SWISS));
        let until = now() + 100;
        let open = Regulator::open_warrant(signed(FINMA), target, freezes, hash(1), until, None);
        assert_ok!(open);
        assert_noop!(record_opening(FINMA, warrant + 1, 9), Refusal::NoSuchPower);

        // A warrant outlives the power that it was opened with, and is good for nothing then.
        assert_ok!(admit(FINMA, freezes, &[b"CH", b"DE"]));
        assert_noop!(record_opening(FINMA, warrant, 9), Refusal::NoSuchPower);
        assert_ok!(admit(FINMA, Powers::ALL, &[b"DE"]));
        assert_noop!(record_opening(FINMA, warrant, 9), Refusal::OutsideReach);
        assert_ok!(admit(FINMA, Powers::ALL, &[b"CH"]));
        assert_ok!(record_opening(FINMA, warrant, 9));
    });
}

#[test]
fn nothing_is_opened_by_a_warrant_that_has_ended() {
    chain().execute_with(|| {
        let warrant = about_the_swiss();
        after(100);
        assert_ok!(record_opening(FINMA, warrant, 1));
        after(1);
        assert_noop!(record_opening(FINMA, warrant, 2), Refusal::WarrantExpired);

        let warrant = about_the_swiss();
        assert_ok!(Regulator::withdraw_warrant(root(), warrant, hash(1)));
        assert_noop!(record_opening(FINMA, warrant, 2), Refusal::WarrantWithdrawn);

        let warrant = about_the_swiss();
        assert_ok!(Regulator::dismiss_supervisor(root(), FINMA));
        assert_noop!(record_opening(FINMA, warrant, 2), Refusal::Dismissed);
    });
}

#[test]
fn an_opening_is_recorded_once_and_takes_a_share() {
    chain().execute_with(|| {
        let (one, other) = (about_the_swiss(), about_the_swiss());
        let none = Regulator::record_opening(signed(FINMA), one, hash(9), 0);
        assert_noop!(none, Refusal::NoShares);
        assert_ok!(record_opening(FINMA, one, 9));
        assert_noop!(record_opening(FINMA, one, 9), Refusal::OpeningRecorded);
        assert_noop!(record_opening(FINMA, other, 9), Refusal::OpeningRecorded);
        assert_ok!(record_opening(FINMA, other, 10));
    });
}

#[test]
fn who_is_found_in_a_transfer_is_recorded_as_accessed_only_if_the_warrant_is_about_it() {
    chain().execute_with(|| {
        let warrant = about_the_swiss();
        assert_ok!(record_opening(FINMA, warrant, 9));
        assert_noop!(
            access(FINMA, Some(warrant), GERMAN),
            Refusal::OutsideWarrant
        );
        assert_ok!(access(FINMA, Some(warrant), SWISS));
    });
}

#[test]
fn a_warrants_hash_is_of_what_never_changes_of_it() {
    chain().execute_with(|| {
        let number = about_the_swiss();
        let at_first = Warrants::<Runtime>::get(number).expect("it was opened");
        assert_ok!(record_opening(FINMA, number, 9));
        assert_ok!(Regulator::withdraw_warrant(root(), number, hash(1)));
        let at_last = Warrants::<Runtime>::get(number).expect("it stays");
        assert_ne!(at_first, at_last);
        let known = at_first.hash(number);
        assert_eq!(at_last.hash(number), known);

        // What a client makes of the entry in storage.
        let stored = at_last.encode();
        let lasting = &stored[..stored.len() - CHANGING_BYTES];
        let preimage = [
            b"plume/regulator/warrant/1",
            &number.to_le_bytes()[..],
            lasting,
        ]
        .concat();
        assert_eq!(known.0, sp_io::hashing::blake2_256(&preimage));

        // Everything else is in it.
        assert_ne!(at_first.hash(number + 1), known);
        let target = Target::Institution(ODD_BANK);
        let changed: [fn(&mut Warrant<u64>); 5] = [
            |warrant| warrant.supervisor = AMF,
            |warrant| warrant.powers = Powers::NONE,
            |warrant| warrant.legal_basis = hash(61),
            |warrant| warrant.case = Some(SWISS_TO_GERMAN),
            |warrant| warrant.until += 1,
        ];
        for change in changed {
            let mut other = at_first.clone();
            change(&mut other);
            assert_ne!(other.hash(number), known);
        }
        let other = Warrant { target, ..at_first };
        assert_ne!(other.hash(number), known);
    });
}
