//! `plume-bench`: finality, throughput and bursts of a Plume network, measured.
//!
//! Figures go to standard output, the last line of each measurement in a form for programs; everything
//! else goes to standard error. Exit code 1: something was lost, or could not be measured.

mod cli;
mod commands;
mod output;

use clap::Parser;
use std::process::ExitCode;

// One thread: no message waits for a second thread to wake up before it gets its time stamp, and the
// nodes on the same machine keep their cores.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let problems = match cli::Cli::parse().run().await {
        Ok(problems) => problems,
        Err(error) => vec![format!("{error:#}")],
    };
    for problem in &problems {
        eprintln!("plume-bench: {problem}");
    }
    if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
