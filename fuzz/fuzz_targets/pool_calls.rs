//! What calls of the shielded pool carry: pallet and wallet read it alike, and bind proofs to the same.
#![no_main]

use ark_bls12_381::Bls12_381;
use codec::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use pallet_shielded_pool::{
    Amount, Body, Bundle, Circuit, Groth16, MAX_NOTE, Policy, ProofVerifier, Transfer, Turnstile,
    statement::{Purpose, bind},
};
use plume_circuits::{
    FieldBytes,
    transfer::{Jurisdictions, Point, PublicInputs},
};
use plume_fuzz::{Input, json_round_trip, round_trip};
use plume_wallet as wallet;
use std::sync::LazyLock;

/// A transfer, a bundle of two, and a policy in JSON.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let policy = Policy {
        asset: 0,
        tier: 1,
        limit: 1_000,
        receiver_known: true,
        jurisdictions: Jurisdictions::new(&[*b"CH", *b"DE"]).expect("a set"),
    };
    let bundle = vec![transfer(1, 40), transfer(50, 0)];
    let json = serde_json::to_vec(&policy).expect("it is written");
    vec![transfer(1, 2).encode(), bundle.encode(), json]
});

fn transfer(seed: u64, note_bytes: usize) -> wallet::Transfer {
    let element = |number: u64| FieldBytes::from(seed + number);
    let body = wallet::Body {
        circuit: 1,
        note_root: element(0),
        credential_root: element(1),
        nullifiers: [element(2), element(3)],
        commitments: [element(4), element(5)],
        counter_nullifier: element(6),
        counter_commitment: element(7),
        public_in: None,
        public_out: wallet::Amount::of(8, seed),
        time: 1_234_567,
        ephemeral: Point {
            x: element(8),
            y: element(9),
        },
        flow: [10, 11, 12, 13].map(element),
        identities: [14, 15].map(element),
        notes: [vec![7; note_bytes], vec![8; 3]],
    };
    wallet::Transfer {
        body,
        proof: [9; 384],
    }
}

fn read_alike(bytes: &[u8]) {
    let ours = wallet::Transfer::decode(&mut &*bytes).ok();
    let ours = ours.filter(|ours| {
        let most = MAX_NOTE as usize;
        ours.body.notes.iter().all(|note| note.len() <= most)
    });
    let chain = round_trip::<Transfer>(bytes);
    assert_eq!(
        ours.encode(),
        chain.encode(),
        "pallet and wallet read alike"
    );
    let (Some(ours), Some(chain)) = (ours, chain) else {
        return;
    };
    let to = [3; 32];
    let purpose = Purpose::Withdrawal { to: &to, amount: 5 };
    let binding = bind(&purpose, [&chain].into_iter());
    let purpose = wallet::Purpose::Withdrawal { to, amount: 5 };
    assert_eq!(wallet::bind(&purpose, [&ours.body].into_iter()), binding);
    let statement = (PublicInputs::default(), &chain.proof);
    assert!(!Groth16::<Bls12_381>::are_good(&[], &[statement]));
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes;
    read_alike(bytes);
    if let Some(bundle) = round_trip::<Bundle>(bytes) {
        let ours = Vec::<wallet::Transfer>::decode(&mut &bytes[..]);
        assert_eq!(ours.map(|ours| ours.encode()), Ok(bundle.encode()));
    } else {
        assert!(input.from != Some(1) || !input.is_unchanged(&FILES));
    }
    let _ = round_trip::<Body>(bytes);
    let _ = round_trip::<Option<Amount>>(bytes);
    let _ = round_trip::<Circuit>(bytes);
    let _ = round_trip::<Turnstile>(bytes);
    let _ = round_trip::<Policy>(bytes);
    if let Some(policy) = json_round_trip::<Policy>(bytes) {
        assert_eq!(round_trip(&policy.encode()), Some(policy));
    }
    assert!(Groth16::<Bls12_381>::prepare(bytes).is_none());
});
