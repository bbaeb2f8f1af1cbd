//! Claims files; what is read can be issued.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_credentials::{Chain, Key, Statement, issue};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::from_json(bytes) {
        let chain = Chain {
            genesis: [7; 32],
            first_block_s: 1_795_478_400,
        };
        let _ = issue(&statement, &[9; 32], &chain, &Key::from_seed([1; 32]), 1_795_500_000);
    }
});
