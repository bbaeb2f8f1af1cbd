use super::parties::{TestRng, flipped, form, members, roster, successor};
use crate::{
    Bytes32, Bytes48, Bytes64, Certificate, Committee, CommitteeError, Error, Fault, MemberKey,
    Point, Roster,
    keygen::{Finished, Keygen, judge},
    messages::{Commitments, Signed, SubShares},
    seal::{Place, seal},
    suite::random_scalar,
};
use ark_ed_on_bls12_381_bandersnatch::EdwardsConfig;

struct Running {
    members: Vec<MemberKey>,
    roster: Roster,
    parties: Vec<Keygen>,
    commitments: Vec<Signed<Commitments>>,
}

fn begin(threshold: u16, count: usize, rng: &mut TestRng) -> Running {
    let members = members(count, rng);
    let roster = roster(threshold, &members, None, rng);
    let (parties, commitments) = members
        .iter()
        .map(|key| Keygen::begin(&roster, key, rng).unwrap())
        .unzip();
    Running {
        members,
        roster,
        parties,
        commitments,
    }
}

impl Running {
    fn exchange(&mut self, rng: &mut TestRng) -> Vec<Signed<SubShares>> {
        self.parties
            .iter_mut()
            .zip(&self.members)
            .map(|(party, key)| party.exchange(key, &self.commitments, rng).unwrap())
            .collect()
    }
    fn finish(
        &self,
        at: usize,
        sub_shares: &[Signed<SubShares>],
        rng: &mut TestRng,
    ) -> Result<Finished, Error> {
        self.parties[at].finish(&self.members[at], sub_shares, rng)
    }
    /// Member `at` signs something else in place of its commitments.
    fn replace_commitments(&mut self, at: usize, body: Commitments) {
        let from = self.commitments[at].from;
        self.commitments[at] = Signed::new(&self.members[at], from, body);
    }
    fn others_refuse(&mut self, at: usize, fault: Fault, rng: &mut TestRng) {
        let number = self.commitments[at].from;
        for (party, key) in self.parties.iter_mut().zip(&self.members) {
            if party.member() == number {
                continue;
            }
            let before = party.clone();
            let error = party.exchange(key, &self.commitments, rng).unwrap_err();
            assert!(
                matches!(&error, Error::Faults(faults) if *faults == [(number, fault)]),
                "{error}"
            );
            assert_eq!(error.culprits(), [number]);
            assert_eq!(*party, before, "a step that failed changes nothing");
        }
    }
}

#[test]
fn five_members_make_a_key_that_no_one_dealt() {
    let rng = &mut TestRng::new(1);
    let formed = form(3, 5, rng);
    let keys = formed.keys();
    assert_eq!(keys.threshold(), 3);
    assert_eq!(keys.shares().len(), 5);
    let secret = formed.secret_of(&[0, 2, 4]);
    assert_eq!(Ok(*keys.key()), Point::of_secret(&secret));
    assert_eq!(secret, formed.secret_of(&[1, 2, 3]));
    assert_ne!(
        secret,
        formed.secret_of(&[0, 1]),
        "two shares are not enough"
    );
    for share in &formed.shares {
        assert!(share.belongs_to(&keys).is_ok());
    }
}

#[test]
fn a_rogue_key_is_refused_and_named() {
    let rng = &mut TestRng::new(2);
    let mut running = begin(2, 3, rng);
    // Member 3 cancels the others' constant terms, so that the key would be its own.
    let point = |at: usize| <Point>::decode(&running.commitments[at].body.points[0]).unwrap();
    let own = running.commitments[2].body.clone();
    let rogue = Point::<EdwardsConfig>::decode(&own.points[0])
        .unwrap()
        .group()
        - point(0).group()
        - point(1).group();
    let mut body = own;
    body.points[0] = Point::<EdwardsConfig>::computed(rogue).unwrap().encode();
    running.replace_commitments(2, body.clone());
    running.others_refuse(2, Fault::Knowledge, rng);
    // Nor does another member's whole message help.
    body = running.commitments[0].body.clone();
    running.replace_commitments(2, body);
    running.others_refuse(2, Fault::Knowledge, rng);
}

