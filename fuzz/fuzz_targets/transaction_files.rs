//! Transaction files of anti-money-laundering research.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_aml::read::{AmlSim, AmlSimOptions, AmlWorld, Nodes, Patterns};

fuzz_target!(|bytes: &[u8]| {
    let options = AmlSimOptions {
        step_s: 86_400,
        start_s: 0,
    };
    let _ = AmlSim::new(bytes, options).count();
    let _ = AmlWorld::new(bytes).count();
    let _ = Nodes::new(bytes).count();
    let _ = Patterns::new(bytes).count();
});
