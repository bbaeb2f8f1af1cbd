//! `plume ceremony`: keys for proofs, made by many so that nobody has their secrets.

mod args;
mod hint;
mod report;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::Path;

use plume_ceremony::{
    Added, Beacon, Circuit, Demands, Entropy, Error, Folder, Phase1, Phase2, Subject, finalise,
    registry, transcript,
};

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use crate::patience::Watched;
pub use args::CeremonyCommand;
use args::{BeaconArgs, ContributeArgs, FinaliseArgs, FolderArgs, NewArgs, VerifyArgs};
use hint::failed;
use report::{AddedReport, CircuitJson, FinaliseReport, StatusReport, StepJson, VerifyReport};

/// A contributor's own bytes: dice, keystrokes, a photograph.
const MAX_ENTROPY_BYTES: usize = 64 * 1024 * 1024;

/// Runs `plume ceremony`.
pub async fn run(command: &CeremonyCommand, output: &Output) -> Result<(), Failure> {
    match command.clone() {
        CeremonyCommand::New(args) => output.report(&AddedReport::from(
            working(move |watched| begin(&args, watched)).await?,
        )),
        CeremonyCommand::Contribute(args) => output.report(&AddedReport::from(
            working(move |watched| contribute(&args, watched)).await?,
        )),
        CeremonyCommand::Beacon(args) => output.report(&AddedReport::from(
            working(move |watched| beacon(&args, watched)).await?,
        )),
        CeremonyCommand::Verify(args) => {
            output.report(&working(move |watched| verify(&args, watched)).await?)
        }
        CeremonyCommand::Finalise(args) => {
            output.report(&working(move |watched| keys(&args, watched)).await?)
        }
        CeremonyCommand::Status(args) => output.report(&status(&args)?),
    }
}

/// Work for the processor, watched from the terminal.
async fn working<T: Send + 'static>(
    work: impl FnOnce(&Watched) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    crate::patience::compute("starting", work)
        .await
        .unwrap_or_else(|| {
            Err(Failure::new(
                "the computation ended early",
                "Free memory, try again, and report this as a bug if it comes back",
            ))
        })
}

fn begin(args: &NewArgs, watched: &Watched) -> Result<Added, Failure> {
    let folder = args.place.transcript();
    match (args.place.circuit()?, args.log_size) {
        (Some(circuit), _) => {
            let phase1 = Phase1::verify(&folder, watched).map_err(failed)?;
            Phase2::begin(&folder, &circuit, &phase1, watched).map_err(failed)
        }
        (None, log_size) => Phase1::begin(&folder, log_size.unwrap_or_default()).map_err(failed),
    }
}

fn contribute(args: &ContributeArgs, watched: &Watched) -> Result<Added, Failure> {
    let own = match &args.entropy_file {
        Some(path) => read_entropy(path)?,
        None => Vec::new(),
    };
    let entropy = Entropy::fresh(&own).map_err(failed)?;
    args.place.add(
        watched,
        |phase, folder| phase.contribute(folder, &args.name, &entropy, watched),
        |phase, folder, circuit| phase.contribute(folder, circuit, &args.name, &entropy, watched),
    )
}

fn beacon(args: &BeaconArgs, watched: &Watched) -> Result<Added, Failure> {
    let digits = args.value.strip_prefix("0x").unwrap_or(&args.value);
    let value = plume_sdk::raw::from_hex(&format!("0x{digits}")).ok_or_else(|| {
        Failure::new(
            "the beacon's value is not hexadecimal",
            "Give it as its source prints it, two digits a byte",
        )
    })?;
    let beacon = Beacon::new(&args.source, &value, args.log_iterations).map_err(failed)?;
    args.place.add(
        watched,
        |phase, folder| phase.end(folder, &beacon, watched),
        |phase, folder, circuit| phase.end(folder, circuit, &beacon, watched),
    )
}

fn verify(args: &VerifyArgs, watched: &Watched) -> Result<VerifyReport, Failure> {
    let folder = args.place.transcript();
    let circuit = args.place.circuit()?;
    let phase1 = Phase1::verify(&folder, watched).map_err(failed)?;
    let phase2 = match &circuit {
        Some(circuit) => Some(Phase2::verify(&folder, circuit, &phase1, watched).map_err(failed)?),
        None => None,
    };
    let logs = [Some(phase1.log()), phase2.as_ref().map(Phase2::log)];
    for hash in &args.contains {
        if !logs.iter().flatten().any(|log| log.contains(hash)) {
            return Err(Failure::new(
                format!("no step has the hash {hash}, though all steps are good"),
                "Ask the coordinator: this transcript was forked before that step, or is older than it",
            ));
        }
    }
    let key_matches = match (&args.key, &circuit, &phase2) {
        (Some(path), Some(circuit), Some(phase2)) => {
            compare_key(path, circuit, &phase1, phase2)?;
            Some(true)
        }
        _ => None,
    };
    Ok(VerifyReport {
        log_size: phase1.powers().log_size(),
        hash: phase2.as_ref().map_or(phase1.log(), Phase2::log).hash(),
        phase1: phase1.log().clone(),
        circuit: circuit.as_ref().map(|circuit| circuit.name().to_string()),
        circuit_hash: circuit.as_ref().map(Circuit::hash),
        phase2: phase2.map(|phase2| phase2.log().clone()),
        key_matches,
    })
}

