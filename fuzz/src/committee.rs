//! A committee of two of three with all that its members ever sent: the same in each run.

use plume_committee::{
    Bytes32, Certificate, DecryptionShare, Error, FlowKey, FlowSecret, Keys, MemberKey,
    MemberShare, Point, Purpose, Roster, RosterMember,
    ceremony::Request,
    keygen::Keygen,
    messages::{Commitments, Complaint, Dealing, Signed, SubShares},
    reshare, scalar,
    stream::{Layer, mask},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::sync::LazyLock;

/// See the module.
pub static FORMED: LazyLock<Formed> =
    LazyLock::new(|| form().expect("honest members form a committee"));

/// A committee and its files.
pub struct Formed {
    /// Keys of its members.
    pub members: Vec<MemberKey>,
    /// The committee, confirmed.
    pub certificate: Certificate,
    /// Its keys.
    pub keys: Keys,
    /// Shares of its members.
    pub shares: Vec<MemberShare>,
    /// A roster that the committee can hand over to.
    pub next: Roster,
    /// The first member after the first step.
    pub began: Keygen,
    /// And after the second.
    pub exchanged: Keygen,
    /// What was sent.
    pub messages: Messages,
    /// What is opened, and why.
    pub purpose: Purpose,
    /// The transfer's ephemeral point.
    pub ephemeral: Point,
    /// The request to open it.
    pub request: Request,
    /// The first member's share of it.
    pub posted: DecryptionShare,
    /// A flow key of the same chain.
    pub flow_key: FlowKey,
}

/// What members sent each other.
pub struct Messages {
    /// Of all, in the first step.
    pub commitments: Vec<Signed<Commitments>>,
    /// Of all, in the second step.
    pub sub_shares: Vec<Signed<SubShares>>,
    /// Of the first member, with a sub-share that does not open.
    pub false_sub_shares: Signed<SubShares>,
    /// The second member's complaint about it.
    pub complaint: Signed<Complaint>,
    /// Of the first member, to the next committee.
    pub dealing: Signed<Dealing>,
}

/// Numbers that are the same each time.
pub fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([1; 32])
}

fn roster(members: &[MemberKey], previous: Option<&Certificate>) -> Roster {
    let committee = previous.map(|previous| &previous.record.committee);
    let member = |(member, key): (u16, &MemberKey)| RosterMember {
        member,
        card: key.card(&mut rng()),
    };
    Roster {
        chain: Bytes32([7; 32]),
        label: "fuzz".into(),
        epoch: committee.map_or(0, |committee| committee.epoch + 1),
        previous: committee.map(|committee| committee.id()),
        threshold: 2,
        members: (1..).zip(members).map(member).collect(),
    }
}

fn form() -> Result<Formed, Error> {
    let rng = &mut rng();
    let members: Vec<MemberKey> = (0..3).map(|_| MemberKey::generate(rng)).collect();
    let first = roster(&members, None);
    let (mut parties, mut commitments) = (Vec::new(), Vec::new());
    for key in &members {
        let (party, message) = Keygen::begin(&first, key, rng)?;
        parties.push(party);
        commitments.push(message);
    }
    let began = parties[0].clone();
    let mut sub_shares = Vec::new();
    for (party, key) in parties.iter_mut().zip(&members) {
        sub_shares.push(party.exchange(key, &commitments, rng)?);
    }
    let (mut shares, mut confirmations, mut record) = (Vec::new(), Vec::new(), None);
    for (party, key) in parties.iter().zip(&members) {
        let finished = party.finish(key, &sub_shares, rng)?;
        shares.push(finished.share);
        confirmations.push(finished.confirmation);
        record = Some(finished.record);
    }
    let record = record.expect("there are members");
    let certificate = Certificate::new(record, &confirmations)?;
    let keys = certificate.check()?;

    let mut body = sub_shares[0].body.clone();
    body.sealed[0].ciphertext.0[0] ^= 1;
    let false_sub_shares = Signed::new(&members[0], 1, body);
    let told = [false_sub_shares.clone(), sub_shares[2].clone()];
    let complaint = match parties[1].finish(&members[1], &told, rng) {
        Err(Error::FalseSubShares(mut complaints)) => complaints.remove(0),
        other => panic!("a false sub-share was taken: {other:?}"),
    };
    let next = roster(&members[1..], Some(&certificate));
    let dealing = reshare::deal(&certificate, &next, &members[0], &shares[0], rng)?;

    let purpose = Purpose {
        chain: keys.chain(),
        committee: keys.id(),
        warrant: Bytes32([8; 32]),
        transaction: Bytes32([9; 32]),
    };
    let secret = scalar(&Bytes32([1; 32])).expect("it is below the order");
    let ephemeral = Point::of_secret(&secret).expect("it is not zero");
    let shared = keys.key().multiplied(&secret).expect("it is not zero");
    let plain = [11u64.into(), 12u64.into()];
    let ciphertext = mask(Layer::Committee, &shared, &plain);
    let (x, y) = ephemeral.coordinates();
    let posted = shares[0].open(&keys, &ephemeral, &purpose, rng)?;
    let chain = keys.chain();
    let flow_key = FlowSecret::derive(&Bytes32([3; 32]), &chain, 5)
        .publish(&chain, 5, &Bytes32([4; 32]))
        .expect("the secret is not zero");
    Ok(Formed {
        request: Request {
            purpose,
            ephemeral: [x, y].map(|element| Bytes32(element.into())),
            ciphertext: [ciphertext[0], ciphertext[1]].map(|element| Bytes32(element.into())),
            place: None,
        },
        messages: Messages {
            commitments,
            sub_shares,
            false_sub_shares,
            complaint,
            dealing,
        },
        exchanged: parties.remove(0),
        began,
        members,
        certificate,
        keys,
        shares,
        next,
        purpose,
        ephemeral,
        posted,
        flow_key,
    })
}
