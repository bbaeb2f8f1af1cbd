//! Customer files, CSV and JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_reports::Customers;

fuzz_target!(|bytes: &[u8]| {
    let _ = Customers::csv(bytes);
    let _ = Customers::json(bytes);
});
