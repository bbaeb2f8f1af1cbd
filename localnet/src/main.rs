//! Shows a local Plume network to a person, or as JSON lines to a program.

mod cli;

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let options = cli::Options::parse();
    let screen = cli::Screen::new(options.json);
    match cli::run(options, &screen).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen.failed(&error);
            ExitCode::FAILURE
        }
    }
}
