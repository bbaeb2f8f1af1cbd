//! Beacons: the end of a phase, and only the end.

use sha2::Digest as _;

use super::*;

#[test]
fn the_output_is_that_many_hashes_of_the_value() {
    let mut state =
        sha2::Sha256::digest([b"plume-ceremony/beacon/1".as_slice(), &[0x5a; 32]].concat());
    for _ in 0..1024 {
        state = sha2::Sha256::digest(state);
    }
    assert_eq!(beacon().output(&()), <[u8; 32]>::from(state));
}

#[test]
fn one_iteration_more_or_one_bit_of_the_value_changes_all() {
    let other = Beacon::new("block", &[0x5a; 32], 11).expect("a beacon");
    assert_ne!(beacon().output(&()), other.output(&()));
    let other = Beacon::new("block", &[0x5b; 32], 10).expect("a beacon");
    assert_ne!(beacon().output(&()), other.output(&()));
}

#[test]
fn factors_that_are_not_the_beacons_are_caught() {
    let (play, phase, factors, state) = before_mallory1();
    let header = Header {
        kind: Kind::Beacon(Beacon::new("Mallory", &[7; 32], 10).expect("a beacon")),
        ..mallory1(phase.log())
    };
    play.put(&step1(2), &forged(&header, &factors, &state));
    assert_eq!(
        of_mallory(play.try_verify1(), &step1(2)),
        Fault::NotTheBeacon
    );
}

#[test]
fn a_value_that_is_altered_later_is_caught() {
    let play = Play::phase1(&["Alice"]);
    play.verify1()
        .end(&play.folder, &beacon(), &())
        .expect("a beacon");
    let bytes = play.read(&step1(2));
    let header = play.folder.header(&step1(2)).expect("a header");
    for altered in [
        Beacon::new("block 1,000,000", &[0x5b; 32], 10),
        Beacon::new("block 1,000,000", &[0x5a; 32], 11),
        Beacon::new("block 1,000,001", &[0x5a; 32], 10),
    ] {
        let altered = altered.expect("a beacon");
        let who = altered.source().to_owned();
        let header_now = Header {
            kind: Kind::Beacon(altered),
            ..header.clone()
        };
        let mut content = header_now.encode();
        content.extend_from_slice(&bytes[header.encode().len()..bytes.len() - 32]);
        play.put(&step1(2), &seal(content).0);
        let fault = of(play.try_verify1(), &step1(2), &who);
        assert_eq!(fault, Fault::NotTheBeacon);
    }
}

#[test]
fn nothing_comes_after_a_beacon() {
    let play = Play::phase1(&["Alice"]);
    play.verify1()
        .end(&play.folder, &beacon(), &())
        .expect("a beacon");
    let mut phase = play.verify1();
    let error = phase
        .contribute(
            &play.folder,
            &"Bob".parse().expect("a name"),
            &entropy(),
            &(),
        )
        .expect_err("ended");
    assert!(matches!(error, Error::Refused(Refusal::Ended)), "{error}");

    // Mallory does it all the same.
    let factors = [number(1), number(2), number(3)];
    let state = phase.powers.multiplied(&factors, &());
    play.put(&step1(3), &forged(&mallory1(phase.log()), &factors, &state));
    assert_eq!(
        of_mallory(play.try_verify1(), &step1(3)),
        Fault::AfterBeacon
    );
}

#[test]
fn a_beacon_has_bounds() {
    let long = "x".repeat(Beacon::MAX_SOURCE_BYTES + 1);
    for (source, value, log_iterations) in [
        ("block", [1; 32].as_slice(), 9),
        ("block", &[1; 32], 37),
        ("block", &[1; 7], 10),
        ("block", &[1; 65], 10),
        ("", &[1; 32], 10),
        ("bl\nock", &[1; 32], 10),
        (&long, &[1; 32], 10),
    ] {
        let error = Beacon::new(source, value, log_iterations).expect_err("out of bounds");
        assert!(
            matches!(error, Error::Refused(Refusal::Beacon(_))),
            "{error}"
        );
    }
}

#[test]
fn the_format_is_pinned() {
    // A ceremony without secrets: whoever changes these numbers ends every ceremony that is under way.
    let play = Play::phase1(&[]);
    play.verify1()
        .end(&play.folder, &beacon(), &())
        .expect("a beacon");
    let phase1 = play.verify1();
    Phase2::begin(&play.folder, &tiny(), &phase1, &()).expect("it begins");
    play.verify2()
        .end(&play.folder, &tiny(), &beacon(), &())
        .expect("a beacon");
    let phase2 = play.verify2();
    let keys = finalise(&tiny(), &phase1, &phase2, &Demands { contributors: 0 }).expect("keys");
    let hashes = [
        tiny().hash(),
        phase1.log().entries()[0].hash,
        phase1.log().hash(),
        phase2.log().entries()[0].hash,
        phase2.log().hash(),
        crate::hash::digest("test", &keys.proving_key_bytes()),
        crate::hash::digest("test", &keys.verifying_key_bytes()),
    ];
    let hashes: Vec<String> = hashes.iter().map(Digest::to_string).collect();
    assert_eq!(hashes, PINNED, "{hashes:#?}");
}

/// Circuit, start and end of phase 1, start and end of phase 2, proving key, verifying key.
const PINNED: [&str; 7] = [
    "8bc5e697fbe9e7b80830e433c8d4a7d1bb140048d13e9e1d6a7c41bb73a10639",
    "cc8a5a86e5f629f9f5b2dc7fa61f6d6778e2a0db9276019418d578a14a0ec482",
    "987e8f0e56ea43880c822556090506ca65097324afb2b04abb11339bdfcba105",
    "20660c2260b616569da77cb62a3da805b6e1e14273373539a03197f95af66862",
    "94bb75ff3a4da107543ed9f12ad042af23b3fc9168152b043210c3beb7f33552",
    "5e7a38e32851109962e8de5991695407c4799cafb0d47633b5a34aca585cc127",
    "a3e0c0de01f4339c4afa7fd1bac2d5074a658382efece3d76791569f7060b1c6",
];
