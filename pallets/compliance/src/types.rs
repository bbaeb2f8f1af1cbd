//! What the pallet stores and hands out.

use crate::{
    Config,
    activity::{Activity, Party},
    peers::Tag,
    policy::{Policy, Scope, Severity, Side},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
    traits::ConstU32, weights::Weight,
};
pub use plume_primitives::regulation::CaseId;
use plume_primitives::{
    Balance, Seconds,
    compliance::{Asset, Flow, Reason, Ruling, Verdict},
};
use scale_info::TypeInfo;
use sp_core::H256;

/// Number of an amount on hold.
pub type HoldId = u32;
/// Number of a scope's policy; its first one is 1.
pub type Version = u32;
/// A flow between this chain's accounts.
pub type FlowOf<T> = Flow<<T as frame_system::Config>::AccountId>;
/// A party of this chain.
pub type PartyOf<T> = Party<<T as frame_system::Config>::AccountId>;

/// A policy that is in force, or was tried.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Versioned {
    /// Which of its scope's policies it is.
    pub version: Version,
    /// Since when it is stored.
    pub since: Seconds,
    /// The policy.
    pub policy: Policy,
}

/// A policy that only records what it would have done.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Trial {
    /// The policy.
    pub tried: Versioned,
    /// From this second on it records no more, and can be enacted.
    pub until: Seconds,
}

/// The policies of a scope.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PolicyState {
    /// The number that was given last.
    pub last_version: Version,
    /// The one in force.
    pub active: Option<Versioned>,
    /// The one that is tried.
    pub trial: Option<Trial>,
}

/// What a policy would have done to the flows of its trial.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Tally {
    /// Flows that it looked at.
    pub flows: u64,
    /// Of these, those it would have let go on with a case.
    pub alerts: u64,
    /// Those it would have held.
    pub holds: u64,
    /// Those it would have denied.
    pub denies: u64,
}

impl Tally {
    /// Counts one flow.
    pub fn count(&mut self, verdict: Verdict) {
        self.flows = self.flows.saturating_add(1);
        let one = match verdict {
            Verdict::Allow => return,
            Verdict::Alert => &mut self.alerts,
            Verdict::Hold => &mut self.holds,
            Verdict::Deny => &mut self.denies,
        };
        *one = one.saturating_add(1);
    }

    /// Adds up.
    pub fn add(&mut self, other: &Self) {
        self.flows = self.flows.saturating_add(other.flows);
        self.alerts = self.alerts.saturating_add(other.alerts);
        self.holds = self.holds.saturating_add(other.holds);
        self.denies = self.denies.saturating_add(other.denies);
    }
}

/// What a rule, or the engine itself, had to say about a flow.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Finding {
    /// Place of the flow in the case.
    pub flow: u32,
    /// The policy's scope and number; none when there is no rule behind it.
    pub policy: Option<(Scope, Version)>,
    /// Place of the rule in the policy; none when there is no rule behind it.
    pub rule: Option<u32>,
    /// Why.
    pub reason: Reason,
    /// Which side of the flow it is about.
    pub about: Side,
    /// How much it weighs.
    pub severity: Severity,
    /// What it asks for.
    pub verdict: Verdict,
}

/// How a case ends.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Closing {
    /// Nothing was wrong; what is on hold is released to its recipients.
    Dismiss,
    /// It is reported, and what is on hold returns to its senders.
    ReportAndReturn,
    /// It is reported, and what is on hold is released to its recipients, as authorities may ask for.
    ReportAndRelease,
}

/// Where a case stands.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Stage<AccountId> {
    /// Nobody looks at it.
    Open,
    /// An officer does.
    Investigating {
        /// Who.
        officer: AccountId,
    },
    /// An officer has proposed how to close it; another one has to agree.
    Proposed {
        /// Who.
        officer: AccountId,
        /// How.
        closing: Closing,
    },
    /// It is over.
    Closed {
        /// How.
        closing: Closing,
        /// Who proposed it.
        proposed_by: AccountId,
        /// Who agreed.
        confirmed_by: AccountId,
        /// When.
        at: Seconds,
    },
}

/// What the engine opens when it alerts or holds.
#[derive(
    CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Case<T: Config> {
    /// When.
    pub opened: Seconds,
    /// The party that the weightiest finding is about.
    pub about: PartyOf<T>,
    /// The weightiest verdict.
    pub verdict: Verdict,
    /// All flows of the transaction.
    pub flows: BoundedVec<FlowOf<T>, T::MaxFlows>,
    /// What rules had to say; the weightiest first where there are more than are kept.
    pub findings: BoundedVec<Finding, ConstU32<MAX_FINDINGS>>,
    /// What is still on hold for it.
    pub holds: BoundedVec<HoldId, T::MaxFlows>,
    /// Further transactions with alerts about the same party while it was open; events have their flows.
    pub repeats: u32,
    /// Pieces of evidence whose hashes were put on record.
    pub evidence: u32,
    /// Where it stands.
    pub stage: Stage<T::AccountId>,
}

