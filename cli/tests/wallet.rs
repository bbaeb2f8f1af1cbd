//! What `plume wallet` does without a node, through the binary.

use std::fs;
use std::path::Path;
use std::process::Command;

use plume_shielded::{Contact, Network, SpendingKey};
use plume_wallet::{Birth, Cost, FileKey, Passphrase, Pool, Wallet};
use serde_json::Value as Json;
use tempfile::TempDir;

const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

const PASSPHRASE: &str = "seven plums in the snow";
const VARIABLE: &str = "PLUME_WALLET_PASSPHRASE";

/// A folder with a wallet that has seen nothing yet.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = SpendingKey::from_phrase(PHRASE, "", 0).expect("a phrase");
        let pool = Pool {
            genesis: [7; 32],
            period_length: 1_000,
            max_proof_age: 60,
        };
        let birth = Birth::genesis(&pool);
        let wallet = Wallet::new(key.full_viewing_key(), Network::Dev, pool, birth);
        // The command takes the cost from the file: the default one would take these tests part of a second each time.
        let cost = Cost::new(8, 1, 1).expect("the least");
        let passphrase = Passphrase::new(PASSPHRASE.to_owned()).expect("not empty");
        let key = FileKey::new(&passphrase, cost).expect("random bytes");
        wallet
            .save(&folder.path().join("my.wallet"), &key)
            .expect("a new file");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, line: &str) -> Result<Json, Json> {
        self.run_with(PASSPHRASE, line)
    }

    fn run_with(&self, passphrase: &str, line: &str) -> Result<Json, Json> {
        let output = Command::new(env!("CARGO_BIN_EXE_plume"))
            .args(["--json", "wallet"])
            .args(line.split_whitespace())
            .env(VARIABLE, passphrase)
            .current_dir(self.path())
            .output()
            .expect("the binary was built for this test");
        let parse = |bytes: &[u8]| serde_json::from_slice(bytes).expect("one JSON object a line");
        if output.status.success() {
            Ok(parse(&output.stdout))
        } else {
            Err(parse(&output.stderr))
        }
    }

    fn must(&self, line: &str) -> Json {
        self.run(line)
            .unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    fn refused(&self, line: &str) -> String {
        self.refused_with(PASSPHRASE, line)
    }

    fn refused_with(&self, passphrase: &str, line: &str) -> String {
        let error = self.run_with(passphrase, line).expect_err(line);
        let said = |what: &str| error["error"][what].as_str().expect(what).to_owned();
        assert!(!said("hint").is_empty(), "{line}");
        said("reason")
    }
}

#[test]
fn a_new_wallet_has_an_address_and_nothing_else() {
    let folder = Folder::new();
    let address = folder.must("address --wallet my.wallet");
    let text = address["text"].as_str().expect("a text");
    assert!(text.starts_with("plumedev1"), "{text}");
    let other = folder.must("address --wallet my.wallet --index 1");
    assert_ne!(other, address);
    let balance = folder.must("balance --wallet my.wallet");
    assert_eq!(balance["balances"], Json::Array(vec![]));
    assert_eq!(balance["block"], 0);
    let history = folder.must("history --wallet my.wallet");
    assert_eq!(history["entries"], Json::Array(vec![]));
}

#[test]
fn a_contact_is_the_wallets_with_what_a_payer_has_to_show() {
    let folder = Folder::new();
    let element = |byte: &str| format!("0x{byte}{}", "0".repeat(62));
    let disclosure = format!(
        r#"{{"claims":"{}","issuer":"{}","salt":"{}","subject":"{}"}}"#,
        element("01"),
        element("02"),
        element("03"),
        element("04")
    );
    fs::write(folder.path().join("me.json"), disclosure).expect("a folder");
    folder.must("contact --wallet my.wallet --credential me.json --out me.contact");
    let text = fs::read_to_string(folder.path().join("me.contact")).expect("it was written");
    let contact = Contact::from_json(&text, Network::Dev).expect("a contact");
    let address = folder.must("address --wallet my.wallet");
    assert_eq!(address["text"], contact.address().to_text(Network::Dev));
    let shown = contact.disclosure().expect("a credential");
    assert_eq!(shown.salt, 3u64.into());
}

#[test]
fn each_viewing_key_is_of_its_kind() {
    let folder = Folder::new();
    for (sees, begins) in [
        ("all", "plumefvkdev1"),
        ("incoming", "plumeivkdev1"),
        ("outgoing", "plumeovkdev1"),
        ("candidates", "plumedetectdev1"),
    ] {
        let line = format!("disclose viewing-key --wallet my.wallet --sees {sees}");
        let key = folder.must(&line);
        let key = key["text"].as_str().expect("a text");
        assert!(key.starts_with(begins), "{key}");
    }
}

