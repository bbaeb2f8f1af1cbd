//! `plume disclose`: whether what somebody has shown of a payment is true.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use plume_sdk::raw;
use plume_shielded::MAX_JSON_BYTES;
use plume_shielded::disclosure::{Audience, DisclosureError, Movement, Receipt, Role, Statement};
use plume_wallet::{amount, name};
use serde::Serialize;
use serde_json::Value as Json;

use super::connect;
use super::wallet::node::Node;
use crate::args::Global;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, Report, table};

/// Verify what somebody has shown of its payments in the shielded pool.
///
/// Whoever has a wallet shows a payment with `plume wallet disclose receipt`, and many with `plume wallet disclose
/// statement`.
#[derive(Debug, Subcommand)]
pub enum DiscloseCommand {
    /// Verify a receipt or a statement against the chain. Needs no wallet.
    #[command(after_help = "\
Examples:
  echo 0x$(openssl rand -hex 32)                        A nonce, for whoever is to show something
  plume disclose verify payment.receipt --verifier 'Tax office' --nonce 0x...
  plume disclose verify year.statement --verifier Auditor --nonce 0x...

Verifier and nonce are those that you asked with: what answers somebody else, or an older question, is refused. That
nothing was left out of a statement only a viewing key shows.")]
    Verify(VerifyArgs),
}

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
    /// As it is signed.
    pub fn audience(&self) -> Audience {
        Audience {
            nonce: self.nonce,
            verifier: self.verifier.clone(),
        }
    }
}

/// What is verified, by whom.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The file that was handed over.
    file: PathBuf,
    #[command(flatten)]
    audience: AudienceArgs,
}

/// What a receipt has shown. Field names are a promise to scripts.
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

/// What a statement has shown. Field names are a promise to scripts.
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

/// Runs `plume disclose`.
pub async fn run(
    command: &DiscloseCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let DiscloseCommand::Verify(args) = command;
    verify(args, global, output).await
}

/// Runs `plume disclose verify`.
pub async fn verify(args: &VerifyArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let text = handed_over(&args.file)?;
    let audience = args.audience.audience();
    // What cannot be read is refused before a node is asked.
    if is_statement(&text) {
        let statement = Statement::from_json(&text).map_err(disbelieved)?;
        let node = Node::new(connect(global).await?).await?;
        output.report(&of_statement(&statement, &audience, &node).await?)
    } else {
        let receipt = Receipt::from_json(&text).map_err(disbelieved)?;
        let node = Node::new(connect(global).await?).await?;
        output.report(&of_receipt(&receipt, &audience, &node).await?)
    }
}

/// Whether it lists payments. Whatever else it is, the reader of receipts says what is wrong with it.
fn is_statement(text: &str) -> bool {
    let json = serde_json::from_str::<Json>(text);
    json.is_ok_and(|json| json.pointer("/body/entries").is_some())
}

async fn of_receipt(
    receipt: &Receipt,
    audience: &Audience,
    node: &Node,
) -> Result<ShownReport, Failure> {
    let (pool, network) = (node.pool().await?, node.network().await?);
    let position = receipt.position();
    let on_chain = node.published(position).await?;
    let on_chain = on_chain.ok_or(DisclosureError::NotOnChain(position));
    let shown = on_chain
        .and_then(|on_chain| receipt.verify(audience, &pool.id(), &on_chain, network))
        .map_err(disbelieved)?;
    Ok(ShownReport {
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

async fn of_statement(
    statement: &Statement,
    audience: &Audience,
    node: &Node,
) -> Result<StatementReport, Failure> {
    let (pool, network) = (node.pool().await?, node.network().await?);
    let mut on_chain = BTreeMap::new();
    for entry in statement.entries() {
        let position = entry.position();
        if let Some(published) = node.published(position).await? {
            on_chain.insert(position, published);
        }
    }
    let published = |position| on_chain.get(&position).cloned();
    statement
        .verify(audience, &pool.id(), published, network)
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
    Ok(StatementReport {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_told_from_a_receipt_by_what_it_lists() {
        assert!(is_statement(r#"{"body":{"entries":[],"version":1}}"#));
        for text in [r#"{"body":{"role":"sender"}}"#, "{}", "[]", "entries", ""] {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn a_nonce_has_32_bytes() {
        let digits = "07".repeat(32);
        assert_eq!(parse_nonce(&format!("0x{digits}")), Ok([7; 32]));
        let (longer, letters) = (format!("0x07{digits}"), format!("0x{}", "0g".repeat(32)));
        for text in ["", "0x07", &digits, &longer, &letters] {
            assert!(parse_nonce(text).is_err(), "{text}");
        }
    }
}
