//! Files of the committee: cards, rosters, messages, shares, certificates, requests, flow keys. A file is of one format,
//! is written back as it says, and whoever changes what was signed or proven is not believed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_committee::{
    Card, Certificate, DecryptionShare, FlowKey, KeySeed, MemberKey, MemberShare, Record, Roster,
    ShareFile,
    ceremony::{self, Auditor, Document, FlowSeed, Request, from_json, to_json},
    keygen::{self, Keygen},
    messages::{Commitments, Complaint, Confirmation, Dealing, Message, Signed, SubShares},
    reshare, verify_shares,
};
use plume_fuzz::{
    Input,
    committee::{FORMED, rng},
};
use std::sync::LazyLock;

/// One of each format; of a member's state both.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let formed = &*FORMED;
    let messages = &formed.messages;
    let zeros = "00".repeat(31);
    let seed = format!(
        r#"{{ "format": "plume/flow/seed/1", "content": {{ "chain": "0x07{zeros}", "seed": "0x03{zeros}" }} }}"#
    );
    let secret = seed.replace("flow/seed", "flow/secret");
    let secret = secret.replace(r#""seed":"#, r#""period": 3, "secret":"#);
    vec![
        file(&formed.members[0].card(&mut rng())),
        file(&formed.members[0].to_file()),
        file(&formed.certificate.record.roster),
        file(&formed.next),
        file(&formed.began),
        file(&formed.exchanged),
        file(&messages.commitments[0]),
        file(&messages.sub_shares[0]),
        file(&formed.certificate.record),
        file(&formed.certificate.confirmations[0]),
        file(&formed.certificate),
        file(&formed.shares[0].to_file()),
        file(&messages.dealing),
        file(&messages.complaint),
        file(&formed.request),
        file(&formed.posted),
        file(&formed.flow_key),
        seed.into_bytes(),
        secret.into_bytes(),
    ]
});

fn file<T: Document>(document: &T) -> Vec<u8> {
    to_json(document)
        .expect("it is written")
        .as_bytes()
        .to_vec()
}

/// Reads as one format. What was read is written and read again.
fn read<T: Document + PartialEq + core::fmt::Debug>(bytes: &[u8], took: &mut u32) -> Option<T> {
    let document = from_json::<T>(bytes).ok()?;
    *took += 1;
    let again = from_json::<T>(&file(&document)).expect("what was written is read");
    assert_eq!(again, document);
    Some(document)
}

/// A message holds if and only if it is what the member signed.
fn holds<T: Message + PartialEq>(message: &Signed<T>, signed: &Signed<T>) {
    let roster = &FORMED.certificate.record.roster;
    let card = roster.card(message.from);
    let holds = card.is_some_and(|card| message.holds(card));
    assert_eq!(holds, message == signed);
}

/// Good files, changed in what they say, are good no more.
fn judge_signed(bytes: &[u8], took: &mut u32) {
    let (certificate, messages) = (&FORMED.certificate, &FORMED.messages);
    let roster = &certificate.record.roster;
    if let Some(card) = read::<Card>(bytes, took) {
        let good = FORMED.members[0].card(&mut rng());
        assert_eq!(card.verify().is_some(), card == good);
    }
    if let Some(read) = read::<Certificate>(bytes, took) {
        assert_eq!(read.check().is_ok(), read == *certificate);
    }
    if let Some(share) = read::<DecryptionShare>(bytes, took) {
        let verified = verify_shares(&FORMED.keys, &[share], &FORMED.ephemeral, &FORMED.purpose);
        assert_eq!(verified.good.len(), usize::from(share == FORMED.posted));
    }
    if let Some(key) = read::<FlowKey>(bytes, took) {
        assert_eq!(
            ceremony::check_flow_key(&key).is_ok(),
            key == FORMED.flow_key
        );
    }
    if let Some(message) = read::<Signed<Commitments>>(bytes, took) {
        holds(&message, &messages.commitments[0]);
    }
    if let Some(message) = read::<Signed<SubShares>>(bytes, took) {
        holds(&message, &messages.sub_shares[0]);
        let _ = keygen::judge(
            roster,
            &messages.commitments[0],
            &message,
            &messages.complaint,
        );
    }
    if let Some(message) = read::<Signed<Dealing>>(bytes, took) {
        holds(&message, &messages.dealing);
        let _ = reshare::judge(certificate, &FORMED.next, &message, &messages.complaint);
    }
    if let Some(complaint) = read::<Signed<Complaint>>(bytes, took) {
        let (first, second) = (&messages.commitments[0], &messages.false_sub_shares);
        let judged = keygen::judge(roster, first, second, &complaint);
        assert_eq!(judged.is_ok(), complaint == messages.complaint);
    }
    if let Some(message) = read::<Signed<Confirmation>>(bytes, took) {
        holds(&message, &certificate.confirmations[0]);
    }
}

/// What has no signature of its own: it is used as a member would.
fn use_others(bytes: &[u8], took: &mut u32) {
    let formed = &*FORMED;
    let (key, rng) = (&formed.members[0], &mut rng());
    if let Some(seed) = read::<KeySeed>(bytes, took) {
        let _ = MemberKey::from_file(&seed);
    }
    if let Some(roster) = read::<Roster>(bytes, took) {
        let _ = Keygen::begin(&roster, key, rng);
        let _ = reshare::check(&formed.certificate, &roster);
    }
    if let Some(mut state) = read::<Keygen>(bytes, took) {
        let _ = state.exchange(key, &formed.messages.commitments, rng);
        let _ = state.finish(key, &formed.messages.sub_shares, rng);
    }
    if let Some(record) = read::<Record>(bytes, took) {
        let _ = record.check();
    }
    if let Some(file) = read::<ShareFile>(bytes, took)
        && let Ok(share) = MemberShare::from_file(&file)
    {
        assert_eq!(share.to_file(), file);
        let _ = share.belongs_to(&formed.keys);
    }
    if let Some(request) = read::<Request>(bytes, took) {
        let same = request.id() == formed.request.id();
        let opened = ceremony::open(&formed.certificate, &request, &[formed.posted]);
        let good = opened.is_ok_and(|opened| !opened.good.is_empty());
        assert!(good || !same, "what was asked for is opened");
    }
    if let Some(seed) = read::<FlowSeed>(bytes, took) {
        let _ = ceremony::flow_key(&seed, 1);
    }
    if let Some(secret) = read::<Auditor>(bytes, took) {
        let ciphertext = [Default::default(); 4];
        let _ = ceremony::read_flow(&secret, &formed.ephemeral, &ciphertext);
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let mut took = 0;
    judge_signed(&input.bytes, &mut took);
    use_others(&input.bytes, &mut took);
    assert!(took <= 1, "a file is of one format");
    assert!(took == 1 || !input.is_unchanged(&FILES));
});
