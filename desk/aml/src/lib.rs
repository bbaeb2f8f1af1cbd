//! Reads, makes and scores payment files with laundering in them.
//!
//! Nothing here knows the chain. A replay reads a file into [`Transaction`]s, sends them through a node,
//! collects what the rules said as [`score::Alert`]s, and asks [`score::score`] how good that was.
//!
//! - [`read`]: streaming readers for IBM's AMLSim files, for CSV in the style of AMLworld, and for the pattern
//!   files that come with the latter. They hold one line at a time, and every error names line and column.
//! - [`generate`]: a seeded generator of ordinary payments with eight laundering patterns and structuring mixed
//!   in, one laundering transfer to a thousand ordinary ones.
//! - [`write`](mod@write): the same formats, and the labels as JSON.
//! - [`credentials`](mod@credentials): what banks know of the customers behind the accounts.
//! - [`score`]: precision, recall and delay by pattern, accounts found, ordinary transfers touched, and the curve
//!   of recall against the alert rate.
//!
//! All of this data is synthetic, the published files too. A good figure here says that a rule recognises the
//! shapes that its author thought of, and nothing about real launderers.
//!
//! ```
//! use plume_aml::{generate, read::AmlWorld, write};
//!
//! let made = generate::generate(&generate::Config::for_transfers(7, 5_000))?;
//! let mut file = Vec::new();
//! write::amlworld(&mut file, &made.transactions)?;
//!
//! let back: Result<Vec<_>, _> = AmlWorld::new(file.as_slice()).collect();
//! assert_eq!(back?, made.transactions);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod credentials;
pub mod generate;
pub mod read;
pub mod score;
pub mod write;

mod amount;
mod clock;
mod intern;
mod transaction;

pub use amount::{Amount, AmountError};
pub use clock::{format_minute, parse_time};
pub use transaction::{Account, AccountKind, Attempt, Labels, Pattern, Transaction};
