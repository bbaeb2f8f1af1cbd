//! The narrative: at most five blocks of 4,000 characters, 17,000 in all.

use super::Sequence;
use crate::{CaseRecord, Party, Report, text, time, xml::Xml};
use std::io;

const BLOCK: usize = 4_000;
const MOST: usize = 17_000;

pub(super) fn write(
    xml: &mut Xml,
    sequence: &mut Sequence,
    report: &Report,
    case: &CaseRecord,
) -> io::Result<()> {
    for (index, block) in text::pieces(&narrative(report, case), BLOCK)
        .iter()
        .enumerate()
    {
        xml.open_with(
            "ActivityNarrativeInformation",
            &[("SeqNum", &sequence.next())],
        )?;
        xml.text(
            "ActivityNarrativeSequenceNumber",
            &index.saturating_add(1).to_string(),
        )?;
        xml.text("ActivityNarrativeText", block)?;
        xml.close("ActivityNarrativeInformation")?;
    }
    Ok(())
}

/// What happened, in sentences. Flows that do not fit are counted in the last one.
fn narrative(report: &Report, case: &CaseRecord) -> String {
    let mut text = format!(
        "Case {} of the chain {} (genesis {}) was opened on {} by policy {} version {}, with the verdict {}. It is {}.",
        case.case_id,
        report.period.chain,
        report.period.genesis_hash,
        time::for_people(case.opened_at_s),
        case.policy.scope,
        case.policy.version,
        case.verdict,
        case.status,
    );
    for reason in &case.reasons {
        let about = reason
            .flow
            .map(|flow| format!(" about transfer {}", u64::from(flow) + 1))
            .unwrap_or_default();
        text.push_str(&format!(
            " Rule {} (code {}) spoke{about}",
            reason.name, reason.code
        ));
        match reason.detail.trim() {
            "" => text.push('.'),
            detail => text.push_str(&format!(": {detail}.")),
        }
    }
    for decision in &case.decisions {
        let evidence = decision
            .evidence
            .map(|hash| format!(", evidence {hash}"))
            .unwrap_or_default();
        text.push_str(&format!(
            " On {} officer {}: {}{evidence}.",
            time::for_people(decision.time_s),
            decision.officer,
            decision.step
        ));
    }
    let mut text = text::cut(&text::words(&text), MOST - 4_000);
    for (index, flow) in case.flows.iter().enumerate() {
        let value = flow
            .value_text()
            .map(|value| format!(", worth {value}"))
            .unwrap_or_default();
        let hash = flow
            .extrinsic_hash
            .map(|hash| format!(", extrinsic {hash}"))
            .unwrap_or_default();
        let sentence = text::words(&format!(
            "Transfer {}: {} of {}{value} on {} in block {}{hash}, from {} to {}.",
            index.saturating_add(1),
            flow.kind,
            flow.amount_text(),
            time::for_people(flow.time_s),
            flow.block,
            party(report, &flow.from),
            party(report, &flow.to),
        ));
        let room = MOST - 100;
        if text
            .chars()
            .count()
            .saturating_add(sentence.chars().count())
            > room
        {
            let rest = case.flows.len().saturating_sub(index);
            text.push_str(&format!(
                " {rest} further transfers are in the CSV of this report."
            ));
            break;
        }
        text.push(' ');
        text.push_str(&sentence);
    }
    text
}

fn party(report: &Report, party: &Party) -> String {
    match (report.customer(party), party.subject) {
        (Some(customer), _) => format!(
            "{} ({}, client {})",
            party.account,
            customer.name(),
            customer.client_number
        ),
        (None, Some(subject)) => format!("{} (subject {subject})", party.account),
        (None, None) => format!("{} (no known subject)", party.account),
    }
}
