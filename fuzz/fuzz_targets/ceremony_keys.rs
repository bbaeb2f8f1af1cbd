//! Keys that a ceremony ends with, and the texts of its command line. A key is written back as it was read.
#![no_main]

use ark_bls12_381::Bls12_381;
use libfuzzer_sys::fuzz_target;
use plume_ceremony::{
    Beacon, CircuitName, Contributor, Digest, read_proving_key, read_verifying_key,
};
use plume_circuits::transfer::verify::VerifyingKey;
use plume_fuzz::{
    Input,
    ceremony::{Play, reseal},
};
use std::sync::LazyLock;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let keys = Play::hold().expect("an honest ceremony").keys;
    let text = Digest([0xab; 32]).to_string();
    vec![
        keys.proving_key_bytes(),
        keys.verifying_key_bytes(),
        text.into_bytes(),
    ]
});

fuzz_target!(|data: &[u8]| {
    let Some((flags, data)) = data.split_first() else {
        return;
    };
    let mut input = Input::of(data, &FILES);
    let unchanged = input.is_unchanged(&FILES);
    if flags & 1 == 1 {
        reseal("plume-ceremony/key/1", &mut input.bytes);
    }
    let bytes = &input.bytes;
    let (proving, verifying) = (read_proving_key(bytes), read_verifying_key(bytes));
    assert!(proving.is_ok() || !unchanged || input.from != Some(0));
    assert!(verifying.is_ok() || !unchanged || input.from != Some(1));
    if let Ok(keys) = proving {
        assert_eq!(keys.proving_key_bytes(), *bytes, "a key has one encoding");
        let written = keys.verifying_key_bytes();
        let (label, key) = read_verifying_key(&written).expect("it was written");
        assert_eq!((label, key), (keys.label, keys.proving_key.vk));
    }
    if let Ok((_, key)) = verifying {
        let (beta, gamma, delta) = (key.beta_g2, key.gamma_g2, key.delta_g2);
        let inputs = &key.gamma_abc_g1;
        let ours = VerifyingKey::<Bls12_381>::new(key.alpha_g1, beta, gamma, delta, inputs);
        assert!(ours.is_err(), "it is of a circuit with fewer inputs");
    }
    let Some(text) = input.text() else { return };
    if let Ok(name) = text.parse::<CircuitName>() {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(name) = text.parse::<Contributor>() {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }
    if let Ok(beacon) = Beacon::new(text, bytes, 10) {
        assert_eq!((beacon.source(), beacon.value()), (text, &bytes[..]));
    }
});
