//! Versions of the crates that are measured.

/// The lock file that this program is built with.
const LOCK: &str = include_str!("../Cargo.lock");

/// The version of a crate that this program is built with.
pub fn version(name: &str) -> Option<&'static str> {
    let line = format!("name = \"{name}\"");
    let mut lines = LOCK.lines().skip_while(|other| *other != line);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_crate_is_the_one_that_is_locked() {
        assert_eq!(version("plume-peers"), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(version("no-such-crate"), None);
        for (name, expected) in [("orchard", "0.16."), ("sapling-crypto", "0.9.")] {
            let version = version(name).expect("it is a dependency");
            assert!(version.starts_with(expected), "{name} {version}");
        }
    }
}
