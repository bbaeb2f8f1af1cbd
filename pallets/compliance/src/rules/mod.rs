//! The rules, as pure functions of what they look at: no storage, no clock of their own.
//!
//! Each returns the reason why it speaks, or none. [`evaluate`] chooses the function of an entry's rule and adds
//! the entry's verdict.

pub mod age;
pub mod network;
pub mod parties;
pub mod securities;
pub mod velocity;

use crate::{
    activity::{Activity, Traffic},
    peers::Tag,
    policy::{Entry, Rule, Side},
    rules::network::Fan,
    window::{Bucket, Span},
};
use plume_primitives::{
    Balance, Seconds,
    compliance::{FlowKind, Ownership, Reason, RefValue, Standing, Verdict},
};

/// One side of a flow.
#[derive(Clone, Copy, Debug)]
pub struct PartyFacts<'a> {
    /// What is stated of it.
    pub standing: Option<&'a Standing>,
    /// What it did before this flow.
    pub activity: &'a Activity,
    /// What stands for it among the other's counterparties.
    pub tag: Tag,
}

/// All that rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Seconds since the first block.
    pub now: Seconds,
    /// Why value moves.
    pub kind: FlowKind,
    /// Whether both sides are accounts of one party.
    pub within_a_party: bool,
    /// What it is worth; zero without a price.
    pub value: RefValue,
    /// Whether that is just under the policy's reporting threshold.
    pub just_under: bool,
    /// With less than this in a day, a counterparty is dust.
    pub dust_below: RefValue,
    /// How much moves, in the asset's smallest unit.
    pub amount: Balance,
    /// The sender.
    pub from: PartyFacts<'a>,
    /// The recipient.
    pub to: PartyFacts<'a>,
    /// Whether the sender has attached travel-rule data for it.
    pub has_travel_data: bool,
    /// How the asset is owned before the flow, where that was looked up.
    pub ownership: Option<Ownership>,
}

impl PartyFacts<'_> {
    /// Whether a list names it, by its standing or by a screener.
    pub fn is_sanctioned(&self) -> bool {
        self.activity.marks.sanctioned || self.standing.is_some_and(|known| known.sanctioned)
    }

    /// Whether what it pays is to be followed, by its standing or by a screener.
    pub fn is_flagged(&self) -> bool {
        self.activity.marks.flagged || self.standing.is_some_and(|known| known.flagged)
    }
}

impl<'a> Facts<'a> {
    fn side(&self, side: Side) -> &PartyFacts<'a> {
        match side {
            Side::From => &self.from,
            Side::To => &self.to,
        }
    }

    /// What of its value comes from flagged parties.
    pub fn carried(&self) -> RefValue {
        let sender = self.from.activity;
        sender.carried(self.value, self.from.is_flagged(), self.now)
    }

    /// The flow as windows count it.
    pub fn as_bucket(&self) -> Bucket {
        Bucket {
            count: 1,
            just_under: self.just_under.into(),
            sum: self.value,
        }
    }
}

/// What an entry has to say about a flow.
pub fn evaluate(entry: &Entry, facts: &Facts<'_>) -> Option<(Verdict, Reason)> {
    let applies = entry.rule.applies_to(facts.kind)
        && (!facts.within_a_party || entry.rule.applies_within_a_party());
    // The rule first: it seldom speaks, and then the corridor need not be found out.
    let reason = if applies {
        spoken(entry, facts)?
    } else {
        return None;
    };
    entry
        .looks_at(facts.from.standing, facts.to.standing)
        .then_some((entry.verdict, reason))
}

/// A party's fan within a span, before a flow and with it.
fn fans(
    traffic: &Traffic,
    other: Tag,
    span: Span,
    facts: &Facts<'_>,
) -> (impl FnOnce() -> Fan, Fan) {
    let Facts {
        now,
        value,
        dust_below,
        ..
    } = *facts;
    let seconds = span.seconds();
    let sum = traffic.total(span, now).sum;
    let peers = &traffic.peers;
    let before = move || Fan {
        distinct: peers.distinct(dust_below, now, seconds),
        sum,
    };
    let with = Fan {
        distinct: peers.distinct_with(other, value, dust_below, now, seconds),
        sum: sum.saturating_add(value),
    };
    (before, with)
}

