//! From what the chain says of a case to what a report has of it.

use std::collections::BTreeMap;

use plume_reports::{
    Asset, CaseRecord, CaseStatus, Decision, Flow, Hash32, Party, PolicyRef, RuleReason, Step,
    Units, Verdict,
};
use plume_sdk::state::{Variant, items, variant};
use plume_sdk::{AccountId32, address, raw};
use serde_json::Value as Json;

use super::history::Happening;

/// What else has to be known to tell of cases.
#[derive(Debug, Default)]
pub struct Context {
    /// Time of the chain's first block, in seconds since 1970.
    pub first_block_s: u64,
    /// The subjects behind accounts, as far as there are any.
    pub subjects: BTreeMap<[u8; 32], Hash32>,
    /// Assets other than PLUME, by number.
    pub assets: BTreeMap<u64, Asset>,
    /// The reasons of this runtime.
    pub reasons: Vec<Variant>,
    /// What a whole unit of an asset is worth in hundredths of the reference currency, by symbol: what the institution
    /// says, before what the chain says.
    pub prices_cents: BTreeMap<String, u64>,
    /// What the chain said after a block of an asset, in hundredths for [`PRICED_UNITS`]; none is PLUME.
    pub chain_prices: BTreeMap<(u64, Option<u64>), u128>,
}

/// As many of an asset's smallest units as a price on the chain is for: 10²⁷.
pub const PRICED_UNITS: u128 = 1_000_000_000_000_000_000_000_000_000;

/// The accounts that take part in a case, and the assets that move.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Accounts.
    pub accounts: Vec<[u8; 32]>,
    /// Numbers of assets other than PLUME.
    pub assets: Vec<u64>,
}

/// Whom and what a list of flows names.
pub fn named(flows: &Json) -> Named {
    let mut named = Named::default();
    for flow in items(flows) {
        named.accounts.extend(bytes(&flow["from"]));
        named.accounts.extend(bytes(&flow["to"]));
        if let Some(("Other", number)) = variant(&flow["asset"]) {
            named.assets.extend(integer::<u64>(number));
        }
    }
    named
}

/// A case from its entry and its history; the field that cannot be read is the error.
pub fn record(
    case_id: u64,
    case: &Json,
    history: &[Happening],
    context: &Context,
) -> Result<CaseRecord, &'static str> {
    let since_first = |seconds: u64| context.first_block_s.saturating_add(seconds);
    let opened_at_s = since_first(integer(&case["opened"]).ok_or("opened")?);
    let (stage, details) = variant(&case["stage"]).ok_or("stage")?;
    let (status, closed_at_s) = match stage {
        "Open" => (CaseStatus::Open, None),
        "Investigating" | "Proposed" => (CaseStatus::Investigating, None),
        "Closed" => {
            let at = integer(&details["at"]).map(since_first).ok_or("stage")?;
            let status = match variant(&details["closing"]) {
                Some(("Dismiss", _)) => CaseStatus::Dismissed,
                Some(("ReportAndReturn" | "ReportAndRelease", _)) => CaseStatus::Reported,
                _ => return Err("closing"),
            };
            (status, Some(at))
        }
        _ => return Err("stage"),
    };
    let findings = items(&case["findings"]);
    let opening = history.iter().find(|one| one.event.name == "CaseOpened");
    let mut flows = flows(&case["flows"], opening, opened_at_s, context)?;
    let mut reasons = reasons(&findings, 0, context)?;
    for repeat in history
        .iter()
        .filter(|one| one.event.name == "CaseRepeated")
    {
        let before = u32::try_from(flows.len()).unwrap_or(u32::MAX);
        let fields = &repeat.event.fields;
        flows.extend(self::flows(
            &fields["flows"],
            Some(repeat),
            repeat.time_s,
            context,
        )?);
        reasons.extend(self::reasons(&items(&fields["findings"]), before, context)?);
    }
    Ok(CaseRecord {
        case_id,
        policy: findings
            .iter()
            .find_map(|finding| policy(&finding["policy"]))
            .unwrap_or(PolicyRef {
                scope: "none".into(),
                version: 0,
            }),
        status,
        verdict: verdict(&case["verdict"]).ok_or("verdict")?,
        opened_at_s,
        closed_at_s,
        reasons,
        flows,
        decisions: history.iter().filter_map(decision).collect(),
    })
}

