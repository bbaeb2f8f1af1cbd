//! `plume credential pool-disclosure`, and the pool keys that credentials are bound to.

use std::path::PathBuf;

use clap::Args;
use plume_circuits::FieldBytes;
use plume_credentials::{
    Expected, Hash32, MAX_STATEMENT_BYTES, Statement, check_leaf, check_record, disclosure,
    pool_key, verify,
};
use plume_sdk::{At, H256};
use plume_shielded::Disclosure;
use serde::Serialize;

use super::{chain, chain_of, parse_hash, text_of};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, moment, patience};

/// Of which credential, and where to.
#[derive(Args, Debug)]
pub struct PoolDisclosureArgs {
    /// The credential.
    credential: PathBuf,
    /// Where to write the disclosure; only its owner may read the file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Hash of the chain's genesis block; with --first-block no node is asked, and a revocation is not seen.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, requires = "first_block")]
    genesis: Option<H256>,
    /// Time of the chain's first block.
    #[arg(long, value_name = "MOMENT", value_parser = moment::parse, requires = "genesis")]
    first_block: Option<u64>,
}

/// What was disclosed.
#[derive(Debug, Serialize)]
struct DisclosureReport {
    /// Where it was not written to a file.
    disclosure: Option<Disclosure>,
    file: Option<String>,
    pool_key: String,
    leaf: String,
    /// Whether a node was asked if its tree has the leaf.
    checked_on_chain: bool,
}

impl Report for DisclosureReport {
    fn text(&self) -> String {
        if let Some(disclosure) = &self.disclosure {
            return json(disclosure);
        }
        let checked = if self.checked_on_chain {
            "the chain's tree has the leaf"
        } else {
            "no node was asked, so nobody knows whether the chain's tree has the leaf"
        };
        table(&[
            ("written to", self.file.clone().unwrap_or_default()),
            ("pool key", self.pool_key.clone()),
            ("leaf", self.leaf.clone()),
            ("checked", checked.to_owned()),
        ])
    }
}

/// Canonical JSON (RFC 8785): four texts, whose names stand in order.
fn json(disclosure: &Disclosure) -> String {
    serde_json::to_string(disclosure).unwrap_or_default()
}

/// A pool key as people see it; none for none.
pub(super) fn shown(key: &FieldBytes) -> Option<String> {
    (!key.is_zero()).then(|| Hash32(*key.as_bytes()).to_string())
}

/// Binds what is stated to the pool key that a text names, or that a file has (`@FILE`). A claims file that names another
/// one is refused.
pub(super) fn bind(statement: &mut Statement, text: &str) -> Result<(), Failure> {
    let read;
    let text = match text.strip_prefix('@') {
        None => text,
        Some(path) => {
            read = files::read(path.as_ref(), MAX_STATEMENT_BYTES)?;
            core::str::from_utf8(&read).unwrap_or_default()
        }
    };
    let hint =
        "Give 64 hexadecimal digits, the holder's address (plume1...), or its contact as @FILE";
    let key = pool_key(text).map_err(|error| Failure::new(error.to_string(), hint))?;
    let key = (!key.is_zero()).then_some(key);
    if statement.pool_key.is_some() && statement.pool_key != key {
        return Err(Failure::new(
            "the claims file names another pool key than --pool-key",
            "Ask the holder which one it is, and name it once",
        ));
    }
    statement.pool_key = key;
    Ok(())
}

