//! The file.

use super::{
    BOB, Person,
    sealed::{alice, cheap, passphrase},
};
use crate::{FileError, FileKey, Lock, Sealed, SealedError, Wallet};
use std::{fs, path::Path};

fn key() -> FileKey {
    cheap(&passphrase("right"))
}

fn load(path: &Path) -> Wallet {
    let (wallet, _) = Wallet::load(path, &passphrase("right")).expect("it was saved");
    wallet
}

#[test]
fn a_wallet_comes_back_as_it_was_and_goes_on() {
    let (mut chain, mut alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    alice.wallet.save(&path, &key()).expect("a new file");
    let again = load(&path);
    assert_eq!(again.state, alice.wallet.state);
    alice.wallet = again;
    alice.wallet.forget(&alice.wallet.pending()[0].clone());
    let mut bob = Person::new(&mut chain, BOB);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    assert_eq!(alice.spent(&chain, 0), Some(22));
}

#[test]
fn the_spending_key_is_kept_only_if_it_was_told_to() {
    let (chain, alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    let comes_back = |wallet: &Wallet| {
        wallet.save(&path, &key()).expect("a file");
        load(&path).spending_key().is_some()
    };
    assert!(comes_back(&alice.wallet));
    assert!(!comes_back(&alice.restored(&chain)));
}

#[test]
fn a_reason_names_the_file_and_a_hint_what_to_do() {
    let (_, alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("my.wallet");
    alice.wallet.save(&path, &key()).expect("a new file");
    let wrong = Wallet::load(&path, &passphrase("wrong")).expect_err("another passphrase");
    assert!(wrong.to_string().contains("my.wallet"), "{wrong}");
    assert!(
        wrong.to_string().contains("the passphrase is wrong"),
        "{wrong}"
    );
    assert!(wrong.hint().contains("Try again"), "{}", wrong.hint());
    // Damage is found before anybody is asked for a passphrase.
    fs::write(&path, b"plume wallet\x02\x00").expect("it is there");
    let cut = Sealed::read(&path).expect_err("nothing follows");
    let missing = SealedError::Cut { missing: 124 };
    assert!(matches!(&cut, FileError::Sealed { error, .. } if *error == missing));
    assert!(cut.hint().contains("Restore"), "{}", cut.hint());
    let gone = Sealed::read(&folder.path().join("gone")).expect_err("no such file");
    assert!(matches!(gone, FileError::Io { .. }));
}

#[test]
fn an_interrupted_save_leaves_the_old_wallet() {
    let (chain, mut alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    let key = key();
    alice.wallet.save(&path, &key).expect("a new file");
    let old = alice.wallet.state.clone();
    // The process ended while it wrote.
    let bytes = alice.wallet.to_bytes(&key).expect("random bytes");
    fs::write(folder.path().join("wallet.new"), &bytes[..bytes.len() / 2]).expect("a folder");
    assert_eq!(load(&path).state, old);
    // The next save is not in its way.
    alice.wallet.forget(&alice.wallet.pending()[0].clone());
    alice.sync(&chain);
    alice.wallet.save(&path, &key).expect("it can be written");
    assert_eq!(load(&path).state, alice.wallet.state);
    assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 1);
    // The folder is gone while it writes.
    let gone = folder.path().join("nowhere").join("wallet");
    assert!(matches!(
        alice.wallet.save(&gone, &key),
        Err(FileError::Io { .. })
    ));
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_, alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    alice.wallet.save(&path, &key()).expect("a new file");
    alice.wallet.save(&path, &key()).expect("again");
    let mode = fs::metadata(&path).expect("it exists").permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn two_commands_do_not_use_one_wallet_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    let first = Lock::take(&path).expect("nobody has it");
    assert!(matches!(Lock::take(&path), Err(FileError::InUse(_))));
    drop(first);
    assert!(Lock::take(&path).is_ok());
}
