//! A policy in plain sentences, as the tables of `docs/compliance.md` have them.
//!
//! Whatever the standard policy does not have is no sentence yet, and stops the test: whoever adds it says here what
//! it means.

use pallet_compliance::{Corridor, Entry, Kinds, Policy, Rule, Severity, Side, Window};
use plume_primitives::{
    Seconds,
    compliance::{RefValue, Risk, Tier, Verdict},
};
use sp_runtime::Perbill;

const MINUTE: Seconds = 60;
const HOUR: Seconds = 60 * MINUTE;
const DAY: Seconds = 24 * HOUR;

/// Units of the reference currency, in groups of three digits.
fn amount(value: RefValue) -> String {
    assert_eq!(value % 100, 0, "the page speaks of whole units");
    let digits = (value / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Half days, hours or minutes, the longest that fits.
fn time(seconds: Seconds) -> String {
    let (number, unit) = if seconds >= DAY {
        let halves = seconds / (DAY / 2);
        assert_eq!(halves * (DAY / 2), seconds, "the page speaks of half days");
        let rest = if halves.is_multiple_of(2) { "" } else { ".5" };
        (format!("{}{rest}", halves / 2), "day")
    } else if seconds.is_multiple_of(HOUR) {
        ((seconds / HOUR).to_string(), "hour")
    } else {
        assert_eq!(seconds % MINUTE, 0, "the page speaks of whole minutes");
        ((seconds / MINUTE).to_string(), "minute")
    };
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

fn percent(share: Perbill) -> String {
    let percent = Perbill::from_percent(1).deconstruct();
    assert_eq!(share.deconstruct() % percent, 0, "whole percents");
    format!("{} %", share.deconstruct() / percent)
}

const fn tier(tier: Tier) -> u8 {
    match tier {
        Tier::Zero => 0,
        Tier::One => 1,
        Tier::Two => 2,
        Tier::Three => 3,
    }
}

/// Whom a fan is about.
fn party(kinds: Kinds) -> &'static str {
    match (kinds.persons, kinds.firms, kinds.banks) {
        (true, false, false) => "a person",
        (false, true, false) => "a firm",
        (true, true, true) => "a party",
        _ => panic!("say here who {kinds:?} are"),
    }
}

const fn name(rule: &Rule) -> &'static str {
    match rule {
        Rule::Sanctions => "sanctions",
        Rule::Credential { .. } => "credential",
        Rule::RiskRating { .. } => "risk rating",
        Rule::PoliticallyExposed { .. } => "politically exposed",
        Rule::ClosedCorridor(_) => "corridor",
        Rule::TierLimit { .. } => "tier limit",
        Rule::VelocityCount { .. } | Rule::VelocitySum { .. } => "velocity",
        Rule::Structuring { .. } => "structuring",
        Rule::FanIn { .. } => "fan-in",
        Rule::FanOut { .. } => "fan-out",
        Rule::GatherScatter { .. } => "gather and scatter",
        Rule::PassThrough { .. } => "pass-through",
        Rule::Dormant { .. } => "dormant",
        Rule::Young { .. } => "young",
        Rule::Exposure { .. } => "exposure",
        Rule::TravelRule { .. } => "travel rule",
        Rule::LockUp { .. } => "lock-up",
        Rule::MaxHolders { .. } => "holders",
        Rule::OwnershipShare { .. } => "share",
    }
}

const fn is_about_fans(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::FanIn { .. } | Rule::FanOut { .. } | Rule::GatherScatter { .. }
    )
}

/// The rule as it is about the sender, for those that say the same of either side.
const fn about_the_sender(rule: Rule) -> Rule {
    let side = Side::From;
    match rule {
        Rule::Credential { tier, at_least, .. } => Rule::Credential {
            side,
            tier,
            at_least,
        },
        Rule::RiskRating { risk, at_least, .. } => Rule::RiskRating {
            side,
            risk,
            at_least,
        },
        Rule::PoliticallyExposed { at_least, .. } => Rule::PoliticallyExposed { side, at_least },
        Rule::Structuring { span, count, .. } => Rule::Structuring { side, span, count },
        other => other,
    }
}

