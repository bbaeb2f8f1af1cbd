//! Receipts and statements.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use plume_sdk::raw;
use plume_shielded::disclosure::{Audience, DisclosureError, Movement, Receipt, Role, Statement};
use plume_shielded::{Contact, MAX_JSON_BYTES};
use plume_wallet::{amount, name};
use serde::Serialize;

use super::keys::WrittenReport;
use super::node::Node;
use super::{Open, WalletFile, connect, read_text, refused};
use crate::args::Global;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, Report, table};

/// Whom something is shown to.
#[derive(Args, Debug)]
pub struct AudienceArgs {
    /// The verifier's name, up to 200 bytes.
    #[arg(long, value_name = "NAME")]
    verifier: String,
    /// 32 random bytes that the verifier chose for this one time, as hexadecimal digits.
    #[arg(long, value_name = "0x...", value_parser = parse_nonce)]
    nonce: [u8; 32],
}

fn parse_nonce(text: &str) -> Result<[u8; 32], String> {
    let bytes = raw::from_hex(text).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| "a nonce has 64 hex digits".into())
}

impl AudienceArgs {
    /// What they say.
    pub fn audience(&self) -> Audience {
        Audience {
            nonce: self.nonce,
            verifier: self.verifier.clone(),
        }
    }
}

/// Which payment, to whom.
#[derive(Args, Debug)]
pub struct ReceiptArgs {
    #[command(flatten)]
    file: WalletFile,
    /// Position of the payment, as the history tells.
    #[arg(long)]
    position: u64,
    #[command(flatten)]
    audience: AudienceArgs,
    /// The contact that was paid; needed where the wallet was restored since.
    #[arg(long, value_name = "FILE")]
    contact: Option<PathBuf>,
    /// Show an address of the payer, too.
    #[arg(long)]
    from: bool,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Which payments, to whom.
#[derive(Args, Debug)]
pub struct StatementArgs {
    #[command(flatten)]
    file: WalletFile,
    /// The first position.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// The position after the last [default: up to where the wallet has read]
    #[arg(long)]
    end: Option<u64>,
    #[command(flatten)]
    audience: AudienceArgs,
    /// A contact that was paid; needed where the wallet was restored since. May be given several times.
    #[arg(long, value_name = "FILE")]
    contact: Vec<PathBuf>,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What is verified, by whom.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The file that was handed over.
    file: PathBuf,
    #[command(flatten)]
    audience: AudienceArgs,
}

/// What a receipt has shown.
#[derive(Debug, Serialize)]
struct ShownReport {
    shown_by: &'static str,
    asset: String,
    units: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    memo: String,
    position: u64,
    #[serde(skip)]
    text: String,
}

impl Report for ShownReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("good", format!("shown by its {}", self.shown_by)),
            ("amount", self.text.clone()),
            ("to", self.to.clone()),
            ("position", self.position.to_string()),
        ];
        if let Some(from) = &self.from {
            rows.push(("from", from.clone()));
        }
        if !self.memo.is_empty() {
            rows.push(("memo", self.memo.clone()));
        }
        table(&rows)
    }
}

/// What a statement has shown.
#[derive(Debug, Serialize)]
struct StatementReport {
    first: u64,
    end: u64,
    payments: usize,
    totals: Vec<TotalJson>,
    entries: Vec<EntryJson>,
}

#[derive(Debug, Serialize)]
struct TotalJson {
    asset: String,
    received_units: String,
    sent_units: String,
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Serialize)]
struct EntryJson {
    position: u64,
    movement: Movement,
    asset: String,
    units: String,
}

impl Report for StatementReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("good", format!("{} payments", self.payments)),
            ("positions", format!("{} to {}", self.first, self.end)),
        ];
        for total in &self.totals {
            rows.push(("total", total.text.clone()));
        }
        table(&rows)
    }
}

/// Runs `plume wallet receipt`.
pub fn receipt(args: &ReceiptArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let contact = args.contact.as_deref().map(|path| contact(path, &wallet));
    let contact = contact.transpose()?;
    let receipt = wallet.receipt(
        args.position,
        args.audience.audience(),
        contact.as_ref(),
        args.from,
    );
    written(&args.out, receipt.map_err(refused)?.to_json(), output)
}

