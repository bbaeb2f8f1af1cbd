//! Chains of steps: replay, forks, gaps, and who is in them.

use super::*;

#[test]
fn three_contributors_and_a_verifier_through_the_files() {
    let play = Play::phase2(&["Alice", "Bob", "Carol"]);
    let (phase1, mut phase2) = (play.verify1(), play.verify2());
    phase2
        .end(&play.folder, &tiny(), &beacon(), &())
        .expect("a beacon");
    let phase2 = play.verify2();
    for log in [phase1.log(), phase2.log()] {
        assert_eq!(log.entries().len(), 5);
        assert_eq!(log.contributors(), 3);
        assert_eq!(log.beacon(), Some(&beacon()));
    }
    assert!(finalise(&tiny(), &phase1, &phase2, &Demands::default()).is_ok());

    // One of them was bad: the verifier says which, and everything after it is worth nothing.
    let bob = step2(2);
    let mut bytes = play.read(&bob);
    // The last point before the file's own hash. Names differ in length, so it is counted from the end.
    let last = |file: &[u8]| file.len() - 32 - 96..file.len() - 32;
    let alice = play.read(&step2(1));
    let stray = alice[last(&alice)].to_vec();
    let at = last(&bytes);
    bytes[at].copy_from_slice(&stray);
    let content = bytes[..bytes.len() - 32].to_vec();
    play.put(&bob, &seal(content).0);
    let fault = of(play.try_verify2(), &bob, "Bob");
    assert!(matches!(fault, Fault::NotDivided(_)), "{fault}");
}

#[test]
fn two_contributions_of_the_same_person_differ() {
    let (one, other) = (Play::phase1(&["Alice"]), Play::phase1(&["Alice"]));
    assert_ne!(one.verify1().powers(), other.verify1().powers());
}

#[test]
fn a_step_that_is_altered_without_its_hash_is_caught() {
    let play = Play::phase1(&["Alice", "Bob"]);
    let good = play.read(&step1(2));
    let header = play
        .folder
        .header(&step1(2))
        .expect("a header")
        .encode()
        .len();
    for at in (header..good.len()).step_by(61) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        play.put(&step1(2), &bytes);
        assert_eq!(of(play.try_verify1(), &step1(2), "Bob"), Fault::Checksum);
    }
}

#[test]
fn an_altered_name_is_caught_even_with_a_new_hash() {
    let play = Play::phase1(&["Alice", "Bob"]);
    let bytes = play.read(&step1(2));
    let header = play.folder.header(&step1(2)).expect("a header");
    let renamed = Header {
        kind: Kind::Contribution("Mallory".parse().expect("a name")),
        ..header.clone()
    };
    let mut content = renamed.encode();
    content.extend_from_slice(&bytes[header.encode().len()..bytes.len() - 32]);
    play.put(&step1(2), &seal(content).0);
    let fault = of_mallory(play.try_verify1(), &step1(2));
    assert_eq!(fault, Fault::NoKnowledge(Factor::Tau));
}

#[test]
fn a_replayed_contribution_is_caught_as_it_is_and_with_its_place_changed() {
    let play = Play::phase1(&["Mallory", "Bob"]);
    let replayed = play.read(&step1(1));
    play.put(&step1(3), &replayed);
    assert_eq!(
        of_mallory(play.try_verify1(), &step1(3)),
        Fault::WrongPlace(1)
    );

    let header = play.folder.header(&step1(1)).expect("a header");
    std::fs::remove_file(play.folder.file(&step1(3))).expect("it is there");
    let log = play.verify1().log().clone();
    let mut content = mallory1(&log).encode();
    content.extend_from_slice(&replayed[header.encode().len()..replayed.len() - 32]);
    play.put(&step1(3), &seal(content).0);
    assert_eq!(
        of_mallory(play.try_verify1(), &step1(3)),
        Fault::NoKnowledge(Factor::Tau)
    );
}

#[test]
fn a_step_of_a_forked_transcript_is_caught_where_the_fork_is_joined() {
    let play = Play::phase1(&["Alice"]);
    let fork = play.copy();
    play.contribute1("Bob");
    fork.contribute1("Mallory");
    fork.contribute1("Carol");
    // Carol's step of the fork, put behind Bob's.
    play.put(&step1(3), &fork.read(&step1(3)));
    let fault = of(play.try_verify1(), &step1(3), "Carol");
    assert_eq!(fault, Fault::OtherState);
}

#[test]
fn a_coordinator_that_forks_a_contributor_away_is_caught_by_that_contributors_hash() {
    let play = Play::phase1(&["Alice"]);
    let fork = play.copy();
    let bob = play.contribute1("Bob").entry.hash;
    fork.contribute1("Bob");
    assert!(play.verify1().log().contains(&bob));
    assert!(!fork.verify1().log().contains(&bob));
}

