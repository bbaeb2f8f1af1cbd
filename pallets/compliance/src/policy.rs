//! Policies: what a flow of an asset has to pass.

use crate::{
    activity::LEAST_SLEEP_SECONDS,
    peers::PEERS,
    window::{Span, Window},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use plume_primitives::{
    AssetId, Seconds,
    compliance::{
        Asset, FlowKind, Jurisdiction, RefValue, Risk, Scrutiny, Standing, SubjectKind, Tier,
        Verdict,
    },
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

/// The most rules of a policy.
pub const MAX_RULES: u32 = 50;
/// The most that a counterparty can be asked to be worth: more than this is not remembered of one.
pub const MAX_COUNTERPARTY_FROM: RefValue = u32::MAX as RefValue;

/// What a policy is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum Scope {
    /// PLUME.
    Native,
    /// All other assets that have no policy of their own.
    Assets,
    /// One asset.
    Asset(AssetId),
}

impl Scope {
    /// Where to look for an asset's policy: first its own, then that of its class.
    pub const fn of(asset: Asset) -> (Self, Option<Self>) {
        match asset {
            Asset::Native => (Self::Native, None),
            Asset::Other(id) => (Self::Asset(id), Some(Self::Assets)),
        }
    }
}

/// Which party of a flow a rule looks at.
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
    Serialize,
    Deserialize,
)]
pub enum Side {
    /// The sender.
    From,
    /// The recipient.
    To,
}

impl Side {
    /// The side of a flow that is the shielded pool. Behind it is whoever is in it, so that nothing can be said of its
    /// behaviour, and nothing is remembered of it.
    pub const fn pooled(kind: FlowKind) -> Option<Self> {
        match kind {
            FlowKind::Shield => Some(Self::To),
            FlowKind::Unshield => Some(Self::From),
            _ => None,
        }
    }
}

/// Where value comes from and where it goes. `None` is anywhere, also nowhere known.
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
    Serialize,
    Deserialize,
)]
pub struct Corridor {
    /// The sender's jurisdiction.
    pub from: Option<Jurisdiction>,
    /// The recipient's jurisdiction.
    pub to: Option<Jurisdiction>,
}

impl Corridor {
    /// Whether a flow between the two takes it. Who belongs to several jurisdictions belongs to each.
    pub fn is_taken(&self, from: Option<&Standing>, to: Option<&Standing>) -> bool {
        let belongs = |wanted: &Option<Jurisdiction>, standing: Option<&Standing>| match wanted {
            None => true,
            Some(wanted) => standing.is_some_and(|known| known.jurisdictions.contains(wanted)),
        };
        belongs(&self.from, from) && belongs(&self.to, to)
    }

    fn is_well_formed(&self) -> bool {
        [self.from, self.to]
            .into_iter()
            .flatten()
            .all(Jurisdiction::is_well_formed)
    }
}

