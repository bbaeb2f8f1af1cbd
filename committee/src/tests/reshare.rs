use super::parties::{
    CHAIN, Formed, TestRng, dealings, form, hand_over, members, purpose, roster, transfer,
};
use crate::{
    Bytes32, Certificate, Error, Fault, MemberKey, Point, Roster, combine,
    dealing::{binding, complain},
    messages::{Dealing, Signed},
    opening,
    reshare::{Reshared, check, deal, finish, judge},
    seal::{Place, seal},
    suite::random_scalar,
    verify_shares,
};
use ark_ed_on_bls12_381_bandersnatch::Fr;

struct Handover {
    old: Formed,
    new: Vec<MemberKey>,
    roster: Roster,
    dealings: Vec<Signed<Dealing>>,
}

/// 3 of 5 hand over to 2 of 4 others; dealers are the old members 1 to 4.
fn handover(rng: &mut TestRng) -> Handover {
    let old = form(3, 5, rng);
    let new = members(4, rng);
    let roster = roster(2, &new, Some(&old.certificate), rng);
    let dealings = dealings(&old, &[0, 1, 2, 3], &roster, rng);
    Handover {
        old,
        new,
        roster,
        dealings,
    }
}

impl Handover {
    fn finish(
        &self,
        at: usize,
        dealings: &[Signed<Dealing>],
        rng: &mut TestRng,
    ) -> Result<Reshared, Error> {
        let old = &self.old.certificate;
        finish(old, &self.roster, &self.new[at], dealings, &[], rng)
    }
    /// Old member `at` signs another dealing.
    fn signed(&self, at: usize, body: Dealing) -> Signed<Dealing> {
        Signed::new(&self.old.members[at], at as u16 + 1, body)
    }
    /// A dealing of this polynomial by old member `at`.
    fn consistent(&self, at: usize, coefficients: &[Fr], rng: &mut TestRng) -> Dealing {
        let points: Vec<_> = coefficients
            .iter()
            .map(|coefficient| <Point>::of_secret(coefficient).unwrap().encode())
            .collect();
        let place = |to| Place {
            ceremony: self.roster.ceremony(),
            binding: binding(&points),
            from: at as u16 + 1,
            to,
        };
        let sealed = (1..)
            .zip(&self.new)
            .map(|(to, key)| {
                let sub_share = crate::lagrange::evaluate(coefficients, to);
                seal(&sub_share, &place(to), key.sealing_point(), rng)
            })
            .collect();
        Dealing {
            ceremony: self.roster.ceremony(),
            points,
            sealed,
        }
    }
    /// Old member 1 sends new member `to` a sub-share of another polynomial.
    fn with_false_sub_share(&self, to: u16, rng: &mut TestRng) -> Vec<Signed<Dealing>> {
        let mut body = self.dealings[0].body.clone();
        let place = Place {
            ceremony: body.ceremony,
            binding: binding(&body.points),
            from: 1,
            to,
        };
        let receiver = self.new[usize::from(to) - 1].sealing_point();
        body.sealed[usize::from(to) - 1] = seal(&random_scalar(rng), &place, receiver, rng);
        let mut dealings = self.dealings.clone();
        dealings[0] = self.signed(0, body);
        dealings
    }
    /// Who is left out when old member 1 sends this.
    fn left_out(&self, body: Dealing, rng: &mut TestRng) -> Vec<(u16, Fault)> {
        let mut dealings = self.dealings.clone();
        dealings[0] = self.signed(0, body);
        let done = self.finish(0, &dealings, rng).unwrap();
        assert_eq!(
            done.record.committee.key,
            self.old.certificate.record.committee.key
        );
        done.left_out
    }
}