/// Runs it.
pub(super) async fn run(
    args: &PoolDisclosureArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let text = text_of(&args.credential)?;
    let (client, chain) = chain_of(args.genesis, args.first_block, global).await?;
    let expected = Expected {
        genesis: chain.genesis,
        issuer_key: None,
        binding: None,
    };
    let refused = |reason: String| {
        Failure::new(
            reason,
            "Ask the issuer for a credential that is in force and bound to your pool key",
        )
    };
    let verified = verify(&text, &expected, moment::now()?);
    let verified = verified.map_err(|error| refused(error.to_string()))?;
    let disclosure = disclosure(&verified, chain.first_block_s);
    let disclosure = disclosure.map_err(|error| refused(error.to_string()))?;
    if let Some(client) = &client {
        let at = client.at(At::Finalised).await?;
        let reading = async {
            let record = chain::record(&at, &verified.subject).await?;
            Ok::<_, Failure>((record, chain::leaf(&at, &verified.subject).await?))
        };
        let ((record, elapsed), leaf) =
            patience::wait("reading what the chain knows", reading).await?;
        check_record(&verified, record.as_ref(), elapsed)
            .map_err(|error| refused(error.to_string()))?;
        check_leaf(&disclosure, &verified.pool_key, leaf.as_ref())
            .map_err(|error| refused(error.to_string()))?;
    }
    if let Some(path) = &args.out {
        files::write_private(path, json(&disclosure).as_bytes())?;
    }
    output.report(&DisclosureReport {
        file: args.out.as_ref().map(|path| path.display().to_string()),
        pool_key: Hash32(*verified.pool_key.as_bytes()).to_string(),
        leaf: Hash32(*disclosure.leaf(&verified.pool_key).as_bytes()).to_string(),
        checked_on_chain: client.is_some(),
        disclosure: args.out.is_none().then_some(disclosure),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser;
    use plume_credentials::Key;

    const GENESIS: [u8; 32] = [7; 32];

    fn claims(pool_key: &str) -> String {
        let holder = Key::from_seed([2; 32]).public();
        format!(
            r#"{{"reference":"4711","tier":"two","kind":"person","jurisdictions":["CH"],
            "valid_from":"2020-01-01T00:00:00Z","valid_until":"2120-01-01T00:00:00Z",
            "holder_key":"{holder}",{pool_key}"personal":{{"family_name":"Muster"}}}}"#
        )
    }

    fn run_line(words: &[&str]) -> Result<(), Failure> {
        let words = ["plume", "--json", "credential"].iter().chain(words);
        let cli = Cli::try_parse_from(words).expect("a command line");
        let Command::Credential(command) = &cli.command else {
            panic!("another command");
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(super::super::run(command, &cli.global, &Output::new(true)))
    }

    #[test]
    fn a_pool_key_is_named_once_or_twice_alike() {
        let read = |claims: &str| Statement::from_json(claims.as_bytes()).expect("a claims file");
        let (one, other) = ("11".repeat(31) + "00", "12".repeat(31) + "00");
        let mut bare = read(&claims(""));
        bind(&mut bare, &one).expect("32 bytes");
        let mut named = read(&claims(&format!(r#""pool_key":"{one}","#)));
        assert_eq!(named.pool_key, bare.pool_key);
        bind(&mut named, &one).expect("the same");
        let refused = bind(&mut named, &other).expect_err("two keys");
        assert!(refused.reason.contains("another pool key"), "{refused:?}");
        assert_eq!(named.pool_key, bare.pool_key);
        assert!(bind(&mut bare, "plume1nothing").is_err());

        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key");
        std::fs::write(&path, format!("{other}\n")).expect("a writable folder");
        let mut from_file = read(&claims(""));
        bind(&mut from_file, &format!("@{}", path.display())).expect("a key and a line's end");
        assert_eq!(from_file.pool_key, pool_key(&other).ok());
    }

    #[test]
    fn a_credential_is_bound_and_disclosed_without_a_node_and_one_without_key_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("claims"), claims("")).expect("a writable folder");
        let (key, genesis) = ("11".repeat(31) + "00", "07".repeat(32));
        let seed = format!("0x{}", "01".repeat(32));
        let chain = ["--genesis", &genesis, "--first-block", "2019-01-01"];
        let issue = |out: &str, more: &[&str]| {
            let (claims, out) = (path("claims"), path(out));
            let line = [
                "issue", &claims, "--issuer", "//Alice", "--key", &seed, "--out", &out,
            ];
            run_line(&[&line[..], &chain, more].concat())
        };
        issue("bound", &["--pool-key", &key]).expect("all is there");
        issue("unbound", &[]).expect("all is there");
        let disclose = |credential: &str, out: &str| {
            let (credential, out) = (path(credential), path(out));
            let line = ["pool-disclosure", &credential, "--out", &out];
            run_line(&[&line[..], &chain].concat())
        };
        disclose("bound", "disclosure").expect("it is bound");
        let text = std::fs::read_to_string(path("disclosure")).expect("it was written");
        let written: Disclosure = serde_json::from_str(&text).expect("a disclosure");

        let expected = Expected {
            genesis: GENESIS,
            issuer_key: None,
            binding: None,
        };
        let credential = std::fs::read_to_string(path("bound")).expect("it was written");
        let now_s = moment::now().expect("a clock");
        let verified = verify(&credential, &expected, now_s).expect("as it was issued");
        let leaf = plume_circuits::leaf(&[
            written.subject,
            written.issuer,
            written.claims,
            FieldBytes::from_canonical(verified.commitment).expect("an element"),
        ]);
        assert_eq!(written.leaf(&pool_key(&key).expect("32 bytes")), leaf);

        let refused = disclose("unbound", "nothing").expect_err("it has no key");
        assert!(refused.reason.contains("no pool key"), "{refused:?}");
        assert!(!folder.path().join("nothing").exists());
    }
}
