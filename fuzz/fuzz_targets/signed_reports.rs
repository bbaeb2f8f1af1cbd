//! Signed reports; what has a right signature can be written in every format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_reports::{json, pdf, table};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(report) = json::verify(bytes, None) {
        let _ = table::csv(&report);
        let _ = pdf::pdf(&report);
    }
});
