//! Wall clocks that go wrong, by libfaketime.

use crate::Error;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Says whether clocks can go wrong here. Errors with [`Error::NoFaketime`].
pub fn check_faketime() -> Result<(), Error> {
    library().map(|_| ())
}

/// Environment variables for [`crate::Node::set_environment`] that make a node's wall clock go ahead by
/// so many milliseconds (behind, if negative). Its monotonic clock, and so its timers, stay right.
///
/// Errors with [`Error::NoFaketime`].
pub fn skewed_clock(offset_ms: i64) -> Result<Vec<(String, String)>, Error> {
    Ok(variables(&library()?, "FAKETIME", &offset(offset_ms)))
}

/// A wall clock that can be moved while a node runs by it. Dropping it moves nothing.
#[derive(Debug)]
pub struct MovableClock {
    library: PathBuf,
    /// Holds by how much it is ahead.
    file: PathBuf,
}

impl MovableClock {
    /// A clock that is right, until [`MovableClock::set`] moves it. This file says where it is: one for
    /// each clock.
    ///
    /// Errors with [`Error::NoFaketime`], and if the file cannot be written.
    pub fn new(file: PathBuf) -> Result<Self, Error> {
        let clock = Self {
            library: library()?,
            file,
        };
        clock.set(0)?;
        Ok(clock)
    }

    /// Environment variables for [`crate::Node::set_environment`] that make a node go by this clock from
    /// its next start on.
    pub fn environment(&self) -> Vec<(String, String)> {
        let file = self.file.to_string_lossy();
        let mut variables = variables(&self.library, "FAKETIME_TIMESTAMP_FILE", &file);
        // Read anew after a second, not after the usual ten; at every look at the clock is too slow.
        variables.push(("FAKETIME_CACHE_DURATION".into(), "1".into()));
        variables
    }

    /// Moves it ahead of the right time by so many milliseconds (behind, if negative). Who goes by it
    /// sees that within two seconds.
    pub fn set(&self, offset_ms: i64) -> Result<(), Error> {
        // In two steps, so that it is never read half-written.
        let draft = self.file.with_extension("draft");
        fs::write(&draft, offset(offset_ms) + "\n")
            .and_then(|()| fs::rename(&draft, &self.file))
            .map_err(Error::io(format!("write {}", self.file.display())))
    }
}

fn variables(library: &Path, name: &str, value: &str) -> Vec<(String, String)> {
    [
        ("LD_PRELOAD", library.to_string_lossy().as_ref()),
        (name, value),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// As libfaketime reads it: seconds with their sign.
fn offset(offset_ms: i64) -> String {
    let sign = if offset_ms < 0 { '-' } else { '+' };
    let ms = offset_ms.unsigned_abs();
    format!("{sign}{}.{:03}", ms / 1_000, ms % 1_000)
}

/// The library for programs with threads, where Debian and its own Makefile put it.
fn library() -> Result<PathBuf, Error> {
    const NAME: &str = "faketime/libfaketimeMT.so.1";
    let multiarch = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let folders = multiarch
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
    folders
        .chain(["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from))
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file())
        .ok_or(Error::NoFaketime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        process::Command,
        time::{SystemTime, UNIX_EPOCH},
    };

    /// Fails unless a program with these variables sees its clock ahead by so much.
    fn assert_shows(environment: Vec<(String, String)>, offset_ms: i64) {
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

    #[test]
    fn an_offset_below_a_second_keeps_its_sign() {
        let text = [-1_300, -300, 0, 5, 2_000].map(offset);
        assert_eq!(text, ["-1.300", "-0.300", "+0.000", "+0.005", "+2.000"]);
    }

    #[test]
    fn a_program_sees_its_clock_ahead_or_behind() {
        for offset_ms in [-2_300, -300, 300, 2_300] {
            match skewed_clock(offset_ms) {
                Ok(environment) => assert_shows(environment, offset_ms),
                Err(error) => return eprintln!("skipped: {error}"),
            }
        }
    }

    #[test]
    fn a_clock_is_where_it_was_moved_last() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let clock = match MovableClock::new(folder.path().join("clock")) {
            Ok(clock) => clock,
            Err(error) => return eprintln!("skipped: {error}"),
        };
        assert_shows(clock.environment(), 0);
        for offset_ms in [700, -700] {
            clock.set(offset_ms).expect("the folder is there");
            assert_shows(clock.environment(), offset_ms);
        }
    }
}
