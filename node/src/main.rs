//! `plume-node`, see the library.

use plume_node::{behaviour::Honest, cli::Cli, command};
use sc_cli::SubstrateCli;

fn main() -> sc_cli::Result<()> {
    command::run(Cli::from_args(), Box::new(Honest))
}