#[test]
fn commitments_that_are_no_points_or_too_few_are_named() {
    let rng = &mut TestRng::new(3);
    let mut running = begin(3, 4, rng);
    let good = running.commitments[1].body.clone();
    let mut identity = [0; 32];
    identity[0] = 1;
    let minus_one: [u8; 32] =
        plume_circuits::FieldBytes::from(-plume_circuits::Fr::from(1u64)).into();
    for bad in [identity, minus_one, [0xff; 32]] {
        let mut body = good.clone();
        body.points[2] = Bytes32(bad);
        running.replace_commitments(1, body);
        running.others_refuse(1, Fault::Commitments, rng);
    }
    let mut short = good.clone();
    short.points.pop();
    running.replace_commitments(1, short);
    running.others_refuse(1, Fault::Commitments, rng);
    let mut long = good.clone();
    long.points.push(good.points[0]);
    running.replace_commitments(1, long);
    running.others_refuse(1, Fault::Commitments, rng);
}

#[test]
fn a_message_that_was_changed_on_its_way_is_refused() {
    let rng = &mut TestRng::new(4);
    let mut running = begin(2, 3, rng);
    let good = running.commitments.clone();
    running.commitments[0].body.points.swap(0, 1);
    running.others_refuse(0, Fault::Signature, rng);
    running.commitments = good.clone();
    running.commitments[0].signature = Bytes64(flipped(good[0].signature.0, 5));
    running.others_refuse(0, Fault::Signature, rng);
    // Another member's number on it.
    running.commitments = good;
    running.commitments[0].from = 2;
    let key = &running.members[2];
    let error = running.parties[2].exchange(key, &running.commitments, rng);
    assert!(matches!(error, Err(Error::Faults(faults)) if faults == [(2, Fault::Signature)]));
}

#[test]
fn a_message_of_another_ceremony_is_refused() {
    let rng = &mut TestRng::new(5);
    let mut running = begin(2, 3, rng);
    let mut again = running.roster.clone();
    again.label = "second try".into();
    let (_, replayed) = Keygen::begin(&again, &running.members[0], rng).unwrap();
    running.commitments[0] = replayed;
    running.others_refuse(0, Fault::OtherCeremony, rng);
}

#[test]
fn who_signs_two_different_commitments_is_named() {
    let rng = &mut TestRng::new(6);
    let mut running = begin(2, 3, rng);
    let (_, second) = Keygen::begin(&running.roster, &running.members[0], rng).unwrap();
    running.commitments.push(second);
    running.others_refuse(0, Fault::Twice, rng);
}

#[test]
fn different_views_of_the_commitments_are_noticed() {
    let rng = &mut TestRng::new(7);
    let mut running = begin(2, 3, rng);
    // Member 1 shows other commitments to member 3.
    let (_, other) = Keygen::begin(&running.roster, &running.members[0], rng).unwrap();
    let mut deceived = running.commitments.clone();
    deceived[0] = other;
    let key = &running.members[2];
    let third = running.parties[2].exchange(key, &deceived, rng).unwrap();
    let mut sub_shares = vec![third];
    for at in [0, 1] {
        let key = &running.members[at];
        sub_shares.push(
            running.parties[at]
                .exchange(key, &running.commitments, rng)
                .unwrap(),
        );
    }
    let error = running.finish(1, &sub_shares, rng).unwrap_err();
    assert!(matches!(error, Error::Faults(faults) if faults == [(3, Fault::OtherView)]));
}