/// The most findings in a case.
pub const MAX_FINDINGS: u32 = 64;

/// An amount on hold at its recipient's.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Held<AccountId> {
    /// The case that it waits for.
    pub case: CaseId,
    /// Who sent it.
    pub from: AccountId,
    /// Who has it, on hold.
    pub to: AccountId,
    /// What.
    pub asset: Asset,
    /// How much.
    pub amount: Balance,
    /// From this second on it returns to its sender.
    pub until: Seconds,
}

/// The numbers of what is on hold: [first, next). In this order it expires.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct HoldQueue {
    /// None before it waits for its time.
    pub first: HoldId,
    /// The next number to be given.
    pub next: HoldId,
}

/// Travel-rule data that waits for its transfer.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Envelope<AccountId> {
    /// The recipient of the transfer.
    pub to: AccountId,
    /// What will move.
    pub asset: Asset,
    /// The most that will move, in the asset's smallest unit.
    pub up_to: Balance,
    /// Hash of the encrypted IVMS101 envelope, which the two institutions exchange off-chain.
    pub hash: H256,
}

/// What a judgement has found out.
pub struct Judgement<T: Config> {
    pub(crate) now: Seconds,
    pub(crate) flows: Vec<FlowOf<T>>,
    /// The verdict on each flow.
    pub(crate) verdicts: Vec<Verdict>,
    /// Places of each flow's sender and recipient among the parties; none where it was not evaluated.
    pub(crate) sides: Vec<Option<(usize, usize)>>,
    pub(crate) ruling: Ruling,
    pub(crate) findings: Vec<Finding>,
    /// What is remembered of the parties afterwards.
    pub(crate) parties: Vec<PartyRecord<T>>,
    /// What trials would have done.
    pub(crate) trials: Vec<TrialRecord>,
    /// What trials would have said about single flows: place of the flow, and why.
    pub(crate) would_have: Vec<(u32, Scope, Version, Verdict, Vec<Reason>)>,
    /// Whose envelopes are used up by it.
    pub(crate) envelopes: Vec<(T::AccountId, Envelope<T::AccountId>)>,
    /// Flows that were evaluated, and rules evaluated for them.
    pub(crate) evaluated: (u32, u32),
    /// What the answers of those weighed who know accounts, prices and owners.
    pub(crate) asked: Weight,
}

/// A party in a judgement.
pub(crate) struct PartyRecord<T: Config> {
    pub party: PartyOf<T>,
    pub tag: Tag,
    pub activity: Activity,
    pub has_changed: bool,
}

/// A trial in a judgement.
pub(crate) struct TrialRecord {
    pub scope: Scope,
    pub version: Version,
    pub tally: Tally,
}

impl<T: Config> Judgement<T> {
    /// What was decided.
    pub fn ruling(&self) -> Ruling {
        self.ruling
    }

    /// What rules had to say.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The flows whose value is to be put on hold.
    pub(crate) fn held(&self) -> impl Iterator<Item = &FlowOf<T>> {
        self.flows
            .iter()
            .zip(&self.verdicts)
            .filter(|(_, verdict)| **verdict == Verdict::Hold)
            .map(|(flow, _)| flow)
    }

    /// Whom the weightiest finding is about.
    pub(crate) fn about(&self) -> Option<&PartyOf<T>> {
        let first = self.findings.first()?;
        let (from, to) = (*self.sides.get(first.flow as usize)?)?;
        let place = match first.about {
            Side::From => from,
            Side::To => to,
        };
        Some(&self.parties.get(place)?.party)
    }
}

/// A flow whose value is to be put on hold when it has arrived.
pub(crate) struct Pending<T: Config> {
    pub flow: FlowOf<T>,
    /// What the recipient had before.
    pub before: Balance,
}

/// What is to be done after the call.
#[derive(DefaultNoBound)]
pub(crate) struct Receipt<T: Config> {
    /// The case that was opened, or goes on.
    pub case: Option<CaseId>,
    pub pending: Vec<Pending<T>>,
    pub weight: Weight,
}

/// A judgement whose flows are about to happen.
pub struct Prepared<T: Config> {
    pub(crate) judgement: Judgement<T>,
    /// What the recipient of each flow that is to be held had before.
    pub(crate) before: Vec<Balance>,
}
