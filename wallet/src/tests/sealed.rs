//! What a wallet is at rest.

use super::{ALICE, BOB, Chain, Person, chain::PHRASE};
use crate::{
    Cost, FileKey, Passphrase, Sealed, SealedError, Wallet, call::blake2_256, content, sealed,
};
use proptest::prelude::*;
use std::sync::LazyLock;
use zeroize::Zeroizing;

const HEADER: usize = 138;
const CHECKSUM: usize = 106;

pub(super) fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).expect("not empty, and short")
}

/// Good for tests and nothing else: a guess takes microseconds.
pub(super) fn cheap(passphrase: &Passphrase) -> FileKey {
    let cost = Cost::new(8, 1, 1).expect("the least");
    FileKey::new(passphrase, cost).expect("random bytes")
}

/// Somebody who has been paid and has paid, with a payment on its way and the spending key kept.
pub(super) fn alice() -> (Chain, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    let draft = alice
        .drafts_to(&chain, &bob, (0, 10), 1)
        .expect("it can pay");
    alice.wallet.remember(draft.pending());
    let kept = alice.wallet.keep_spending_key(alice.key.clone());
    kept.expect("its own key");
    (chain, alice)
}

static KNOWN: LazyLock<Person> = LazyLock::new(|| alice().1);

/// Its file, under the passphrase `right`.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let key = cheap(&passphrase("right"));
    KNOWN.wallet.to_bytes(&key).expect("random bytes")
});

fn open(bytes: &[u8], with: &str) -> Result<Wallet, SealedError> {
    let (wallet, _) = Sealed::from_bytes(bytes)?.open(&passphrase(with))?;
    Ok(wallet)
}

