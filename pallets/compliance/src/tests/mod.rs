//! The pallet on a chain: judging, holding, deciding, trying, and what it costs.

mod cases;
mod costs;
mod flows;
mod holds;
mod machine;
mod policies;
mod windows;
