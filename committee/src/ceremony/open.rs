//! Opening a transfer over files.

use crate::{
    Bytes32, Certificate, DecryptionShare, Error, MemberShare, OpenError, Point, Purpose,
    ShareError, ShareFile, Transcript, combine, opening, verify_shares,
};
use codec::Encode;
use plume_circuits::FieldBytes;
use rand_core::OsRng;
use serde::{Deserialize, Serialize};

/// What is to be opened, for which warrant. The chain's numbers; members compare them with the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Chain, committee, warrant, transaction.
    pub purpose: Purpose,
    /// x and y of the transfer's ephemeral point: field elements, little endian.
    pub ephemeral: [Bytes32; 2],
    /// The transfer's second layer: two field elements, little endian.
    pub ciphertext: [Bytes32; 2],
    /// Where members find all of it; none in a rehearsal, where nothing is on a chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// Where the chain has a warrant and a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The warrant's number.
    pub warrant: u32,
    /// Hash of the block that has the transaction.
    pub block: Bytes32,
    /// The place of the transfer's first note in the tree of notes, by which it is known among those of a transaction.
    pub first: u64,
}

fn element(bytes: &Bytes32) -> Result<FieldBytes, Error> {
    FieldBytes::from_canonical(bytes.0)
        .map_err(|error| Error::Document(format!("{bytes}: {error}")))
}

impl Request {
    /// What the supervisor records on the chain before anybody opens anything, and members look for: a hash of purpose,
    /// ephemeral point and ciphertext.
    pub fn id(&self) -> Bytes32 {
        let points = self.ephemeral.iter().chain(&self.ciphertext);
        let begun = Transcript::new("plume/committee/request/1").with(&self.purpose.encode());
        points
            .fold(begun, |transcript, element| transcript.with(&element.0))
            .hash()
    }

    fn ephemeral(&self) -> Result<Point, Error> {
        let [x, y] = &self.ephemeral;
        Point::from_coordinates(&element(x)?, &element(y)?)
            .map_err(|error| Error::Document(format!("the ephemeral point: {error}")))
    }
}

/// A member's share of an opening, to be posted.
pub fn share(
    committee: &Certificate,
    share: &ShareFile,
    request: &Request,
) -> Result<DecryptionShare, Error> {
    let keys = committee.check()?;
    MemberShare::from_file(share)?.open(&keys, &request.ephemeral()?, &request.purpose, &mut OsRng)
}

/// What came of combining shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whose shares were good.
    pub good: Vec<u16>,
    /// Under whose number a share was refused, and why.
    pub refused: Vec<(u16, ShareError)>,
    /// Sender and receiver, or why they are not known.
    pub parties: Result<opening::Parties, OpenError>,
}

/// Verifies shares and combines the good ones. Anybody can.
pub fn open(
    committee: &Certificate,
    request: &Request,
    shares: &[DecryptionShare],
) -> Result<Opened, Error> {
    let keys = committee.check()?;
    let ephemeral = request.ephemeral()?;
    let [first, second] = &request.ciphertext;
    let ciphertext = [element(first)?, element(second)?];
    let verified = verify_shares(&keys, shares, &ephemeral, &request.purpose);
    let parties = combine(&keys, &verified.good, &ephemeral, &request.purpose)
        .map(|shared| opening::read(&shared, &ciphertext));
    Ok(Opened {
        good: verified.good.iter().map(|share| share.member()).collect(),
        refused: verified.refused,
        parties,
    })
}
