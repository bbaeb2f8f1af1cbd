//! A wallet's file: nothing in it stops its reader or takes more than the limits, and whoever changes it cannot have it
//! opened, with the right checksum or without.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use plume_shielded::{Network, SpendingKey};
use plume_wallet::{Birth, Cost, FileKey, Passphrase, Pool, Sealed, Wallet};
use std::sync::LazyLock;

/// Bytes of the header before its checksum.
const HASHED: usize = 106;
/// The least that Argon2 takes: other keys take too long to be made for each input.
const KIB: u32 = 8;

static PASSPHRASE: LazyLock<Passphrase> =
    LazyLock::new(|| Passphrase::new("fuzz".to_owned()).expect("it is not empty"));
/// A new wallet. Its salt and its nonce are drawn anew each time, which moves nothing.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let account = SpendingKey::from_seed(&[7; 64], 0).expect("the seed gives a key");
    let pool = Pool {
        genesis: [7; 32],
        period_length: 1_000,
        max_proof_age: 60,
    };
    let birth = Birth::genesis(&pool);
    let wallet = Wallet::new(account.full_viewing_key(), Network::Dev, pool, birth);
    let cost = Cost::new(KIB, 1, 1).expect("it is within the limits");
    let key = FileKey::new(&PASSPHRASE, cost).expect("there is memory");
    vec![wallet.to_bytes(&key).expect("it fits")]
});

fuzz_target!(|data: &[u8]| {
    let Some((flags, data)) = data.split_first() else {
        return;
    };
    let mut input = Input::of(data, &FILES);
    if flags & 1 == 1 {
        repair(&mut input.bytes);
    }
    let is_good = FILES.contains(&input.bytes);
    let Ok(sealed) = Sealed::from_bytes(&input.bytes) else {
        assert!(!is_good);
        return;
    };
    let cost = sealed.cost();
    assert!(cost.memory_kib() <= Cost::MAX_MEMORY_KIB);
    assert!(cost.passes() <= Cost::MAX_PASSES && cost.lanes() <= Cost::MAX_LANES);
    if cost.memory_kib() <= 8 * KIB && cost.passes() <= 2 {
        assert_eq!(sealed.open(&PASSPHRASE).is_ok(), is_good);
    }
});

/// Puts the right checksum in, as whoever forges a file does.
fn repair(bytes: &mut [u8]) {
    if let Some((hashed, rest)) = bytes.split_at_mut_checked(HASHED)
        && let Some(checksum) = rest.first_chunk_mut::<32>()
    {
        let hash = blake2b_simd::Params::new().hash_length(32).hash(hashed);
        checksum.copy_from_slice(hash.as_bytes());
    }
}