#[test]
fn a_false_sub_share_is_named_and_everybody_can_verify_it() {
    let rng = &mut TestRng::new(8);
    let mut running = begin(3, 5, rng);
    let mut sub_shares = running.exchange(rng);
    // Member 2 sends member 4 a sub-share of another polynomial.
    let body = sub_shares[1].body.clone();
    let place = Place {
        ceremony: body.ceremony,
        binding: body.view,
        from: 2,
        to: 4,
    };
    let receiver = *running.members[3].sealing_point();
    let mut false_body = body.clone();
    let at = body
        .sealed
        .iter()
        .position(|sealed| sealed.to == 4)
        .unwrap();
    false_body.sealed[at] = seal(&random_scalar(rng), &place, &receiver, rng);
    sub_shares[1] = Signed::new(&running.members[1], 2, false_body);

    assert!(
        running.finish(0, &sub_shares, rng).is_ok(),
        "only member 4 can see it"
    );
    let error = running.finish(3, &sub_shares, rng).unwrap_err();
    assert_eq!(error.culprits(), [2]);
    let Error::FalseSubShares(complaints) = error else {
        panic!("{error}");
    };
    let (roster, commitments) = (&running.roster, &running.commitments[1]);
    assert!(judge(roster, commitments, &sub_shares[1], &complaints[0]).is_ok());

    // The evidence is about this message and nothing else.
    let honest = Signed::new(&running.members[1], 2, body);
    let unfounded = judge(roster, commitments, &honest, &complaints[0]).unwrap_err();
    assert_eq!(unfounded.culprits(), [4]);
    // Nobody else makes it.
    let mut stolen = complaints[0].clone();
    stolen.from = 5;
    assert!(judge(roster, commitments, &sub_shares[1], &stolen).is_err());
}

#[test]
fn garbage_in_place_of_a_sealed_sub_share_convicts_its_sender() {
    let rng = &mut TestRng::new(9);
    let mut running = begin(2, 3, rng);
    let mut sub_shares = running.exchange(rng);
    let mut body = sub_shares[0].body.clone();
    body.sealed[0].ciphertext = Bytes48(flipped(body.sealed[0].ciphertext.0, 17));
    sub_shares[0] = Signed::new(&running.members[0], 1, body);
    let Err(Error::FalseSubShares(complaints)) = running.finish(1, &sub_shares, rng) else {
        panic!("garbage was taken");
    };
    assert!(
        judge(
            &running.roster,
            &running.commitments[0],
            &sub_shares[0],
            &complaints[0]
        )
        .is_ok()
    );
}

#[test]
fn a_complaint_about_a_good_sub_share_falls_on_the_complainer() {
    let rng = &mut TestRng::new(10);
    let mut running = begin(2, 3, rng);
    let sub_shares = running.exchange(rng);
    let place = Place {
        ceremony: running.roster.ceremony(),
        binding: sub_shares[0].body.view,
        from: 1,
        to: 2,
    };
    let (sealed, message) = (&sub_shares[0].body.sealed, sub_shares[0].hash());
    let key = &running.members[1];
    let honest = crate::dealing::complain(sealed, &place, key, message, rng).unwrap();
    let error = judge(
        &running.roster,
        &running.commitments[0],
        &sub_shares[0],
        &honest,
    );
    assert!(matches!(error, Err(Error::Faults(faults)) if faults == [(2, Fault::Complaint)]));
    // A shared point that is not the one, so that it would not open: the proof does not hold.
    let mut body = honest.body.clone();
    body.shared = Point::<EdwardsConfig>::generator().encode();
    let lie = Signed::new(key, 2, body);
    let error = judge(
        &running.roster,
        &running.commitments[0],
        &sub_shares[0],
        &lie,
    );
    assert!(matches!(error, Err(Error::Faults(faults)) if faults == [(2, Fault::Complaint)]));
}

