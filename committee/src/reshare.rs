//! Handing the key over to another membership: t of n to t' of n', the committee's key stays.
//!
//! Old and new members may be the same people, some of them, or none; numbers are given anew. With the same people it
//! is a refresh: shares that were stolen one by one over time no longer fit together. The protocol is verifiable
//! secret redistribution (Desmedt and Jajodia 1997; Wong, Wang and Wing 2002) with Feldman's commitments.
//!
//! # Steps
//!
//! Let xᵢ be the share of old member i, Xᵢ = \[xᵢ\]G its public share in the old committee's
//! [`Certificate`], K the committee's key.
//!
//! | | who | does | checked by whom |
//! |---|---|---|---|
//! | 1 | everybody | agrees on the new [`Roster`]: its chain, the epoch after the old one, `previous` = id of the old committee, t', the new members' cards | each member, before anything else ([`check`](fn@check)) |
//! | 2 | old member i, the dealer | draws gᵢ of degree t' - 1 with gᵢ(0) = xᵢ and all other coefficients random; publishes a [`Dealing`]: Cᵢₖ = \[coefficient k\]G for k = 0 … t' - 1, and gᵢ(j) sealed to each new member j ([`deal`]) | - |
//! | 3 | new member j | for each dealing: the dealer's signature by its card in the *old* roster; the ceremony; no second, different dealing of the dealer; t' points of the subgroup; **Cᵢ₀ = Xᵢ**; a sealed sub-share for exactly the new members, each with a proof that the dealer knows its ephemeral secret | everybody can; who fails is left out |
//! | 4 | new member j | opens gᵢ(j) and checks \[gᵢ(j)\]G = Σₖ \[jᵏ\]Cᵢₖ; publishes a [`Complaint`] about each dealer where it fails, and stops | everybody, by [`judge`]; a convicted dealer is left out by all |
//! | 5 | new member j | takes Q, the t dealers of lowest number that are left, and λᵢ, Lagrange's weights at 0 for Q; its share is x'ⱼ = Σ λᵢ gᵢ(j), everybody's public share is X'ₘ = Σ λᵢ Σₖ \[mᵏ\]Cᵢₖ; checks Σ λᵢ Cᵢ₀ = K and \[x'ⱼ\]G = X'ⱼ | itself |
//! | 6 | new member j | confirms the id of the new committee, with a proof that it has x'ⱼ | everybody ([`Certificate::new`](crate::Certificate::new)) |
//! | 7 | old members | after all n' confirmations: destroy xᵢ | nobody can; see below |
//!
//! # Why it is right
//!
//! x' is Σ λᵢ gᵢ, of degree t' - 1, and x'(0) = Σ λᵢ xᵢ = the secret. Step 3 holds the dealer to its own share, step 4 to
//! one polynomial; no proof of knowledge is needed, for who does not know gᵢ(j) cannot pass step 4 for an honest j. All
//! honest new members have the same Q as soon as they have the same files, and step 6 shows it when they have not. As long
//! as one dealer of Q is honest, Σ λᵢ gᵢ is uniform but for its constant term, so neither t - 1 old nor t' - 1 new members
//! learn anything together with each other.
//!
//! # What a malicious member may do
//!
//! | it | and then |
//! |---|---|
//! | old: deals something else than its share | step 3 leaves it out |
//! | old: deals different dealings to different members | whoever has both leaves it out; whoever has one gets another Q, and step 6 names who differs |
//! | old: sends false sub-shares, to all or to some | is convicted by a complaint that opens this sub-share alone |
//! | old: copies an honest dealer's ephemeral point, so that a complaint about it would open the honest one's sub-share | cannot prove that it knows the point's secret: step 3 leaves it out before anybody complains |
//! | old: does not deal | nothing, while t others do |
//! | old, t of them together: keep their old shares | they can open for ever. No resharing takes from t people what they know: that is the threshold's meaning, and why step 7 is witnessed |
//! | old, t of them together: deal to two new rosters | both new committees can open. Who is on a roster is what t old members agree to by dealing; which committee is in office is the chain's to say |
//! | new: complains without ground | the complaint is not counted, and is named |
//! | new: does not confirm, or something else | is named; the old committee stays in office until a new ceremony |
//! | fewer than t old and fewer than t' new together, over any number of epochs | learn nothing: an old share and a new one lie on different polynomials, and do not interpolate |
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{
    Certificate, Committee, Error, Fault, Keys, MemberKey, MemberShare, Point, Roster,
    certificate::{self, Record},
    dealing::{Received, binding, complain, convicts, decode, evaluate, is_complete, receive},
    lagrange,
    messages::{Complaint, Confirmation, Dealing, Signed, collect},
    seal::{self, Place},
    suite::random_scalar,
};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsProjective, Fr};
use ark_ff::AdditiveGroup;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// What a new member has at the end.
#[derive(Debug)]
pub struct Reshared {
    /// Its share: to be kept, and shown to nobody.
    pub share: MemberShare,
    /// The new committee, not yet certified.
    pub record: Record,
    /// For everybody.
    pub confirmation: Signed<Confirmation>,
    /// Old members that were left out, and why.
    pub left_out: Vec<(u16, Fault)>,
    /// New members that complained without ground.
    pub unfounded: Vec<u16>,
}

