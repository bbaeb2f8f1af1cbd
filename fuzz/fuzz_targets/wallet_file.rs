//! A wallet's file: nothing in it stops its reader, takes more than the limits, or opens without what it was written with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_wallet::{Cost, Passphrase, Sealed};
use std::sync::LazyLock;

/// Bytes of the header before its checksum.
const HASHED: usize = 106;

static PASSPHRASE: LazyLock<Passphrase> =
    LazyLock::new(|| Passphrase::new("fuzz".to_owned()).expect("it is not empty"));

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    // Once more as a file whose checksum is right: no fuzzer finds one.
    let mut file = [b"plume wallet\x02\x00".as_slice(), bytes].concat();
    if let Some((hashed, rest)) = file.split_at_mut_checked(HASHED)
        && let Some(checksum) = rest.first_chunk_mut::<32>()
    {
        let hash = blake2b_simd::Params::new().hash_length(32).hash(hashed);
        checksum.copy_from_slice(hash.as_bytes());
    }
    read(&file);
});

fn read(bytes: &[u8]) {
    let Ok(sealed) = Sealed::from_bytes(bytes) else { return };
    let cost = sealed.cost();
    assert!(cost.memory_kib() <= Cost::MAX_MEMORY_KIB);
    assert!(cost.passes() <= Cost::MAX_PASSES && cost.lanes() <= Cost::MAX_LANES);
    // Other keys take too long to be made for each input.
    if cost.memory_kib() <= 64 && cost.passes() <= 2 {
        assert!(sealed.open(&PASSPHRASE).is_err());
    }
}