#[test]
fn a_sub_share_that_was_left_out_is_seen_by_all() {
    let rng = &mut TestRng::new(11);
    let mut running = begin(2, 3, rng);
    let good = running.exchange(rng);
    let mut left_out = good[0].body.clone();
    left_out.sealed.remove(1);
    let mut no_point = good[0].body.clone();
    no_point.sealed[1].ephemeral = Bytes32([0xff; 32]);
    // The ephemeral point and all of another member's sub-share for the same receiver: a complaint would open that.
    let mut copied = good[0].body.clone();
    assert_eq!((copied.sealed[1].to, good[1].body.sealed[1].to), (3, 3));
    copied.sealed[1] = good[1].body.sealed[1];
    let mut only_the_point = good[0].body.clone();
    only_the_point.sealed[1].ephemeral = good[1].body.sealed[1].ephemeral;
    for body in [left_out, no_point, copied, only_the_point] {
        let mut sub_shares = good.clone();
        sub_shares[0] = Signed::new(&running.members[0], 1, body);
        for at in [1, 2] {
            let error = running.finish(at, &sub_shares, rng).unwrap_err();
            assert!(matches!(error, Error::Faults(faults) if faults == [(1, Fault::NoSubShare)]));
        }
    }
}

#[test]
fn who_has_not_sent_anything_is_named_as_missing() {
    let rng = &mut TestRng::new(12);
    let mut running = begin(2, 4, rng);
    let key = &running.members[0];
    let error = running.parties[0].exchange(key, &running.commitments[..2], rng);
    assert!(matches!(error, Err(Error::Missing(missing)) if missing == [3, 4]));
    let sub_shares = running.exchange(rng);
    let error = running.finish(0, &sub_shares[..3], rng);
    assert!(matches!(error, Err(Error::Missing(missing)) if missing == [4]));
}

#[test]
fn a_step_that_is_taken_again_gives_the_same_message_and_no_other() {
    let rng = &mut TestRng::new(13);
    let mut running = begin(2, 3, rng);
    let sub_shares = running.exchange(rng);
    assert_eq!(running.exchange(rng), sub_shares);
    // With another member's second message it is refused, whatever that says.
    let (_, second) = Keygen::begin(&running.roster, &running.members[0], rng).unwrap();
    let mut other = running.commitments.clone();
    other[0] = second;
    let key = &running.members[1];
    let error = running.parties[1].exchange(key, &other, rng);
    assert!(matches!(error, Err(Error::TakenBefore)));
    let [first, second] = [0, 1].map(|_| running.finish(0, &sub_shares, rng).unwrap());
    assert_eq!(first.record, second.record);
    assert_eq!(first.share.to_file(), second.share.to_file());
}

#[test]
fn steps_are_taken_in_order_and_with_ones_own_key() {
    let rng = &mut TestRng::new(14);
    let mut running = begin(2, 3, rng);
    assert!(matches!(running.finish(0, &[], rng), Err(Error::TooEarly)));
    let key = &running.members[1];
    let error = running.parties[0].exchange(key, &running.commitments, rng);
    assert!(matches!(error, Err(Error::NotAMember)));
    let stranger = MemberKey::generate(rng);
    let error = Keygen::begin(&running.roster, &stranger, rng);
    assert!(matches!(error, Err(Error::NotAMember)));
}

#[test]
fn a_roster_that_is_not_in_order_is_refused() {
    let rng = &mut TestRng::new(15);
    let keys = members(3, rng);
    let good = roster(2, &keys, None, rng);
    assert!(good.check().is_ok());
    let refused = |change: &dyn Fn(&mut Roster)| {
        let mut roster = good.clone();
        change(&mut roster);
        assert!(
            matches!(roster.check(), Err(Error::Roster(_))),
            "{roster:?}"
        );
    };
    refused(&|roster| roster.threshold = 1);
    refused(&|roster| roster.threshold = 4);
    refused(&|roster| roster.members[0].member = 0);
    refused(&|roster| roster.members.swap(0, 1));
    refused(&|roster| roster.members[1].member = 1);
    refused(&|roster| roster.members[1].card = roster.members[0].card);
    refused(&|roster| roster.members[0].card.sealing = roster.members[1].card.sealing);
    refused(&|roster| roster.members[0].card.possession = roster.members[1].card.possession);
    refused(&|roster| roster.label = "x".repeat(65));
    refused(&|roster| roster.epoch = 1);
    refused(&|roster| roster.previous = Some(Bytes32([0; 32])));
}

