//! goAML XML, schema 5.0.2, as UNODC's goAML takes it from reporting entities.
//!
//! Each flow becomes a transaction from one account to another. An end that is a customer of the institution is
//! written as `my_client`, with all that the schema wants to know of one; what the customer file lacks is an error
//! that names it. Any other end is written with its address alone. Elements that the schema marks as newer than 5.0
//! are not used.
//!
//! The code lists differ from one authority to the next. Codes come from [`Settings`], and are not checked here: the
//! authority's schema does that.

mod parties;

use crate::{CaseRecord, Flow, Report, text, time, xml::Xml};
use serde::Deserialize;
use std::io;

/// What the authority agreed with the institution, and its codes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The institution's number at the authority, from 1.
    pub rentity_id: u32,
    /// Code of the report's kind, such as `STR`.
    pub report_code: String,
    /// The institution's own reference of this report, at most 255 characters.
    pub entity_reference: String,
    /// When it is submitted, seconds since 1970.
    #[serde(default)]
    pub submitted_at_s: u64,
    /// The reference currency of the values, such as `USD`.
    pub currency: String,
    /// The institution's code or BIC, at most 50 characters.
    pub institution_code: String,
    /// Its branch.
    pub branch: String,
    /// Its country, two letters.
    pub country: String,
    /// First name of who reports.
    pub reporter_first_name: String,
    /// Last name of who reports.
    pub reporter_last_name: String,
    /// Mail of who reports; may be empty.
    #[serde(default)]
    pub reporter_email: String,
    /// Why it is reported, beyond what the cases say; may be empty.
    #[serde(default)]
    pub reason: String,
    /// What the institution did; may be empty.
    #[serde(default)]
    pub action: String,
    /// The authority's codes of what is suspicious, at least one.
    pub indicators: Vec<String>,
    /// Code of the kind of funds, such as `CRPTC`.
    pub funds_code: String,
    /// Code of how the transfer was made, such as `DAWLT`.
    pub transmode_code: String,
    /// Code of the accounts' kind, such as `CRYWT`.
    pub account_type: String,
    /// Code of the accounts' state, such as `A`.
    pub account_status: String,
    /// Code of the role of an account's owner, such as `PAH`.
    pub owner_role: String,
}

/// Why there is no goAML report.
#[derive(Debug, thiserror::Error)]
pub enum GoAmlError {
    /// Nothing to report.
    #[error("no case has a flow; goAML wants one transaction at least")]
    NoFlow,
    /// A setting that the schema needs.
    #[error("the setting {0} is empty; the authority needs it")]
    Setting(&'static str),
    /// A flow without a value in the local currency.
    #[error(
        "flow {flow} of case {case} has no value in {currency}; admit a price for its asset, or state the value"
    )]
    NoValue {
        /// The case.
        case: u64,
        /// The flow, from zero.
        flow: usize,
        /// The currency.
        currency: String,
    },
    /// A customer of whom too little is known.
    #[error(
        "customer {client_number} lacks {fields}, which goAML wants of an own client; complete the customer file"
    )]
    Customer {
        /// Which customer.
        client_number: String,
        /// The fields, with commas between them.
        fields: String,
    },
    /// Writing failed.
    #[error("cannot write XML: {0}")]
    Io(#[from] io::Error),
}

/// The report as goAML XML: every flow of every case of its period. For one case give a period that has only it.
pub fn xml(report: &Report, settings: &Settings) -> Result<Vec<u8>, GoAmlError> {
    check(settings)?;
    if report.period.cases.iter().all(|case| case.flows.is_empty()) {
        return Err(GoAmlError::NoFlow);
    }
    let mut xml = Xml::new()?;
    xml.open("report")?;
    xml.text("rentity_id", &settings.rentity_id.to_string())?;
    xml.text("submission_code", "E")?;
    xml.text("report_code", &settings.report_code)?;
    xml.text(
        "entity_reference",
        &text::fitted(&settings.entity_reference, 255),
    )?;
    xml.text("submission_date", &time::date_time(settings.submitted_at_s))?;
    xml.text("currency_code_local", &settings.currency)?;
    xml.within("reporting_person", |xml| {
        xml.text("first_name", &named(&settings.reporter_first_name))?;
        xml.text("last_name", &named(&settings.reporter_last_name))?;
        parties::email(xml, &settings.reporter_email)
    })?;
    xml.text("reason", &reason(report, settings))?;
    xml.some_text("action", &text::cut(&settings.action, 8_000))?;
    for case in &report.period.cases {
        for (index, flow) in case.flows.iter().enumerate() {
            transaction(&mut xml, report, settings, case, index, flow)?;
        }
    }
    xml.within("report_indicators", |xml| {
        settings
            .indicators
            .iter()
            .try_for_each(|indicator| xml.text("indicator", indicator))
    })?;
    xml.close("report")?;
    Ok(xml.finish())
}

