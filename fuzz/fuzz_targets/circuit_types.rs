//! Field elements, points, public inputs and trees: one value has one encoding, and trees that are made up stop nobody.
#![no_main]

use codec::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use plume_circuits::{
    FieldBytes, Fr, Poseidon,
    frontier::Frontier,
    notes_tree::{NotePath, NotesTree},
    standing::JurisdictionSet,
    transfer::{
        NOTE_DEPTH, Point, PublicAmount, PublicInputs,
        disclosure::{CommitteePlain, FlowPlain},
    },
};
use plume_fuzz::{Input, round_trip};
use std::sync::LazyLock;

/// Elements at the modulus' edge, public inputs, a frontier, a tree with a path.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let largest = FieldBytes::from(-Fr::from(1u64));
    let inputs = PublicInputs {
        binding: largest,
        ..PublicInputs::default()
    };
    let mut frontier = Frontier::<NOTE_DEPTH>::default();
    let mut tree = NotesTree::<NOTE_DEPTH>::default();
    for number in 1u64..=6 {
        let leaf = FieldBytes::from(number);
        frontier.append::<Poseidon>(leaf).expect("there is room");
        tree.append::<Poseidon>(leaf, number == 3)
            .expect("there is room");
    }
    let path = tree.path::<Poseidon>(2).expect("it is kept");
    vec![
        (largest, largest).encode(),
        inputs.encode(),
        frontier.encode(),
        tree.encode(),
        path.encode(),
    ]
});

fn elements(bytes: &[u8]) {
    if let Some(chunk) = bytes.first_chunk() {
        match FieldBytes::from_canonical(*chunk) {
            Ok(element) => {
                assert_eq!(round_trip(bytes), Some(element));
                assert_eq!(FieldBytes::from(element.to_element()), element);
                assert_eq!(element.as_bytes(), chunk);
            }
            Err(_) => assert_eq!(round_trip::<FieldBytes>(bytes), None),
        }
        let hashed = FieldBytes::from_hash(*chunk);
        assert_eq!(FieldBytes::from_canonical(*hashed.as_bytes()), Ok(hashed));
    }
    if let Some(point) = round_trip::<Point>(bytes)
        && let Ok(known) = point.check()
    {
        assert_eq!(Point::from(known), point);
    }
    let (codes, _) = bytes.as_chunks::<2>();
    if let Ok(set) = JurisdictionSet::new(codes) {
        assert_eq!(JurisdictionSet::new(set.codes()), Ok(set));
        assert!(set.covers(&set));
    }
}

fn inputs(bytes: &[u8]) {
    let _ = round_trip::<PublicAmount>(bytes);
    let Some(inputs) = round_trip::<PublicInputs>(bytes) else {
        return;
    };
    assert_eq!(inputs.to_elements().last(), Some(&inputs.binding));
    let shared = inputs.ephemeral.coordinates();
    let plain = CommitteePlain::decrypt(&shared, &inputs.committee_ciphertext);
    assert_eq!(plain.encrypt(&shared), inputs.committee_ciphertext);
    if let Some(plain) = FlowPlain::decrypt(&shared, &inputs.flow_ciphertext) {
        assert_eq!(plain.encrypt(&shared), inputs.flow_ciphertext);
    }
}

fn trees(bytes: &[u8]) {
    if let Some(mut frontier) = round_trip::<Frontier<NOTE_DEPTH>>(bytes) {
        let _ = frontier.root::<Poseidon>();
        let room = frontier.room();
        let leaves = [1, 2, 3u64].map(FieldBytes::from);
        let took = frontier.append_all::<Poseidon>(&leaves);
        assert_eq!(took.is_ok(), room >= 3);
        let _ = frontier.root::<Poseidon>();
    }
    // A wallet's own: sets and maps are read in any order.
    if let Ok(mut tree) = NotesTree::<NOTE_DEPTH>::decode(&mut &*bytes) {
        let _ = tree.append::<Poseidon>(9u64.into(), true);
        for position in tree.kept().take(8).collect::<Vec<_>>() {
            let _ = tree.path::<Poseidon>(position);
            assert!(tree.forget(position));
        }
        let _ = tree.root::<Poseidon>();
    }
    if let Some(path) = round_trip::<NotePath<NOTE_DEPTH>>(bytes) {
        let _ = path.leads::<Poseidon>(&3u64.into(), &4u64.into());
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    elements(&input.bytes);
    inputs(&input.bytes);
    trees(&input.bytes);
});
