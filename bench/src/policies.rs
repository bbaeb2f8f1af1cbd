//! Policies for measuring.

use crate::Operator;
use anyhow::Context;
use pallet_compliance::{
    Corridor, Entry, MAX_RULES, Policy, Rule, Scope, Severity, Side, Span, Window,
};
use plume_primitives::compliance::{Jurisdiction, RefValue, Verdict};
use sp_runtime::Perbill;
use std::path::Path;

const SIDES: [Side; 2] = [Side::From, Side::To];
const WINDOWS: [Window; 3] = [Window::Hour, Window::Day, Window::Month];
/// Above what a window's counter can reach.
const NEVER_SO_OFTEN: u16 = u16::MAX - 1;
const NEVER_SO_MUCH: RefValue = RefValue::MAX - 1;
/// The most counterparties that a rule may ask for.
const MOST_PEERS: u8 = pallet_compliance::PEERS;

fn alert(rule: Rule) -> Entry {
    Entry::new(rule, Severity::Low, Verdict::Alert)
}

/// As many rules as a policy may have: those of the standard policy, and others of every kind, which look at
/// every payment and let those of a load pass: the counts that a load reaches are raised out of its reach.
pub fn fifty_rules() -> Policy {
    let standard = Policy::standard();
    let raised = standard.rules.iter().map(|entry| match entry.rule {
        Rule::VelocityCount { side, span, .. } => Entry {
            rule: Rule::VelocityCount {
                side,
                span,
                at_most: NEVER_SO_OFTEN,
            },
            ..*entry
        },
        _ => *entry,
    });
    let most = usize::try_from(MAX_RULES).unwrap_or(usize::MAX);
    let rules: Vec<Entry> = raised.chain(further()).take(most).collect();
    Policy {
        rules: rules.try_into().unwrap_or_default(),
        ..standard
    }
}

/// As empty as a policy can be: it looks at lists, and nothing else.
pub fn one_rule() -> Policy {
    let rules = vec![Entry::new(Rule::Sanctions, Severity::High, Verdict::Deny)];
    Policy {
        rules: rules.try_into().unwrap_or_default(),
        ..Policy::standard()
    }
}

/// Rules of every kind that never speak about a steady load between known parties.
fn further() -> Vec<Entry> {
    let mut rules = Vec::new();
    rules.push(alert(Rule::PassThrough {
        span: Span::whole(Window::Hour),
        share: Perbill::one(),
        at_least: NEVER_SO_MUCH,
    }));
    for code in [*b"IR", *b"KP"] {
        let closed = Some(Jurisdiction(code));
        for (from, to) in [(closed, None), (None, closed)] {
            rules.push(alert(Rule::ClosedCorridor(Corridor { from, to })));
        }
    }
    for window in WINDOWS {
        let span = Span::whole(window);
        for side in SIDES {
            rules.push(alert(Rule::VelocityCount {
                side,
                span,
                at_most: NEVER_SO_OFTEN,
            }));
            rules.push(alert(Rule::VelocitySum {
                side,
                span,
                at_most: NEVER_SO_MUCH,
            }));
            rules.push(alert(Rule::Structuring {
                side,
                span,
                count: u16::MAX,
            }));
        }
        rules.push(alert(Rule::FanIn {
            span,
            distinct: MOST_PEERS,
            at_least: 0,
        }));
        rules.push(alert(Rule::FanOut {
            span,
            distinct: MOST_PEERS,
            at_least: 0,
        }));
        rules.push(alert(Rule::GatherScatter {
            span,
            gather: MOST_PEERS,
            scatter: MOST_PEERS,
            at_least: 0,
        }));
    }
    rules
}

/// Distinct senders from which on the rules of [`curve`] alert.
pub fn curve_counts() -> Vec<u8> {
    (2..=MOST_PEERS).collect()
}

/// A policy to be tried beside the one in force, for the curve of recall against the alert rate: a rule for each
/// count of distinct senders in ten days, whatever they pay. Where a payment meets the first n rules, its
/// recipient has n + 1 senders.
pub fn curve() -> Policy {
    let span = Span {
        window: Window::Month,
        buckets: 4,
    };
    let rules: Vec<Entry> = curve_counts()
        .into_iter()
        .map(|distinct| {
            alert(Rule::FanIn {
                span,
                distinct,
                at_least: 0,
            })
        })
        .collect();
    Policy {
        rules: rules.try_into().unwrap_or_default(),
        counterparty_from: 0,
        without_price: Verdict::Allow,
        ..Policy::standard()
    }
}

