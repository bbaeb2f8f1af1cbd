//! What goes wrong between members, and who did it.

use crate::{
    CommitteeError,
    messages::{Complaint, Signed},
};

/// What a member did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nobody of this number is on the roster.
    #[error("is not on the roster")]
    NotOnRoster,
    /// Somebody who has not the member's key wrote it, or changed it.
    #[error(
        "has a message whose signature does not hold: ask the member for it again, over another channel"
    )]
    Signature,
    /// The message is of another ceremony.
    #[error("sent a message of another ceremony")]
    OtherCeremony,
    /// Two signed messages of the same step differ.
    #[error("signed two different messages of one step")]
    Twice,
    /// The commitments are no points, or not as many as the threshold.
    #[error("sent commitments that are malformed, or not as many as the threshold")]
    Commitments,
    /// It does not know the secret that it commits to: a rogue key.
    #[error("did not prove that it knows the secret it commits to")]
    Knowledge,
    /// In resharing: it commits to something else than its share.
    #[error("commits to something else than its share of the key")]
    OtherSecret,
    /// It worked with other commitments than we did: somebody showed different ones to different members.
    #[error(
        "saw other commitments than you did: compare round one's files, two signed ones of one member convict it"
    )]
    OtherView,
    /// It sent no sub-share to somebody, or one under an ephemeral point whose secret it does not know.
    #[error("left out a sub-share, or sealed it under a point that is not its own")]
    NoSubShare,
    /// It sent a sub-share that does not fit its commitments.
    #[error("sent a false sub-share")]
    SubShare,
    /// It complained about a member that did nothing wrong.
    #[error("complained without ground")]
    Complaint,
    /// It confirmed another committee than this one.
    #[error("confirms another committee: compare your files")]
    OtherCommittee,
    /// It did not prove that it has its share.
    #[error("did not prove that it has its share")]
    Possession,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not what it should be.
    #[error("{0}")]
    Document(String),
    /// The roster is not one that a ceremony can be held with.
    #[error("the roster: {0}")]
    Roster(&'static str),
    /// The committee's public description does not hold.
    #[error("the committee: {0}")]
    Committee(#[from] CommitteeError),
    /// The key belongs to nobody on the roster.
    #[error("this key is no member's on the roster")]
    NotAMember,
    /// The share is not that of this member in this committee.
    #[error("this share is not the member's share in this committee")]
    OtherShare,
    /// Messages are missing.
    #[error("no message of {}", members(.0))]
    Missing(Vec<u16>),
    /// Members that did something wrong.
    #[error("{}", faults(.0))]
    Faults(Vec<(u16, Fault)>),
    /// Members that sent a false sub-share, with the proof of it for everybody else.
    #[error("a false sub-share from {}", members(&accused(.0)))]
    FalseSubShares(Vec<Signed<Complaint>>),
    /// Too few dealers of a resharing are left.
    #[error("{have} good dealings, and it takes {need}{}", after(.faults))]
    TooFewDealers {
        /// Good ones.
        have: usize,
        /// The old threshold.
        need: u16,
        /// Who was left out, and why.
        faults: Vec<(u16, Fault)>,
    },
    /// The step was taken before, with other messages.
    #[error("this step was taken before, with other messages")]
    TakenBefore,
    /// The step before is missing.
    #[error("the step before was not taken")]
    TooEarly,
    /// What cannot happen with good inputs.
    #[error("the key generation failed: {0}")]
    KeyGeneration(String),
}

impl Error {
    /// The members that this error names, ascending.
    pub fn culprits(&self) -> Vec<u16> {
        let mut named: Vec<u16> = match self {
            Self::Faults(faults) | Self::TooFewDealers { faults, .. } => {
                faults.iter().map(|(member, _)| *member).collect()
            }
            Self::FalseSubShares(complaints) => accused(complaints),
            _ => Vec::new(),
        };
        named.sort_unstable();
        named.dedup();
        named
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Document(_) => {
                "Ask its sender for the file again, and compare the version of the program"
            }
            Self::Roster(_) => "Correct the roster; every member works from the same file",
            Self::Committee(_) => {
                "Take the committee's file from the chain or from several members"
            }
            Self::NotAMember => "Name your own key, and the roster that has your card",
            Self::OtherShare => "Name the share and the committee of the same epoch",
            Self::Missing(_) => "Wait for the others' files and give all of them",
            Self::Faults(_) => {
                "Agree on the fault with the others. Begin again without who did it; a fault of transport needs only the right file"
            }
            Self::FalseSubShares(_) => {
                "Send the complaint to all members: it convicts the sender, and reveals nothing but this sub-share"
            }
            Self::TooFewDealers { .. } => "Ask more members of the old committee to deal",
            Self::TakenBefore => "Use the messages of the first time, or begin a new ceremony",
            Self::TooEarly => "Take the steps in order",
            Self::KeyGeneration(_) => "Begin a new ceremony, and keep the files for the developers",
        }
    }
}

fn accused(complaints: &[Signed<Complaint>]) -> Vec<u16> {
    complaints
        .iter()
        .map(|complaint| complaint.body.against)
        .collect()
}

fn members(numbers: &[u16]) -> String {
    let word = if numbers.len() == 1 {
        "member"
    } else {
        "members"
    };
    let list: Vec<String> = numbers.iter().map(u16::to_string).collect();
    format!("{word} {}", list.join(", "))
}

fn faults(faults: &[(u16, Fault)]) -> String {
    let list: Vec<String> = faults
        .iter()
        .map(|(member, fault)| format!("member {member} {fault}"))
        .collect();
    list.join("; ")
}

fn after(list: &[(u16, Fault)]) -> String {
    if list.is_empty() {
        String::new()
    } else {
        format!(" ({})", faults(list))
    }
}