#[test]
fn a_certificate_takes_every_member_and_one_committee() {
    let rng = &mut TestRng::new(16);
    let formed = form(2, 3, rng);
    let Certificate {
        record,
        confirmations,
    } = &formed.certificate;
    let error = Certificate::new(record.clone(), &confirmations[..2]);
    assert!(matches!(error, Err(Error::Missing(missing)) if missing == [3]));

    let sign = |change: &dyn Fn(&mut crate::messages::Confirmation)| {
        let mut body = confirmations[1].body.clone();
        change(&mut body);
        let mut all = confirmations.clone();
        all[1] = Signed::new(&formed.members[1], 2, body);
        Certificate::new(record.clone(), &all).unwrap_err()
    };
    let other = sign(&|body| body.committee = Bytes32([1; 32]));
    assert!(matches!(other, Error::Faults(faults) if faults == [(2, Fault::OtherCommittee)]));
    let copied = sign(&|body| body.possession = confirmations[0].body.possession);
    assert!(matches!(copied, Error::Faults(faults) if faults == [(2, Fault::Possession)]));

    let mut unordered = formed.certificate.clone();
    unordered.confirmations.swap(0, 1);
    assert!(unordered.check().is_err());
}

#[test]
fn a_committee_whose_public_shares_do_not_fit_is_refused() {
    let rng = &mut TestRng::new(17);
    let formed = form(3, 5, rng);
    let good = formed.certificate.record.committee.clone();
    assert!(good.keys::<EdwardsConfig>().is_ok());
    let refused = |change: &dyn Fn(&mut Committee)| {
        let mut committee = good.clone();
        change(&mut committee);
        committee.keys::<EdwardsConfig>().unwrap_err()
    };
    let other = form(3, 5, rng).certificate.record.committee;
    assert_eq!(
        refused(&|it| it.key = other.key),
        CommitteeError::Inconsistent(0)
    );
    assert_eq!(
        refused(&|it| it.seats[1].share = other.seats[1].share),
        CommitteeError::Inconsistent(0)
    );
    assert_eq!(
        refused(&|it| it.seats[4].share = other.seats[4].share),
        CommitteeError::Inconsistent(5)
    );
    assert_eq!(
        refused(&|it| it.threshold = 2),
        CommitteeError::Inconsistent(0)
    );
    assert_eq!(refused(&|it| it.threshold = 1), CommitteeError::Threshold);
    assert_eq!(refused(&|it| it.threshold = 6), CommitteeError::Threshold);
    assert_eq!(
        refused(&|it| it.seats[2].member = 2),
        CommitteeError::Numbers
    );
    assert_eq!(
        refused(&|it| it.seats[0].member = 0),
        CommitteeError::Numbers
    );
    assert_eq!(
        refused(&|it| it.seats = vec![it.seats[0]; 101]),
        CommitteeError::TooMany
    );
    assert!(matches!(
        refused(&|it| it.key = Bytes32([0xff; 32])),
        CommitteeError::Key(_)
    ));
    assert!(matches!(
        refused(&|it| it.seats[3].share = Bytes32([0xff; 32])),
        CommitteeError::Share(4, _)
    ));
}

#[test]
fn a_share_that_is_another_is_noticed_before_it_is_used() {
    let rng = &mut TestRng::new(18);
    let formed = form(2, 3, rng);
    let share = &formed.shares[0];
    let false_share = crate::MemberShare::new(
        formed.keys().id(),
        0,
        1,
        crate::scalar(&successor(share.secret())).unwrap(),
    );
    assert!(matches!(
        false_share.belongs_to(&formed.keys()),
        Err(Error::OtherShare)
    ));
    assert!(!format!("{share:?}").contains(&format!("{}", crate::scalar_bytes(share.secret()))));
}
