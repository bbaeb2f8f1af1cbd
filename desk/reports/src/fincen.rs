//! FinCEN's suspicious activity reports, batch schema 1.2.
//!
//! One activity a case. Its subjects are the customers and the unknown subjects at both ends of its flows; accounts
//! without a subject stand in the narrative alone. The schema's account numbers have 40 characters, and addresses of
//! this chain more: the institution's own account number is written there, and the address in the narrative.

mod narrative;
mod parties;

use crate::{CaseRecord, Report, time, xml::Xml};
use serde::Deserialize;
use std::io;

/// A business as FinCEN wants to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// Legal name.
    pub name: String,
    /// Street and house.
    pub street: String,
    /// City.
    pub city: String,
    /// State, at most three letters.
    pub state: String,
    /// Postal code without hyphen, at most nine characters.
    pub postal_code: String,
    /// Country, two letters.
    pub country: String,
    /// Telephone; digits are taken.
    pub phone: String,
    /// Taxpayer number.
    pub tin: String,
}

/// What FinCEN knows of the filer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who transmits the file.
    pub transmitter: Business,
    /// The transmitter control code, from FinCEN.
    pub transmitter_control_code: String,
    /// The person at the transmitter.
    pub transmitter_contact: String,
    /// The institution that reports.
    pub filer: Business,
    /// Code of its primary federal regulator, such as `2` for FDIC and `99` for none.
    pub regulator_code: String,
    /// Code of its kind, such as `2` for a depository institution, `4` for a money services business.
    pub organisation_code: String,
    /// The office to ask.
    pub contact_office: String,
    /// Its telephone; digits are taken.
    pub contact_phone: String,
    /// When it is filed, seconds since 1970.
    #[serde(default)]
    pub filed_at_s: u64,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum FinCenError {
    /// A setting that the schema needs.
    #[error("the setting {0} is empty; FinCEN needs it")]
    Setting(&'static str),
    /// Nothing to report.
    #[error("there is no case; a batch has one activity at least")]
    NoCase,
    /// A case in which nobody is named.
    #[error("case {0} has no flow with a known subject; name one, since a report needs a subject")]
    NoSubject(u64),
    /// More than the schema takes.
    #[error("case {case} has {subjects} subjects; one report takes {MAX_SUBJECTS}")]
    TooManySubjects {
        /// The case.
        case: u64,
        /// How many.
        subjects: usize,
    },
    /// Writing failed.
    #[error("cannot write XML: {0}")]
    Io(#[from] io::Error),
}

/// The most subjects of an activity.
pub const MAX_SUBJECTS: usize = 999;

/// Numbers the elements of a batch; no two have the same.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> String {
        self.0 = self.0.saturating_add(1);
        self.0.to_string()
    }
}

/// The report as a batch, one activity a case.
pub fn xml(report: &Report, settings: &Settings) -> Result<Vec<u8>, FinCenError> {
    check(settings)?;
    if report.period.cases.is_empty() {
        return Err(FinCenError::NoCase);
    }
    let mut subjects = Vec::new();
    for case in &report.period.cases {
        let found = parties::subjects(report, case);
        match found.len() {
            0 => return Err(FinCenError::NoSubject(case.case_id)),
            1..=MAX_SUBJECTS => subjects.push(found),
            more => {
                return Err(FinCenError::TooManySubjects {
                    case: case.case_id,
                    subjects: more,
                });
            }
        }
    }
    let total: u64 = report
        .period
        .cases
        .iter()
        .filter_map(dollars)
        .fold(0, u64::saturating_add);
    let subject_count: usize = subjects.iter().map(Vec::len).sum();
    let mut xml = Xml::new()?;
    let mut sequence = Sequence(0);
    xml.open_with(
        "EFilingBatchXML",
        &[
            ("xmlns", "www.fincen.gov/base"),
            ("TotalAmount", &total.to_string()),
            ("PartyCount", &subject_count.to_string()),
            ("ActivityCount", &report.period.cases.len().to_string()),
            ("ActivityAttachmentCount", "0"),
            ("AttachmentCount", "0"),
        ],
    )?;
    xml.text("FormTypeCode", "SARX")?;
    for (case, subjects) in report.period.cases.iter().zip(&subjects) {
        activity(&mut xml, &mut sequence, report, settings, case, subjects)?;
    }
    xml.close("EFilingBatchXML")?;
    Ok(xml.finish())
}

