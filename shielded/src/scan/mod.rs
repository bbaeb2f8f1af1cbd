//! Finding one's own among all outputs of the chain.
//!
//! Whoever scans multiplies the ephemeral point of each output by the incoming viewing key and compares the view
//! tag; only one output in 256 of other people's passes, and is tried in full. The multiplications run in
//! lockstep (module `lockstep`). A whole ciphertext is not needed before that: 65 bytes of each output are, a
//! [`Clue`].
//!
//! The second output of a transfer is its sender's own, so that a wallet which follows its nullifiers needs no
//! multiplication for it: [`AccountScanner`] takes one for every two outputs.
//!
//! # Measured
//!
//! `examples/scan.rs` on 30 November 2026, one of 2 cores of a Xeon (Sapphire Rapids, 2.1 GHz) that fifteen to twenty other
//! processes were using, time on the processor, one payment in a thousand the account's own. Rates are higher where less is
//! going on:
//!
//! | | µs an output | outputs a second and core |
//! |---|---|---|
//! | every output multiplied by arkworks | 119 | 8,400 |
//! | every output, in lockstep ([`Detector`]) | 41 | 24,400 |
//! | an account that is followed ([`AccountScanner`]) | 22.4 | 44,600 |
//!
//! # Points that somebody made up
//!
//! Points are not checked to be in the prime subgroup at this stage, which would cost more than the multiplication.
//! Nothing can be learnt from that: nobody but the scanner sees what passes, and [`open`] refuses such
//! a point.

mod account;

pub use account::{AccountScanner, ChainTransfer, Happened, PlacedNote};

use crate::{
    DetectionKey, IncomingViewingKey, NoteCiphertext, OpenError, OpenedNote,
    curve::coordinates,
    encryption::{open, view_tag},
    lockstep::Multiplier,
};
use ark_ed_on_bls12_381_bandersnatch::Fq;
use ark_ff::AdditiveGroup;
use plume_circuits::FieldBytes;

/// What a scanner needs of an output before it knows whether the rest is worth having.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clue {
    /// Ephemeral point: x, then y.
    pub epk: [u8; 64],
    /// View tag.
    pub tag: u8,
}

impl From<&NoteCiphertext> for Clue {
    fn from(ciphertext: &NoteCiphertext) -> Self {
        Self {
            epk: ciphertext.epk,
            tag: ciphertext.tag,
        }
    }
}

/// Finds candidates: all outputs of one account, and one in 256 of all others.
pub struct Detector {
    multiplier: Multiplier,
}

impl Detector {
    /// Makes a key ready.
    pub fn new(key: &DetectionKey) -> Self {
        Self {
            multiplier: Multiplier::new(key),
        }
    }

    /// Numbers of the candidates among these, in order. A thousand or more at once are fastest.
    pub fn candidates(&self, clues: &[Clue]) -> Vec<usize> {
        let points = clues.iter().map(|clue| coordinates(&clue.epk));
        let mut points: Vec<_> = points
            .map(|point| point.unwrap_or((Fq::ZERO, Fq::ZERO)))
            .collect();
        self.multiplier.multiply(&mut points);
        let found = clues.iter().zip(points).enumerate();
        found
            .filter(|(_, (clue, (x, y)))| {
                let mut shared = [0; 64];
                let (to_x, to_y) = shared.split_at_mut(32);
                to_x.copy_from_slice(FieldBytes::from(*x).as_bytes());
                to_y.copy_from_slice(FieldBytes::from(*y).as_bytes());
                view_tag(&shared, &clue.epk) == clue.tag
            })
            .map(|(number, _)| number)
            .collect()
    }
}

/// An output as the chain has it.
#[derive(Clone, Copy, Debug)]
pub struct ChainOutput<'a> {
    /// Its commitment: the leaf in the tree of notes.
    pub cm: FieldBytes,
    /// Its ciphertext.
    pub ciphertext: &'a NoteCiphertext,
}

/// Finds and opens what came in.
pub struct Scanner<'a> {
    key: &'a IncomingViewingKey,
    detector: Detector,
}

impl<'a> Scanner<'a> {
    /// Makes a key ready.
    pub fn new(key: &'a IncomingViewingKey) -> Self {
        Self {
            key,
            detector: Detector::new(&key.detection()),
        }
    }

    /// The candidates among these outputs' clues.
    pub fn candidates(&self, clues: &[Clue]) -> Vec<usize> {
        self.detector.candidates(clues)
    }

    /// Opens a candidate.
    pub fn open(&self, output: &ChainOutput<'_>) -> Result<OpenedNote, OpenError> {
        open(self.key, &output.cm, output.ciphertext)
    }

    /// Those outputs that are the account's, each with its number among these.
    pub fn scan(&self, outputs: &[ChainOutput<'_>]) -> Vec<(usize, OpenedNote)> {
        let clues: Vec<_> = outputs
            .iter()
            .map(|output| Clue::from(output.ciphertext))
            .collect();
        self.candidates(&clues)
            .into_iter()
            .filter_map(|number| Some((number, self.open(outputs.get(number)?).ok()?)))
            .collect()
    }
}
