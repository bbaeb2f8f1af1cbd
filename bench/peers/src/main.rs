//! `plume-peers`: proves and verifies a transfer of other shielded pools, so that Plume's can be compared with them on
//! the same machine.
//!
//! | system | transfer | proof |
//! |---|---|---|
//! | Orchard (Zcash, crate `orchard`) | two actions, each of which spends a note and makes one | one of halo2 |
//! | Sapling (Zcash, crate `sapling-crypto`) | two spends and two outputs | four proofs of Groth16 on BLS12-381 |
//!
//! Figures go to standard output, everything else to standard error. Exit code 1: something could not be proven, or a
//! proof was refused.

mod figures;
mod lock;
mod notes;
mod systems;
mod watch;

use clap::Parser;
use figures::Figures;
use std::{num::NonZeroUsize, process::ExitCode};
use systems::{Orchard, Sapling, measure};

const LEFT_OUT: &str =
    "MASP is left out: its crate brings no parameters along, they would have to be downloaded.";

/// Times the proofs of other shielded pools, for Plume's to be compared with.
#[derive(Debug, Parser)]
#[command(version, after_help = LEFT_OUT)]
struct Cli {
    /// Proofs of each system; the median counts
    #[arg(long, default_value = "3", value_name = "COUNT")]
    times: NonZeroUsize,

    /// Print a line of JSON for each system instead of a table
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plume-peers: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let mut all = Vec::<Figures>::new();
    for measure in [measure::<Orchard>, measure::<Sapling>] {
        let figures = measure(cli.times)?;
        if cli.json {
            println!("{}", serde_json::to_string(&figures)?);
        }
        all.push(figures);
    }
    if !cli.json {
        println!("{}", figures::table(&all));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        let three = parse("p").expect("nothing has to be said").times.get();
        assert_eq!(three, 3);
        assert!(parse("p --times 5 --json").is_ok());
        assert!(parse("p --times 0").is_err());
    }
}