#[test]
fn a_truncated_step_and_a_longer_one_are_caught() {
    let play = Play::phase1(&["Alice", "Bob"]);
    let good = play.read(&step1(2));
    let header = play
        .folder
        .header(&step1(2))
        .expect("a header")
        .encode()
        .len();
    for length in (header..good.len()).step_by(97).chain([good.len() - 1]) {
        play.put(&step1(2), &good[..length]);
        assert_eq!(of(play.try_verify1(), &step1(2), "Bob"), Fault::Truncated);
    }
    for length in 0..header {
        play.put(&step1(2), &good[..length]);
        let fault = of(play.try_verify1(), &step1(2), "an unknown hand");
        assert_eq!(fault, Fault::Truncated);
    }
    for more in [1, 1_000, 100_000] {
        let mut longer = good.clone();
        longer.resize(good.len() + more, 0);
        play.put(&step1(2), &longer);
        assert_eq!(of(play.try_verify1(), &step1(2), "Bob"), Fault::TooLong);
    }
}

#[test]
fn a_missing_step_is_not_passed_over() {
    let play = Play::phase1(&["Alice", "Bob", "Carol"]);
    std::fs::remove_file(play.folder.file(&step1(2))).expect("it is there");
    let error = play.try_verify1().expect_err("a gap");
    assert!(matches!(error, Error::Refused(Refusal::Gap(2))), "{error}");
}

#[test]
fn a_second_start_is_caught() {
    let play = Play::phase1(&["Alice"]);
    play.put(&step1(2), &play.read(&step1(0)));
    let fault = of(play.try_verify1(), &step1(2), "the coordinator");
    assert_eq!(fault, Fault::WrongPlace(0));
    let log = {
        std::fs::remove_file(play.folder.file(&step1(2))).expect("it is there");
        play.verify1().log().clone()
    };
    let start = Header {
        kind: Kind::Start,
        ..mallory1(&log)
    };
    play.put(&step1(2), &seal(start.encode()).0);
    let fault = of(play.try_verify1(), &step1(2), "the coordinator");
    assert_eq!(fault, Fault::Start);
}

#[test]
fn a_step_of_the_other_phase_is_caught() {
    let play = Play::phase2(&["Alice"]);
    play.put(&step2(2), &play.read(&step1(2)));
    let fault = of(play.try_verify2(), &step2(2), "Bob");
    assert_eq!(fault, Fault::OtherCeremony);
}

#[test]
fn a_phase_is_begun_once_and_no_step_is_written_over() {
    let play = Play::phase1(&["Alice"]);
    let error = Phase1::begin(&play.folder, LOG_SIZE).expect_err("begun");
    assert!(matches!(error, Error::Refused(Refusal::Begun)), "{error}");

    let (mut one, mut other) = (play.verify1(), play.verify1());
    let name = "Bob".parse().expect("a name");
    one.contribute(&play.folder, &name, &entropy(), &())
        .expect("the first");
    let before = play.read(&step1(2));
    let error = other
        .contribute(&play.folder, &name, &entropy(), &())
        .expect_err("too late");
    assert!(matches!(error, Error::File { .. }), "{error}");
    assert_eq!(play.read(&step1(2)), before);
}

#[test]
fn phase_2_waits_for_the_end_of_phase_1_and_for_enough_powers() {
    let play = Play::phase1(&["Alice"]);
    let error = Phase2::begin(&play.folder, &tiny(), &play.verify1(), &()).expect_err("no beacon");
    assert!(
        matches!(error, Error::Refused(Refusal::NoBeacon(1))),
        "{error}"
    );

    play.verify1()
        .end(&play.folder, &beacon(), &())
        .expect("a beacon");
    let larger = Circuit::new("larger", registry::Dense::of_size(5)).expect("a circuit");
    let error = Phase2::begin(&play.folder, &larger, &play.verify1(), &()).expect_err("too large");
    let expected = Refusal::CircuitTooLarge { needs: 5, has: 4 };
    assert!(
        matches!(error, Error::Refused(refusal) if refusal == expected),
        "{error}"
    );
}

#[test]
fn one_phase_1_serves_smaller_circuits_too() {
    let play = Play::phase1(&["Alice"]);
    play.verify1()
        .end(&play.folder, &beacon(), &())
        .expect("a beacon");
    let phase1 = play.verify1();
    for log_size in [2, 3, 4] {
        let name = format!("dense-{log_size}");
        let circuit = Circuit::new(&name, registry::Dense::of_size(log_size)).expect("a circuit");
        assert_eq!(circuit.log_size(), log_size);
        Phase2::begin(&play.folder, &circuit, &phase1, &()).expect("it begins");
        Phase2::verify(&play.folder, &circuit, &phase1, &()).expect("it verifies");
    }
}

#[test]
fn names_that_would_deceive_a_reader_are_refused() {
    for name in [
        "",
        " Alice",
        "Alice ",
        "Alice\n",
        "\u{202e}ecilA",
        "Al\x1b[2Jice",
        &"a".repeat(65),
    ] {
        assert!(name.parse::<Contributor>().is_err(), "{name:?}");
    }
    assert!("Alice, Example Bank (3)".parse::<Contributor>().is_ok());
    for name in ["", "phase1", "a/b", "..", "A", "a b", &"a".repeat(33)] {
        assert!(name.parse::<CircuitName>().is_err(), "{name:?}");
    }
}
