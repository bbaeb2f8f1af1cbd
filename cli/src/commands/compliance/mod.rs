//! `plume compliance`: cases, reports and policies of the compliance engine.

mod history;
pub mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use plume_reports::{
    Asset, Customers, Hash32, Institution, MAX_CUSTOMERS_BYTES, Period, Report as CaseReport,
    fincen, goaml, json, pdf, table as sheet,
};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, At, AtBlock, Client, address, state};
use serde::Serialize;
use serde_json::Value as Json;

use super::connect;
use super::credential::chain;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, moment, party, patience};
use record::{Context, bytes, integer, kebab};

/// Settings of an export are short.
const MAX_SETTINGS_BYTES: usize = 1024 * 1024;
/// A seed and a line break.
const MAX_KEY_BYTES: usize = 1_024;

/// Cases, reports and policies of the compliance engine.
#[derive(Debug, Subcommand)]
pub enum ComplianceCommand {
    /// List cases, the newest first.
    #[command(after_help = "\
Examples:
  plume compliance cases                     What is not decided
  plume compliance cases --all --json | jq -r .case
  plume compliance cases --about //Bob")]
    Cases(CasesArgs),
    /// Export a case, or all cases of a period, for an authority.
    #[command(after_help = "\
Examples:
  plume compliance report 17 --format pdf --customers customers.csv --institution 'Example Bank' \\
      --institution-id EXBKCHZZ --out case-17.pdf
  plume compliance report --from 2026-11-01 --to 2026-12-01 --format json --key @report.key \\
      --customers customers.csv --institution 'Example Bank' --institution-id EXBKCHZZ --out november.json
  plume compliance report 17 --format goaml --settings goaml.json --price PLUME=7.95 \\
      --customers customers.csv --institution 'Example Bank' --institution-id EXBKCHZZ --out case-17.xml

The customer file (CSV or JSON) stays with the institution; customers are joined by the chain's number of their
subject. What happened is read from the blocks: an archive node has all of them, others the last minute.
The subjects are those behind the accounts now.")]
    Report(ReportArgs),
    /// Check the signature of a report in JSON. Asks no node.
    #[command(after_help = "\
Examples:
  plume compliance verify november.json
  plume compliance verify november.json --by 0x...      Signed by this key, and no other

Without --by it is only sure that nobody has changed the report since it was signed.")]
    Verify(VerifyArgs),
    /// Show the policies in force and on trial.
    #[command(after_help = "\
Examples:
  plume compliance policy
  plume compliance policy --json | jq .policies[].active.policy.rules")]
    Policy,
}