#[test]
fn the_key_stays_and_the_new_members_open() {
    let rng = &mut TestRng::new(1);
    let old = form(3, 5, rng);
    let before = transfer(old.keys().key(), rng);
    let new = hand_over(&old, &[4, 1, 2], 2, members(4, rng), rng);
    let keys = new.keys();
    assert_eq!(keys.key(), old.keys().key());
    assert_ne!(keys.id(), old.keys().id());
    assert_eq!(new.certificate.record.committee.epoch, 1);
    assert_eq!(new.secret_of(&[1, 3]), old.secret_of(&[0, 1, 2]));
    // A transfer from before the handover.
    let purpose = purpose(&keys);
    let posted: Vec<_> = new.shares[2..]
        .iter()
        .map(|share| share.open(&keys, &before.ephemeral, &purpose, rng).unwrap())
        .collect();
    let verified = verify_shares(&keys, &posted, &before.ephemeral, &purpose);
    let shared = combine(&keys, &verified.good, &before.ephemeral, &purpose).unwrap();
    assert_eq!(opening::read(&shared, &before.ciphertext), before.parties);
}

#[test]
fn old_shares_do_not_fit_new_ones() {
    let rng = &mut TestRng::new(2);
    let old = form(2, 3, rng);
    let secret = old.secret_of(&[0, 1]);
    let refreshed = hand_over(&old, &[0, 1], 2, members(3, rng), rng);
    let mixed = Formed {
        members: Vec::new(),
        certificate: refreshed.certificate.clone(),
        shares: vec![
            crate::MemberShare::new(CHAIN, 0, 1, *old.shares[0].secret()),
            crate::MemberShare::new(CHAIN, 1, 2, *refreshed.shares[1].secret()),
        ],
    };
    assert_ne!(mixed.secret_of(&[0, 1]), secret);
    assert!(old.shares[0].belongs_to(&refreshed.keys()).is_err());
    assert!(refreshed.shares[0].belongs_to(&old.keys()).is_err());
}

#[test]
fn a_dealer_that_deals_something_else_than_its_share_is_left_out() {
    let rng = &mut TestRng::new(3);
    let handover = handover(rng);
    // A whole dealing of another secret, whose sub-shares fit its commitments.
    let other = handover.consistent(0, &[random_scalar(rng), random_scalar(rng)], rng);
    assert_eq!(handover.left_out(other, rng), [(1, Fault::OtherSecret)]);
    // The same way with its own share it is good.
    let own = *handover.old.shares[0].secret();
    let good = handover.consistent(0, &[own, random_scalar(rng)], rng);
    assert_eq!(handover.left_out(good, rng), []);
    // Another member's dealing under its own name.
    let copied = handover.dealings[1].body.clone();
    assert_eq!(handover.left_out(copied, rng), [(1, Fault::OtherSecret)]);

    let body = handover.dealings[0].body.clone();
    let mut short = body.clone();
    short.points.pop();
    assert_eq!(handover.left_out(short, rng), [(1, Fault::Commitments)]);
    let mut no_point = body.clone();
    no_point.points[1] = Bytes32([0xff; 32]);
    assert_eq!(handover.left_out(no_point, rng), [(1, Fault::Commitments)]);
    let mut incomplete = body.clone();
    incomplete.sealed.pop();
    assert_eq!(handover.left_out(incomplete, rng), [(1, Fault::NoSubShare)]);
    // Under the ephemeral point of another dealer's sub-share for the same member: a complaint would open that.
    let mut copied = body.clone();
    copied.sealed[2] = handover.dealings[1].body.sealed[2];
    assert_eq!(handover.left_out(copied, rng), [(1, Fault::NoSubShare)]);
    let mut only_the_point = body.clone();
    only_the_point.sealed[2].ephemeral = handover.dealings[1].body.sealed[2].ephemeral;
    assert_eq!(
        handover.left_out(only_the_point, rng),
        [(1, Fault::NoSubShare)]
    );
    let mut elsewhere = body;
    elsewhere.ceremony = Bytes32([0; 32]);
    assert_eq!(
        handover.left_out(elsewhere, rng),
        [(1, Fault::OtherCeremony)]
    );
}

