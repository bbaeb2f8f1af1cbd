//! Writes a generated world into a folder: `cargo run -p plume-aml --example generate -- 7 100000 FOLDER`, with the
//! seed, about how many transfers, and where to.

use plume_aml::{generate, write};
use std::{error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, transfers, folder] = arguments.as_slice() else {
        return Err("three arguments are needed: SEED TRANSFERS FOLDER".into());
    };
    let config = generate::Config::for_transfers(seed.parse()?, transfers.parse()?);
    let made = generate::generate(&config)?;
    let folder = PathBuf::from(folder);
    write::folder(&folder, &made)?;
    println!(
        "{} transfers in {}: {} ordinary, {} attempts, {} to or from sanctioned accounts",
        made.transactions.len(),
        folder.display(),
        made.ordinary(),
        made.labels.attempts.len(),
        made.labels.sanctioned_rows.len(),
    );
    Ok(())
}