/// Of a rule, when it speaks; `who` is the side, or the sides, that it is about.
fn says(entry: &Entry, who: &str) -> String {
    let Entry { kinds, once, .. } = *entry;
    let told = if once {
        "; told once, when it becomes so"
    } else {
        ""
    };
    match entry.rule {
        Rule::Sanctions => "a list names the sender or the recipient".into(),
        Rule::Credential {
            tier: least,
            at_least,
            ..
        } => {
            let payment = match at_least {
                0 => "any payment".into(),
                _ => format!("a payment of {} or more", amount(at_least)),
            };
            let tier = tier(least);
            format!("{payment}, and {who} has no credential in force of tier {tier} or higher")
        }
        Rule::RiskRating { risk, at_least, .. } => {
            let risk = match risk {
                Risk::Low => "low or higher",
                Risk::Medium => "medium or higher",
                Risk::High => "high",
            };
            let amount = amount(at_least);
            format!("a payment of {amount} or more, and the risk of {who} is rated {risk}")
        }
        Rule::PoliticallyExposed { at_least, .. } => {
            let amount = amount(at_least);
            format!("a payment of {amount} or more, and {who} is politically exposed")
        }
        Rule::TierLimit { limits } => {
            let [zero, one, two, three] = limits.map(amount);
            format!(
                "a payment of more than the sender's tier allows: {one} at tier 1, {two} at tier 2, {three} at tier 3, {zero} without a credential in force"
            )
        }
        Rule::TravelRule { at_least } => {
            let amount = amount(at_least);
            format!("a payment of {amount} or more without travel-rule data")
        }
        Rule::VelocityCount {
            side,
            span,
            at_most,
        } => {
            let (moves, span) = (moves(side), time(span.seconds()));
            format!("{who} {moves} more than {at_most} times within {span}")
        }
        Rule::VelocitySum {
            side,
            span,
            at_most,
        } => {
            let (moves, span) = (moves(side), time(span.seconds()));
            format!("{who} {moves} more than {} within {span}", amount(at_most))
        }
        Rule::Structuring { span, count, .. } => {
            let span = time(span.seconds());
            format!(
                "a payment just under the reporting threshold, and with it {who} has {count} or more such within {span}"
            )
        }
        Rule::FanIn {
            span,
            distinct,
            at_least,
        } => {
            let (party, span, amount) = (party(kinds), time(span.seconds()), amount(at_least));
            format!(
                "{party} is paid by {distinct} or more others within {span}, {amount} or more in all{told}"
            )
        }
        Rule::FanOut {
            span,
            distinct,
            at_least,
        } => {
            let (party, span, amount) = (party(kinds), time(span.seconds()), amount(at_least));
            format!(
                "{party} pays {distinct} or more others within {span}, {amount} or more in all{told}"
            )
        }
        Rule::GatherScatter {
            span,
            gather,
            scatter,
            at_least,
        } => {
            let (party, span, amount) = (party(kinds), time(span.seconds()), amount(at_least));
            format!(
                "{party} is paid by {gather} or more others and pays {scatter} or more, both within {span}, and pays out {amount} or more in all"
            )
        }
        Rule::PassThrough {
            span,
            share,
            at_least,
        } => {
            let (span, share) = (time(span.seconds()), percent(share));
            let amount = amount(at_least);
            format!(
                "the sender got {amount} or more within {span}, and sends on {share} of it or more within the same time"
            )
        }
        Rule::Dormant { slept, at_least } => {
            let (slept, amount) = (time(slept), amount(at_least));
            format!(
                "the sender had sent nothing for {slept} or more, and sends {amount} or more within a day of waking, at once or in parts"
            )
        }
        Rule::Young { age, at_least } => {
            let (age, amount) = (time(age), amount(at_least));
            format!(
                "the sender was first seen less than {age} ago, and sends {amount} or more at once for the first time"
            )
        }
        Rule::Exposure { at_least } => {
            let amount = amount(at_least);
            format!("{amount} or more of the payment comes from flagged parties")
        }
        rule @ (Rule::ClosedCorridor(_)
        | Rule::LockUp { .. }
        | Rule::MaxHolders { .. }
        | Rule::OwnershipShare { .. }) => panic!("say here when {rule:?} speaks"),
    }
}

const fn moves(side: Side) -> &'static str {
    match side {
        Side::From => "sends",
        Side::To => "receives",
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allows",
        Verdict::Alert => "alerts",
        Verdict::Hold => "holds",
        Verdict::Deny => "denies",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
    }
}

/// The rules, one a line, in the policy's order. Two that differ in nothing but their side are one.
pub fn rules(policy: &Policy) -> String {
    let mut lines: Vec<(Entry, Vec<Side>)> = Vec::new();
    for entry in &policy.rules {
        assert_eq!(
            entry.corridor,
            Corridor::default(),
            "say here where {entry:?} counts"
        );
        assert!(
            is_about_fans(&entry.rule) || entry.kinds == Kinds::ALL,
            "say here whom {entry:?} is about"
        );
        let same = Entry {
            rule: about_the_sender(entry.rule),
            ..*entry
        };
        match lines.iter_mut().find(|(known, _)| *known == same) {
            Some((_, sides)) => sides.push(entry.rule.about()),
            None => lines.push((same, vec![entry.rule.about()])),
        }
    }
    let mut table =
        String::from("| rule | speaks when | verdict | severity |\n|---|---|---|---|\n");
    for (entry, sides) in &lines {
        let who = match sides.as_slice() {
            [Side::From] => "the sender",
            [Side::To] => "the recipient",
            [Side::From, Side::To] => "the sender or the recipient",
            _ => panic!("{entry:?} stands more than once in the policy"),
        };
        table += &format!(
            "| {} | {} | {} | {} |\n",
            name(&entry.rule),
            says(entry, who),
            verdict(entry.verdict),
            severity(entry.severity),
        );
    }
    table
}

/// What the sentences take for granted.
pub fn words(policy: &Policy) -> String {
    let from = policy.just_under.mul_ceil(policy.reporting_threshold);
    assert!(policy.is_just_under(from) && !policy.is_just_under(from - 1));
    let step = |window: Window| time(window.bucket_seconds());
    format!(
        "| word | means |\n\
         |---|---|\n\
         | just under the reporting threshold | {} or more, and less than {} |\n\
         | others | those with whom the party moved {} or more in that direction, at once or in parts with less than a day between them |\n\
         | a person | also whoever is not known; a bank is neither a person nor a firm |\n\
         | within | sums and numbers of payments may reach {}, {} or {} further back than said, for times of up to an hour, a day or 30 days |\n\
         | no price | an asset without a price, or with one that is too old: the policy {} the payment |\n",
        amount(from),
        amount(policy.reporting_threshold),
        amount(policy.counterparty_from),
        step(Window::Hour),
        step(Window::Day),
        step(Window::Month),
        verdict(policy.without_price),
    )
}