fn flows(
    flows: &Json,
    happening: Option<&Happening>,
    time_s: u64,
    context: &Context,
) -> Result<Vec<Flow>, &'static str> {
    items(flows)
        .into_iter()
        .map(|flow| {
            let number = asset_number(&flow["asset"]).ok_or("asset")?;
            let asset = match number {
                None => Asset {
                    symbol: "PLUME".into(),
                    decimals: 18,
                },
                Some(number) => {
                    let known = context.assets.get(&number).cloned();
                    known.unwrap_or_else(|| Asset {
                        symbol: format!("asset {number}"),
                        decimals: 0,
                    })
                }
            };
            let amount = integer(&flow["amount"]).ok_or("amount")?;
            let (kind, _) = variant(&flow["kind"]).ok_or("kind")?;
            let extrinsic = happening.and_then(|one| one.extrinsic);
            let block = happening.map_or(0, |one| one.block);
            let on_chain = || {
                let price = context.chain_prices.get(&(block, number))?;
                chain_value_cents(amount, *price)
            };
            Ok(Flow {
                from: party(&flow["from"], context).ok_or("from")?,
                to: party(&flow["to"], context).ok_or("to")?,
                value_cents: value_cents(amount, &asset, context).or_else(on_chain),
                asset,
                amount: Units(amount),
                kind: kebab(kind),
                time_s: happening.map_or(time_s, |one| one.time_s),
                block,
                extrinsic_index: extrinsic.map(|(place, _)| place),
                extrinsic_hash: extrinsic.map(|(_, hash)| Hash32(hash.0)),
            })
        })
        .collect()
}

/// Rounded down to the hundredth. Without a price there is none.
fn value_cents(amount: u128, asset: &Asset, context: &Context) -> Option<u64> {
    let cents = u128::from(*context.prices_cents.get(&asset.symbol)?);
    let unit = 10u128.checked_pow(asset.decimals.min(38).into())?;
    let whole = (amount / unit).checked_mul(cents)?;
    // The rest is below one unit. What has more digits than fit is cut to those that do.
    let rest = amount % unit;
    let scale = 10u128.checked_pow(u32::from(asset.decimals.min(38)).saturating_sub(18))?;
    let part = (rest / scale).checked_mul(cents)? / (unit / scale);
    u64::try_from(whole.checked_add(part)?).ok()
}

/// The number of an asset; the inner none is PLUME.
pub fn asset_number(asset: &Json) -> Option<Option<u64>> {
    match variant(asset)? {
        ("Native", _) => Some(None),
        (_, number) => integer(number).map(Some),
    }
}

/// What an amount is worth by a price of the chain, which rounds up: amount × price / 10²⁷. The product has more than
/// 128 bits, so it is added up bit by bit of the price.
fn chain_value_cents(amount: u128, price: u128) -> Option<u64> {
    let (mut value, mut rest) = ((amount / PRICED_UNITS).checked_mul(price)?, 0u128);
    let (part, mut parts) = (amount % PRICED_UNITS, 0u128);
    for bit in (0..u128::BITS).rev() {
        // Below 3 × 10²⁷ at the most.
        rest = rest * 2 + if price >> bit & 1 == 1 { part } else { 0 };
        parts = parts.checked_mul(2)?.checked_add(rest / PRICED_UNITS)?;
        rest %= PRICED_UNITS;
    }
    value = value
        .checked_add(parts)?
        .checked_add(u128::from(rest > 0))?;
    u64::try_from(value).ok()
}

fn reasons(
    findings: &[&Json],
    flows_before: u32,
    context: &Context,
) -> Result<Vec<RuleReason>, &'static str> {
    findings
        .iter()
        .map(|finding| {
            let (name, _) = variant(&finding["reason"]).ok_or("reason")?;
            let known = context.reasons.iter().find(|one| one.name == name);
            let known = known.ok_or("reason")?;
            let flow = integer::<u32>(&finding["flow"]).ok_or("flow")?;
            Ok(RuleReason {
                code: known.index,
                name: kebab(name),
                flow: Some(flow.saturating_add(flows_before)),
                verdict: verdict(&finding["verdict"]).ok_or("verdict")?,
                // Runtimes are built without their documentation as a rule.
                detail: match known.docs.as_str() {
                    "" => raw::denial_reason(known.index)
                        .unwrap_or_default()
                        .to_owned(),
                    docs => docs.to_owned(),
                },
            })
        })
        .collect()
}

/// `Some` of a scope and a version.
fn policy(of: &Json) -> Option<PolicyRef> {
    let ("Some", content) = variant(of)? else {
        return None;
    };
    let [scope, version] = content.as_array()?.as_slice() else {
        return None;
    };
    let scope = match variant(scope)? {
        ("Native", _) => "PLUME".into(),
        ("Assets", _) => "all other assets".into(),
        (_, number) => format!("asset {}", integer::<u64>(number)?),
    };
    Some(PolicyRef {
        scope,
        version: integer(version)?,
    })
}

