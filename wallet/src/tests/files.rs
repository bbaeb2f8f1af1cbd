//! The file.

use super::{ALICE, BOB, Chain, Person};
use crate::{FileError, Lock, Wallet, file};
use std::{fs, path::Path};

fn alice() -> (Chain, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    let draft = alice
        .drafts_to(&chain, &bob, (0, 10), 1)
        .expect("it can pay");
    alice.wallet.remember(draft.pending());
    (chain, alice)
}

fn read(bytes: &[u8]) -> Result<Wallet, FileError> {
    file::from_bytes(Path::new("wallet"), bytes)
}

#[test]
fn a_wallet_comes_back_as_it_was() {
    let (mut chain, mut alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    alice.wallet.save(&path).expect("a new file");
    let again = Wallet::load(&path).expect("it was saved");
    assert_eq!(again.state, alice.wallet.state);
    assert_eq!(again.network(), alice.wallet.network());
    // And goes on.
    alice.wallet = again;
    alice.wallet.forget(&alice.wallet.pending()[0].clone());
    let mut bob = Person::new(&mut chain, BOB);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    assert_eq!(alice.spent(&chain, 0), Some(22));
}

#[test]
fn the_spending_key_is_in_the_file_only_if_it_was_told_to() {
    let (_, mut alice) = alice();
    let secret = alice.key.to_text(alice.wallet.network());
    let holds = |wallet: &Wallet| {
        let bytes = file::to_bytes(wallet);
        let found = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        let again = read(&bytes).expect("its own bytes");
        assert_eq!(again.spending_key().is_some(), found);
        found
    };
    assert!(!holds(&alice.wallet));
    alice
        .wallet
        .keep_spending_key(alice.key.clone())
        .expect("its own key");
    assert!(holds(&alice.wallet));
}

#[test]
fn damage_anywhere_is_noticed() {
    let (_, alice) = alice();
    let good = file::to_bytes(&alice.wallet);
    assert!(read(&good).is_ok());
    for at in (0..good.len()).step_by(97).chain([13, good.len() - 1]) {
        let mut bad = good.to_vec();
        bad[at] ^= 0x10;
        let error = read(&bad).expect_err("it was changed");
        assert!(!error.hint().is_empty());
        match at {
            0..12 => assert!(matches!(error, FileError::NoWallet(_)), "{at}"),
            12..14 => assert!(matches!(error, FileError::Version { .. }), "{at}"),
            _ => assert!(matches!(error, FileError::Damaged(_)), "{at}"),
        }
    }
    for length in [0, 5, 12, 14, 40, good.len() - 1] {
        assert!(read(&good[..length]).is_err(), "{length}");
    }
    let longer: Vec<_> = good.iter().copied().chain([0]).collect();
    assert!(matches!(read(&longer), Err(FileError::Damaged(_))));
}

#[test]
fn an_interrupted_save_leaves_the_old_wallet() {
    let (chain, mut alice) = alice();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("wallet");
    alice.wallet.save(&path).expect("a new file");
    let old = alice.wallet.state.clone();
    // The process ended while it wrote.
    let bytes = file::to_bytes(&alice.wallet);
    fs::write(folder.path().join("wallet.new"), &bytes[..bytes.len() / 2]).expect("a folder");
    assert_eq!(Wallet::load(&path).expect("the old one").state, old);
    // The next save is not in its way.
    alice.wallet.forget(&alice.wallet.pending()[0].clone());
    alice.sync(&chain);
    alice.wallet.save(&path).expect("it can be written");
    assert_eq!(
        Wallet::load(&path).expect("the new one").state,
        alice.wallet.state
    );
    assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 1);
    // The folder is gone while it writes.
    let gone = folder.path().join("nowhere").join("wallet");
    assert!(matches!(
        alice.wallet.save(&gone),
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
    alice.wallet.save(&path).expect("a new file");
    alice.wallet.save(&path).expect("again");
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
