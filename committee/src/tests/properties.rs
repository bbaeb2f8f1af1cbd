//! Random committees, random handovers, random faults.

use super::parties::{
    Formed, TestRng, dealings, form, hand_over, members, purpose, roster, transfer,
};
use crate::{
    Certificate, Error, Fault, combine,
    dealing::binding,
    messages::Signed,
    opening,
    reshare::{self, finish},
    seal::{Place, seal},
    suite::random_scalar,
    verify_shares,
};
use proptest::{prelude::*, sample::subsequence};

/// Threshold and members.
fn shape() -> impl Strategy<Value = (u16, usize)> {
    (2usize..=5).prop_flat_map(|count| (2..=count as u16, Just(count)))
}

/// At least as many places of a committee as its threshold.
fn quorum((threshold, count): (u16, usize)) -> impl Strategy<Value = Vec<usize>> {
    subsequence(
        (0..count).collect::<Vec<_>>(),
        usize::from(threshold)..=count,
    )
    .prop_shuffle()
}

fn opens(formed: &Formed, places: &[usize], rng: &mut TestRng) -> bool {
    let keys = formed.keys();
    let transfer = transfer(keys.key(), rng);
    let purpose = purpose(&keys);
    let posted: Vec<_> = places
        .iter()
        .map(|at| {
            formed.shares[*at]
                .open(&keys, &transfer.ephemeral, &purpose, rng)
                .unwrap()
        })
        .collect();
    let verified = verify_shares(&keys, &posted, &transfer.ephemeral, &purpose);
    assert!(verified.refused.is_empty());
    combine(&keys, &verified.good, &transfer.ephemeral, &purpose)
        .is_ok_and(|shared| opening::read(&shared, &transfer.ciphertext) == transfer.parties)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_quorum_opens_before_and_after_a_handover_and_fewer_do_not(
        seed: u64,
        (old, dealers) in shape().prop_flat_map(|shape| (Just(shape), quorum(shape))),
        (new, openers) in shape().prop_flat_map(|shape| (Just(shape), quorum(shape))),
    ) {
        let rng = &mut TestRng::new(seed);
        let before = form(old.0, old.1, rng);
        prop_assert!(opens(&before, &dealers, rng));
        let after = hand_over(&before, &dealers, new.0, members(new.1, rng), rng);
        let (old_keys, new_keys) = (before.keys(), after.keys());
        prop_assert_eq!(old_keys.key(), new_keys.key());
        prop_assert!(opens(&after, &openers, rng));
        prop_assert!(!opens(&after, &openers[..usize::from(new.0) - 1], rng));
        prop_assert_eq!(after.secret_of(&openers[..usize::from(new.0)]), before.secret_of(&dealers[..usize::from(old.0)]));
        // The same people again, and on.
        let again = hand_over(&after, &openers, new.0, members(new.1, rng), rng);
        let again_keys = again.keys();
        prop_assert_eq!(again_keys.key(), old_keys.key());
    }

    /// Some dealers send false sub-shares to some members. All honest members leave out the same dealers, whom the
    /// victims name, and the handover succeeds as long as enough are left.
    #[test]
    fn faulty_dealers_are_named_and_left_out(
        seed: u64,
        (old, new) in (shape(), shape()),
        faulty in proptest::collection::vec(any::<bool>(), 5),
        victims in proptest::collection::vec(any::<bool>(), 5),
    ) {
        let rng = &mut TestRng::new(seed);
        let before = form(old.0, old.1, rng);
        let keys = members(new.1, rng);
        let roster = roster(new.0, &keys, Some(&before.certificate), rng);
        let all: Vec<usize> = (0..old.1).collect();
        let mut dealt = dealings(&before, &all, &roster, rng);
        let is_victim = |at: usize| victims[at] || at == 0;
        for (at, message) in dealt.iter_mut().enumerate().filter(|(at, _)| faulty[*at]) {
            let mut body = message.body.clone();
            for to in (0..new.1).filter(|to| is_victim(*to)) {
                let place = Place {
                    ceremony: body.ceremony,
                    binding: binding(&body.points),
                    from: message.from,
                    to: to as u16 + 1,
                };
                body.sealed[to] = seal(&random_scalar(rng), &place, keys[to].sealing_point(), rng);
            }
            *message = Signed::new(&before.members[at], message.from, body);
        }
        let expected: Vec<u16> = (0..old.1).filter(|at| faulty[*at]).map(|at| at as u16 + 1).collect();
        // First round: victims complain.
        let mut complaints = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            match finish(&before.certificate, &roster, key, &dealt, &[], rng) {
                Err(Error::FalseSubShares(found)) => {
                    prop_assert!(is_victim(at));
                    let named: Vec<u16> = found.iter().map(|it| it.body.against).collect();
                    prop_assert_eq!(&named, &expected);
                    complaints.extend(found);
                }
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
                Ok(_) => prop_assert!(expected.is_empty() || !is_victim(at)),
            }
        }
        for complaint in &complaints {
            let message = &dealt[usize::from(complaint.body.against) - 1];
            prop_assert!(reshare::judge(&before.certificate, &roster, message, complaint).is_ok());
        }
        // Second round: all with all complaints.
        let left = old.1 - expected.len();
        let (mut confirmations, mut record) = (Vec::new(), None);
        for key in &keys {
            match finish(&before.certificate, &roster, key, &dealt, &complaints, rng) {
                Ok(done) => {
                    let convicted: Vec<_> = expected.iter().map(|it| (*it, Fault::SubShare)).collect();
                    prop_assert_eq!(&done.left_out, &convicted);
                    confirmations.push(done.confirmation);
                    record = Some(done.record);
                }
                Err(error) => {
                    prop_assert!(left < usize::from(old.0));
                    prop_assert_eq!(error.culprits(), expected.clone());
                    let is_too_few = matches!(error, Error::TooFewDealers { .. });
                    prop_assert!(is_too_few);
                }
            }
        }
        if let Some(record) = record {
            prop_assert!(left >= usize::from(old.0));
            let certificate = Certificate::new(record, &confirmations).unwrap();
            prop_assert_eq!(&certificate.record.committee.key, &before.certificate.record.committee.key);
        }
    }
}
