//! What screeners keep and hand over: states, updates and postings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::{Input, json_round_trip};
use plume_sanctions::{Hash32, List, Posting, Salt, State, Update};
use std::{collections::BTreeSet, sync::LazyLock};

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let file = b"id,name,kind,programmes,aliases\n1,VOLKOV Pyotr,individual,DEMO,Wolkow\n2,ACME,entity,,\n";
    let list = List::plain("demo", file).expect("it is a list");
    let update = Update::between(None, &list, &Salt([7; 32]));
    let subjects = |numbers: &[u8]| -> BTreeSet<Hash32> {
        numbers.iter().map(|number| Hash32([*number; 32])).collect()
    };
    let posting = Posting::new(&update, &subjects(&[1, 2]), &subjects(&[2, 3]));
    let state = State {
        format: State::FORMAT.into(),
        list: update.list.clone(),
        digest: update.digest,
        commitments: update.added.iter().copied().collect(),
        marked: subjects(&[2, 3]),
        dismissed: subjects(&[4]),
    };
    [
        serde_json::to_vec(&state),
        serde_json::to_vec(&update),
        serde_json::to_vec(&posting),
    ]
    .map(|written| written.expect("it is written"))
    .to_vec()
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes;
    let read = [
        State::from_json(bytes).map(|read| assert_eq!(json_round_trip(bytes), Some(read))),
        Update::from_json(bytes).map(|read| assert_eq!(json_round_trip(bytes), Some(read))),
        Posting::from_json(bytes).map(|read| assert_eq!(json_round_trip(bytes), Some(read))),
    ];
    let took = read.iter().filter(|read| read.is_ok()).count();
    assert!(took <= 1, "a file is of one format");
    assert!(took == 1 || !input.is_unchanged(&FILES));
});
