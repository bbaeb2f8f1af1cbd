//! Wall clocks that go wrong, by libfaketime.

use crate::Error;
use std::{fs, path::PathBuf};

/// Environment variables for [`crate::Node::set_environment`] that make a node's wall clock go ahead by
/// so many milliseconds (behind, if negative). Its monotonic clock, and so its timers, stay right.
///
/// Errors with [`Error::NoFaketime`].
pub fn skewed_clock(offset_ms: i64) -> Result<Vec<(String, String)>, Error> {
    let library = library().ok_or(Error::NoFaketime)?;
    let seconds = format!("{:+}.{:03}", offset_ms / 1_000, offset_ms.abs() % 1_000);
    // Below a second the sign is lost above.
    let seconds = match offset_ms {
        -999..=-1 => seconds.replace('+', "-"),
        _ => seconds,
    };
    Ok([
        ("LD_PRELOAD", library.to_string_lossy().as_ref()),
        ("FAKETIME", &seconds),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec())
}

/// The library for programs with threads, where Debian and its own Makefile put it.
fn library() -> Option<PathBuf> {
    const NAME: &str = "faketime/libfaketimeMT.so.1";
    let multiarch = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let folders = multiarch
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
    folders
        .chain(["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from))
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        process::Command,
        time::{SystemTime, UNIX_EPOCH},
    };

    #[test]
    fn a_program_sees_its_clock_ahead_or_behind() {
        for offset_ms in [-2_300, -300, 300, 2_300] {
            let environment = match skewed_clock(offset_ms) {
                Ok(environment) => environment,
                Err(error) => {
                    eprintln!("skipped: {error}");
                    return;
                }
            };
            let output = Command::new("date")
                .arg("+%s%3N")
                .envs(environment)
                .output()
                .expect("date is everywhere");
            let real = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .expect("it is later than 1970");
            let seen: i64 = String::from_utf8_lossy(&output.stdout)
                .trim()
                .parse()
                .expect("date prints a number");
            let shown_ms = seen - real.as_millis() as i64;
            assert!(
                (offset_ms - 200..=offset_ms).contains(&shown_ms),
                "{shown_ms} ms for {offset_ms}"
            );
        }
    }
}