#[test]
fn what_is_no_wallet_or_damaged_is_refused_with_what_to_do() {
    let folder = Folder::new();
    let reason = folder.refused("balance --wallet nowhere");
    assert!(reason.contains("nowhere"), "{reason}");
    fs::write(folder.path().join("other"), "something else").expect("a folder");
    let reason = folder.refused("balance --wallet other");
    assert!(reason.contains("no wallet"), "{reason}");
    let path = folder.path().join("my.wallet");
    let good = fs::read(&path).expect("it is there");
    for (at, why) in [(30, "header is damaged"), (good.len() - 20, "was changed")] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(&path, bytes).expect("it is there");
        let reason = folder.refused("history --wallet my.wallet");
        assert!(
            reason.contains("my.wallet") && reason.contains(why),
            "{reason}"
        );
    }
    fs::write(&path, &good[..good.len() - 1]).expect("it is there");
    let reason = folder.refused("history --wallet my.wallet");
    assert!(reason.contains("too early"), "{reason}");
}

#[test]
fn only_the_passphrase_opens_a_wallet() {
    let folder = Folder::new();
    let line = "balance --wallet my.wallet";
    let reason = folder.refused_with("seven plums", line);
    assert!(
        reason.contains("my.wallet") && reason.contains("wrong"),
        "{reason}"
    );
    let reason = folder.refused_with("", line);
    assert!(reason.contains("empty"), "{reason}");
    // A file that is named goes before the variable.
    let named = format!("{line} --passphrase-file pass");
    fs::write(folder.path().join("pass"), format!("{PASSPHRASE}\n")).expect("a folder");
    let balance = folder.run_with("seven plums", &named);
    assert_eq!(balance.expect("the right one"), folder.must(line));
    fs::write(folder.path().join("pass"), "another").expect("a folder");
    assert!(folder.refused(&named).contains("wrong"));
    let reason = folder.refused(&format!("{line} --passphrase-file nowhere"));
    assert!(reason.contains("nowhere"), "{reason}");
}

#[test]
fn a_wallet_that_was_never_encrypted_is_refused_with_a_way_out() {
    let folder = Folder::new();
    let old = [b"plume wallet\x01\x00".as_slice(), &[7; 400]].concat();
    fs::write(folder.path().join("old.wallet"), old).expect("a folder");
    let error = folder.run("balance --wallet old.wallet").expect_err("old");
    let said = |what: &str| error["error"][what].as_str().expect(what).to_owned();
    assert!(said("reason").contains("not encrypted"), "{error}");
    assert!(said("hint").contains("Restore"), "{error}");
}

#[test]
fn older_names_of_commands_do_the_same() {
    let folder = Folder::new();
    let sees = "--wallet my.wallet --sees incoming";
    assert_eq!(
        folder.must(&format!("viewing-key {sees}")),
        folder.must(&format!("disclose viewing-key {sees}"))
    );
    for line in [
        "sync --help",
        "deposit --help",
        "withdraw --help",
        "receipt --help",
        "statement --help",
        "verify-receipt --help",
        "verify-statement --help",
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_plume"))
            .arg("wallet")
            .args(line.split_whitespace())
            .output()
            .expect("the binary was built for this test");
        assert!(output.status.success(), "{line}");
    }
}

#[test]
fn what_shows_nothing_is_refused_before_a_node_is_asked() {
    let folder = Folder::new();
    fs::write(folder.path().join("a.receipt"), "{}").expect("a folder");
    let nonce = format!("0x{}", "07".repeat(32));
    let output = Command::new(env!("CARGO_BIN_EXE_plume"))
        .args(["--json", "disclose", "verify", "a.receipt"])
        .args(["--verifier", "Auditor", "--nonce", &nonce])
        .current_dir(folder.path())
        .output()
        .expect("the binary was built for this test");
    assert!(!output.status.success());
    let error: Json = serde_json::from_slice(&output.stderr).expect("one JSON object");
    let reason = error["error"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("shows nothing"), "{reason}");
}

#[test]
fn a_plain_transfer_is_refused_unless_everybody_may_see_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_plume"))
        .args(["--json", "transfer", "--from", "//Alice", "--to", "//Bob"])
        .args(["--amount", "1"])
        .output()
        .expect("the binary was built for this test");
    assert!(!output.status.success());
    let error: Json = serde_json::from_slice(&output.stderr).expect("one JSON object");
    let hint = error["error"]["hint"].as_str().expect("a hint");
    assert!(hint.contains("plume wallet send"), "{hint}");
    assert!(hint.contains("--transparent"), "{hint}");
}

#[test]
fn a_payment_that_is_not_in_the_history_has_no_receipt() {
    let folder = Folder::new();
    let nonce = "07".repeat(32);
    let line = format!(
        "disclose receipt --wallet my.wallet --position 3 --verifier Auditor --nonce 0x{nonce} --out a.receipt"
    );
    assert!(folder.refused(&line).contains("no payment at position 3"));
    assert!(!folder.path().join("a.receipt").exists());
}
