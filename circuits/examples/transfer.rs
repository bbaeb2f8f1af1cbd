//! What a transfer costs: `cargo run --release -p plume-circuits --example transfer`.
//!
//! With `--write-key` it writes the development key's verifying half into the tree instead, which is to be done
//! after every change of the circuit.

use ark_bls12_381::Bls12_381;
use plume_circuits::{
    self as circuits,
    transfer::{
        CONSTRAINTS_AND_INSTANCE, ProvingKey, PublicInputs,
        verify::{PROOF_BYTES, PROOF_BYTES_UNCOMPRESSED, PreparedKey, Proof},
    },
};
use std::{error::Error, fs, hint::black_box, time::Instant};

#[path = "../src/tests/transfer/world.rs"]
#[allow(dead_code, reason = "what the tests use besides")]
mod world;

/// Proofs that are timed, and transfers in a batch.
const PROOFS: usize = 5;
const BATCH: usize = 32;

/// The most memory that this process had, in MiB.
fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM in /proc/self/status")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib / 1024)
}

/// Seconds of processor time that this process used, on all cores. On a busy machine they say more than the clock.
fn processor() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>);
    let sum: u64 = ticks.sum::<Result<u64, _>>()?;
    Ok(sum as f64 / 100.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let key = ProvingKey::insecure_development();
    println!("development key   {:8.2} s", start.elapsed().as_secs_f64());
    let prepared = key.verifying_key()?.prepare();
    if std::env::args().any(|argument| argument == "--write-key") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/INSECURE-DEV.transfer.vk");
        fs::write(path, prepared.to_bytes())?;
        println!("written: {path}");
        return Ok(());
    }
    println!("key's memory      {:8} MiB at its peak", peak_mib()?);

    let plan = world::World::new().payment();
    let mut transfers = Vec::<(PublicInputs, Proof<Bls12_381>)>::new();
    let mut times = Vec::new();
    let before = processor()?;
    for seed in (0..PROOFS).map(|number| [number as u8 + 1; 32]) {
        let start = Instant::now();
        let assigned = plan.assign()?;
        let proof = key.prove(&assigned.public, &assigned.witness, &seed)?;
        times.push(start.elapsed().as_secs_f64());
        transfers.push((assigned.public, proof));
    }
    let busy = (processor()? - before) / PROOFS as f64;
    times.sort_by(f64::total_cmp);
    let (median, best) = (times[PROOFS / 2], times[0]);
    println!(
        "prove             {median:8.3} s (median of {PROOFS}; best {best:.3}; {busy:.2} s of processor)"
    );

    let single = per_call(|| {
        transfers
            .iter()
            .all(|(public, proof)| prepared.verify(public, proof))
    }) / PROOFS as f64;
    println!("verify one        {:8.3} ms", single * 1e3);
    let many: Vec<_> = transfers.iter().copied().cycle().take(BATCH).collect();
    let batch = per_call(|| prepared.verify_batch(&many)) / BATCH as f64;
    println!("verify {BATCH}         {:8.3} ms each", batch * 1e3);
    let bytes = transfers[0].1.to_uncompressed();
    let decode = per_call(|| Proof::<Bls12_381>::from_uncompressed(&bytes).is_ok());
    println!("decode one        {:8.3} ms", decode * 1e3);
    let stored = prepared.to_bytes();
    let load = per_call(|| PreparedKey::<Bls12_381>::from_trusted_bytes(&stored).is_ok());
    println!("load the key      {:8.3} ms", load * 1e3);
    println!("proof             {PROOF_BYTES:8} bytes ({PROOF_BYTES_UNCOMPRESSED} uncompressed)");
    println!("constraints       {CONSTRAINTS_AND_INSTANCE:8} with instance variables, of 32768");
    println!("peak memory       {:8} MiB", peak_mib()?);
    Ok(())
}

/// Seconds of a call that has to say yes.
fn per_call(mut call: impl FnMut() -> bool) -> f64 {
    const CALLS: u32 = 10;
    let start = Instant::now();
    for _ in 0..CALLS {
        assert!(black_box(call()), "everything is good");
    }
    start.elapsed().as_secs_f64() / f64::from(CALLS)
}