/// Step 1: whether a roster is one to which this committee can be handed over.
pub fn check(old: &Certificate, roster: &Roster) -> Result<(Keys, Vec<Point>), Error> {
    let keys = old.check()?;
    let receivers = roster.check()?;
    let Committee { chain, epoch, .. } = &old.record.committee;
    if roster.chain != *chain {
        return Err(Error::Roster("it is of another chain than the committee"));
    }
    if roster.previous != Some(keys.id()) {
        return Err(Error::Roster(
            "it does not name this committee as the previous one",
        ));
    }
    if epoch.checked_add(1) != Some(roster.epoch) {
        return Err(Error::Roster(
            "its epoch is not the one after the committee's",
        ));
    }
    Ok((keys, receivers))
}

/// Step 2. Take it once: two different dealings are a fault.
pub fn deal<R: RngCore + CryptoRng>(
    old: &Certificate,
    roster: &Roster,
    key: &MemberKey,
    share: &MemberShare,
    rng: &mut R,
) -> Result<Signed<Dealing>, Error> {
    let (keys, receivers) = check(old, roster)?;
    let from = old.record.roster.number_of(key)?;
    share.belongs_to(&keys)?;
    if share.member() != from {
        return Err(Error::OtherShare);
    }
    let mut coefficients = Zeroizing::new(Vec::with_capacity(usize::from(roster.threshold)));
    coefficients.push(*share.secret());
    while coefficients.len() < usize::from(roster.threshold) {
        coefficients.push(random_scalar(rng));
    }
    let points = coefficients
        .iter()
        .map(|coefficient| Ok(<Point>::of_secret(coefficient)?.encode()))
        .collect::<Result<Vec<_>, crate::PointError>>()
        .map_err(|_| Error::KeyGeneration("a coefficient is zero: try again".into()))?;
    let (ceremony, binding) = (roster.ceremony(), binding(&points));
    let sealed = roster
        .numbers()
        .zip(&receivers)
        .map(|(to, receiver)| {
            let place = Place {
                ceremony,
                binding,
                from,
                to,
            };
            let sub_share = Zeroizing::new(lagrange::evaluate(&coefficients, to));
            seal::seal(&sub_share, &place, receiver, rng)
        })
        .collect();
    let body = Dealing {
        ceremony,
        points,
        sealed,
    };
    Ok(Signed::new(key, from, body))
}

/// A dealing that passed step 3.
struct Dealt<'a> {
    from: u16,
    points: Vec<Point>,
    message: &'a Signed<Dealing>,
}

impl Dealt<'_> {
    fn place(&self, to: u16) -> Place {
        let Dealing {
            ceremony, points, ..
        } = &self.message.body;
        Place {
            ceremony: *ceremony,
            binding: binding(points),
            from: self.from,
            to,
        }
    }
}

/// Step 3, for a dealing whose signature holds.
fn dealt<'a>(
    keys: &Keys,
    roster: &Roster,
    message: &'a Signed<Dealing>,
) -> Result<Dealt<'a>, Fault> {
    let Signed { from, body, .. } = message;
    let points = decode(&body.points, roster.threshold).ok_or(Fault::Commitments)?;
    if points.first() != keys.share_of(*from) {
        return Err(Fault::OtherSecret);
    }
    let dealt = Dealt {
        from: *from,
        points,
        message,
    };
    if !is_complete(&body.sealed, roster.numbers(), |to| dealt.place(to)) {
        return Err(Fault::NoSubShare);
    }
    Ok(dealt)
}

fn is_convicted(dealt: &Dealt<'_>, roster: &Roster, complaint: &Signed<Complaint>) -> bool {
    roster.card(complaint.from).is_some_and(|receiver| {
        convicts(
            complaint,
            receiver,
            &dealt.message.body.sealed,
            &dealt.place(complaint.from),
            &dealt.message.hash(),
            &dealt.points,
        )
    })
}