#[test]
fn a_dealer_whose_false_sub_share_is_proven_is_left_out_by_all() {
    let rng = &mut TestRng::new(4);
    let handover = handover(rng);
    let dealings = handover.with_false_sub_share(3, rng);
    let error = handover.finish(2, &dealings, rng).unwrap_err();
    assert_eq!(error.culprits(), [1]);
    let Error::FalseSubShares(complaints) = error else {
        panic!("{error}");
    };
    let (old, roster) = (&handover.old.certificate, &handover.roster);
    assert!(judge(old, roster, &dealings[0], &complaints[0]).is_ok());
    assert!(judge(old, roster, &handover.dealings[0], &complaints[0]).is_err());

    let (mut confirmations, mut record) = (Vec::new(), None);
    for key in &handover.new {
        let done = finish(old, roster, key, &dealings, &complaints, rng).unwrap();
        assert_eq!(done.left_out, [(1, Fault::SubShare)]);
        confirmations.push(done.confirmation);
        record = Some(done.record);
    }
    let certificate = Certificate::new(record.unwrap(), &confirmations).unwrap();
    assert_eq!(certificate.record.committee.key, old.record.committee.key);

    // Who does not know of the complaint computes another committee, and that is seen.
    let unaware = handover.finish(0, &dealings, rng).unwrap();
    let mut all = confirmations;
    all[0] = unaware.confirmation;
    let error = Certificate::new(certificate.record, &all).unwrap_err();
    assert!(matches!(error, Error::Faults(faults) if faults == [(1, Fault::OtherCommittee)]));
}

#[test]
fn a_complaint_without_ground_changes_nothing_and_is_named() {
    let rng = &mut TestRng::new(5);
    let handover = handover(rng);
    let dealing = &handover.dealings[0];
    let place = Place {
        ceremony: dealing.body.ceremony,
        binding: binding(&dealing.body.points),
        from: 1,
        to: 2,
    };
    let key = &handover.new[1];
    let lie = complain(&dealing.body.sealed, &place, key, dealing.hash(), rng).unwrap();
    let (old, roster) = (&handover.old.certificate, &handover.roster);
    let error = judge(old, roster, dealing, &lie).unwrap_err();
    assert_eq!(error.culprits(), [2]);
    let done = finish(
        old,
        roster,
        &handover.new[0],
        &handover.dealings,
        core::slice::from_ref(&lie),
        rng,
    )
    .unwrap();
    assert_eq!(done.unfounded, [2]);
    assert!(done.left_out.is_empty());
    // One that nobody signed accuses nobody.
    let mut forged = lie;
    forged.from = 3;
    let done = finish(
        old,
        roster,
        &handover.new[0],
        &handover.dealings,
        &[forged],
        rng,
    )
    .unwrap();
    assert!(done.unfounded.is_empty() && done.left_out.is_empty());
}

