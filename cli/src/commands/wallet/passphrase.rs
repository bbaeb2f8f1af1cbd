//! The passphrase of a wallet's file: out of another file, out of the environment, or asked for on the terminal.

use std::env::{self, VarError};
use std::path::Path;

use plume_wallet::Passphrase;
use zeroize::Zeroizing;

use super::{WalletFile, read_text, unsealed};
use crate::failure::Failure;

/// Where programs that nobody sits at have it.
const VARIABLE: &str = "PLUME_WALLET_PASSPHRASE";

/// The passphrase of a file that is there.
pub fn known(file: &WalletFile) -> Result<Passphrase, Failure> {
    match given(file)? {
        Some(given) => Ok(given),
        None => asked(&format!("Passphrase of {}: ", file.wallet.display())),
    }
}

/// The passphrase of a file that is made. Whoever types it types it twice, because nobody sees what is typed.
pub fn chosen(file: &WalletFile) -> Result<Passphrase, Failure> {
    if let Some(given) = given(file)? {
        return Ok(given);
    }
    let first = asked(&format!("New passphrase for {}: ", file.wallet.display()))?;
    if asked("The same again: ")? == first {
        return Ok(first);
    }
    Err(Failure::new(
        "the second passphrase is another one than the first",
        "Begin again, and type the same one twice",
    ))
}

fn given(file: &WalletFile) -> Result<Option<Passphrase>, Failure> {
    if let Some(path) = &file.passphrase_file {
        return of_file(path).map(Some);
    }
    match env::var(VARIABLE) {
        Ok(text) => Passphrase::new(text).map(Some).map_err(unsealed),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::new(
            format!("{VARIABLE} is no text"),
            "Set it to the passphrase, in UTF-8",
        )),
    }
}

/// The only line of a file.
fn of_file(path: &Path) -> Result<Passphrase, Failure> {
    let text = Zeroizing::new(read_text(path)?);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains('\n') {
        return Err(Failure::new(
            format!("{} has more than one line", path.display()),
            "Name a file that has the passphrase in it, and nothing else",
        ));
    }
    Passphrase::new(line.to_owned()).map_err(unsealed)
}

fn asked(prompt: &str) -> Result<Passphrase, Failure> {
    let typed = rpassword::prompt_password(prompt).map_err(|error| {
        Failure::new(
            format!("no passphrase is given, and none can be asked for: {error}"),
            format!("Name a file that has it with --passphrase-file, or set {VARIABLE}"),
        )
    })?;
    Passphrase::new(typed).map_err(unsealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_line_that_is_the_passphrase() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("pass");
        let read = |text: &str| {
            std::fs::write(&path, text).expect("a folder");
            of_file(&path)
        };
        let meant = Passphrase::new(" two words ".to_owned()).expect("not empty");
        for text in [" two words ", " two words \n", " two words \r\n"] {
            assert!(read(text).expect(text) == meant, "{text:?}");
        }
        assert!(read("two words").expect("another") != meant);
        for text in ["", "\n", "\r\n"] {
            let refused = read(text).expect_err("nothing");
            assert!(refused.reason.contains("empty"), "{}", refused.reason);
        }
        for text in ["one\ntwo\n", "one\n\n"] {
            let refused = read(text).expect_err("two lines");
            assert!(refused.reason.contains("line"), "{}", refused.reason);
        }
    }
}
