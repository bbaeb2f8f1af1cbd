//! Who sends and who receives, as written on the command line.

use plume_sdk::{AccountId32, Signer, address};

use crate::failure::Failure;

/// Secrets are short; a longer file is a mistake.
const MAX_SECRET_BYTES: usize = 1_024;

/// A key: `//Alice`, a mnemonic, a seed, or `@path` of a file that holds one of them.
///
/// Other users of the machine can read its command lines, so anything worth stealing belongs in a file.
pub fn signer(text: &str) -> Result<Signer, Failure> {
    let Some(path) = text.strip_prefix('@') else {
        return Ok(Signer::from_uri(text)?);
    };
    let unreadable = |reason: String| {
        Failure::new(
            format!("cannot read a secret from {path}: {reason}"),
            "Name a file that holds a mnemonic or a seed and nothing else",
        )
    };
    let secret = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    if secret.len() > MAX_SECRET_BYTES {
        return Err(unreadable(format!(
            "it is longer than {MAX_SECRET_BYTES} bytes"
        )));
    }
    Ok(Signer::from_uri(&secret)?)
}

/// An account: an address, `0x` and a public key, or anything that names a key (`//Alice`, `@path`, a mnemonic).
pub fn account(text: &str) -> Result<AccountId32, Failure> {
    let names_a_key = text.starts_with(['/', '@']) || text.trim().contains(' ');
    if names_a_key {
        Ok(signer(text)?.account())
    } else {
        Ok(address::parse(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4";

    #[test]
    fn an_account_may_be_named_in_every_usual_way() {
        let alice = signer("//Alice").expect("a development account").account();
        let hex = plume_sdk::raw::to_hex(&alice.0);
        for text in [
            "//Alice",
            ALICE,
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            &hex,
        ] {
            assert_eq!(account(text).expect(text), alice, "{text}");
        }
    }

    #[test]
    fn a_secret_may_be_kept_in_a_file() {
        let path = std::env::temp_dir().join(format!("plume-cli-secret-{}", std::process::id()));
        std::fs::write(&path, "//Alice\n").expect("a writable temporary folder");
        let read = signer(&format!("@{}", path.display()));
        std::fs::remove_file(&path).expect("it was written");
        assert_eq!(read.expect("a secret and a line break").address(), ALICE);
        assert!(
            signer("@/nonexistent")
                .expect_err("no such file")
                .reason
                .contains("/nonexistent")
        );
    }

    #[test]
    fn a_polkadot_address_is_refused_with_its_plume_form() {
        let failure =
            account("15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5").expect_err("another chain");
        assert!(failure.reason.contains(ALICE), "{}", failure.reason);
    }
}