fn spoken(entry: &Entry, facts: &Facts<'_>) -> Option<Reason> {
    let Facts {
        now, value, amount, ..
    } = *facts;
    let flow = facts.as_bucket();
    let sender = facts.from.activity;
    let recipient = facts.to.activity;
    let traffic = |side: Side| match side {
        Side::From => &sender.sent,
        Side::To => &recipient.received,
    };
    match entry.rule {
        Rule::Sanctions => parties::sanctions(facts.from.is_sanctioned(), facts.to.is_sanctioned()),
        Rule::Credential {
            side,
            tier,
            at_least,
        } => parties::credential(side, facts.side(side).standing, tier, value, at_least, now),
        Rule::RiskRating {
            side,
            risk,
            at_least,
        } => parties::risk(side, facts.side(side).standing, risk, value, at_least),
        Rule::PoliticallyExposed { side, at_least } => {
            parties::politically_exposed(side, facts.side(side).standing, value, at_least)
        }
        Rule::ClosedCorridor(corridor) => {
            parties::closed_corridor(&corridor, facts.from.standing, facts.to.standing)
        }
        Rule::TierLimit { limits } => parties::tier_limit(facts.from.standing, &limits, value, now),
        Rule::TravelRule { at_least } => {
            parties::travel_rule(facts.has_travel_data, value, at_least)
        }
        Rule::VelocityCount {
            side,
            span,
            at_most,
        } => velocity::count(side, traffic(side).total(span, now), at_most),
        Rule::VelocitySum {
            side,
            span,
            at_most,
        } => velocity::sum(side, traffic(side).total(span, now), value, at_most),
        Rule::Structuring { side, span, count } => {
            // Few flows are just under, so that few windows are added up.
            facts
                .just_under
                .then(|| velocity::structuring(side, traffic(side).total(span, now), count))?
        }
        Rule::FanIn {
            span,
            distinct,
            at_least,
        } => {
            let (before, with) = fans(&recipient.received, facts.from.tag, span, facts);
            network::fan(Side::To, before, with, distinct, at_least, entry.once)
        }
        Rule::FanOut {
            span,
            distinct,
            at_least,
        } => {
            let (before, with) = fans(&sender.sent, facts.to.tag, span, facts);
            network::fan(Side::From, before, with, distinct, at_least, entry.once)
        }
        Rule::GatherScatter {
            span,
            gather,
            scatter,
            at_least,
        } => {
            let (_, with) = fans(&sender.sent, facts.to.tag, span, facts);
            network::gather_scatter(
                sender
                    .received
                    .peers
                    .distinct(facts.dust_below, now, span.seconds()),
                with,
                gather,
                scatter,
                at_least,
            )
        }
        Rule::PassThrough {
            span,
            share,
            at_least,
        } => network::pass_through(
            sender.received.total(span, now).sum,
            sender.sent.total(span, now).add(flow).sum,
            share,
            at_least,
        ),
        Rule::Dormant { slept, at_least } => age::dormant(sender, value, now, slept, at_least),
        Rule::Young { age, at_least } => age::young(
            sender.first_seen,
            sender.largest_sent,
            value,
            now,
            age,
            at_least,
        ),
        Rule::Exposure { at_least } => network::exposure(facts.carried(), at_least),
        Rule::LockUp { until } => securities::lock_up(now, until),
        Rule::MaxHolders { at_most } => securities::max_holders(facts.ownership?, amount, at_most),
        Rule::OwnershipShare { at_most } => {
            securities::ownership_share(facts.ownership?, amount, at_most)
        }
    }
}
