//! Measures a Plume network from outside: real nodes, real signed transactions, one monotonic clock.
//!
//! # What a figure means
//!
//! A transaction is *submitted* just before its request is written to a node's WebSocket. It is *in a
//! block* when the followed node announces, as its best block, the block that in the end is final. It
//! is *finalised* when the followed node announces that block or a later one as finalised. All three are
//! read from one [`Clock`] when the client's task gets the message, before any body is fetched.
//! Nothing is asked of the node for a single transaction: bodies are fetched once a block and matched
//! by the extrinsics' hashes.
//!
//! # Parts
//!
//! Pure, without a node: [`Clock`], [`Rng`], [`schedule`], [`Latencies`], [`Tracker`], [`blocks`],
//! [`plume_localnet::faults`]. Against a node: [`Target`] (starts or finds the network), [`Rig`] (all
//! that follows, made ready), [`Accounts`] (payers and payees, signing ahead), [`Follower`] (heads into the [`Tracker`]), [`Board`] (sends and
//! counts), [`lanes`] (many sends at once), [`CpuWatch`] (what it cost), [`Oracle`] (whether nodes
//! contradict each other), [`Recorder`] (what a light client is told), [`history`] (who sealed what).
//!
//! For screening: [`Operator`] (root and bank of a chain that is measured), [`enrol`](mod@enrol) (known subjects),
//! [`policies`], [`prices`], and [`replay`], which plays a file of transfers by the file's own clock.
//! For the pool: [`shielded`].
//!
//! # Rules
//!
//! 1. Everything is signed and encoded before the clock starts.
//! 2. What was accepted and did not become final is named, never left out of a figure in silence.
//! 3. Included is not paid: every measurement ends by comparing the payees' balances with the count.
//! 4. The client's own processor time and that of other programs are part of the result.

pub mod blocks;
pub mod calls;
pub mod enrol;
pub mod history;
pub mod lanes;
pub mod policies;
pub mod prices;
pub mod replay;
pub mod schedule;
pub mod shielded;

mod accounts;
mod bar;
mod board;
mod clock;
mod cpu;
mod follow;
mod latency;
mod operator;
mod oracle;
mod parcel;
mod progress;
mod record;
mod results;
mod rig;
mod rng;
mod rotation;
mod status;
mod target;
mod tracker;

pub use accounts::{Accounts, Paid, TRANSFER_PLANCK};
pub use bar::Bar;
pub use board::{Board, Counts};
pub use calls::Calls;
pub use clock::Clock;
pub use cpu::{CpuReport, CpuWatch, NodeCpu, own_seconds};
pub use enrol::{Customer, Profile, enrol};
pub use follow::{Follower, drive};
pub use latency::{Latencies, Percentiles};
pub use operator::Operator;
pub use oracle::Oracle;
pub use parcel::{Parcel, refusal_kind};
pub use progress::Progress;
pub use record::{Record, Recorder};
pub use results::{Environment, results_folder, write_json};
pub use rig::{Rig, RigOptions};
pub use rng::Rng;
pub use rotation::Authors;
pub use status::count_statuses;
pub use target::{Target, TargetOptions};
pub use tracker::{BlockMeta, FinalBlock, Tracker, Tx, TxId};