/// One check. Amounts are in the reference currency, times in seconds. A rule speaks when what it names is
/// the case; "from x on" includes x.
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
    Serialize,
    Deserialize,
)]
#[allow(missing_docs)] // what a variant says of its fields is said once, above it
pub enum Rule {
    /// A sanctions list names one of the parties.
    Sanctions,
    /// From `at_least` on a party has no credential, or one that is expired, suspended or below `tier`.
    Credential {
        side: Side,
        tier: Tier,
        at_least: RefValue,
    },
    /// From `at_least` on a party's risk is rated `risk` or higher.
    RiskRating {
        side: Side,
        risk: Risk,
        at_least: RefValue,
    },
    /// From `at_least` on a party is politically exposed.
    PoliticallyExposed { side: Side, at_least: RefValue },
    /// Value takes a corridor that is closed.
    ClosedCorridor(Corridor),
    /// One transaction is worth more than the limit of the sender's tier; the limits are those of the tiers
    /// zero to three, and zero's is that of whoever is not known.
    TierLimit { limits: [RefValue; 4] },
    /// With this flow a party has more than `at_most` within the span.
    VelocityCount {
        side: Side,
        span: Span,
        at_most: u16,
    },
    /// With this flow a party has moved more than `at_most` within the span.
    VelocitySum {
        side: Side,
        span: Span,
        at_most: RefValue,
    },
    /// This flow is just under the reporting threshold, and with it a party has `count` such within the span.
    Structuring { side: Side, span: Span, count: u16 },
    /// With this flow the recipient has received from `distinct` senders that are more than dust within the
    /// span, and at least `at_least` in all.
    FanIn {
        span: Span,
        distinct: u8,
        at_least: RefValue,
    },
    /// With this flow the sender has sent to `distinct` recipients that are more than dust within the span, and
    /// at least `at_least` in all.
    FanOut {
        span: Span,
        distinct: u8,
        at_least: RefValue,
    },
    /// The sender has received from `gather` senders and sends to `scatter` recipients, none of them dust, both
    /// within the span.
    GatherScatter {
        span: Span,
        gather: u8,
        scatter: u8,
        at_least: RefValue,
    },
    /// With this flow the sender has sent `share` of what it received within the span, which was at least
    /// `at_least`.
    PassThrough {
        span: Span,
        share: Perbill,
        at_least: RefValue,
    },
    /// The sender had not sent anything for `slept` when it awoke less than a day ago, and has since sent
    /// `at_least`.
    Dormant { slept: Seconds, at_least: RefValue },
    /// The sender was first seen less than `age` ago, and sends `at_least` for the first time.
    Young { age: Seconds, at_least: RefValue },
    /// The flow carries `at_least` that came from flagged subjects.
    Exposure { at_least: RefValue },
    /// From `at_least` on no travel-rule data is attached.
    TravelRule { at_least: RefValue },
    /// Nobody transfers the asset before `until`.
    LockUp { until: Seconds },
    /// With this flow the asset would have more than `at_most` holders.
    MaxHolders { at_most: u32 },
    /// With this flow the recipient would own more than `at_most` of the asset.
    OwnershipShare { at_most: Perbill },
}

impl Rule {
    /// The party that it is about.
    pub const fn about(&self) -> Side {
        match self {
            Self::Credential { side, .. }
            | Self::RiskRating { side, .. }
            | Self::PoliticallyExposed { side, .. }
            | Self::VelocityCount { side, .. }
            | Self::VelocitySum { side, .. }
            | Self::Structuring { side, .. } => *side,
            Self::FanIn { .. } | Self::MaxHolders { .. } | Self::OwnershipShare { .. } => Side::To,
            Self::Sanctions
            | Self::ClosedCorridor(_)
            | Self::TierLimit { .. }
            | Self::FanOut { .. }
            | Self::GatherScatter { .. }
            | Self::PassThrough { .. }
            | Self::Dormant { .. }
            | Self::Young { .. }
            | Self::Exposure { .. }
            | Self::TravelRule { .. }
            | Self::LockUp { .. } => Side::From,
        }
    }

    /// Whether it looks at flows of such a kind.
    pub const fn applies_to(&self, kind: FlowKind) -> bool {
        match kind.scrutiny() {
            Scrutiny::Exempt => false,
            Scrutiny::Full => match self {
                // Before the end of a lock-up a security is issued all the same, and can be taken back.
                Self::LockUp { .. } => !matches!(kind, FlowKind::Issue | FlowKind::Redeem),
                Self::MaxHolders { .. } | Self::OwnershipShare { .. } => {
                    !matches!(kind, FlowKind::Redeem)
                }
                // They look at both sides, and the pool is a party in good standing.
                Self::Sanctions | Self::ClosedCorridor(_) => true,
                // Who pays whom is in the proofs of the pool.
                Self::TravelRule { .. } => Side::pooled(kind).is_none(),
                _ => !matches!(
                    (Side::pooled(kind), self.about()),
                    (Some(Side::From), Side::From) | (Some(Side::To), Side::To)
                ),
            },
            Scrutiny::Parties => matches!(
                self,
                Self::Sanctions
                    | Self::Credential { .. }
                    | Self::RiskRating { .. }
                    | Self::PoliticallyExposed { .. }
                    | Self::ClosedCorridor(_)
            ),
        }
    }

