//! `plume compliance report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use plume_reports::{
    Customers, Hash32, Institution, Report as CaseReport, fincen, goaml, json, pdf, table as sheet,
};
use serde::Serialize;

use super::super::connect;
use super::{customers, period};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, moment, patience};

/// Settings of an export are short.
const MAX_SETTINGS_BYTES: usize = 1024 * 1024;
/// A seed and a line break.
const MAX_KEY_BYTES: usize = 1_024;

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Canonical JSON (RFC 8785) with a signature.
    Json,
    /// One flow a line.
    Csv,
    /// UNODC goAML, schema 5.0.2.
    Goaml,
    /// FinCEN suspicious activity reports, batch schema 1.2.
    Fincen,
    /// For people.
    Pdf,
}

/// What is reported, and how.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// Number of the case.
    #[arg(required_unless_present = "from")]
    pub case: Option<u64>,
    /// All cases that were opened from this moment on: 2026-11-24 or 2026-11-24T12:00:00Z.
    #[arg(long, value_parser = moment::parse, conflicts_with = "case", requires = "to")]
    pub from: Option<u64>,
    /// And before this one.
    #[arg(long, value_parser = moment::parse, requires = "from")]
    pub to: Option<u64>,
    /// How it is written.
    #[arg(long, value_enum)]
    format: Format,
    /// The institution's customer file: .json, or CSV.
    #[arg(long, value_name = "FILE")]
    customers: Option<PathBuf>,
    /// Name of the institution that reports.
    #[arg(long, value_name = "NAME")]
    institution: String,
    /// Its identifier at the authority, or its LEI.
    #[arg(long, value_name = "ID")]
    institution_id: String,
    /// What an asset's whole unit was worth in the reference currency, such as PLUME=7.95, in place of the chain's
    /// price; may be given several times.
    #[arg(long, value_name = "ASSET=VALUE", value_parser = parse_price)]
    pub price: Vec<(String, u64)>,
    /// For --format goaml and fincen: JSON with what the authority agreed with the institution.
    #[arg(long, value_name = "FILE", required_if_eq_any = [("format", "goaml"), ("format", "fincen")])]
    settings: Option<PathBuf>,
    /// For --format json: the Ed25519 seed that signs (0x...), or @FILE that holds one.
    #[arg(long, value_name = "SECRET", required_if_eq("format", "json"))]
    key: Option<String>,
    /// Where to write it. It has personal data; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// `PLUME=7.95` as a symbol and hundredths.
fn parse_price(text: &str) -> Result<(String, u64), String> {
    let read = || {
        let (symbol, value) = text.split_once('=')?;
        let (whole, cents) = value.split_once('.').unwrap_or((value, "0"));
        let is_number =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if symbol.is_empty() || !is_number(whole) || !is_number(cents) || cents.len() > 2 {
            return None;
        }
        let cents: u64 = format!("{cents:0<2}").parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        Some((
            symbol.to_owned(),
            whole.checked_mul(100)?.checked_add(cents)?,
        ))
    };
    read().ok_or_else(|| {
        "write a symbol and a value with at most two decimals, such as PLUME=7.95".into()
    })
}

/// What was written.
#[derive(Debug, Serialize)]
struct ReportReport {
    file: String,
    cases: usize,
    flows: usize,
    /// Customers of the file that appear in it.
    customers: usize,
    /// Subjects that are nobody's in the customer file.
    unmatched: usize,
    signed_by: Option<String>,
}

impl Report for ReportReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("written", self.file.clone()),
            ("cases", self.cases.to_string()),
            ("flows", self.flows.to_string()),
            ("customers", self.customers.to_string()),
            ("unmatched", self.unmatched.to_string()),
        ];
        if let Some(key) = &self.signed_by {
            rows.push(("signed by", key.clone()));
        }
        table(&rows)
    }
}

/// What is read of an institution before the chain is asked.
struct Institutional {
    customers: Customers,
    key: Option<json::Key>,
    goaml: Option<goaml::Settings>,
    fincen: Option<fincen::Settings>,
}

fn institutional(args: &ReportArgs) -> Result<Institutional, Failure> {
    if args.out.exists() {
        return Err(Failure::new(
            format!("{} exists", args.out.display()),
            "Choose another file: a report is never written over",
        ));
    }
    let customers = match &args.customers {
        None => Customers::default(),
        Some(path) => customers(path)?,
    };
    let key = match &args.key {
        None => None,
        Some(text) => Some(json::Key::ed25519(seed(text)?)),
    };
    let (mut goaml, mut fincen) = (None, None);
    if let Some(path) = &args.settings {
        let bytes = files::read(path, MAX_SETTINGS_BYTES)?;
        let wrong = |error: serde_json::Error| {
            Failure::new(
                format!(
                    "{} does not have the settings of this format: {error}",
                    path.display()
                ),
                "docs/compliance.md says what settings an authority's format has",
            )
        };
        let now = moment::now()?;
        if args.format == Format::Goaml {
            let mut settings: goaml::Settings = serde_json::from_slice(&bytes).map_err(wrong)?;
            if settings.submitted_at_s == 0 {
                settings.submitted_at_s = now;
            }
            goaml = Some(settings);
        } else if args.format == Format::Fincen {
            let mut settings: fincen::Settings = serde_json::from_slice(&bytes).map_err(wrong)?;
            if settings.filed_at_s == 0 {
                settings.filed_at_s = now;
            }
            fincen = Some(settings);
        }
    }
    Ok(Institutional {
        customers,
        key,
        goaml,
        fincen,
    })
}

