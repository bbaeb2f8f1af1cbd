//! The `plume` command: accounts, transfers and queries from a terminal.
//!
//! Results go to standard output, as text or (`--json`) as one JSON object a line. Errors go to standard error
//! as a reason and a hint, with exit code 1; a command line that cannot be read exits with 2.

mod args;
mod commands;
mod failure;
mod files;
mod moment;
mod output;
mod party;
mod patience;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.global.json);
    match start(&cli, &output) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough (`plume watch | head`).
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn start(cli: &Cli, output: &Output) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                format!("cannot start: {error}"),
                "Free memory or file handles",
            )
        })?;
    runtime.block_on(run(cli, output))
}

async fn run(cli: &Cli, output: &Output) -> Result<(), Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Transfer(args) => commands::transfer::run(args, global, output).await,
        Command::Account(command) => commands::account::run(command, global, output).await,
        Command::Balance(args) => commands::balance::run(args, global, output).await,
        Command::Ceremony(command) => commands::ceremony::run(command, output).await,
        Command::Chain => commands::chain::run(global, output).await,
        Command::Committee(command) => commands::committee::run(command, global, output).await,
        Command::Compliance(command) => commands::compliance::run(command, global, output).await,
        Command::Credential(command) => commands::credential::run(command, global, output).await,
        Command::Disclose(command) => commands::disclose::run(command, global, output).await,
        Command::Regulator(command) => commands::regulator::run(command, global, output).await,
        Command::Sanctions(command) => commands::sanctions::run(command, global, output).await,
        Command::Token(command) => commands::token::run(command, global, output).await,
        Command::Tx(command) => commands::tx::run(command, global, output).await,
        Command::Wallet(command) => commands::wallet::run(command, global, output).await,
        Command::Watch(args) => commands::watch::run(args, global, output).await,
    }
}
