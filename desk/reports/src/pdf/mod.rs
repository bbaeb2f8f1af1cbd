//! PDF for people: pages of A4 in Liberation Sans, of which the document carries the letters that it uses.
//!
//! The same report gives the same bytes: the document has no time and no identifier of its own. Letters of scripts
//! that the font lacks (it has Latin, Greek, Cyrillic and Hebrew) are transliterated; the JSON has them as they are.

mod font;
mod page;

use crate::{CaseRecord, Party, Report, json, time};
use page::Pages;
use sp_crypto_hashing::blake2_256;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts in this crate cannot be used.
    #[error("the font cannot be used: {0}")]
    Font(String),
    /// The report cannot be written as JSON, of which the PDF has the digest.
    #[error("the report cannot be written as canonical JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// More pages than a document can have.
    #[error("the report is too long for one document; choose a shorter period")]
    TooLong,
}

/// The report as a PDF. Its first page has the digest of the canonical JSON, so that paper and file can be matched.
pub fn pdf(report: &Report) -> Result<Vec<u8>, PdfError> {
    let digest = hex::encode(blake2_256(&json::canonical(report)?));
    let mut pages = Pages::new()?;
    let title = match report.period.cases.as_slice() {
        [case] => format!("Compliance report on case {}", case.case_id),
        cases => format!("Compliance report on {} cases", cases.len()),
    };
    pages.title(&title);
    pages.field(
        "Institution",
        &format!(
            "{} ({})",
            report.institution.name, report.institution.identifier
        ),
    );
    pages.field("Chain", &report.period.chain);
    pages.field("Genesis", &report.period.genesis_hash.to_string());
    pages.field("From", &time::for_people(report.period.from_s));
    pages.field("To (exclusive)", &time::for_people(report.period.to_s));
    pages.field(
        "Digest",
        &format!("0x{digest} (BLAKE2b-256 of the report's canonical JSON)"),
    );

    if !report.customers.is_empty() || !report.unmatched.is_empty() {
        pages.heading("Subjects");
        let mut rows: Vec<[String; 4]> = report
            .customers
            .iter()
            .map(|customer| {
                [
                    customer.client_number.clone(),
                    customer.name(),
                    [customer.birth_date.as_str(), customer.nationality.as_str()]
                        .join(" ")
                        .trim()
                        .to_owned(),
                    customer.subject.to_string(),
                ]
            })
            .collect();
        rows.extend(report.unmatched.iter().map(|subject| {
            [
                "-".into(),
                "not a customer of the institution".into(),
                String::new(),
                subject.to_string(),
            ]
        }));
        pages.table(
            [
                ("Client", 0.13),
                ("Name", 0.30),
                ("Born, nationality", 0.17),
                ("Subject", 0.40),
            ],
            &rows,
        );
    }
    for case in &report.period.cases {
        write_case(&mut pages, report, case);
    }
    pages.finish(
        &title,
        &format!(
            "{}. Confidential. Digest 0x{digest}",
            report.institution.name
        ),
    )
}

fn write_case(pages: &mut Pages, report: &Report, case: &CaseRecord) {
    pages.heading(&format!("Case {}", case.case_id));
    pages.field("Status", &case.status.to_string());
    pages.field("Verdict", &case.verdict.to_string());
    pages.field(
        "Policy",
        &format!("{}, version {}", case.policy.scope, case.policy.version),
    );
    pages.field("Opened", &time::for_people(case.opened_at_s));
    if let Some(closed_at_s) = case.closed_at_s {
        pages.field("Closed", &time::for_people(closed_at_s));
    }

    pages.subheading("Why");
    if case.reasons.is_empty() {
        pages.paragraph("No rule spoke.");
    } else {
        let rows: Vec<[String; 5]> = case
            .reasons
            .iter()
            .map(|reason| {
                [
                    reason.code.to_string(),
                    reason.name.clone(),
                    reason.verdict.to_string(),
                    reason
                        .flow
                        .map_or("all".into(), |flow| (u64::from(flow) + 1).to_string()),
                    reason.detail.clone(),
                ]
            })
            .collect();
        let columns = [
            ("Code", 0.08),
            ("Rule", 0.25),
            ("Verdict", 0.10),
            ("Transfer", 0.10),
            ("Detail", 0.47),
        ];
        pages.table(columns, &rows);
    }

    pages.subheading("Transfers");
    if case.flows.is_empty() {
        pages.paragraph("None.");
    } else {
        let party = |party: &Party| match (report.customer(party), party.subject) {
            (Some(customer), _) => format!(
                "{} (client {}) {}",
                customer.name(),
                customer.client_number,
                party.account
            ),
            (None, Some(subject)) => format!("{} subject {subject}", party.account),
            (None, None) => format!("{} no known subject", party.account),
        };
        let rows: Vec<[String; 6]> = case
            .flows
            .iter()
            .enumerate()
            .map(|(index, flow)| {
                let value = flow
                    .value_text()
                    .map(|value| format!(" ({value})"))
                    .unwrap_or_default();
                let hash = flow
                    .extrinsic_hash
                    .map(|hash| format!(" {hash}"))
                    .unwrap_or_default();
                [
                    index.saturating_add(1).to_string(),
                    time::for_people(flow.time_s),
                    party(&flow.from),
                    party(&flow.to),
                    format!("{} {}{value}", flow.kind, flow.amount_text()),
                    format!("{}{hash}", flow.block),
                ]
            })
            .collect();
        let columns = [
            ("No.", 0.05),
            ("Time", 0.12),
            ("From", 0.24),
            ("To", 0.24),
            ("Amount (value)", 0.15),
            ("Block, extrinsic", 0.20),
        ];
        pages.table(columns, &rows);
    }

    pages.subheading("Decisions");
    if case.decisions.is_empty() {
        pages.paragraph("None yet.");
        return;
    }
    let rows: Vec<[String; 4]> = case
        .decisions
        .iter()
        .map(|decision| {
            [
                time::for_people(decision.time_s),
                decision.step.to_string(),
                decision.officer.clone(),
                decision
                    .evidence
                    .map(|hash| hash.to_string())
                    .unwrap_or_default(),
            ]
        })
        .collect();
    pages.table(
        [
            ("Time", 0.16),
            ("Step", 0.17),
            ("Officer", 0.30),
            ("Evidence", 0.37),
        ],
        &rows,
    );
}
