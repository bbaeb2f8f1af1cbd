//! Proofs and verifying keys of transfers and of standing. Each has one encoding, what is read again is the same, and
//! nobody proves anything by changing bytes.
#![no_main]

use ark_bls12_381::{Bls12_381, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use libfuzzer_sys::fuzz_target;
use plume_circuits::{
    standing,
    transfer::{
        PUBLIC_INPUTS, PublicInputs,
        verify::{PreparedKey, Proof, VerifyingKey},
    },
};
use plume_fuzz::Input;
use std::sync::LazyLock;

type ProofOf = Proof<Bls12_381>;

static KEY: LazyLock<VerifyingKey<Bls12_381>> = LazyLock::new(|| {
    let (one, two) = (G1Affine::generator(), G2Affine::generator());
    let inputs = [one; PUBLIC_INPUTS + 1];
    VerifyingKey::new(one, two, two, two, &inputs).expect("generators are points")
});
static PREPARED: LazyLock<PreparedKey<Bls12_381>> = LazyLock::new(|| KEY.clone().prepare());
/// Three points with their coordinates compressed, and not; a key, and one that is prepared; a key of standing.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let key = KEY.to_bytes();
    let whole: Vec<u8> = key[..288].iter().chain(&key[..96]).copied().collect();
    let proof = ProofOf::from_uncompressed(&whole).expect("generators are points");
    let standing = standing::development::VERIFYING_KEY.to_vec();
    let compressed = proof.to_bytes().to_vec();
    vec![compressed, whole, key, PREPARED.to_bytes(), standing]
});

/// What is to be proven under the key are six times the generators: small multiples of them, which are all that changed
/// bytes can reach, do not.
fn inputs() -> PublicInputs {
    PublicInputs {
        binding: 5u64.into(),
        ..PublicInputs::default()
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes;
    let mut read = 0;
    for proof in [
        ProofOf::from_bytes(bytes),
        ProofOf::from_uncompressed(bytes),
    ] {
        let Ok(proof) = proof else { continue };
        read += 1;
        assert!(bytes[..] == proof.to_bytes() || bytes[..] == proof.to_uncompressed());
        assert_eq!(ProofOf::from_bytes(&proof.to_bytes()), Ok(proof));
        assert_eq!(
            ProofOf::from_uncompressed(&proof.to_uncompressed()),
            Ok(proof)
        );
        assert!(!PREPARED.verify(&inputs(), &proof));
        assert!(!PREPARED.verify_batch(&[(inputs(), proof), (inputs(), proof)]));
    }
    if let Ok(key) = VerifyingKey::<Bls12_381>::from_bytes(bytes) {
        read += 1;
        assert_eq!(key.to_bytes(), *bytes);
        let _ = key.prepare();
    }
    if let Ok(key) = standing::verify::VerifyingKey::from_bytes(bytes) {
        read += 1;
        assert_eq!(key.to_bytes(), *bytes);
    }
    // Bytes that nobody else could write: they only must not stop a node.
    if let Ok(prepared) = PreparedKey::<Bls12_381>::from_trusted_bytes(bytes) {
        read += 1;
        assert_eq!(prepared.to_bytes().len(), bytes.len());
    }
    assert!(read <= 1);
    assert!(read == 1 || !input.is_unchanged(&FILES));
});
