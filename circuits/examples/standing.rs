//! What a proof of standing costs: `cargo run --release -p plume-circuits --example standing`.
//!
//! With `--write-key` it writes the development key's verifying half into the tree instead, which is to be done
//! after every change of the circuit.

use plume_circuits::{
    self as circuits,
    standing::{CONSTRAINTS_AND_INSTANCE, ProvingKey, verify::KEY_BYTES},
    transfer::verify::PROOF_BYTES,
};
use std::{error::Error, fs, hint::black_box, time::Instant};

#[path = "../src/tests/standing/world.rs"]
#[allow(dead_code, reason = "what the tests use besides")]
mod world;

/// How often everything is timed.
const TIMES: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let key = ProvingKey::insecure_development();
    println!("development key   {:8.2} s", start.elapsed().as_secs_f64());
    let verifying = key.verifying_key()?;
    if std::env::args().any(|argument| argument == "--write-key") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/INSECURE-DEV.standing.vk");
        fs::write(path, verifying.to_bytes())?;
        println!("written: {path}");
        return Ok(());
    }
    let assigned = world::plan().assign()?;
    let prove = || key.prove(&assigned.public, &assigned.witness, &[1; 32]);
    let proof = prove()?;
    println!("prove             {:8.3} s", best(|| prove().is_ok()));
    let verify = best(|| verifying.verify(&assigned.public, &proof));
    println!("verify            {:8.3} ms", verify * 1e3);
    println!("proof             {PROOF_BYTES:8} bytes");
    println!("verifying key     {KEY_BYTES:8} bytes");
    println!("constraints       {CONSTRAINTS_AND_INSTANCE:8} with instance variables, of 8192");
    Ok(())
}

/// Seconds of the fastest of some calls that have to say yes.
fn best(mut call: impl FnMut() -> bool) -> f64 {
    let times = (0..TIMES).map(|_| {
        let start = Instant::now();
        assert!(black_box(call()), "everything is good");
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}