fn check(settings: &Settings) -> Result<(), FinCenError> {
    let needed = [
        ("transmitter.name", &settings.transmitter.name),
        ("transmitter.tin", &settings.transmitter.tin),
        (
            "transmitter_control_code",
            &settings.transmitter_control_code,
        ),
        ("transmitter_contact", &settings.transmitter_contact),
        ("filer.name", &settings.filer.name),
        ("filer.tin", &settings.filer.tin),
        ("regulator_code", &settings.regulator_code),
        ("organisation_code", &settings.organisation_code),
        ("contact_office", &settings.contact_office),
    ];
    match needed.iter().find(|(_, value)| value.trim().is_empty()) {
        Some(&(name, _)) => Err(FinCenError::Setting(name)),
        None => Ok(()),
    }
}

/// The value of all flows in whole dollars, rounded up; none when one has no value.
fn dollars(case: &CaseRecord) -> Option<u64> {
    let mut cents = 0u64;
    for flow in &case.flows {
        cents = cents.saturating_add(flow.value_cents?);
    }
    Some(cents.div_ceil(100))
}

fn activity(
    xml: &mut Xml,
    sequence: &mut Sequence,
    report: &Report,
    settings: &Settings,
    case: &CaseRecord,
    subjects: &[parties::Subject<'_>],
) -> io::Result<()> {
    xml.open_with("Activity", &[("SeqNum", &sequence.next())])?;
    xml.text("FilingDateText", &time::compact_date(settings.filed_at_s))?;
    xml.open_with("ActivityAssociation", &[("SeqNum", &sequence.next())])?;
    xml.text("InitialReportIndicator", "Y")?;
    xml.close("ActivityAssociation")?;
    parties::institution(xml, sequence, settings)?;
    for subject in subjects {
        parties::subject(xml, sequence, settings, subject)?;
    }
    suspicious(xml, sequence, case)?;
    narrative::write(xml, sequence, report, case)?;
    xml.close("Activity")
}

fn suspicious(xml: &mut Xml, sequence: &mut Sequence, case: &CaseRecord) -> io::Result<()> {
    let times = case.flows.iter().map(|flow| flow.time_s);
    let first = times.clone().min().unwrap_or(case.opened_at_s);
    let last = times.max().unwrap_or(case.opened_at_s);
    xml.open_with("SuspiciousActivity", &[("SeqNum", &sequence.next())])?;
    let amount = dollars(case);
    if amount.is_none() {
        xml.text("AmountUnknownIndicator", "Y")?;
    }
    xml.text("SuspiciousActivityFromDateText", &time::compact_date(first))?;
    xml.text("SuspiciousActivityToDateText", &time::compact_date(last))?;
    if let Some(amount) = amount {
        xml.text(
            "TotalSuspiciousAmountText",
            &amount.min(999_999_999_999_999).to_string(),
        )?;
    }
    for (kind, subtype, other) in classes(case) {
        xml.open_with(
            "SuspiciousActivityClassification",
            &[("SeqNum", &sequence.next())],
        )?;
        xml.some_text("OtherSuspiciousActivityTypeText", &other)?;
        xml.text("SuspiciousActivitySubtypeID", &subtype.to_string())?;
        xml.text("SuspiciousActivityTypeID", &kind.to_string())?;
        xml.close("SuspiciousActivityClassification")?;
    }
    xml.close("SuspiciousActivity")
}

/// FinCEN's kinds of the case's reasons, each subtype once: kind, subtype, and a text where the subtype is "other".
///
/// The numbers of the reasons are those of the chain's rules.
fn classes(case: &CaseRecord) -> Vec<(u16, u16, String)> {
    const OTHER: (u16, u16) = (9, 9_999);
    let mut classes: Vec<(u16, u16, String)> = Vec::new();
    for reason in &case.reasons {
        let (kind, subtype) = match reason.code {
            // Corridors: a jurisdiction of high risk.
            20 => (9, 928),
            // Velocity: out of the customer's pattern.
            40..=43 | 70 | 71 => (8, 812),
            // Just under a threshold.
            50 | 51 => (1, 114),
            // Gathering from many.
            60 | 62 => (8, 824),
            // Scattering, and passing on.
            61 | 63 => (8, 805),
            // The source of the funds.
            80 => (8, 821),
            _ => OTHER,
        };
        let other = if (kind, subtype) == OTHER {
            crate::text::fitted(&reason.name, 50)
        } else {
            String::new()
        };
        match classes.iter_mut().find(|(_, known, _)| *known == subtype) {
            None => classes.push((kind, subtype, other)),
            Some((_, _, text)) if !other.is_empty() && !text.contains(&other) => {
                *text = crate::text::fitted(&format!("{text}; {other}"), 50);
            }
            Some(_) => {}
        }
    }
    if classes.is_empty() {
        classes.push((OTHER.0, OTHER.1, "Reported by an officer".into()));
    }
    classes
}