#[test]
fn too_few_dealers_hand_nothing_over() {
    let rng = &mut TestRng::new(6);
    let handover = handover(rng);
    let error = handover
        .finish(0, &handover.dealings[..2], rng)
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::TooFewDealers {
                have: 2,
                need: 3,
                ..
            }
        ),
        "{error}"
    );
    let twice = [0, 1, 1].map(|at| handover.dealings[at].clone());
    let error = handover.finish(0, &twice, rng).unwrap_err();
    assert!(
        matches!(
            error,
            Error::TooFewDealers {
                have: 2,
                need: 3,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn who_deals_twice_differently_is_left_out() {
    let rng = &mut TestRng::new(7);
    let handover = handover(rng);
    let (old, roster) = (&handover.old, &handover.roster);
    let second = deal(
        &old.certificate,
        roster,
        &old.members[0],
        &old.shares[0],
        rng,
    )
    .unwrap();
    let mut dealings = handover.dealings.clone();
    dealings.push(second);
    let done = handover.finish(0, &dealings, rng).unwrap();
    assert_eq!(done.left_out, [(1, Fault::Twice)]);
}

#[test]
fn a_forged_dealing_does_not_keep_the_true_one_out() {
    let rng = &mut TestRng::new(8);
    let handover = handover(rng);
    let forged = Signed::new(&handover.new[0], 1, handover.dealings[0].body.clone());
    let mut dealings = vec![forged];
    dealings.extend(handover.dealings.clone());
    let done = handover.finish(0, &dealings, rng).unwrap();
    assert_eq!(done.left_out, [(1, Fault::Signature)]);
    let honest = handover.finish(0, &handover.dealings, rng).unwrap();
    assert_eq!(done.record, honest.record);
}

#[test]
fn a_roster_that_does_not_follow_the_committee_is_refused() {
    let rng = &mut TestRng::new(9);
    let handover = handover(rng);
    let old = &handover.old.certificate;
    assert!(check(old, &handover.roster).is_ok());
    let refused = |change: &dyn Fn(&mut Roster)| {
        let mut roster = handover.roster.clone();
        change(&mut roster);
        assert!(
            matches!(check(old, &roster), Err(Error::Roster(_))),
            "{roster:?}"
        );
    };
    refused(&|roster| roster.chain = Bytes32([0; 32]));
    refused(&|roster| roster.epoch = 2);
    refused(&|roster| roster.previous = Some(Bytes32([0; 32])));
    refused(&|roster| {
        roster.previous = None;
        roster.epoch = 0;
    });
}

#[test]
fn only_a_member_with_its_own_share_deals() {
    let rng = &mut TestRng::new(10);
    let handover = handover(rng);
    let (old, roster) = (&handover.old, &handover.roster);
    let certificate = &old.certificate;
    let stranger = MemberKey::generate(rng);
    let error = deal(certificate, roster, &stranger, &old.shares[0], rng);
    assert!(matches!(error, Err(Error::NotAMember)));
    let error = deal(certificate, roster, &old.members[1], &old.shares[0], rng);
    assert!(matches!(error, Err(Error::OtherShare)));
    let another = form(3, 5, rng);
    let error = deal(
        certificate,
        roster,
        &old.members[0],
        &another.shares[0],
        rng,
    );
    assert!(matches!(error, Err(Error::OtherShare)));
}

#[test]
fn a_committee_that_is_not_certified_deals_to_nobody() {
    let rng = &mut TestRng::new(11);
    let handover = handover(rng);
    let mut old = handover.old.certificate.clone();
    old.confirmations.pop();
    assert!(matches!(
        check(&old, &handover.roster),
        Err(Error::Missing(_))
    ));
}

#[test]
fn sub_shares_open_to_their_receiver_and_in_their_place_only() {
    let rng = &mut TestRng::new(12);
    let handover = handover(rng);
    let body = &handover.dealings[0].body;
    let place = |from, to, binding| Place {
        ceremony: body.ceremony,
        binding,
        from,
        to,
    };
    let binding = binding(&body.points);
    let key = &handover.new[1];
    let sealed = &body.sealed[1];
    let shared = crate::seal::shared(sealed, &place(1, 2, binding), key).unwrap();
    assert!(crate::seal::shared(sealed, &place(2, 2, binding), key).is_none());
    let open = |place: Place, receiver: &Point, shared: &Point| {
        crate::seal::open(sealed, &place, receiver, shared)
    };
    let receiver = key.sealing_point();
    assert!(open(place(1, 2, binding), receiver, &shared).is_some());
    assert!(open(place(2, 2, binding), receiver, &shared).is_none());
    assert!(open(place(1, 3, binding), receiver, &shared).is_none());
    assert!(open(place(1, 2, Bytes32([0; 32])), receiver, &shared).is_none());
    let other = &handover.new[2];
    let ephemeral = Point::decode(&sealed.ephemeral).unwrap();
    let not_shared = ephemeral.multiplied(other.sealing()).unwrap();
    assert!(open(place(1, 2, binding), receiver, &not_shared).is_none());
    assert!(open(place(1, 2, binding), other.sealing_point(), &shared).is_none());
}
