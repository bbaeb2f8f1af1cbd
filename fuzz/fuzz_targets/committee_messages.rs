//! What the committee puts on the chain and signs, in SCALE: one value has one encoding, and verifying it never stops a
//! node. Points and scalars have one encoding, too.
#![no_main]

use ark_ed_on_bls12_381_bandersnatch::EdwardsConfig;
use codec::Encode;
use libfuzzer_sys::fuzz_target;
use plume_committee::{
    Bytes32, Bytes64, Card, Committee, DecryptionShare, FlowKey, FlowSecret, Point, Purpose,
    Roster, Transcript,
    messages::{Commitments, Complaint, Confirmation, Dealing, Signed, SubShares},
    proofs::{verify_equality, verify_knowledge},
    scalar, scalar_bytes, verify_shares,
};
use plume_fuzz::{
    Input,
    committee::{FORMED, rng},
    round_trip,
};
use std::sync::LazyLock;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let messages = &FORMED.messages;
    vec![
        FORMED.certificate.record.committee.encode(),
        FORMED.flow_key.encode(),
        FORMED.posted.encode(),
        FORMED.purpose.encode(),
        FORMED.certificate.record.roster.encode(),
        messages.commitments[0].encode(),
        messages.sub_shares[0].encode(),
        messages.dealing.encode(),
        messages.complaint.encode(),
        FORMED.certificate.confirmations[0].encode(),
        FORMED.members[0].card(&mut rng()).encode(),
    ]
});

/// How many of these shares are good for the opening of the example.
fn good(shares: &[DecryptionShare], purpose: &Purpose) -> usize {
    let verified = verify_shares(&FORMED.keys, shares, &FORMED.ephemeral, purpose);
    assert_eq!(verified.good.len() + verified.refused.len(), shares.len());
    verified.good.len()
}

fn on_the_chain(bytes: &[u8]) {
    if let Some(committee) = round_trip::<Committee>(bytes) {
        let same = committee == FORMED.certificate.record.committee;
        let keys = committee.keys::<EdwardsConfig>();
        assert!(keys.is_ok() || !same);
        if let Ok(keys) = keys {
            assert_eq!(keys.id(), committee.id());
            let (posted, purpose) = ([FORMED.posted], &FORMED.purpose);
            let verified = verify_shares(&keys, &posted, &FORMED.ephemeral, purpose);
            let number = usize::from(same);
            assert_eq!(
                verified.good.len(),
                number,
                "another committee has another id"
            );
        }
    }
    if let Some(key) = round_trip::<FlowKey>(bytes) {
        assert_eq!(
            key.verify::<EdwardsConfig>().is_ok(),
            key == FORMED.flow_key
        );
    }
    if let Some(share) = round_trip::<DecryptionShare>(bytes) {
        let number = usize::from(share == FORMED.posted);
        assert_eq!(good(&[share, share], &FORMED.purpose), number, "each once");
    }
    if let Some(purpose) = round_trip::<Purpose>(bytes) {
        let number = usize::from(purpose == FORMED.purpose);
        assert_eq!(
            good(&[FORMED.posted], &purpose),
            number,
            "a share is for one purpose"
        );
    }
}

fn points(bytes: &[u8]) {
    if let Some(chunk) = bytes.first_chunk::<32>() {
        let chunk = Bytes32(*chunk);
        if let Ok(point) = Point::<EdwardsConfig>::decode(&chunk) {
            assert_eq!(point.encode(), chunk);
            let (x, y) = point.coordinates();
            assert_eq!(Point::from_coordinates(&x, &y), Ok(point));
        }
        let _ = scalar(&chunk).map(|number| assert_eq!(scalar_bytes(&number), chunk));
        let _ = FlowSecret::from_bytes(&chunk).map(|secret| assert_eq!(secret.to_bytes(), chunk));
    }
    if let Some(chunk) = bytes.first_chunk::<64>() {
        let (one, proof) = (Point::<EdwardsConfig>::generator(), Bytes64(*chunk));
        let transcript = || Transcript::new("fuzz");
        assert!(!verify_knowledge(transcript(), &FORMED.ephemeral, &proof));
        assert!(!verify_equality(
            transcript(),
            &one,
            &one,
            &FORMED.ephemeral,
            &proof
        ));
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes;
    on_the_chain(bytes);
    points(bytes);
    if let Some(roster) = round_trip::<Roster>(bytes) {
        let _ = roster.check();
    }
    if let Some(card) = round_trip::<Card>(bytes) {
        let good = FORMED.members[0].card(&mut rng());
        assert_eq!(card.verify().is_some(), card == good);
    }
    let _ = round_trip::<Signed<Commitments>>(bytes);
    let _ = round_trip::<Signed<SubShares>>(bytes);
    let _ = round_trip::<Signed<Dealing>>(bytes);
    let _ = round_trip::<Signed<Complaint>>(bytes);
    let _ = round_trip::<Signed<Confirmation>>(bytes);
});