    /// Whether it looks at flows between two accounts of one party, which change no owner.
    pub const fn applies_within_a_party(&self) -> bool {
        matches!(
            self,
            Self::Sanctions | Self::LockUp { .. } | Self::Credential { .. }
        )
    }

    /// Whether its parameters make sense and stay within what is remembered.
    pub const fn is_valid(&self) -> bool {
        match self {
            Self::Sanctions
            | Self::Credential { .. }
            | Self::RiskRating { .. }
            | Self::PoliticallyExposed { .. }
            | Self::TravelRule { .. }
            | Self::LockUp { .. } => true,
            Self::ClosedCorridor(corridor) => corridor.from.is_some() || corridor.to.is_some(),
            Self::TierLimit { limits } => {
                let [zero, one, two, three] = *limits;
                zero <= one && one <= two && two <= three
            }
            // A saturated count has to be above the limit.
            Self::VelocityCount { span, at_most, .. } => span.is_valid() && *at_most < u16::MAX,
            Self::VelocitySum { span, at_most, .. } => span.is_valid() && *at_most < RefValue::MAX,
            Self::Structuring { span, count, .. } => span.is_valid() && *count >= 2,
            Self::FanIn { span, distinct, .. } | Self::FanOut { span, distinct, .. } => {
                span.is_valid() && *distinct >= 2 && *distinct <= PEERS
            }
            Self::GatherScatter {
                span,
                gather,
                scatter,
                ..
            } => {
                span.is_valid()
                    && *gather >= 2
                    && *gather <= PEERS
                    && *scatter >= 2
                    && *scatter <= PEERS
            }
            Self::PassThrough {
                span,
                share,
                at_least,
            } => {
                span.is_valid()
                    && matches!(span.window, Window::Hour)
                    && share.deconstruct() > 0
                    && *at_least > 0
            }
            Self::Dormant { slept, at_least } => *slept >= LEAST_SLEEP_SECONDS && *at_least > 0,
            Self::Young { age, at_least } => *age > 0 && *at_least > 0,
            Self::Exposure { at_least } => *at_least > 0,
            Self::MaxHolders { at_most } => *at_most > 0,
            Self::OwnershipShare { at_most } => at_most.deconstruct() > 0,
        }
    }
}

/// How much a finding of a rule weighs for those who read cases.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum Severity {
    /// Look at it when there is time.
    Low,
    /// Look at it soon.
    Medium,
    /// Look at it first.
    High,
}

/// Whom a rule looks at: a set of kinds of subjects.
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
    Serialize,
    Deserialize,
)]
pub struct Kinds {
    /// Natural persons, and whoever is not known.
    pub persons: bool,
    /// Legal persons.
    pub firms: bool,
    /// Those that keep others' money.
    pub banks: bool,
}

impl Kinds {
    /// Everybody.
    pub const ALL: Self = Self {
        persons: true,
        firms: true,
        banks: true,
    };

    fn include(self, standing: Option<&Standing>) -> bool {
        match standing.map(|known| known.kind) {
            None | Some(SubjectKind::Person) => self.persons,
            Some(SubjectKind::Firm) => self.firms,
            Some(SubjectKind::Bank) => self.banks,
        }
    }
}

/// A rule in a policy.
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
    Serialize,
    Deserialize,
)]
pub struct Entry {
    /// What is checked.
    pub rule: Rule,
    /// How much a finding weighs.
    pub severity: Severity,
    /// What becomes of a flow that the rule speaks about; not Allow.
    pub verdict: Verdict,
    /// Only flows that take this corridor are looked at.
    pub corridor: Corridor,
    /// Only these are looked at, on the side that the rule is about.
    pub kinds: Kinds,
    /// Whether it speaks only of the flow with which a fan is complete, and not of each further one too. With an
    /// alert a case is open then, and whoever has to do with many all day should not be reported all day. Only
    /// for alerts about fans.
    pub once: bool,
}