/// Runs `plume wallet statement`.
pub fn statement(args: &StatementArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let contacts = args.contact.iter().map(|path| contact(path, &wallet));
    let contacts: Vec<_> = contacts.collect::<Result<_, _>>()?;
    let end = args.end.unwrap_or(wallet.leaves());
    let statement = wallet.statement((args.first, end), args.audience.audience(), &contacts);
    written(&args.out, statement.map_err(refused)?.to_json(), output)
}

fn contact(path: &Path, wallet: &plume_wallet::Wallet) -> Result<Contact, Failure> {
    Contact::from_json(&read_text(path)?, wallet.network()).map_err(|error| {
        Failure::new(
            format!("{} is no contact: {error}", path.display()),
            "Name the file that the receiver handed out",
        )
    })
}

/// What is shown is personal: for its owner's eyes, until it is handed over.
pub fn written(path: &Path, json: String, output: &Output) -> Result<(), Failure> {
    files::write_private(path, json.as_bytes())?;
    output.report(&WrittenReport {
        file: path.display().to_string(),
    })
}

/// Runs `plume wallet verify-receipt`.
pub async fn verify_receipt(
    args: &VerifyArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let receipt = Receipt::from_json(&handed_over(&args.file)?).map_err(disbelieved)?;
    let node = Node::new(connect(global).await?).await?;
    let (pool, network) = (node.pool().await?, node.network().await?);
    let position = receipt.position();
    let on_chain = node.published(position).await?;
    let on_chain = on_chain.ok_or(DisclosureError::NotOnChain(position));
    let shown = on_chain
        .and_then(|on_chain| {
            receipt.verify(&args.audience.audience(), &pool.id(), &on_chain, network)
        })
        .map_err(disbelieved)?;
    output.report(&ShownReport {
        shown_by: match shown.role {
            Role::Sender => "sender",
            Role::Receiver => "receiver",
        },
        asset: name(shown.asset),
        units: shown.value.to_string(),
        to: shown.to.to_text(network),
        from: shown.from.map(|from| from.to_text(network)),
        memo: shown.memo.text().unwrap_or_default().to_owned(),
        position,
        text: amount(shown.asset, shown.value.into()),
    })
}

/// Runs `plume wallet verify-statement`.
pub async fn verify_statement(
    args: &VerifyArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let statement = Statement::from_json(&handed_over(&args.file)?).map_err(disbelieved)?;
    let node = Node::new(connect(global).await?).await?;
    let (pool, network) = (node.pool().await?, node.network().await?);
    let mut on_chain = BTreeMap::new();
    for entry in statement.entries() {
        let position = entry.position();
        if let Some(published) = node.published(position).await? {
            on_chain.insert(position, published);
        }
    }
    let audience = args.audience.audience();
    let published = |position| on_chain.get(&position).cloned();
    statement
        .verify(&audience, &pool.id(), published, network)
        .map_err(disbelieved)?;
    let (first, end) = statement.period();
    let total = |total: &plume_shielded::disclosure::Total| {
        let said = |units: &str| amount(total.asset(), units.parse().unwrap_or_default());
        TotalJson {
            asset: name(total.asset()),
            received_units: total.received().to_owned(),
            sent_units: total.sent().to_owned(),
            text: format!(
                "received {}, sent {}",
                said(total.received()),
                said(total.sent())
            ),
        }
    };
    let entry = |entry: &plume_shielded::disclosure::Entry| EntryJson {
        position: entry.position(),
        movement: entry.movement(),
        asset: name(entry.asset()),
        units: entry.value().to_string(),
    };
    output.report(&StatementReport {
        first,
        end,
        payments: statement.entries().len(),
        totals: statement.totals().iter().map(total).collect(),
        entries: statement.entries().iter().map(entry).collect(),
    })
}

/// The text of a file that was handed over.
pub fn handed_over(path: &Path) -> Result<String, Failure> {
    String::from_utf8(files::read(path, MAX_JSON_BYTES)?).map_err(|_| {
        Failure::new(
            format!("{} is no text", path.display()),
            "Name the file that was handed over",
        )
    })
}

/// What to say of something that shows nothing.
pub fn disbelieved(error: DisclosureError) -> Failure {
    Failure::new(
        format!("this shows nothing: {error}"),
        "Ask for it again, with your name and a new nonce",
    )
}