fn decision(happening: &Happening) -> Option<Decision> {
    let fields = &happening.event.fields;
    let (step, officer) = match happening.event.name.as_str() {
        "CaseTaken" => (Step::Investigate, &fields["officer"]),
        "EvidenceAdded" => (Step::Evidence, &fields["officer"]),
        "ClosingProposed" if fields["closing"] == "Dismiss" => {
            (Step::ProposeDismissal, &fields["officer"])
        }
        "ClosingProposed" => (Step::ProposeReport, &fields["officer"]),
        "ClosingRejected" => (Step::Reject, &fields["officer"]),
        "CaseClosed" => (Step::Confirm, &fields["confirmed_by"]),
        "Returned" if fields["timed_out"] == true => (Step::TimedOut, &Json::Null),
        _ => return None,
    };
    Some(Decision {
        step,
        officer: bytes(officer).map_or_else(
            || "the chain itself".into(),
            |account| address::format(&AccountId32(account)),
        ),
        time_s: happening.time_s,
        block: happening.block,
        evidence: bytes(&fields["evidence"]).map(Hash32),
    })
}

fn party(account: &Json, context: &Context) -> Option<Party> {
    let account = bytes(account)?;
    Some(Party {
        account: address::format(&AccountId32(account)),
        subject: context.subjects.get(&account).copied(),
    })
}

fn verdict(of: &Json) -> Option<Verdict> {
    Some(match variant(of)?.0 {
        "Alert" => Verdict::Alert,
        "Hold" => Verdict::Hold,
        "Deny" => Verdict::Deny,
        _ => return None,
    })
}

/// 32 bytes in hexadecimal.
pub fn bytes(json: &Json) -> Option<[u8; 32]> {
    raw::from_hex(json.as_str()?)?.try_into().ok()
}

/// An integer in a string.
pub fn integer<N: core::str::FromStr>(json: &Json) -> Option<N> {
    json.as_str()?.parse().ok()
}

