//! The command line of `plume ceremony`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_ceremony::{Contributor, Demands, Digest};

/// Keys for proofs, made by many people.
///
/// Everybody with the folder verifies all of it. As long as one contributor forgot a number, nobody can forge a
/// proof. Asks no node.
#[derive(Clone, Debug, Subcommand)]
pub enum CeremonyCommand {
    /// Begin phase 1, or with --circuit phase 2 of a circuit.
    #[command(after_help = "\
Examples:
  plume ceremony new --folder ceremony --log-size 15       Phase 1, for circuits of up to 2^15 = 32,768
  plume ceremony new --folder ceremony --circuit rehearsal Phase 2, after phase 1's beacon

Phase 1 serves every circuit up to its size; phase 2 is a circuit's own. What begins a phase has no secret: everybody
checks it. A run on one machine is a rehearsal: docs/operators/ceremony.md.")]
    New(NewArgs),
    /// Verify all there is, multiply by a secret of your own, and write the next step.
    #[command(after_help = "\
Examples:
  plume ceremony contribute --folder ceremony --name \"Alice, Example Bank\"
  plume ceremony contribute --folder ceremony --name Alice --entropy-file dice.txt
  head -c 64 /dev/hwrng | plume ceremony contribute --folder ceremony --name Alice --circuit rehearsal \\
      --entropy-file -

Send the file that it writes back to the coordinator, and publish the hash that it prints, signed: with it you find
out whether your step is in the end in the transcript (plume ceremony verify --contains). The secret is never
written down; do not let the machine swap or hibernate, and switch it off afterwards.")]
    Contribute(ContributeArgs),
    /// End a phase with a public number that nobody could foresee.
    #[command(after_help = "\
Examples:
  plume ceremony beacon --folder ceremony --source \"Bitcoin block 912345\" \\
      --value 00000000000000000001b3a5… --log-iterations 28

Announce the source before the last contribution is in: a block that is days away, or a round of drand. Everybody
computes the same step, so it does not matter who runs this.")]
    Beacon(BeaconArgs),
    /// Verify all steps from the first, and with --circuit those of a circuit; name the one that is bad.
    #[command(after_help = "\
Examples:
  plume ceremony verify --folder ceremony
  plume ceremony verify --folder ceremony --circuit rehearsal --contains 3f2a…
  plume ceremony verify --folder ceremony --circuit rehearsal --key keys/rehearsal.pk

--contains takes a hash that a contributor published. --key asks whether a proving or verifying key is this
transcript's.")]
    Verify(VerifyArgs),
    /// Verify all steps and write the proving and the verifying key.
    #[command(after_help = "\
Examples:
  plume ceremony finalise --folder ceremony --circuit rehearsal --out keys

Both phases must end with a beacon, and have three different contributors unless --contributors says otherwise. The
keys say which circuit and which transcript they are of.")]
    Finalise(FinaliseArgs),
    /// List the steps without verifying them, and the circuits that there are.
    #[command(after_help = "Examples:\n  plume ceremony status --folder ceremony")]
    Status(FolderArgs),
}

/// Where the transcript is.
#[derive(Args, Clone, Debug)]
pub struct FolderArgs {
    /// The transcript's folder: a file a step.
    #[arg(long, value_name = "FOLDER")]
    pub(super) folder: PathBuf,
    /// The circuit, for phase 2 [see: plume ceremony status]
    #[arg(long, value_name = "NAME")]
    pub(super) circuit: Option<String>,
}

/// What to begin.
#[derive(Args, Clone, Debug)]
pub struct NewArgs {
    #[command(flatten)]
    pub(super) place: FolderArgs,
    /// Phase 1 only: for circuits of up to 2^N constraints and public inputs, 1 to 18.
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "circuit",
        required_unless_present = "circuit"
    )]
    pub(super) log_size: Option<u8>,
}

/// Who contributes.
#[derive(Args, Clone, Debug)]
pub struct ContributeArgs {
    #[command(flatten)]
    pub(super) place: FolderArgs,
    /// Your name, for the transcript: up to 64 printable ASCII characters.
    #[arg(long)]
    pub(super) name: Contributor,
    /// A file whose bytes are hashed into the secret, beside the system's randomness; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) entropy_file: Option<PathBuf>,
}

/// Which public number.
#[derive(Args, Clone, Debug)]
pub struct BeaconArgs {
    #[command(flatten)]
    pub(super) place: FolderArgs,
    /// Where people can look the number up.
    #[arg(long)]
    pub(super) source: String,
    /// The number: 8 to 64 bytes in hexadecimal.
    #[arg(long, value_name = "HEX")]
    pub(super) value: String,
    /// It is hashed 2^N times, 10 to 36; each verifier does the same.
    #[arg(long, value_name = "N", default_value_t = 28)]
    pub(super) log_iterations: u8,
}

/// What to verify.
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub(super) place: FolderArgs,
    /// A hash that a contributor published and that has to be among the steps; may be given several times.
    #[arg(long, value_name = "HASH")]
    pub(super) contains: Vec<Digest>,
    /// A key that has to be this transcript's.
    #[arg(long, value_name = "FILE", requires = "circuit")]
    pub(super) key: Option<PathBuf>,
}

/// Where keys go.
#[derive(Args, Clone, Debug)]
pub struct FinaliseArgs {
    #[command(flatten)]
    pub(super) place: FolderArgs,
    /// The folder for the keys, in which there are none of this circuit.
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: PathBuf,
    /// Different contributors that each phase needs; fewer than three are for rehearsals.
    #[arg(long, value_name = "COUNT", default_value_t = Demands::default().contributors)]
    pub(super) contributors: usize,
}