/// Which cases.
#[derive(Args, Debug)]
pub struct CasesArgs {
    /// Closed ones, too.
    #[arg(long)]
    all: bool,
    /// Only those about an account, or a subject (0x...).
    #[arg(long, value_name = "WHO")]
    about: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

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
    case: Option<u64>,
    /// All cases that were opened from this moment on: 2026-11-24 or 2026-11-24T12:00:00Z.
    #[arg(long, value_parser = moment::parse, conflicts_with = "case", requires = "to")]
    from: Option<u64>,
    /// And before this one.
    #[arg(long, value_parser = moment::parse, requires = "from")]
    to: Option<u64>,
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
    price: Vec<(String, u64)>,
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

/// Which report.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The report.
    file: PathBuf,
    /// The Ed25519 public key (0x...) that has to have signed it.
    #[arg(long, value_name = "KEY")]
    by: Option<String>,
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

/// A case in a list.
#[derive(Debug, Serialize)]
struct CaseLine {
    case: u64,
    stage: String,
    verdict: String,
    opened: String,
    about: String,
    reasons: Vec<String>,
    flows: usize,
    repeats: u64,
    on_hold: usize,
}

impl Report for CaseLine {
    fn text(&self) -> String {
        let held = match self.on_hold {
            0 => String::new(),
            number => format!(", {number} on hold"),
        };
        format!(
            "#{} {} {}  {}  {}  {} flows, {} more since{held}  about {}",
            self.case,
            self.opened,
            self.verdict,
            self.stage,
            self.reasons.join(" "),
            self.flows,
            self.repeats,
            self.about
        )
    }
}

fn case_line(number: u64, case: &Json, first_block_s: u64) -> Option<CaseLine> {
    let findings = state::items(&case["findings"]);
    let reasons: BTreeSet<String> = findings
        .iter()
        .filter_map(|finding| Some(kebab(state::variant(&finding["reason"])?.0)))
        .collect();
    let (stage, _) = state::variant(&case["stage"])?;
    let (verdict, _) = state::variant(&case["verdict"])?;
    Some(CaseLine {
        case: number,
        stage: kebab(stage),
        verdict: kebab(verdict),
        opened: moment::format(first_block_s.saturating_add(integer(&case["opened"])?)),
        about: about(&case["about"])?,
        reasons: reasons.into_iter().collect(),
        flows: state::items(&case["flows"]).len(),
        repeats: integer(&case["repeats"])?,
        on_hold: state::items(&case["holds"]).len(),
    })
}

/// A party: an address, or the number of a subject.
pub fn about(of: &Json) -> Option<String> {
    match state::variant(of)? {
        ("Account", account) => Some(address::format(&AccountId32(bytes(account)?))),
        (_, subject) => subject.as_str().map(str::to_owned),
    }
}

async fn list_cases(args: &CasesArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let wanted = match &args.about {
        None => None,
        // 32 bytes may be a subject or an account: both are looked for.
        Some(text) => Some((text.clone(), party::account(text).ok())),
    };
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let first_block_s = chain::first_block_s(&at).await?;
    let mut cases = all_cases(&at).await?;
    cases.reverse();
    let mut shown = 0;
    for (number, case) in &cases {
        if shown == args.limit {
            output.note(&format!(
                "{} cases were looked at; --limit shows more",
                cases.len()
            ));
            break;
        }
        let line =
            case_line(*number, case, first_block_s).ok_or_else(|| unreadable(*number, "entry"))?;
        let is_wanted = wanted.as_ref().is_none_or(|(text, account)| {
            line.about == *text
                || account.is_some_and(|account| line.about == address::format(&account))
        });
        if is_wanted && (args.all || line.stage != "closed") {
            output.report(&line)?;
            shown += 1;
        }
    }
    if shown == 0 {
        output.note("no such case");
    }
    Ok(())
}

/// All cases, by number.
async fn all_cases(at: &AtBlock) -> Result<Vec<(u64, Json)>, Failure> {
    let reading = state::entries(at, "Compliance", "Cases");
    let entries = patience::wait("reading the cases", reading).await?;
    let mut cases: Vec<(u64, Json)> = entries
        .into_iter()
        .filter_map(|(keys, case)| Some((integer(keys.first()?)?, case)))
        .collect();
    cases.sort_by_key(|(number, _)| *number);
    Ok(cases)
}

fn unreadable(case: u64, field: &str) -> Failure {
    Failure::new(
        format!("the chain's record of case {case} cannot be read: {field}"),
        "Update plume to the version that came with this runtime",
    )
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

/// The customer file of an institution, JSON by its name's end and CSV otherwise.
pub fn customers(path: &Path) -> Result<Customers, Failure> {
    let bytes = files::read(path, MAX_CUSTOMERS_BYTES)?;
    let is_json = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let read = if is_json {
        Customers::json(&bytes)
    } else {
        Customers::csv(&bytes)
    };
    read.map_err(|error| {
        Failure::new(
            format!("{}: {error}", path.display()),
            "Correct the customer file; docs/compliance.md says what it has",
        )
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

async fn write_report(args: &ReportArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let ours = institutional(args)?;
    let client = connect(global).await?;
    let reading = period(&client, args);
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

/// The cases that were asked for, as the finalised chain has them.
async fn period(client: &Client, args: &ReportArgs) -> Result<Period, Failure> {
    let info = client.chain_info().await?;
    let at = client.at_block(info.finalised.hash).await?;
    let last = info.finalised.number;
    let first_block_s = chain::first_block_s(&at).await?;
    let opened = |case: &Json| {
        integer::<u64>(&case["opened"]).map(|opened| first_block_s.saturating_add(opened))
    };
    let cases = match (args.case, args.from, args.to) {
        (Some(number), _, _) => {
            let keys = vec![Value::u128(number.into())];
            let case = state::entry(&at, "Compliance", "Cases", keys).await?;
            let case = case.ok_or_else(|| {
                Failure::new(
                    format!("there is no case {number}, or it was pruned"),
                    "List the cases with: plume compliance cases --all",
                )
            })?;
            vec![(number, case)]
        }
        (None, from, to) => {
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or(u64::MAX));
            let mut cases = all_cases(&at).await?;
            cases.retain(|(_, case)| {
                opened(case).is_some_and(|opened| (from..to).contains(&opened))
            });
            cases
        }
    };
    let first_opened = cases.iter().filter_map(|(_, case)| opened(case)).min();
    let first = match first_opened {
        None => last,
        Some(time_s) => history::first_block_at(client, time_s, last).await?,
    };
    let last = last_of_interest(client, &cases, first_block_s, last).await?;
    let mut happened = history::read(client, first, last).await?;
    let context = context(client, &at, &cases, &happened, first_block_s, &args.price).await?;
    let now_s = history::time(client, info.finalised.number).await?;
    let mut records = Vec::new();
    for (number, case) in &cases {
        let happened = happened.remove(number).unwrap_or_default();
        let record = record::record(*number, case, &happened, &context)
            .map_err(|field| unreadable(*number, field))?;
        records.push(record);
    }
    Ok(Period {
        chain: info.chain,
        genesis_hash: Hash32(info.genesis_hash.0),
        from_s: args.from.or(first_opened).unwrap_or(now_s),
        to_s: args.to.unwrap_or(now_s.saturating_add(1)),
        cases: records,
    })
}

/// The last block in which something happened to these cases: nothing does after all are closed, but for the second
/// in which the last one was.
async fn last_of_interest(
    client: &Client,
    cases: &[(u64, Json)],
    first_block_s: u64,
    last: u64,
) -> Result<u64, Failure> {
    let closed = |case: &Json| {
        let ("Closed", details) = state::variant(&case["stage"])? else {
            return None;
        };
        integer::<u64>(&details["at"])
    };
    let mut latest = 0;
    for (_, case) in cases {
        match closed(case) {
            None => return Ok(last),
            Some(at) => latest = latest.max(at),
        }
    }
    let after_s = first_block_s.saturating_add(latest).saturating_add(2);
    history::first_block_at(client, after_s, last).await
}

/// What else the records need: subjects behind accounts, assets, reasons, prices.
async fn context(
    client: &Client,
    at: &AtBlock,
    cases: &[(u64, Json)],
    happened: &BTreeMap<u64, Vec<history::Happening>>,
    first_block_s: u64,
    prices: &[(String, u64)],
) -> Result<Context, Failure> {
    let mut named: Vec<record::Named> = Vec::new();
    for (number, case) in cases {
        named.push(record::named(&case["flows"]));
        for happening in happened.get(number).into_iter().flatten() {
            let flows = &happening.event.fields["flows"];
            if !flows.is_null() {
                named.push(record::named(flows));
            }
        }
    }
    let accounts: BTreeSet<[u8; 32]> = named.iter().flat_map(|one| one.accounts.clone()).collect();
    let numbers: BTreeSet<u64> = named.iter().flat_map(|one| one.assets.clone()).collect();
    let mut subjects = BTreeMap::new();
    for account in accounts {
        let keys = vec![Value::from_bytes(account)];
        let subject = state::entry(at, "Credentials", "SubjectOf", keys).await?;
        if let Some(subject) = subject.as_ref().and_then(bytes) {
            subjects.insert(account, Hash32(subject));
        }
    }
    let mut assets = BTreeMap::new();
    for number in numbers {
        let keys = vec![Value::u128(number.into())];
        let metadata = state::entry(at, "Assets", "Metadata", keys).await?;
        if let Some(asset) = metadata
            .as_ref()
            .and_then(|metadata| asset(number, metadata))
        {
            assets.insert(number, asset);
        }
    }
    let chain_prices = chain_prices(client, cases, happened).await?;
    let reasons = state::variants(at, &["compliance", "Reason"]).ok_or_else(|| {
        Failure::new(
            "this runtime has no compliance engine",
            "Ask again when the network has upgraded its runtime",
        )
    })?;
    Ok(Context {
        first_block_s,
        subjects,
        assets,
        reasons,
        prices_cents: prices.iter().cloned().collect(),
        chain_prices,
    })
}

/// What the chain said that assets cost, after the blocks in which cases were opened or went on.
async fn chain_prices(
    client: &Client,
    cases: &[(u64, Json)],
    happened: &BTreeMap<u64, Vec<history::Happening>>,
) -> Result<BTreeMap<(u64, Option<u64>), u128>, Failure> {
    let mut wanted: BTreeMap<u64, BTreeSet<Option<u64>>> = BTreeMap::new();
    for (number, _) in cases {
        for happening in happened.get(number).into_iter().flatten() {
            let flows = &happening.event.fields["flows"];
            if !flows.is_null() {
                let assets = state::items(flows).into_iter();
                let assets = assets.filter_map(|flow| record::asset_number(&flow["asset"]));
                wanted.entry(happening.block).or_default().extend(assets);
            }
        }
    }
    let mut prices = BTreeMap::new();
    for (block, assets) in wanted {
        let at = history::at(client, block).await?;
        for asset in assets {
            let key = match asset {
                None => Value::unnamed_variant("Native", []),
                Some(number) => Value::unnamed_variant("Other", [Value::u128(number.into())]),
            };
            let answer = state::entry(&at, "Prices", "Answers", vec![key]).await?;
            let price = answer.as_ref().and_then(|answer| integer(&answer["price"]));
            prices.extend(price.map(|price| ((block, asset), price)));
        }
    }
    Ok(prices)
}

/// An asset by what its owner says of it.
fn asset(number: u64, metadata: &Json) -> Option<Asset> {
    let letters: Vec<u8> = match &metadata["symbol"] {
        // A long one is told in hexadecimal.
        Json::String(text) if text.starts_with("0x") => plume_sdk::raw::from_hex(text)?,
        list => state::items(list).into_iter().filter_map(integer).collect(),
    };
    let symbol = String::from_utf8(letters).ok()?;
    Some(Asset {
        symbol: if symbol.is_empty() {
            format!("asset {number}")
        } else {
            symbol
        },
        decimals: integer(&metadata["decimals"])?,
    })
}

/// What a signature says.
#[derive(Debug, Serialize)]
struct VerifyReport {
    valid: bool,
    institution: String,
    chain: String,
    from: String,
    to: String,
    cases: usize,
    by_expected_key: bool,
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        let verdict = if self.by_expected_key {
            "signed by that key, and not changed since"
        } else {
            "not changed since it was signed; --by says by whom"
        };
        table(&[
            ("verdict", verdict.into()),
            ("institution", self.institution.clone()),
            ("chain", self.chain.clone()),
            ("period", format!("{} to {}", self.from, self.to)),
            ("cases", self.cases.to_string()),
        ])
    }
}

fn verify_report(args: &VerifyArgs, output: &Output) -> Result<(), Failure> {
    let by = match &args.by {
        None => None,
        Some(text) => Some(json::PublicKey {
            algorithm: json::Algorithm::Ed25519,
            bytes: text.parse().map_err(|error: plume_reports::NotHash32| {
                Failure::new(error.to_string(), "Ask the institution for its public key")
            })?,
        }),
    };
    let bytes = files::read(&args.file, json::MAX_DOCUMENT_BYTES)?;
    let report = json::verify(&bytes, by.as_ref()).map_err(|error| {
        Failure::new(
            error.to_string(),
            "Do not rely on it: ask the institution for the report as it was signed",
        )
    })?;
    output.report(&VerifyReport {
        valid: true,
        institution: report.institution.name,
        chain: report.period.chain,
        from: moment::format(report.period.from_s),
        to: moment::format(report.period.to_s),
        cases: report.period.cases.len(),
        by_expected_key: by.is_some(),
    })
}

#[derive(Debug, Serialize)]
struct PolicyReport {
    policies: Vec<Json>,
}

impl Report for PolicyReport {
    fn text(&self) -> String {
        if self.policies.is_empty() {
            return "no policy is in force or on trial: everything is allowed".into();
        }
        let lines: Vec<String> = self.policies.iter().flat_map(policy_lines).collect();
        lines.join("\n")
    }
}

/// A scope's policies, a rule a line.
fn policy_lines(of: &Json) -> Vec<String> {
    let scope = of["scope"].to_string().replace(['"', '{', '}'], "");
    let mut lines = Vec::new();
    let tried = state::variant(&of["trial"]).map(|(_, trial)| &trial["tried"]);
    let active = state::variant(&of["active"]).map(|(_, active)| active);
    for (state_of_it, versioned) in [("in force", active), ("on trial", tried)] {
        let Some(versioned) = versioned.filter(|one| one.is_object()) else {
            continue;
        };
        let version = versioned["version"].as_str().unwrap_or("?");
        lines.push(format!("{scope}, version {version}, {state_of_it}"));
        for entry in state::items(&versioned["policy"]["rules"]) {
            let verdict = entry["verdict"].as_str().unwrap_or("?");
            lines.push(format!("  {verdict}: {}", entry["rule"]));
        }
    }
    lines
}

async fn show_policy(global: &Global, output: &Output) -> Result<(), Failure> {
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let reading = state::entries(&at, "Compliance", "Policies");
    let entries = patience::wait("reading the policies", reading).await?;
    let policies = entries
        .into_iter()
        .filter_map(|(mut keys, mut policy)| {
            let scope = keys.pop()?;
            policy.as_object_mut()?.insert("scope".into(), scope);
            Some(policy)
        })
        .collect();
    output.report(&PolicyReport { policies })
}

/// Runs `plume compliance`.
pub async fn run(
    command: &ComplianceCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        ComplianceCommand::Cases(args) => list_cases(args, global, output).await,
        ComplianceCommand::Report(args) => write_report(args, global, output).await,
        ComplianceCommand::Verify(args) => verify_report(args, output),
        ComplianceCommand::Policy => show_policy(global, output).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;
    use serde_json::json;

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

    #[test]
    fn a_case_is_one_line() {
        let case = json!({
            "opened": "60", "about": { "Subject": format!("0x{}", "09".repeat(32)) }, "verdict": "Alert",
            "flows": { "from": "0x00" }, "findings": [{ "reason": "FanIn" }, { "reason": "FanIn" }],
            "holds": [], "repeats": "2", "evidence": "0", "stage": "Open",
        });
        let line = case_line(3, &case, 1_795_478_400).expect("readable");
        assert_eq!(line.reasons, ["fan-in"]);
        assert_eq!(line.opened, "2026-11-24T00:01:00Z");
        assert!(
            line.text()
                .starts_with("#3 2026-11-24T00:01:00Z alert  open  fan-in  1 flows"),
            "{}",
            line.text()
        );
    }

    #[test]
    fn an_asset_has_the_symbol_that_its_owner_gave_it() {
        let metadata = json!({ "symbol": ["69", "85", "82"], "decimals": "2" });
        let euro = Asset {
            symbol: "EUR".into(),
            decimals: 2,
        };
        assert_eq!(asset(5, &metadata), Some(euro));
        let nameless = json!({ "symbol": [], "decimals": "0" });
        assert_eq!(
            asset(5, &nameless).map(|one| one.symbol),
            Some("asset 5".into())
        );
    }

    #[test]
    fn a_policy_is_told_rule_by_rule() {
        let policy = json!({
            "scope": "Native", "last_version": "2", "trial": "None",
            "active": { "Some": { "version": "2", "since": "0", "policy": { "rules": [
                { "rule": { "Sanctions": [] }, "severity": "High", "verdict": "Deny" },
                { "rule": { "FanIn": { "at_least": "7" } }, "severity": "Low", "verdict": "Alert" },
            ] } } },
        });
        let report = PolicyReport {
            policies: vec![policy],
        };
        let text = report.text();
        assert!(
            text.starts_with("Native, version 2, in force\n  Deny: "),
            "{text}"
        );
        assert_eq!(text.lines().count(), 3);
    }
}
