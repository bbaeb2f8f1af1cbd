//! The steps over files: what a command line calls.
//!
//! A file is a [`Document`]: JSON with its format's name and version, and its content. Each function takes what the files of a
//! step hold and gives what the files to write hold, so that a command has nothing to decide.

mod document;
mod keys;
mod open;
mod steps;

pub use document::{Document, MAX_DOCUMENT_BYTES, from_json, to_json};
pub use keys::{
    Auditor, FlowSeed, check_flow_key, flow_key, flow_secret, flow_seed, new_member, read_flow,
};
pub use open::{Opened, Place, Request, open, share};
pub use steps::{
    Began, Completed, Judged, begin, begun, certify, deal, exchange, finish, judge_dealing,
    judge_sub_shares, receive, roster,
};
