//! `plume-light-client`: replays the words of a network's nodes through a light client.
//!
//! Reads the lines that `plume_light_client::replay` describes from standard input, and prints
//! `{"believed": .., "changed_voters": ..}`. Exit code 1, and a sentence on standard error: it could not
//! follow.

use plume_light_client::replay;
use std::{env, io, process::ExitCode};

const USAGE: &str = "Usage: plume-light-client < LINES

Replays the justifications of a Plume network through pallet-bridge-grandpa, as a chain does that follows
Plume. Each line is a JSON object; the first one is where to start:

  {\"header\": {..}, \"voters\": \"0x..\", \"set_id\": 0}
  {\"header\": {..}, \"justification\": \"0x..\"}
  ...

Headers as chain_getHeader gives them; voters and set_id as the runtime API GrandpaApi does at that block;
justifications as grandpa_subscribeJustifications does. Every header with which the voters change has to be
among them.";

fn main() -> ExitCode {
    if env::args_os().len() > 1 {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let failure = match replay(io::stdin().lock()) {
        Ok(replayed) => match serde_json::to_string(&replayed) {
            Ok(text) => {
                println!("{text}");
                return ExitCode::SUCCESS;
            }
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    };
    eprintln!("plume-light-client: {failure}");
    ExitCode::FAILURE
}
