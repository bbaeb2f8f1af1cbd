//! CSV: one flow a line.

use crate::{CaseRecord, Flow, Party, Report, time};

/// The columns.
const HEADER: [&str; 22] = [
    "case_id",
    "status",
    "verdict",
    "policy_scope",
    "policy_version",
    "reason_codes",
    "reasons",
    "time_utc",
    "block",
    "extrinsic_hash",
    "kind",
    "from_account",
    "from_subject",
    "from_client",
    "from_name",
    "to_account",
    "to_subject",
    "to_client",
    "to_name",
    "asset",
    "amount",
    "value",
];

/// The report as CSV of RFC 4180 (UTF-8, CRLF), one line for each flow of each case.
///
/// A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tabulator or a line end)
/// gets an apostrophe before it.
pub fn csv(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for case in &report.period.cases {
        for (index, flow) in case.flows.iter().enumerate() {
            writer.write_record(
                line(report, case, index, flow)
                    .iter()
                    .map(|field| guarded(field)),
            )?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn line(report: &Report, case: &CaseRecord, index: usize, flow: &Flow) -> [String; 22] {
    let reasons: Vec<_> = case
        .reasons
        .iter()
        .filter(|reason| {
            reason
                .flow
                .is_none_or(|flow| usize::try_from(flow) == Ok(index))
        })
        .collect();
    let client = |party: &Party| {
        report
            .customer(party)
            .map(|customer| customer.client_number.clone())
    };
    let name = |party: &Party| report.customer(party).map(crate::Customer::name);
    let subject = |party: &Party| party.subject.map(|subject| subject.to_string());
    [
        case.case_id.to_string(),
        case.status.to_string(),
        case.verdict.to_string(),
        case.policy.scope.clone(),
        case.policy.version.to_string(),
        reasons
            .iter()
            .map(|reason| reason.code.to_string())
            .collect::<Vec<_>>()
            .join(" "),
        reasons
            .iter()
            .map(|reason| reason.name.as_str())
            .collect::<Vec<_>>()
            .join("; "),
        time::date_time(flow.time_s),
        flow.block.to_string(),
        flow.extrinsic_hash
            .map(|hash| hash.to_string())
            .unwrap_or_default(),
        flow.kind.clone(),
        flow.from.account.clone(),
        subject(&flow.from).unwrap_or_default(),
        client(&flow.from).unwrap_or_default(),
        name(&flow.from).unwrap_or_default(),
        flow.to.account.clone(),
        subject(&flow.to).unwrap_or_default(),
        client(&flow.to).unwrap_or_default(),
        name(&flow.to).unwrap_or_default(),
        flow.asset.symbol.clone(),
        flow.amount_decimal(),
        flow.value_text().unwrap_or_default(),
    ]
}

/// Full-width signs are those that spreadsheets fold into the ASCII ones.
fn guarded(field: &str) -> String {
    match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{field}")
        }
        _ => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(
            guarded("=HYPERLINK(\"http://x\")"),
            "'=HYPERLINK(\"http://x\")"
        );
        assert_eq!(guarded("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(guarded("O'Neill"), "O'Neill");
    }

    proptest! {
        #[test]
        fn no_field_begins_a_formula(field in "[=+@\\-\\t\\r\\na-z]{0,6}") {
            prop_assert!(!guarded(&field).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
        }
    }
}
