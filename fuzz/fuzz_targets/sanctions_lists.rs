//! Sanctions lists in both formats, updates and postings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_sanctions::{List, Matcher, Posting, Update};

fuzz_target!(|bytes: &[u8]| {
    for list in [List::ofac("list", bytes), List::plain("list", bytes)] {
        if let Ok(list) = list {
            let _ = Matcher::new(&list).find("Pyotr Volkov", 0.85);
        }
    }
    let _ = Update::from_json(bytes);
    let _ = Posting::from_json(bytes);
});