/// Steps 3 to 6. May be taken again, with more dealings or with complaints.
pub fn finish<R: RngCore + CryptoRng>(
    old: &Certificate,
    roster: &Roster,
    key: &MemberKey,
    dealings: &[Signed<Dealing>],
    complaints: &[Signed<Complaint>],
    rng: &mut R,
) -> Result<Reshared, Error> {
    // 1
    let (keys, _) = check(old, roster)?;
    let member = roster.number_of(key)?;
    // 3
    let (sorted, mut left_out) = collect(dealings, &roster.ceremony(), |dealer| {
        old.record.roster.card(dealer)
    });
    let mut good = Vec::new();
    for message in sorted.values() {
        match dealt(&keys, roster, message) {
            Ok(dealt) => good.push(dealt),
            Err(fault) => left_out.push((message.from, fault)),
        }
    }
    // 4: what others found
    let unfounded = unfounded(&good, roster, complaints);
    good.retain(|dealt| {
        let convicted = complaints
            .iter()
            .any(|complaint| is_convicted(dealt, roster, complaint));
        if convicted {
            left_out.push((dealt.from, Fault::SubShare));
        }
        !convicted
    });
    // 4: what we find
    let mut own_complaints = Vec::new();
    let mut received = Zeroizing::new(Vec::new());
    for dealt in &good {
        let (place, sealed) = (dealt.place(member), &dealt.message.body.sealed);
        match receive(sealed, &place, key, &dealt.points) {
            Received::Good(sub_share) => received.push(sub_share),
            // Nobody is left here whose list is not complete.
            Received::Left | Received::False => {
                let message = dealt.message.hash();
                own_complaints.extend(complain(sealed, &place, key, message, rng));
            }
        }
    }
    if !own_complaints.is_empty() {
        return Err(Error::FalseSubShares(own_complaints));
    }
    // 5
    let need = usize::from(keys.threshold());
    if good.len() < need || received.len() != good.len() {
        return Err(Error::TooFewDealers {
            have: good.len(),
            need: keys.threshold(),
            faults: left_out,
        });
    }
    good.truncate(need);
    let numbers: Vec<u16> = good.iter().map(|dealt| dealt.from).collect();
    // `collect` has sorted by number, so numbers are distinct.
    let weights = lagrange::weights(&numbers, 0).ok_or(Error::TooEarly)?;
    let secret = weights
        .iter()
        .zip(received.iter())
        .fold(Fr::ZERO, |sum, (weight, sub_share)| {
            sum + *weight * sub_share
        });
    let at = |number: u16| {
        good.iter()
            .zip(&weights)
            .fold(EdwardsProjective::ZERO, |sum, (dealt, weight)| {
                sum + evaluate(&dealt.points, number) * weight
            })
    };
    let handed_over = at(0);
    if handed_over != keys.key().group() {
        return Err(Error::KeyGeneration("the key has changed".into()));
    }
    let record = Record::new(roster, &handed_over, roster.numbers().map(at))?;
    let share = MemberShare::new(record.committee.id(), roster.epoch, member, secret);
    // 6; it checks that the share is ours
    let confirmation = certificate::confirm(&record, key, &share, rng)?;
    Ok(Reshared {
        share,
        record,
        confirmation,
        left_out,
        unfounded,
    })
}

/// Whose complaints about dealings at hand convict nobody. A signature that does not hold accuses nobody.
fn unfounded(good: &[Dealt<'_>], roster: &Roster, complaints: &[Signed<Complaint>]) -> Vec<u16> {
    let mut members: Vec<u16> = complaints
        .iter()
        .filter(|complaint| {
            let is_signed = roster
                .card(complaint.from)
                .is_some_and(|card| complaint.holds(card));
            let about = good
                .iter()
                .find(|dealt| dealt.message.hash() == complaint.body.message);
            is_signed && about.is_some_and(|dealt| !is_convicted(dealt, roster, complaint))
        })
        .map(|complaint| complaint.from)
        .collect();
    members.sort_unstable();
    members.dedup();
    members
}

/// Judges a complaint, for everybody: `Ok` convicts the dealer; otherwise the fault is the complainer's, or the dealing
/// is not the one that it is about.
pub fn judge(
    old: &Certificate,
    roster: &Roster,
    dealing: &Signed<Dealing>,
    complaint: &Signed<Complaint>,
) -> Result<(), Error> {
    let (keys, _) = check(old, roster)?;
    let (sorted, faults) = collect(
        core::slice::from_ref(dealing),
        &roster.ceremony(),
        |dealer| old.record.roster.card(dealer),
    );
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    for message in sorted.values() {
        match dealt(&keys, roster, message) {
            // Convicted without a complaint.
            Err(_) => return Ok(()),
            Ok(dealt) if is_convicted(&dealt, roster, complaint) => return Ok(()),
            Ok(_) => {}
        }
    }
    Err(Error::Faults([(complaint.from, Fault::Complaint)].into()))
}
