//! A ceremony on one machine for a dense circuit, with what each step takes.
//!
//! ```bash
//! cargo run --release -p plume-ceremony --example rehearsal -- 15
//! ```
//!
//! The argument is the binary logarithm of the domain, 15 unless given. The keys are worth nothing: one machine
//! had all secrets.

use std::time::Instant;

use plume_ceremony::registry::Dense;
use plume_ceremony::{
    Beacon, Circuit, Demands, Entropy, Error, Folder, Phase1, Phase2, Subject, finalise, transcript,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let log_size: u8 = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 15,
    };
    let path = std::env::temp_dir().join(format!("plume-rehearsal-{}", std::process::id()));
    let outcome = rehearse(&Folder::new(&path), log_size);
    std::fs::remove_dir_all(&path)?;
    outcome?;
    Ok(())
}

fn rehearse(folder: &Folder, log_size: u8) -> Result<(), Error> {
    let clock = &mut Instant::now();
    let circuit = Circuit::new("dense", Dense::of_size(log_size))?;
    println!(
        "{} constraints, domain 2^{}, circuit {}",
        circuit.constraints(),
        circuit.log_size(),
        circuit.hash()
    );
    report(clock, "synthesise and hash the circuit", None);
    let beacon = Beacon::new("a rehearsal", &[7; 32], 20)?;
    let names = ["Alice", "Bob", "Carol"];

    Phase1::begin(folder, log_size)?;
    for name in names {
        let mut phase1 = Phase1::verify(folder, &())?;
        report(clock, "phase 1: verify what is there", None);
        let added = phase1.contribute(folder, &name.parse()?, &Entropy::fresh(b"")?, &())?;
        report(clock, "phase 1: contribute", Some(&added.path));
    }
    let mut phase1 = Phase1::verify(folder, &())?;
    report(clock, "phase 1: verify what is there", None);
    let added = phase1.end(folder, &beacon, &())?;
    report(clock, "phase 1: beacon, 2^20 hashes", Some(&added.path));

    let added = Phase2::begin(folder, &circuit, &phase1, &())?;
    report(
        clock,
        "phase 2: begin (transforms in groups)",
        Some(&added.path),
    );
    for name in names {
        let mut phase2 = Phase2::verify(folder, &circuit, &phase1, &())?;
        report(clock, "phase 2: verify what is there", None);
        let added =
            phase2.contribute(folder, &circuit, &name.parse()?, &Entropy::fresh(b"")?, &())?;
        report(clock, "phase 2: contribute", Some(&added.path));
    }
    let mut phase2 = Phase2::verify(folder, &circuit, &phase1, &())?;
    phase2.end(folder, &circuit, &beacon, &())?;
    report(clock, "phase 2: verify, beacon", None);

    let phase1 = Phase1::verify(folder, &())?;
    report(clock, "verifier: phase 1, all steps", None);
    let phase2 = Phase2::verify(folder, &circuit, &phase1, &())?;
    report(clock, "verifier: phase 2, all steps", None);
    let keys = finalise(&circuit, &phase1, &phase2, &Demands::default())?;
    let [pk, _] = keys.write(folder.path())?;
    report(clock, "write the keys", Some(&pk));
    let bytes = std::fs::read(&pk).unwrap_or_default();
    plume_ceremony::read_proving_key(&bytes)?;
    report(clock, "read the proving key, checking points", None);

    let steps =
        folder.steps(&Subject::Powers)? + folder.steps(&transcript::subject_of(&circuit))?;
    println!("{steps} steps; memory at its peak: {} MiB", peak_mib());
    println!("a rehearsal: all secrets were on one machine");
    Ok(())
}

fn report(clock: &mut Instant, what: &str, file: Option<&std::path::Path>) {
    let seconds = clock.elapsed().as_secs_f64();
    let size = file
        .and_then(|file| std::fs::metadata(file).ok())
        .map(|metadata| format!("  {:.1} MB", metadata.len() as f64 / 1e6));
    println!("{what:<40} {seconds:>8.1} s{}", size.unwrap_or_default());
    *clock = Instant::now();
}

/// Of this process, as Linux counts it; zero elsewhere.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
