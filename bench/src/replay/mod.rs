//! Replays a file of transfers through a real node, by the file's own clock.
//!
//! 1. [`Data`] reads the file, or generates one: transfers in the order of time, and what is true about them.
//! 2. [`plan`] cuts them into steps of one moment each, and says what a unit of money is in PLUME.
//! 3. [`prepare`] sets a development chain up: money, credentials, price, policy, what sanctions lists say.
//! 4. [`Player`] moves the chain's clock to each step, sends its transfers signed, and has blocks sealed until they
//!    are all in. It notes what the chain said about each: denied by the pool, held or alerted by an event.
//! 5. [`Figures`] scores that.
//!
//! Nothing here looks at a label before the score.

mod customers;
mod data;
mod figures;
mod money;
mod notices;
pub mod plan;
mod play;
mod prepare;

pub use customers::{Book, Known};
pub use data::{Data, Source};
pub use figures::{Figures, Run};
pub use money::Scale;
pub use notices::Notice;
pub use plan::Step;
pub use play::{Played, Player};
pub use prepare::{Prepared, Setting, prepare};