fn compare_key(
    path: &Path,
    circuit: &Circuit,
    phase1: &Phase1,
    phase2: &Phase2,
) -> Result<(), Failure> {
    let bytes = files::read(path, plume_ceremony::keys::MAX_KEY_BYTES)?;
    let keys = finalise(circuit, phase1, phase2, &Demands { contributors: 0 }).map_err(failed)?;
    if bytes == keys.proving_key_bytes() || bytes == keys.verifying_key_bytes() {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} is not the key of this transcript", path.display()),
        "Do not use it: take the key that plume ceremony finalise writes",
    ))
}

fn keys(args: &FinaliseArgs, watched: &Watched) -> Result<FinaliseReport, Failure> {
    let folder = args.place.transcript();
    let circuit = args.place.circuit()?.ok_or_else(|| {
        Failure::new(
            "keys are a circuit's, and none is named",
            "Name it with --circuit; plume ceremony status lists them",
        )
    })?;
    let phase1 = Phase1::verify(&folder, watched).map_err(failed)?;
    let phase2 = Phase2::verify(&folder, &circuit, &phase1, watched).map_err(failed)?;
    let demands = Demands {
        contributors: args.contributors,
    };
    let keys = finalise(&circuit, &phase1, &phase2, &demands).map_err(failed)?;
    let [proving_key, verifying_key] = keys.write(&args.out).map_err(failed)?;
    let least = keys
        .label
        .phase1_contributors
        .min(keys.label.phase2_contributors);
    Ok(FinaliseReport {
        rehearsal: (least as usize) < Demands::default().contributors,
        label: keys.label,
        proving_key,
        verifying_key,
    })
}

fn status(args: &FolderArgs) -> Result<StatusReport, Failure> {
    let folder = args.transcript();
    let circuit = args.circuit()?;
    let steps = |subject: &Subject| -> Result<Vec<StepJson>, Failure> {
        let count = folder.steps(subject).map_err(failed)?;
        let step = |index| {
            let header = folder.header(&subject.step(index));
            let kind = header.map_err(failed)?.kind;
            Ok(StepJson { index, kind })
        };
        (0..count).map(step).collect()
    };
    Ok(StatusReport {
        phase1: steps(&Subject::Powers)?,
        phase2: match &circuit {
            Some(circuit) => steps(&transcript::subject_of(circuit))?,
            None => Vec::new(),
        },
        circuit: args.circuit.clone(),
        circuits: registry::CIRCUITS
            .iter()
            .map(|named| CircuitJson {
                name: named.name,
                about: named.about,
            })
            .collect(),
    })
}

fn read_entropy(path: &Path) -> Result<Vec<u8>, Failure> {
    if path != Path::new("-") {
        return files::read(path, MAX_ENTROPY_BYTES);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MAX_ENTROPY_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Failure::new(
                format!("cannot read standard input: {error}"),
                "Pipe some bytes into it, or name a file",
            )
        })?;
    Ok(bytes)
}

impl FolderArgs {
    fn transcript(&self) -> Folder {
        Folder::new(&self.folder)
    }

    fn circuit(&self) -> Result<Option<Circuit>, Failure> {
        let Some(name) = &self.circuit else {
            return Ok(None);
        };
        let Some(named) = registry::find(name) else {
            let all: Vec<_> = registry::CIRCUITS.iter().map(|named| named.name).collect();
            return Err(Failure::new(
                format!("there is no circuit {name:?}"),
                format!("Choose one of: {}", all.join(", ")),
            ));
        };
        (named.circuit)().map(Some).map_err(failed)
    }

    /// Verifies all there is of the phase that the arguments name, and adds a step.
    fn add(
        &self,
        watched: &Watched,
        to_phase1: impl FnOnce(&mut Phase1, &Folder) -> Result<Added, Error>,
        to_phase2: impl FnOnce(&mut Phase2, &Folder, &Circuit) -> Result<Added, Error>,
    ) -> Result<Added, Failure> {
        let folder = self.transcript();
        let circuit = self.circuit()?;
        let mut phase1 = Phase1::verify(&folder, watched).map_err(failed)?;
        match circuit {
            None => to_phase1(&mut phase1, &folder),
            Some(circuit) => Phase2::verify(&folder, &circuit, &phase1, watched)
                .and_then(|mut phase2| to_phase2(&mut phase2, &folder, &circuit)),
        }
        .map_err(failed)
    }
}
