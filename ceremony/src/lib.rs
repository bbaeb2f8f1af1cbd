//! A ceremony that makes Groth16 keys nobody can forge proofs with, as long as one contributor forgot a number.
//!
//! A key of Groth16 (eprint 2016/260) comes from secrets τ, α, β, δ. Whoever knows them proves what is false. Here each
//! of many contributors multiplies them by a factor of its own and forgets it: all of them would have to keep and
//! join their factors. It is the ceremony of Bowe, Gabizon and Miers (eprint 2017/1050, "MMORPG"), as held for
//! Sapling, with its proofs of knowledge as analysed in eprint 2021/219.
//!
//! | phase | secrets | for | files |
//! |---|---|---|---|
//! | [`Phase1`] | τ, α, β | all circuits up to a size | `phase1-000.step`, … |
//! | [`Phase2`] | δ | one circuit | `<circuit>-000.step`, … |
//!
//! # Rules
//!
//! | rule | where |
//! |---|---|
//! | A phase begins with what anybody computes, goes on with contributions, and ends with a [`Beacon`] | [`transcript`] |
//! | Each step has the hash of the one before; the last hash stands for all | [`step`] |
//! | Each contributor proves that it knows its factors, for this step and no other | [`UpdateProof`] |
//! | Each step's state is wholly checked: encoding, curve, subgroup, no identity, ratios | [`phase1`], [`phase2`] |
//! | Nobody contributes to, or makes keys of, what it has not verified itself | the types: only `verify` makes a phase |
//! | A bad step is named, with who made it | [`Error::Step`] |
//! | Keys need a beacon at the end of both phases, and three contributors unless told otherwise | [`finalise`] |
//!
//! What no transcript can show: that contributors are different people on different machines, and that one of
//! them forgot. A run on one machine is a rehearsal. `docs/operators/ceremony.md` has the steps for people.
//!
//! # Example
//!
//! ```
//! use plume_ceremony::*;
//!
//! # fn main() -> Result<(), Error> {
//! # let temporary = tempfile::tempdir().unwrap();
//! # let path = temporary.path();
//! let folder = Folder::new(path);
//! let circuit = (registry::find("rehearsal-tiny").unwrap().circuit)()?;
//!
//! // Phase 1. Each contributor gets the folder, verifies it, and sends the file back that it adds.
//! Phase1::begin(&folder, 4)?;
//! for name in ["Alice", "Bob", "Carol"] {
//!     let mut phase1 = Phase1::verify(&folder, &())?;
//!     phase1.contribute(&folder, &name.parse()?, &Entropy::fresh(b"dice: 3 1 6 6 2")?, &())?;
//! }
//! // Announced before the last contribution: a block that nobody can know yet.
//! let beacon = Beacon::new("block 1,000,000 of a public chain", &[0x5a; 32], 10)?;
//! Phase1::verify(&folder, &())?.end(&folder, &beacon, &())?;
//!
//! // Phase 2, for a circuit.
//! let phase1 = Phase1::verify(&folder, &())?;
//! Phase2::begin(&folder, &circuit, &phase1, &())?;
//! for name in ["Alice", "Bob", "Carol"] {
//!     let mut phase2 = Phase2::verify(&folder, &circuit, &phase1, &())?;
//!     phase2.contribute(&folder, &circuit, &name.parse()?, &Entropy::fresh(b"")?, &())?;
//! }
//! let mut phase2 = Phase2::verify(&folder, &circuit, &phase1, &())?;
//! let mine = phase2.log().entries()[1].hash; // what Alice wrote down
//! phase2.end(&folder, &circuit, &beacon, &())?;
//!
//! // Anybody, later.
//! let phase2 = Phase2::verify(&folder, &circuit, &phase1, &())?;
//! assert!(phase2.log().contains(&mine));
//! let keys = finalise(&circuit, &phase1, &phase2, &Demands::default())?;
//! assert_eq!(keys.label.transcript, phase2.log().hash());
//! # Ok(())
//! # }
//! ```

mod beacon;
mod chain;
mod circuit;
mod error;
pub mod folder;
mod hash;
pub mod keys;
mod log;
mod names;
pub mod phase1;
pub mod phase2;
pub mod points;
mod progress;
mod proof;
pub mod ratio;
pub mod registry;
mod secret;
mod state;
pub mod step;
#[cfg(test)]
mod tests;
pub mod transcript;

pub use beacon::Beacon;
pub use chain::Added;
pub use circuit::Circuit;
pub use error::{Error, Fault, Refusal};
pub use folder::Folder;
pub use hash::{Digest, NotADigest};
pub use keys::{Demands, Keys, Label, finalise, read_proving_key, read_verifying_key};
pub use log::{Entry, Log};
pub use names::{CircuitName, Contributor};
pub use points::PointFault;
pub use progress::Progress;
pub use proof::UpdateProof;
pub use secret::{Entropy, Factor};
pub use step::{Kind, StepId, Subject};
pub use transcript::{Phase1, Phase2};