/// 32 bytes of seed, or `@path` of a file that holds them.
fn seed(text: &str) -> Result<[u8; 32], Failure> {
    let read;
    let text = match text.strip_prefix('@') {
        None => text,
        Some(path) => {
            read = files::read(path.as_ref(), MAX_KEY_BYTES)?;
            core::str::from_utf8(&read).unwrap_or_default()
        }
    };
    let seed: Result<Hash32, _> = text.trim().parse();
    seed.map(|seed| seed.0).map_err(|_| {
        Failure::new(
            "the secret is no Ed25519 seed: 0x and 64 hexadecimal digits",
            "Make a key with: plume credential key --out FILE, and name it as @FILE",
        )
    })
}

/// Runs `plume compliance report`.
pub async fn write(args: &ReportArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let ours = institutional(args)?;
    let client = connect(global).await?;
    let reading = period::read(&client, args);
    let period = patience::wait("reading what happened, block by block", reading).await?;
    let institution = Institution {
        name: args.institution.clone(),
        identifier: args.institution_id.clone(),
    };
    let report = CaseReport::join(institution, period, &ours.customers);
    let bytes = export(&report, args.format, &ours)?;
    files::write_private(&args.out, &bytes)?;
    output.report(&ReportReport {
        file: args.out.display().to_string(),
        cases: report.period.cases.len(),
        flows: report
            .period
            .cases
            .iter()
            .map(|case| case.flows.len())
            .sum(),
        customers: report.customers.len(),
        unmatched: report.unmatched.len(),
        signed_by: ours.key.map(|key| key.public().bytes.to_string()),
    })
}

fn export(report: &CaseReport, format: Format, ours: &Institutional) -> Result<Vec<u8>, Failure> {
    let failed = |reason: String| {
        Failure::new(
            format!("the report cannot be written in this format: {reason}"),
            "Complete the customer file or the settings, or state a price with --price",
        )
    };
    match format {
        Format::Json => {
            let key = ours.key.as_ref().ok_or_else(|| failed("no key".into()))?;
            json::sign(report, key).map_err(|error| failed(error.to_string()))
        }
        Format::Csv => sheet::csv(report).map_err(|error| failed(error.to_string())),
        Format::Pdf => pdf::pdf(report).map_err(|error| failed(error.to_string())),
        Format::Goaml => {
            let settings = ours.goaml.as_ref();
            let settings = settings.ok_or_else(|| failed("no settings".into()))?;
            goaml::xml(report, settings).map_err(|error| failed(error.to_string()))
        }
        Format::Fincen => {
            let settings = ours.fincen.as_ref();
            let settings = settings.ok_or_else(|| failed("no settings".into()))?;
            fincen::xml(report, settings).map_err(|error| failed(error.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;
    use serde_json::{Value as Json, json};

    #[test]
    fn a_report_is_of_a_case_or_of_a_period_and_has_what_its_format_needs() {
        let parse = |line: &str| {
            let line = format!(
                "plume compliance report {line} --institution B --institution-id X --out f"
            );
            Cli::try_parse_from(line.split(' ')).is_ok()
        };
        assert!(parse("17 --format csv"));
        assert!(parse("--from 2026-11-01 --to 2026-12-01 --format pdf"));
        assert!(parse("17 --format json --key @k"));
        assert!(parse("17 --format goaml --settings s"));
        for line in [
            "--format csv",
            "17 --from 2026-11-01 --to 2026-12-01 --format csv",
            "--from 2026-11-01 --format csv",
            "17 --format json",
            "17 --format goaml",
            "17 --format fincen",
            "17",
        ] {
            assert!(!parse(line), "{line}");
        }
    }

    #[test]
    fn a_price_has_two_decimals_at_most() {
        assert_eq!(parse_price("PLUME=7.95"), Ok(("PLUME".into(), 795)));
        assert_eq!(parse_price("EURT=1"), Ok(("EURT".into(), 100)));
        assert_eq!(parse_price("X=0.5"), Ok(("X".into(), 50)));
        for text in [
            "PLUME",
            "=1",
            "X=",
            "X=1.234",
            "X=-1",
            "X=1.",
            "X=99999999999999999999",
        ] {
            assert!(parse_price(text).is_err(), "{text}");
        }
    }

    /// Settings as docs/compliance.md lists them.
    fn settings() -> (Json, Json) {
        let business = json!({
            "name": "Bank", "street": "1 Main Street", "city": "Rockville", "state": "MD", "postal_code": "20905",
            "country": "US", "phone": "+13015550100", "tin": "458985215",
        });
        let goaml = json!({
            "rentity_id": 1, "report_code": "STR", "entity_reference": "R1", "currency": "USD",
            "institution_code": "X", "branch": "Main", "country": "CH", "reporter_first_name": "A",
            "reporter_last_name": "B", "indicators": ["ACTRC"], "funds_code": "CRPTC",
            "transmode_code": "DAWLT", "account_type": "CRYWT", "account_status": "A", "owner_role": "PAH",
        });
        let fincen = json!({
            "transmitter": business, "filer": business, "transmitter_control_code": "TBSATEST",
            "transmitter_contact": "A B", "regulator_code": "99", "organisation_code": "4",
            "contact_office": "Compliance", "contact_phone": "3015550101",
        });
        (goaml, fincen)
    }

    #[test]
    fn the_settings_that_the_page_for_officers_lists_are_those_that_are_read() {
        let (goaml, fincen) = settings();
        serde_json::from_value::<goaml::Settings>(goaml.clone()).expect("goAML's settings");
        serde_json::from_value::<fincen::Settings>(fincen.clone()).expect("FinCEN's settings");
        let page = include_str!("../../../../docs/compliance.md");
        for name in [goaml, fincen]
            .iter()
            .filter_map(Json::as_object)
            .flat_map(|one| one.keys())
        {
            assert!(page.contains(&format!("`{name}`")), "the page lacks {name}");
        }
    }
}
