//! The proof that a contributor knows its factor, and multiplied by it.
//!
//! Section 3.1 of Bowe, Gabizon and Miers (eprint 2017/1050), as analysed by Kohlweiss, Maller, Siim and Volkhov
//! (eprint 2021/219, figure 4): with factor x, context c and y = H(c, name, x·G1) in G2, the proof is (x·G1, x·y).
//! Nobody knows y's logarithm, so whoever can say x·y knows x. The context has the hash of the step before,
//! so that no proof is worth anything elsewhere.

use ark_bls12_381::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};

use crate::error::{Error, Fault};
use crate::hash::{Digest, to_g2};
use crate::points::{G1_BYTES, G2_BYTES, Identity, decode, encode};
use crate::ratio::same_ratio;
use crate::secret::Factor;

/// Knowledge of a factor x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateProof {
    /// x · G1.
    pub factor: G1Affine,
    /// x · y.
    pub answer: G2Affine,
}

impl UpdateProof {
    pub(crate) const BYTES: usize = G1_BYTES + G2_BYTES;

    pub(crate) fn new(factor: Factor, secret: &Fr, context: &Digest) -> Self {
        let point = (G1Affine::generator() * secret).into_affine();
        let answer = (challenge(factor, &point, context) * secret).into_affine();
        Self {
            factor: point,
            answer,
        }
    }

    /// Whether its maker knew the factor, and `after` is the factor times `before`.
    pub(crate) fn verify(
        &self,
        factor: Factor,
        context: &Digest,
        before: &G1Affine,
        after: &G1Affine,
    ) -> Result<(), Fault> {
        let y = challenge(factor, &self.factor, context);
        if !same_ratio((G1Affine::generator(), self.factor), (y, self.answer)) {
            return Err(Fault::NoKnowledge(factor));
        }
        if !same_ratio((*before, *after), (y, self.answer)) {
            return Err(Fault::WrongRatio(factor));
        }
        Ok(())
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        encode(&[self.factor], out);
        encode(&[self.answer], out);
    }

    /// From exactly [`Self::BYTES`] bytes.
    pub(crate) fn read(factor: Factor, bytes: &[u8]) -> Result<Self, Error> {
        let fault = |(_, fault)| Fault::Proof(factor, fault);
        let (point, answer) = bytes.split_at_checked(G1_BYTES).ok_or(Fault::Truncated)?;
        let point = decode(point, Identity::Refused).map_err(fault)?;
        let answer = decode(answer, Identity::Refused).map_err(fault)?;
        match (&point[..], &answer[..]) {
            (&[factor], &[answer]) => Ok(Self { factor, answer }),
            _ => Err(Fault::Truncated.into()),
        }
    }
}

fn challenge(factor: Factor, point: &G1Affine, context: &Digest) -> G2Affine {
    let mut message = Vec::with_capacity(32 + 8 + G1_BYTES);
    message.extend_from_slice(&context.0);
    message.push(factor.name().len() as u8);
    message.extend_from_slice(factor.name().as_bytes());
    encode(&[*point], &mut message);
    to_g2(&message)
}
