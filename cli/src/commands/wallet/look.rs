//! What a wallet has, and what happened.

use clap::Args;
use plume_sdk::{AccountId32, address, raw};
use plume_wallet::{BlockId, Entry, Kind, StoredNote, Wallet, amount, name};
use serde::Serialize;

use super::{Open, WalletFile, asset_number};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};

/// Which wallet follows.
#[derive(Args, Debug)]
pub struct ScanArgs {
    #[command(flatten)]
    file: WalletFile,
}

/// Whose balance.
#[derive(Args, Debug)]
pub struct BalanceArgs {
    #[command(flatten)]
    file: WalletFile,
}

/// Which part of the history.
#[derive(Args, Debug)]
pub struct HistoryArgs {
    #[command(flatten)]
    file: WalletFile,
    /// Show the newest so many.
    #[arg(long, default_value_t = 50)]
    last: usize,
    /// Show one asset: its number, or none for all.
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
}

/// How far a wallet is, and what it has.
#[derive(Debug, Serialize)]
struct BalanceReport {
    block: u64,
    balances: Vec<BalanceJson>,
    /// Transfers that are on their way.
    pending: usize,
    /// Transfers that were found just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<usize>,
}

#[derive(Debug, Serialize)]
struct BalanceJson {
    /// `PLUME`, or the asset's name.
    asset: String,
    /// Decimal string of pool units.
    units: String,
    notes: usize,
    #[serde(skip)]
    text: String,
}

impl BalanceReport {
    fn new(wallet: &Wallet, found: Option<usize>) -> Self {
        let balances = wallet.balances();
        let balance = |(asset, units): (&u32, &u128)| BalanceJson {
            asset: name(*asset),
            units: units.to_string(),
            notes: wallet.notes().filter(|note| note.asset == *asset).count(),
            text: amount(*asset, *units),
        };
        Self {
            block: wallet.synced().number,
            balances: balances.iter().map(balance).collect(),
            pending: wallet.pending().len(),
            found,
        }
    }
}

impl Report for BalanceReport {
    fn text(&self) -> String {
        let mut rows = vec![("block", format!("#{}", self.block))];
        if let Some(found) = self.found {
            rows.push(("found", format!("{found} new transfers")));
        }
        for balance in &self.balances {
            let notes = if balance.notes == 1 { "note" } else { "notes" };
            rows.push((
                "has",
                format!("{} in {} {notes}", balance.text, balance.notes),
            ));
        }
        if self.balances.is_empty() {
            rows.push(("has", "nothing".into()));
        }
        if self.pending > 0 {
            rows.push(("on their way", format!("{} transfers", self.pending)));
        }
        table(&rows)
    }
}

/// What happened.
#[derive(Debug, Serialize)]
struct HistoryReport {
    entries: Vec<EntryJson>,
}

/// A transfer. Field names are a promise to scripts.
#[derive(Debug, Serialize)]
struct EntryJson {
    block: u64,
    block_hash: String,
    /// Seconds since the chain's first block.
    time: u32,
    kind: &'static str,
    asset: String,
    units: String,
    /// Units of PLUME.
    fee_units: String,
    /// Of the payment, for receipts.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memo: Option<String>,
    #[serde(skip)]
    text: String,
}

impl EntryJson {
    fn new(entry: &Entry, wallet: &Wallet) -> Self {
        let BlockId { number, hash } = entry.block;
        let kind = match entry.kind() {
            Kind::Deposited => "deposited",
            Kind::Received => "received",
            Kind::Sent => "sent",
            Kind::Withdrawn => "withdrawn",
            Kind::Merged => "merged",
            Kind::Fee => "fee",
        };
        let note = entry.received.as_ref().or(entry.sent.as_ref());
        let to = match (&entry.payout, &entry.sent) {
            (Some(payout), _) => Some(address::format(&AccountId32(payout.to))),
            (None, Some(note)) => note.address().map(|to| to.to_text(wallet.network())),
            _ => None,
        };
        let memo = note.map(StoredNote::memo);
        let memo = memo.as_ref().and_then(|memo| memo.text());
        let units = entry.moved();
        let mut text = format!(
            "#{number:<10} {kind:<10} {}",
            amount(entry.asset, units.into())
        );
        if entry.fee() > 0 {
            text.push_str(&format!(
                ", fee {}",
                amount(plume_wallet::PLUME, entry.fee().into())
            ));
        }
        if let Some(note) = note {
            text.push_str(&format!(", position {}", note.position));
        }
        if let Some(memo) = memo.filter(|memo| !memo.is_empty()) {
            text.push_str(&format!(", {memo:?}"));
        }
        Self {
            block: number,
            block_hash: raw::to_hex(&hash),
            time: entry.time,
            kind,
            asset: name(entry.asset),
            units: units.to_string(),
            fee_units: entry.fee().to_string(),
            position: note.map(|note| note.position),
            to,
            memo: memo.filter(|memo| !memo.is_empty()).map(str::to_owned),
            text,
        }
    }
}

impl Report for HistoryReport {
    fn text(&self) -> String {
        if self.entries.is_empty() {
            return "nothing happened up to where the wallet has read".into();
        }
        let lines: Vec<_> = self.entries.iter().map(|one| one.text.as_str()).collect();
        lines.join("\n")
    }
}

/// Runs `plume wallet scan`.
pub async fn scan(args: &ScanArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let mut open = Open::new(&args.file)?;
    let mut node = open.node(global).await?;
    let found = open.sync(&mut node).await?;
    output.report(&BalanceReport::new(&open.wallet, Some(found)))
}

/// Runs `plume wallet balance`.
pub fn balance(args: &BalanceArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    output.report(&BalanceReport::new(&wallet, None))
}

/// Runs `plume wallet history`.
pub fn history(args: &HistoryArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let asset = args.asset.map(|id| asset_number(Some(id)));
    let is_meant = |entry: &&Entry| asset.is_none_or(|asset| entry.asset == asset);
    let all: Vec<_> = wallet.history().iter().filter(is_meant).collect();
    let skipped = all.len().saturating_sub(args.last);
    let entries = all.into_iter().skip(skipped);
    output.report(&HistoryReport {
        entries: entries
            .map(|entry| EntryJson::new(entry, &wallet))
            .collect(),
    })
}