impl Entry {
    /// A rule for everybody, everywhere, that speaks whenever what it names is the case.
    pub const fn new(rule: Rule, severity: Severity, verdict: Verdict) -> Self {
        Self {
            rule,
            severity,
            verdict,
            corridor: Corridor {
                from: None,
                to: None,
            },
            kinds: Kinds::ALL,
            once: false,
        }
    }

    /// The same for these kinds only.
    pub const fn about(self, kinds: Kinds) -> Self {
        Self { kinds, ..self }
    }

    /// The same, but it speaks only of the flow with which a fan is complete.
    pub const fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Whether a flow between the two is one that it looks at.
    pub fn looks_at(&self, from: Option<&Standing>, to: Option<&Standing>) -> bool {
        let about = match self.rule.about() {
            Side::From => from,
            Side::To => to,
        };
        self.kinds.include(about) && self.corridor.is_taken(from, to)
    }
}

/// The rules for the flows of an asset.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Policy {
    /// The rules, in no order that matters: all are evaluated.
    pub rules: BoundedVec<Entry, ConstU32<MAX_RULES>>,
    /// What authorities want to hear of; structuring avoids it.
    pub reporting_threshold: RefValue,
    /// From this part of the threshold on a flow is just under it.
    pub just_under: Perbill,
    /// With whom less than this is moved, in one flow or in parts with less than a day between them, is dust and
    /// no counterparty to the rules about fans: ordinary customers and friends. At most
    /// [`MAX_COUNTERPARTY_FROM`]. A policy that is tried counts what the one in force remembers.
    pub counterparty_from: RefValue,
    /// What becomes of a flow whose asset has no price, or one that is too old. Rules with amounts cannot be
    /// evaluated then.
    pub without_price: Verdict,
}

/// Why a policy cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyFault {
    /// It has no rule.
    Empty,
    /// A rule, by its place, has parameters that cannot be met or are not remembered.
    Parameters(u32),
    /// A rule, by its place, has the verdict Allow.
    Allows(u32),
    /// A jurisdiction is not two upper-case letters, in the rule of this place.
    Jurisdiction(u32),
    /// There is a rule against structuring and no threshold, or a band that is empty.
    Threshold,
    /// More is asked of counterparties than is remembered of one.
    Counterparties,
    /// A rule, by its place, speaks once and is no alert about a fan.
    Once(u32),
}

impl Policy {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<PolicyFault> {
        if self.rules.is_empty() {
            return Some(PolicyFault::Empty);
        }
        if self.counterparty_from > MAX_COUNTERPARTY_FROM {
            return Some(PolicyFault::Counterparties);
        }
        for (place, entry) in (0..).zip(&self.rules) {
            if !entry.rule.is_valid() {
                return Some(PolicyFault::Parameters(place));
            }
            if entry.verdict == Verdict::Allow {
                return Some(PolicyFault::Allows(place));
            }
            let is_fan = matches!(entry.rule, Rule::FanIn { .. } | Rule::FanOut { .. });
            if entry.once && !(is_fan && entry.verdict == Verdict::Alert) {
                return Some(PolicyFault::Once(place));
            }
            let closed_is_well_formed = match entry.rule {
                Rule::ClosedCorridor(corridor) => corridor.is_well_formed(),
                _ => true,
            };
            if !entry.corridor.is_well_formed() || !closed_is_well_formed {
                return Some(PolicyFault::Jurisdiction(place));
            }
            if matches!(entry.rule, Rule::Structuring { .. })
                && (self.reporting_threshold == 0 || self.just_under >= Perbill::one())
            {
                return Some(PolicyFault::Threshold);
            }
        }
        None
    }

    /// Whether a value avoids the reporting threshold by little.
    pub fn is_just_under(&self, value: RefValue) -> bool {
        value < self.reporting_threshold
            && value >= self.just_under.mul_ceil(self.reporting_threshold)
    }
}