/// `FanIn` as `fan-in`.
pub fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::{Event, H256};
    use proptest::prelude::*;
    use serde_json::json;

    fn hex(byte: u8) -> String {
        raw::to_hex(&[byte; 32])
    }

    fn flow(amount: u128) -> Json {
        json!({
            "from": hex(1), "to": hex(2), "asset": "Native",
            "amount": amount.to_string(), "kind": "Transfer",
        })
    }

    fn finding(reason: &str) -> Json {
        json!({
            "flow": "0", "policy": { "Some": ["Native", "3"] }, "rule": { "Some": "2" },
            "reason": reason, "about": "To", "severity": "High", "verdict": "Hold",
        })
    }

    fn case(stage: Json) -> Json {
        json!({
            "opened": "100", "about": { "Subject": hex(9) }, "verdict": "Hold",
            // One flow and one finding: lists of one are their content.
            "flows": flow(12_500_000_000_000_000_000), "findings": finding("FanIn"),
            "holds": [], "repeats": "1", "evidence": "2", "stage": stage,
        })
    }

    fn happening(block: u64, name: &str, fields: Json) -> Happening {
        Happening {
            block,
            time_s: 1_000 + block,
            extrinsic: Some((2, H256([block as u8; 32]))),
            event: Event {
                pallet: "Compliance".into(),
                name: name.into(),
                fields,
            },
        }
    }

    fn context() -> Context {
        Context {
            first_block_s: 1_000,
            subjects: BTreeMap::from([([1; 32], Hash32([9; 32]))]),
            reasons: vec![Variant {
                index: 60,
                name: "FanIn".into(),
                docs: "The recipient gathers from many.".into(),
            }],
            prices_cents: BTreeMap::from([("PLUME".into(), 796)]),
            ..Context::default()
        }
    }

    fn history() -> Vec<Happening> {
        let officer = |byte| json!({ "officer": hex(byte), "evidence": hex(7), "closing": "ReportAndReturn" });
        vec![
            happening(5, "CaseOpened", json!({})),
            happening(
                6,
                "CaseRepeated",
                json!({ "flows": [flow(1), flow(2)], "findings": finding("FanIn") }),
            ),
            happening(7, "CaseTaken", officer(3)),
            happening(8, "ClosingProposed", officer(3)),
            happening(
                9,
                "CaseClosed",
                json!({ "confirmed_by": hex(4), "evidence": hex(8) }),
            ),
        ]
    }

    #[test]
    fn a_case_is_told_from_its_entry_and_its_history() {
        let closed = json!({ "Closed": { "closing": "ReportAndReturn", "at": "160", "proposed_by": hex(3), "confirmed_by": hex(4) } });
        let record = record(17, &case(closed), &history(), &context()).expect("readable");
        assert_eq!(record.status, CaseStatus::Reported);
        assert_eq!(
            (record.opened_at_s, record.closed_at_s),
            (1_100, Some(1_160))
        );
        assert_eq!(
            record.policy,
            PolicyRef {
                scope: "PLUME".into(),
                version: 3
            }
        );
        assert_eq!(record.flows.len(), 3);
        assert_eq!(record.flows[0].block, 5);
        assert_eq!(record.flows[0].value_cents, Some(9_950));
        assert_eq!(record.flows[0].from.subject, Some(Hash32([9; 32])));
        assert_eq!(record.flows[0].to.subject, None);
        assert_eq!(record.reasons.len(), 2);
        assert_eq!(
            (record.reasons[0].code, record.reasons[0].name.as_str()),
            (60, "fan-in")
        );
        assert_eq!(
            record.reasons[1].flow,
            Some(1),
            "counted after the case's own flows"
        );
        let steps: Vec<_> = record.decisions.iter().map(|one| one.step).collect();
        assert_eq!(
            steps,
            [Step::Investigate, Step::ProposeReport, Step::Confirm]
        );
    }

    #[test]
    fn the_chains_price_counts_unless_the_institution_says_another() {
        let value = |context: &Context| {
            let record = record(17, &case(json!("Open")), &history(), context).expect("readable");
            record.flows[0].value_cents
        };
        let mut context = context();
        // 1.37 for a PLUME after the block of the first flow.
        context.chain_prices.insert((5, None), 137_000_000_000);
        assert_eq!(value(&context), Some(9_950));
        context.prices_cents.clear();
        assert_eq!(value(&context), Some(1_713), "12.5 PLUME, rounded up");
        context.chain_prices.clear();
        assert_eq!(value(&context), None);
    }

    #[test]
    fn every_stage_of_a_case_is_known() {
        let status = |stage| record(1, &case(stage), &[], &context()).map(|one| one.status);
        let officer = json!({ "officer": hex(3), "closing": "Dismiss" });
        let closed = json!({ "Closed": { "closing": "Dismiss", "at": "160" } });
        assert_eq!(status(json!("Open")), Ok(CaseStatus::Open));
        assert_eq!(
            status(json!({ "Investigating": officer })),
            Ok(CaseStatus::Investigating)
        );
        assert_eq!(
            status(json!({ "Proposed": officer })),
            Ok(CaseStatus::Investigating)
        );
        assert_eq!(status(closed), Ok(CaseStatus::Dismissed));
        assert_eq!(status(json!("Lost")), Err("stage"));
    }

    #[test]
    fn a_reason_that_the_runtime_does_not_name_is_not_passed_over() {
        let mut case = case(json!("Open"));
        case["findings"] = finding("Unheard");
        assert_eq!(record(1, &case, &[], &context()), Err("reason"));
    }

    #[test]
    fn accounts_and_assets_are_found_to_be_looked_up() {
        let mut other = flow(1);
        other["asset"] = json!({ "Other": "5" });
        let named = named(&json!([flow(1), other]));
        assert_eq!(named.accounts, [[1; 32], [2; 32], [1; 32], [2; 32]]);
        assert_eq!(named.assets, [5]);
    }

    proptest! {
        #[test]
        fn a_value_on_the_chain_is_the_product_rounded_up(amount in 0u128..1 << 90, price in 0u128..1 << 37) {
            let exact = (amount * price).div_ceil(PRICED_UNITS);
            prop_assert_eq!(chain_value_cents(amount, price), u64::try_from(exact).ok());
        }

        #[test]
        fn any_amount_at_any_price_has_a_value_or_none(amount: u128, price: u128) {
            let _ = chain_value_cents(amount, price);
        }

        #[test]
        fn any_amount_of_any_asset_has_a_value_or_none(amount: u128, decimals in 0u8..=40, cents: u64) {
            let mut context = context();
            context.prices_cents.insert("X".into(), cents);
            let asset = Asset { symbol: "X".into(), decimals };
            let _ = value_cents(amount, &asset, &context);
        }

        #[test]
        fn a_value_is_exact_where_it_fits(whole in 0u64..1_000_000, cents in 0u64..1_000_000) {
            let mut context = context();
            context.prices_cents.insert("X".into(), cents);
            let asset = Asset { symbol: "X".into(), decimals: 18 };
            let amount = u128::from(whole) * 10u128.pow(18) + 10u128.pow(18) / 2;
            prop_assert_eq!(value_cents(amount, &asset, &context), Some(whole * cents + cents / 2));
        }
    }
}
