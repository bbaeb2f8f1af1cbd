//! What a block says about the transfers in it.

use anyhow::Context;
use codec::Decode;
use pallet_compliance::{CaseId, Finding, Party, Scope, Version};
use plume_primitives::compliance::{Flow, Reason, Verdict};
use plume_sdk::{
    PlumeConfig,
    subxt::events::{Event, Events, Phase},
};

/// What the chain said about one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Rules spoke about it, and it is in a block.
    Found(Vec<Said>),
    /// So many rules of a tried policy would have spoken about it.
    Tried(usize),
    /// It is in a block, and its call failed.
    Failed,
}

/// What one rule said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Why.
    pub reason: Reason,
    /// What it asked for.
    pub verdict: Verdict,
}

impl From<&Finding> for Said {
    fn from(finding: &Finding) -> Self {
        Self {
            reason: finding.reason,
            verdict: finding.verdict,
        }
    }
}

type Account = [u8; 32];
type Flows = Vec<Flow<Account>>;
type Findings = Vec<Finding>;

/// `CaseOpened { case, about, verdict, flows, findings }`.
type CaseOpened = (CaseId, Party<Account>, Verdict, Flows, Findings);
/// `CaseRepeated { case, flows, findings }`.
type CaseRepeated = (CaseId, Flows, Findings);
/// `WouldHave { scope, version, verdict, reasons, flow }`.
type WouldHave = (Scope, Version, Verdict, Vec<Reason>, Flow<Account>);

/// What a block's events say, by the place of the transaction in the block.
pub fn of(events: &Events<PlumeConfig>) -> anyhow::Result<Vec<(u32, Notice)>> {
    let mut notices = Vec::new();
    for event in events.iter() {
        let event = event?;
        let Phase::ApplyExtrinsic(place) = event.phase() else {
            continue;
        };
        if let Some(notice) = notice(&event)? {
            notices.push((place, notice));
        }
    }
    Ok(notices)
}

fn notice(event: &Event<'_, PlumeConfig>) -> anyhow::Result<Option<Notice>> {
    let mut fields = event.field_bytes();
    let notice = match (event.pallet_name(), event.event_name()) {
        ("System", "ExtrinsicFailed") => Notice::Failed,
        ("Compliance", "CaseOpened") => {
            let decoded = CaseOpened::decode(&mut fields);
            Notice::Found(said(
                &decoded.context("Compliance.CaseOpened has other fields")?.4,
            ))
        }
        ("Compliance", "CaseRepeated") => {
            let decoded = CaseRepeated::decode(&mut fields);
            Notice::Found(said(
                &decoded
                    .context("Compliance.CaseRepeated has other fields")?
                    .2,
            ))
        }
        ("Compliance", "WouldHave") => {
            let decoded = WouldHave::decode(&mut fields);
            let decoded = decoded.context("Compliance.WouldHave has other fields")?;
            Notice::Tried(decoded.3.len())
        }
        _ => return Ok(None),
    };
    Ok(Some(notice))
}

fn said(findings: &[Finding]) -> Vec<Said> {
    findings.iter().map(Said::from).collect()
}

/// The code of a denial in the words in which the pool says how a transaction ended.
pub fn denial_code(words: &str) -> Option<u8> {
    let (_, code) = words.rsplit_once("refused by the runtime, code ")?;
    let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use pallet_compliance::{Severity, Side};
    use plume_primitives::compliance::{Asset, FlowKind};

    #[test]
    fn fields_are_decoded_as_the_pallet_encodes_them() {
        let flow = Flow {
            from: [1u8; 32],
            to: [2u8; 32],
            asset: Asset::Native,
            amount: 7u128,
            kind: FlowKind::Transfer,
        };
        let finding = Finding {
            flow: 0,
            policy: None,
            rule: Some(3),
            reason: Reason::FanIn,
            about: Side::To,
            severity: Severity::Low,
            verdict: Verdict::Alert,
        };
        let fields = (
            CaseId::from(5u8),
            Party::Account([2u8; 32]),
            Verdict::Alert,
            vec![flow.clone()],
            vec![finding],
        );
        let decoded = CaseOpened::decode(&mut &fields.encode()[..]).expect("the same fields");
        assert_eq!(
            said(&decoded.4),
            [Said {
                reason: Reason::FanIn,
                verdict: Verdict::Alert,
            }]
        );
        let fields = (
            Scope::Native,
            7 as Version,
            Verdict::Alert,
            vec![Reason::FanIn; 2],
            flow.clone(),
        );
        let tried = WouldHave::decode(&mut &fields.encode()[..]).expect("the same fields");
        assert_eq!(tried.3.len(), 2);
        let fields = (CaseId::from(5u8), vec![flow], vec![finding]);
        assert!(CaseRepeated::decode(&mut &fields.encode()[..]).is_ok());
    }

    #[test]
    fn a_denial_is_read_from_the_pools_words() {
        assert_eq!(denial_code("refused by the runtime, code 17"), Some(17));
        let json =
            r#"{"state":"ended","outcome":"invalid","reason":"refused by the runtime, code 1"}"#;
        assert_eq!(denial_code(json), Some(1));
        assert_eq!(denial_code("the call is not allowed"), None);
        assert_eq!(denial_code("refused by the runtime, code 900"), None);
    }
}
