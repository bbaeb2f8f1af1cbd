//! The policy that a network begins with, where its founders have no other.

use crate::{
    policy::{Entry, Kinds, Policy, Rule, Severity, Side},
    window::{Span, Window},
};
use alloc::vec::Vec;
use frame_support::BoundedVec;
use plume_primitives::compliance::{RefValue, Risk, Tier, Verdict};
use sp_runtime::Perbill;

/// One unit of the reference currency.
const UNIT: RefValue = 100;
/// What most authorities want to hear of.
const THRESHOLD: RefValue = 10_000 * UNIT;
const DAY_SECONDS: u32 = 86_400;

/// What is denied without a look: lists, and amounts beyond what a subject is known for.
fn gates() -> [Entry; 9] {
    let needs = |side, tier, at_least| {
        let rule = Rule::Credential {
            side,
            tier,
            at_least,
        };
        Entry::new(rule, Severity::Medium, Verdict::Deny)
    };
    [
        Entry::new(Rule::Sanctions, Severity::High, Verdict::Deny),
        needs(Side::From, Tier::One, 0),
        needs(Side::To, Tier::One, 0),
        needs(Side::From, Tier::Two, THRESHOLD),
        needs(Side::To, Tier::Two, THRESHOLD),
        needs(Side::From, Tier::Three, 100 * THRESHOLD),
        needs(Side::To, Tier::Three, 100 * THRESHOLD),
        Entry::new(
            Rule::TravelRule {
                at_least: THRESHOLD,
            },
            Severity::Medium,
            Verdict::Deny,
        ),
        Entry::new(
            Rule::TierLimit {
                limits: [0, THRESHOLD, 100 * THRESHOLD, 100_000 * THRESHOLD],
            },
            Severity::Medium,
            Verdict::Deny,
        ),
    ]
}

/// With whom a party moves as much as this in a day is a counterparty to the rules about fans. Shops and friends are
/// paid less; salaries, rents and invoices more.
const COUNTERPARTY_FROM: RefValue = THRESHOLD / 10;
const PERSONS: Kinds = Kinds {
    persons: true,
    firms: false,
    banks: false,
};
const FIRMS: Kinds = Kinds {
    persons: false,
    firms: true,
    banks: false,
};

/// Many who pay one, or are paid by one.
///
/// A person has an employer, a landlord, perhaps a tenant; who deals with five such within a week collects or
/// distributes for somebody, and each further flow says more about it. A firm has many customers, suppliers and
/// employees, and a pay day each month: it is told once when it begins, and whoever reads the case looks whether
/// that is its business. Of banks it says nothing, since others' payments go through their accounts.
fn fans() -> [Entry; 5] {
    let days = Span {
        window: Window::Month,
        buckets: 1,
    };
    let week = Span {
        window: Window::Month,
        buckets: 3,
    };
    let distinct = 5;
    let alert = |rule, severity| Entry::new(rule, severity, Verdict::Alert);
    [
        alert(
            Rule::FanIn {
                span: week,
                distinct,
                at_least: THRESHOLD / 2,
            },
            Severity::Medium,
        )
        .about(PERSONS),
        alert(
            Rule::FanOut {
                span: week,
                distinct,
                at_least: THRESHOLD / 2,
            },
            Severity::Medium,
        )
        .about(PERSONS),
        alert(
            Rule::FanIn {
                span: days,
                distinct,
                at_least: THRESHOLD,
            },
            Severity::Low,
        )
        .about(FIRMS)
        .once(),
        alert(
            Rule::FanOut {
                span: days,
                distinct,
                at_least: THRESHOLD,
            },
            Severity::Low,
        )
        .about(FIRMS)
        .once(),
        alert(
            Rule::GatherScatter {
                span: week,
                gather: 4,
                scatter: 4,
                at_least: THRESHOLD,
            },
            Severity::High,
        )
        .about(PERSONS),
    ]
}

/// What else is looked at: behaviour that honest payments seldom show.
fn patterns() -> [Entry; 11] {
    let day = Span::whole(Window::Day);
    let month = Span::whole(Window::Month);
    let alert = |rule, severity| Entry::new(rule, severity, Verdict::Alert);
    let hold = |rule| Entry::new(rule, Severity::High, Verdict::Hold);
    let structuring = |side| {
        alert(
            Rule::Structuring {
                side,
                span: Span {
                    window: Window::Month,
                    buckets: 3,
                },
                count: 3,
            },
            Severity::High,
        )
    };
    let risk = |side| {
        alert(
            Rule::RiskRating {
                side,
                risk: Risk::High,
                at_least: THRESHOLD,
            },
            Severity::Medium,
        )
    };
    [
        structuring(Side::From),
        structuring(Side::To),
        alert(
            Rule::PassThrough {
                span: Span {
                    window: Window::Hour,
                    buckets: 6,
                },
                share: Perbill::from_percent(90),
                at_least: THRESHOLD,
            },
            Severity::Medium,
        ),
        alert(
            Rule::VelocityCount {
                side: Side::From,
                span: day,
                at_most: 500,
            },
            Severity::Low,
        ),
        alert(
            Rule::VelocitySum {
                side: Side::From,
                span: month,
                at_most: 1_000 * THRESHOLD,
            },
            Severity::Low,
        ),
        hold(Rule::Dormant {
            slept: 180 * DAY_SECONDS,
            at_least: 10 * THRESHOLD,
        }),
        hold(Rule::Young {
            age: 7 * DAY_SECONDS,
            at_least: 10 * THRESHOLD,
        }),
        hold(Rule::Exposure {
            at_least: THRESHOLD / 10,
        }),
        risk(Side::From),
        risk(Side::To),
        alert(
            Rule::PoliticallyExposed {
                side: Side::To,
                at_least: THRESHOLD,
            },
            Severity::Medium,
        ),
    ]
}

impl Policy {
    /// Everybody is known, lists are closed to, large amounts need more, patterns are looked at, and what comes
    /// from the flagged is held. A threshold of 10,000 units of the reference currency.
    pub fn standard() -> Self {
        let rules: Vec<Entry> = gates()
            .into_iter()
            .chain(fans())
            .chain(patterns())
            .collect();
        Self {
            rules: BoundedVec::truncate_from(rules),
            reporting_threshold: THRESHOLD,
            just_under: Perbill::from_percent(80),
            counterparty_from: COUNTERPARTY_FROM,
            without_price: Verdict::Hold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_policy_can_be_enacted_and_lost_no_rule() {
        let policy = Policy::standard();
        assert_eq!(policy.fault(), None);
        let rules = gates().len() + fans().len() + patterns().len();
        assert_eq!(policy.rules.len(), rules);
    }
}