/// The value from which on transfers need travel-rule data, if any do.
pub fn travel_from(policy: &Policy) -> Option<RefValue> {
    let thresholds = policy.rules.iter().filter_map(|entry| match entry.rule {
        Rule::TravelRule { at_least } => Some(at_least),
        _ => None,
    });
    thresholds.min()
}

/// Reads a policy: `standard`, or a JSON file as `compliance.policies` of a genesis has it.
pub fn read(name: &str) -> anyhow::Result<Policy> {
    if name == "standard" {
        return Ok(Policy::standard());
    }
    let path = Path::new(name);
    let text = std::fs::read(path).with_context(|| {
        format!(
            "cannot read the policy {}: name `standard` or a JSON file",
            path.display()
        )
    })?;
    let policy: Policy = serde_json::from_slice(&text)
        .with_context(|| format!("{} is no policy in JSON", path.display()))?;
    match policy.fault() {
        None => Ok(policy),
        Some(fault) => Err(anyhow::anyhow!(
            "the policy {} cannot be enacted: {fault:?}",
            path.display()
        )),
    }
}

/// Puts a policy for PLUME in force, by sudo; none ends the present one.
pub async fn enact(operator: &mut Operator, policy: Option<&Policy>) -> anyhow::Result<()> {
    let call = match policy {
        Some(policy) => {
            let arguments = (Scope::Native, policy.clone());
            operator
                .calls
                .call("Compliance", "enact_policy", arguments)?
        }
        None => operator
            .calls
            .call("Compliance", "withdraw_policy", Scope::Native)?,
    };
    operator.sudo(&call).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_rules_that_can_be_enacted() {
        let policy = fifty_rules();
        assert_eq!(policy.rules.len(), 50);
        assert_eq!(policy.fault(), None);
        let kinds: std::collections::BTreeSet<_> = policy
            .rules
            .iter()
            .map(|entry| {
                let name = format!("{:?}", entry.rule);
                name.split([' ', '(', '{']).next().unwrap_or("").to_owned()
            })
            .collect();
        assert!(kinds.len() >= 17, "{kinds:?}");
    }

    #[test]
    fn the_curve_counts_every_sender_whatever_it_pays() {
        let policy = curve();
        assert_eq!(policy.fault(), None);
        assert_eq!(policy.rules.len(), curve_counts().len());
        assert_eq!(
            curve_counts().first().zip(curve_counts().last()),
            Some((&2, &24))
        );
        // Nothing else in a policy may keep a sender from being counted.
        let json = serde_json::to_value(&policy).expect("it serialises");
        let least = json
            .get("counterparty_from")
            .and_then(|least| least.as_u64());
        assert_eq!(least.unwrap_or(0), 0, "state that no sender is too small");
    }

    #[test]
    fn a_policy_is_read_back_from_its_json() {
        let folder = std::env::temp_dir().join(format!("plume-policy-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let path = folder.join("policy.json");
        let name = path.to_str().expect("UTF-8");
        let text = serde_json::to_string(&Policy::standard()).expect("it serialises");
        std::fs::write(&path, &text).expect("it is written");
        assert_eq!(read(name).expect("it is a policy"), Policy::standard());
        std::fs::write(&path, text.replace("Deny", "Allow")).expect("it is written");
        let refused = read(name).expect_err("it allows").to_string();
        assert!(refused.contains("cannot be enacted"), "{refused}");
        std::fs::write(&path, "{}").expect("it is written");
        assert!(read(name).is_err());
        std::fs::remove_dir_all(&folder).expect("it is there");
        assert_eq!(read("standard").expect("it is known"), Policy::standard());
    }

    #[test]
    fn travel_data_is_asked_for_from_the_lowest_threshold_on() {
        assert_eq!(travel_from(&Policy::standard()), Some(1_000_000));
        let none = Policy {
            rules: vec![alert(Rule::Sanctions)].try_into().expect("one rule"),
            ..Policy::standard()
        };
        assert_eq!(travel_from(&none), None);
    }
}