/// The same with a header whose checksum is right: what somebody writes who wants it to be believed.
fn with_header(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = FILE.clone();
    change(&mut bytes[..CHECKSUM]);
    let checksum = blake2_256(&bytes[..CHECKSUM]);
    bytes[CHECKSUM..HEADER].copy_from_slice(&checksum);
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_wallet_comes_back_with_all_that_it_had() {
    let alice = &*KNOWN;
    let again = open(&FILE, "right").expect("its own passphrase");
    assert_eq!(again.state, alice.wallet.state);
    assert_eq!(again.network(), alice.wallet.network());
    assert_eq!(
        again.viewing_key().pool_key(),
        alice.wallet.viewing_key().pool_key()
    );
    assert!(again.spending_key().is_some());
}

#[test]
fn nothing_of_keys_phrase_and_payments_is_in_the_file() {
    let alice = &*KNOWN;
    let network = alice.wallet.network();
    let viewing = alice.wallet.viewing_key();
    let secrets = [
        alice.key.to_text(network).as_bytes().to_vec(),
        viewing.to_text(network).as_bytes().to_vec(),
        viewing.incoming().to_text(network).as_bytes().to_vec(),
        b"thanks".to_vec(),
        alice.wallet.pool().genesis.to_vec(),
        alice.wallet.notes().next().expect("a note").seed.to_vec(),
    ];
    let plain = content::encode(&alice.wallet);
    // Whether the search would find them: all but what only the other two are made from.
    assert!(holds(&plain, &secrets[0]) && holds(&plain, &secrets[1]));
    for secret in secrets.iter().chain([&PHRASE.as_bytes().to_vec()]) {
        assert!(!holds(&FILE, secret));
    }
    assert!(!holds(&plain, PHRASE.as_bytes()), "not even encrypted");
    // Nor is any longer stretch of what is encrypted.
    assert!(
        plain
            .chunks_exact(16)
            .all(|part| part == [0; 16] || !holds(&FILE, part))
    );
}

#[test]
fn another_passphrase_is_told_from_damage() {
    for wrong in ["Right", "right ", "wrong"] {
        let error = open(&FILE, wrong).expect_err("another one");
        assert_eq!(error, SealedError::WrongPassphrase);
        assert!(error.hint().contains("phrase"), "{}", error.hint());
    }
}

#[test]
fn a_passphrase_is_something_and_no_book() {
    let refused = |text: String| Passphrase::new(text).expect_err("it is refused");
    assert_eq!(refused(String::new()), SealedError::EmptyPassphrase);
    assert_eq!(refused("x".repeat(1_025)), SealedError::LongPassphrase);
    let shown = format!(
        "{:?} {:?}",
        passphrase("right"),
        cheap(&passphrase("right"))
    );
    assert!(!shown.contains("right"), "{shown}");
}

#[test]
fn each_part_of_a_damaged_file_has_its_own_reason() {
    let flipped = |at: usize| {
        let mut bytes = FILE.clone();
        bytes[at] ^= 0x10;
        open(&bytes, "right").expect_err("it was changed")
    };
    assert_eq!(flipped(0), SealedError::NoWallet);
    assert_eq!(flipped(12), SealedError::Version(18));
    for at in [14, 26, 42, 74, 98, 106, 137] {
        assert_eq!(flipped(at), SealedError::Header, "byte {at}");
    }
    for at in [138, FILE.len() / 2, FILE.len() - 1] {
        assert_eq!(flipped(at), SealedError::Content, "byte {at}");
    }
    let cut = |length: usize| open(&FILE[..length], "right").expect_err("it was cut");
    assert_eq!(cut(0), SealedError::NoWallet);
    assert_eq!(cut(11), SealedError::NoWallet);
    for (length, missing) in [(12, 126), (13, 125), (14, 124), (137, 1)] {
        assert_eq!(cut(length), SealedError::Cut { missing }, "{length} bytes");
    }
    assert_eq!(cut(FILE.len() - 7), SealedError::Cut { missing: 7 });
    let longer = [FILE.as_slice(), &[0; 3]].concat();
    assert_eq!(
        open(&longer, "right").expect_err("something was added"),
        SealedError::TooLong(3)
    );
    // As it was before files were encrypted.
    let old = [b"plume wallet\x01\x00".as_slice(), &[7; 500]].concat();
    let error = open(&old, "right").expect_err("it is old");
    assert_eq!(error, SealedError::Plain);
    assert!(error.hint().contains("phrase"), "{}", error.hint());
}

#[test]
fn a_file_that_demands_too_much_is_refused_before_a_key_is_made() {
    let demands = |memory_kib: u32, passes: u32, lanes: u32| {
        let bytes = with_header(|header| {
            for (number, value) in [memory_kib, passes, lanes].into_iter().enumerate() {
                let at = 14 + 4 * number;
                header[at..at + 4].copy_from_slice(&value.to_le_bytes());
            }
        });
        Sealed::from_bytes(&bytes).map(|sealed| sealed.cost())
    };
    let (memory_kib, passes, lanes) = (Cost::MAX_MEMORY_KIB, Cost::MAX_PASSES, Cost::MAX_LANES);
    assert!(demands(memory_kib, passes, lanes).is_ok());
    for (memory_kib, passes, lanes) in [
        (memory_kib + 1, 1, 1),
        (u32::MAX, 1, 1),
        (8, passes + 1, 1),
        (8, u32::MAX, 1),
        (memory_kib, 1, lanes + 1),
        (memory_kib, 1, u32::MAX),
        (0, 1, 1),
        (8, 0, 1),
        (8, 1, 0),
        (15, 1, 2),
    ] {
        let cost = SealedError::Cost {
            memory_kib,
            passes,
            lanes,
        };
        assert_eq!(demands(memory_kib, passes, lanes), Err(cost));
        assert_eq!(Cost::new(memory_kib, passes, lanes), Err(cost));
    }
}

#[test]
fn a_forged_header_does_not_open() {
    // All that is not the key's: the cipher authenticates it.
    let nonce = with_header(|header| header[80] ^= 1);
    let refused = |bytes: &[u8]| open(bytes, "right").expect_err("it was forged");
    assert_eq!(refused(&nonce), SealedError::Content);
    // Another cost, salt or check is another key.
    for at in [14, 18, 30, 50] {
        let forged = with_header(|header| header[at] ^= 2);
        assert_eq!(refused(&forged), SealedError::WrongPassphrase, "byte {at}");
    }
    // And no length makes less of it.
    let length = FILE.len() - HEADER;
    for shorter in [0, 15, length - 1] {
        let mut cut = with_header(|header| {
            header[98..CHECKSUM].copy_from_slice(&(shorter as u64).to_le_bytes());
        });
        cut.truncate(HEADER + shorter);
        assert_eq!(refused(&cut), SealedError::Content, "{shorter} bytes");
    }
}

#[test]
fn each_writing_has_a_nonce_of_its_own_and_each_passphrase_a_salt() {
    let alice = &*KNOWN;
    let right = passphrase("right");
    let (first, second) = (cheap(&right), cheap(&right));
    let write = |key: &FileKey| alice.wallet.to_bytes(key).expect("random bytes");
    let (one, again, other) = (write(&first), write(&first), write(&second));
    assert_eq!(one[..74], again[..74], "all before the nonce");
    assert_ne!(one[74..98], again[74..98]);
    assert_ne!(one[HEADER..], again[HEADER..]);
    assert_ne!(one[26..42], other[26..42], "the salt");
    assert_ne!(one[42..74], other[42..74], "the check");
    for bytes in [one, again, other] {
        assert_eq!(
            open(&bytes, "right").expect("all are good").state,
            alice.wallet.state
        );
    }
}

#[test]
fn the_key_that_opened_it_writes_it_under_the_same_passphrase() {
    let sealed = Sealed::from_bytes(&FILE).expect("a good header");
    let (wallet, key) = sealed.open(&passphrase("right")).expect("the right one");
    let again = wallet.to_bytes(&key).expect("random bytes");
    assert!(open(&again, "right").is_ok());
    assert_eq!(
        open(&again, "wrong").expect_err("another one"),
        SealedError::WrongPassphrase
    );
}

#[test]
fn what_costs_little_to_guess_is_never_the_default() {
    let cost = Cost::default();
    let (memory_kib, passes, lanes) = (cost.memory_kib(), cost.passes(), cost.lanes());
    assert_eq!(Cost::new(memory_kib, passes, lanes), Ok(cost));
    assert!(memory_kib >= 64 * 1_024 && passes >= 3);
}

/// Written by other programs: Argon2 of `argon2-cffi` 25.1 and XChaCha20-Poly1305 of `pynacl` 1.6, put together as
/// [`crate::sealed`] says, with 64 KiB, two passes and two lanes.
const OF_OTHERS: &str = concat!(
    "706c756d652077616c6c657402004000000002000000020000000102030405060708090a0b0c0d0e0f10a4596189148f",
    "f4969dfac0102bfa8da8321e97892fb9ac9abb8efd5cad5b29696465666768696a6b6c6d6e6f70717273747576777879",
    "7a7b1c000000000000002e30e3e4260f7ce2ce8a58befb933ab1054962b86ec8841911b842200dc38c4a89c2ef277082",
    "ada1b4669d7d772f60b72afaa2bc0a231f6fd76702a7",
);

#[test]
fn the_format_is_what_other_programs_make_of_its_description() {
    let bytes = hex::decode(OF_OTHERS).expect("hexadecimal digits");
    let sealed = Sealed::from_bytes(&bytes).expect("a good header");
    let opened = sealed.decrypt(&passphrase("Pflaume für Zoë"));
    let (content, key) = opened.expect("its passphrase");
    assert_eq!(**content, *b"what is kept");
    let nonce = std::array::from_fn(|at| 100 + at as u8);
    assert_eq!(sealed::encrypt(content, &key, nonce), Ok(bytes));
    // It is authentic, and no wallet.
    let error = sealed.open(&passphrase("Pflaume für Zoë"));
    assert_eq!(error.expect_err("no wallet"), SealedError::Content);
}

proptest! {
    #[test]
    fn whatever_is_changed_is_refused(at in any::<prop::sample::Index>(), mask in 1u8..) {
        let mut bytes = FILE.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= mask;
        prop_assert!(open(&bytes, "right").is_err(), "byte {}", at);
    }

    #[test]
    fn whatever_is_changed_in_the_header_is_refused(at in 0..HEADER, mask in 1u8..) {
        let mut bytes = FILE.clone();
        bytes[at] ^= mask;
        prop_assert!(Sealed::from_bytes(&bytes).is_err(), "byte {}", at);
    }

    #[test]
    fn whatever_is_cut_is_refused(length in any::<prop::sample::Index>()) {
        let length = length.index(FILE.len());
        prop_assert!(Sealed::from_bytes(&FILE[..length]).is_err(), "{} bytes", length);
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes: Vec<u8>, header in any::<[u8; HEADER - 14]>()) {
        prop_assert!(Sealed::from_bytes(&bytes).is_err());
        prop_assert!(content::decode(&bytes).is_none());
        let mut bytes = [b"plume wallet\x02\x00".as_slice(), &header, &bytes].concat();
        let checksum = blake2_256(&bytes[..CHECKSUM]);
        bytes[CHECKSUM..HEADER].copy_from_slice(&checksum);
        // Numbers that somebody drew are outside the limits.
        prop_assert!(Sealed::from_bytes(&bytes).is_err());
    }

    #[test]
    fn content_of_every_length_comes_back(content: Vec<u8>) {
        let key = cheap(&passphrase("right"));
        let bytes = sealed::encrypt(Zeroizing::new(content.clone()), &key, [1; 24]);
        let sealed = Sealed::from_bytes(&bytes.expect("it is short")).expect("a good header");
        let (opened, _) = sealed.decrypt(&passphrase("right")).expect("its passphrase");
        prop_assert_eq!(&*opened, &content);
    }
}
