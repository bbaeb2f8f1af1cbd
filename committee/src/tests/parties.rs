//! Parties to test with.

use crate::{
    Bytes32, Certificate, Keys, MemberKey, MemberShare, Point, Purpose, Roster, RosterMember,
    Transcript,
    keygen::Keygen,
    messages::{Dealing, Signed},
    opening::Parties,
    reshare, scalar_bytes,
    stream::{Layer, mask},
    suite::random_scalar,
};
use plume_circuits::FieldBytes;
use rand_core::{CryptoRng, RngCore, impls};

/// Numbers from a seed: a test that fails fails again.
pub struct TestRng(u64, u64);

impl TestRng {
    pub fn new(seed: u64) -> Self {
        Self(seed, 0)
    }
}

impl RngCore for TestRng {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }
    fn next_u64(&mut self) -> u64 {
        self.1 += 1;
        let hash = Transcript::new("test")
            .with(&self.0.to_le_bytes())
            .with(&self.1.to_le_bytes())
            .hash();
        u64::from_le_bytes(hash.0[..8].try_into().unwrap())
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        impls::fill_bytes_via_next(self, dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for TestRng {}

pub const CHAIN: Bytes32 = Bytes32([7; 32]);

pub fn members(count: usize, rng: &mut TestRng) -> Vec<MemberKey> {
    (0..count).map(|_| MemberKey::generate(rng)).collect()
}

pub fn roster(
    threshold: u16,
    members: &[MemberKey],
    previous: Option<&Certificate>,
    rng: &mut TestRng,
) -> Roster {
    Roster {
        chain: CHAIN,
        label: "test".into(),
        epoch: previous.map_or(0, |old| old.record.committee.epoch + 1),
        previous: previous.map(|old| old.record.committee.id()),
        threshold,
        members: (1..)
            .zip(members)
            .map(|(member, key)| RosterMember {
                member,
                card: key.card(rng),
            })
            .collect(),
    }
}

/// A certified committee with all its secrets.
pub struct Formed {
    pub members: Vec<MemberKey>,
    pub certificate: Certificate,
    pub shares: Vec<MemberShare>,
}

impl Formed {
    pub fn keys(&self) -> Keys {
        self.certificate.check().unwrap()
    }
    /// The secret itself, which no honest party ever computes.
    pub fn secret_of(&self, places: &[usize]) -> ark_ed_on_bls12_381_bandersnatch::Fr {
        let numbers: Vec<u16> = places.iter().map(|at| self.shares[*at].member()).collect();
        let weights = crate::lagrange::weights(&numbers, 0).unwrap();
        places
            .iter()
            .zip(weights)
            .map(|(at, weight)| *self.shares[*at].secret() * weight)
            .sum()
    }
}

pub fn form(threshold: u16, count: usize, rng: &mut TestRng) -> Formed {
    let members = members(count, rng);
    let roster = roster(threshold, &members, None, rng);
    let (mut parties, commitments): (Vec<_>, Vec<_>) = members
        .iter()
        .map(|key| Keygen::begin(&roster, key, rng).unwrap())
        .unzip();
    let sub_shares: Vec<_> = parties
        .iter_mut()
        .zip(&members)
        .map(|(party, key)| party.exchange(key, &commitments, rng).unwrap())
        .collect();
    let (mut shares, mut confirmations, mut records) = (Vec::new(), Vec::new(), Vec::new());
    for (party, key) in parties.iter().zip(&members) {
        let finished = party.finish(key, &sub_shares, rng).unwrap();
        shares.push(finished.share);
        confirmations.push(finished.confirmation);
        records.push(finished.record);
    }
    assert!(records.windows(2).all(|pair| pair[0] == pair[1]));
    let certificate = Certificate::new(records.remove(0), &confirmations).unwrap();
    Formed {
        members,
        certificate,
        shares,
    }
}

/// Dealings of these members of the old committee.
pub fn dealings(
    old: &Formed,
    dealers: &[usize],
    roster: &Roster,
    rng: &mut TestRng,
) -> Vec<Signed<Dealing>> {
    dealers
        .iter()
        .map(|at| {
            let (key, share) = (&old.members[*at], &old.shares[*at]);
            reshare::deal(&old.certificate, roster, key, share, rng).unwrap()
        })
        .collect()
}

/// A handover in which all are honest.
pub fn hand_over(
    old: &Formed,
    dealers: &[usize],
    threshold: u16,
    members: Vec<MemberKey>,
    rng: &mut TestRng,
) -> Formed {
    let roster = roster(threshold, &members, Some(&old.certificate), rng);
    let dealings = dealings(old, dealers, &roster, rng);
    let (mut shares, mut confirmations, mut record) = (Vec::new(), Vec::new(), None);
    for key in &members {
        let done = reshare::finish(&old.certificate, &roster, key, &dealings, &[], rng).unwrap();
        shares.push(done.share);
        confirmations.push(done.confirmation);
        record = Some(done.record);
    }
    Formed {
        members,
        certificate: Certificate::new(record.unwrap(), &confirmations).unwrap(),
        shares,
    }
}

/// A transfer's second layer.
pub struct Transfer {
    pub ephemeral: Point,
    pub ciphertext: [FieldBytes; 2],
    pub parties: Parties,
}

pub fn transfer(key: &Point, rng: &mut TestRng) -> Transfer {
    let secret = random_scalar(rng);
    let parties = Parties {
        sender: rng.next_u64().into(),
        receiver: rng.next_u64().into(),
    };
    let shared = key.multiplied(&secret).unwrap();
    let plain = [parties.sender, parties.receiver];
    Transfer {
        ephemeral: Point::of_secret(&secret).unwrap(),
        ciphertext: mask(Layer::Committee, &shared, &plain).try_into().unwrap(),
        parties,
    }
}

pub fn purpose(keys: &Keys) -> Purpose {
    Purpose {
        chain: keys.chain(),
        committee: keys.id(),
        warrant: Bytes32([8; 32]),
        transaction: Bytes32([9; 32]),
    }
}

/// Bytes that differ in one bit.
pub fn flipped<const N: usize>(mut bytes: [u8; N], bit: usize) -> [u8; N] {
    bytes[bit / 8 % N] ^= 1 << (bit % 8);
    bytes
}

/// One more than a scalar.
pub fn successor(scalar: &ark_ed_on_bls12_381_bandersnatch::Fr) -> Bytes32 {
    scalar_bytes(&(*scalar + ark_ed_on_bls12_381_bandersnatch::Fr::from(1u64)))
}