fn check(settings: &Settings) -> Result<(), GoAmlError> {
    let needed = [
        ("rentity_id", settings.rentity_id == 0),
        ("report_code", settings.report_code.is_empty()),
        (
            "entity_reference",
            settings.entity_reference.trim().is_empty(),
        ),
        ("currency", settings.currency.is_empty()),
        ("institution_code", settings.institution_code.is_empty()),
        ("branch", settings.branch.is_empty()),
        ("country", settings.country.is_empty()),
        (
            "reporter_first_name",
            settings.reporter_first_name.is_empty(),
        ),
        ("reporter_last_name", settings.reporter_last_name.is_empty()),
        ("indicators", settings.indicators.is_empty()),
        ("funds_code", settings.funds_code.is_empty()),
        ("transmode_code", settings.transmode_code.is_empty()),
        ("account_type", settings.account_type.is_empty()),
        ("account_status", settings.account_status.is_empty()),
        ("owner_role", settings.owner_role.is_empty()),
    ];
    match needed.iter().find(|(_, missing)| *missing) {
        Some(&(name, _)) => Err(GoAmlError::Setting(name)),
        None => Ok(()),
    }
}

/// A name of the schema's letters; a hyphen where none is left.
fn named(name: &str) -> String {
    match text::latin_name(name, 100) {
        name if name.is_empty() => "-".into(),
        name => name,
    }
}

/// What the cases say, at most 8,000 characters.
fn reason(report: &Report, settings: &Settings) -> String {
    let mut reason = text::words(&settings.reason);
    for case in &report.period.cases {
        let rules: Vec<_> = case
            .reasons
            .iter()
            .map(|reason| format!("{} (code {})", reason.name, reason.code))
            .collect();
        if !reason.is_empty() {
            reason.push(' ');
        }
        reason.push_str(&format!(
            "Case {} of {}, {}, policy {} version {}: {}.",
            case.case_id,
            time::for_people(case.opened_at_s),
            case.verdict,
            case.policy.scope,
            case.policy.version,
            rules.join(", ")
        ));
    }
    text::cut(&reason, 8_000)
}

fn transaction(
    xml: &mut Xml,
    report: &Report,
    settings: &Settings,
    case: &CaseRecord,
    index: usize,
    flow: &Flow,
) -> Result<(), GoAmlError> {
    let value = flow.value_text().ok_or_else(|| GoAmlError::NoValue {
        case: case.case_id,
        flow: index,
        currency: settings.currency.clone(),
    })?;
    let hash = flow
        .extrinsic_hash
        .map(|hash| hash.to_string())
        .unwrap_or_default();
    let description = format!(
        "{} of {} in block {} of {} ({}), verdict {}",
        flow.kind,
        flow.amount_text(),
        flow.block,
        report.period.chain,
        report.period.genesis_hash,
        case.verdict
    );
    xml.open("transaction")?;
    xml.text("transactionnumber", &format!("{}-{index}", case.case_id))?;
    xml.some_text("internal_ref_number", &hash)?;
    xml.text(
        "transaction_location",
        &text::fitted(&report.period.chain, 255),
    )?;
    xml.text(
        "transaction_description",
        &text::fitted(&description, 8_000),
    )?;
    xml.text("date_transaction", &time::date_time(flow.time_s))?;
    xml.text("transmode_code", &settings.transmode_code)?;
    xml.text("transmode_comment", "-")?;
    xml.text("amount_local", &value)?;
    parties::end(xml, report, settings, parties::Side::From, &flow.from)?;
    parties::end(xml, report, settings, parties::Side::To, &flow.to)?;
    xml.close("transaction")?;
    Ok(())
}
