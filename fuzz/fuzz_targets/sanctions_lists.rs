//! Sanctions lists in both formats: what is read is matched, committed to, and compared with the list before.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use plume_sanctions::{List, Matcher, Salt, Update, changes};
use std::sync::LazyLock;

const OFAC: &[u8] = b"\
306,\"BANCO NACIONAL DE CUBA\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'BNC'.\"\r\n\
2674,\"ABBAS, Abu\",\"individual\",\"SDGT] [NPWMD\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 10 Dec 1948; a.k.a. 'D'ARTA';\"\r\n\
15036,\"ATR\xC9E\",\"vessel\",\"IRAN\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1A";
const PLAIN: &[u8] = b"id,name,kind,programmes,aliases\n\
X1,\"Volkov, Pyotr\",individual,A|B,Wolkow | Volkoff\nX2,Acme Trading,entity,,\n";

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| vec![OFAC.to_vec(), PLAIN.to_vec()]);
static BEFORE: LazyLock<List> = LazyLock::new(|| List::plain("list", PLAIN).expect("it is a list"));

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let read = [
        List::ofac("list", &input.bytes),
        List::plain("list", &input.bytes),
    ];
    assert!(read.iter().any(Result::is_ok) || !input.is_unchanged(&FILES));
    for list in read.into_iter().flatten() {
        assert!(
            !list.entries.is_empty(),
            "an empty list would free everybody"
        );
        let found = Matcher::new(&list).find("Pyotr Volkov", 0.85);
        assert!(found.iter().all(|one| (0.85..=1.0).contains(&one.score)));
        let update = Update::between(Some(&BEFORE), &list, &Salt([7; 32]));
        let changes = changes(&BEFORE, &list);
        assert!(changes.len() <= BEFORE.entries.len() + list.entries.len());
        let json = serde_json::to_vec(&update).expect("it is written");
        assert_eq!(Update::from_json(&json).ok(), Some(update));
    }
});
