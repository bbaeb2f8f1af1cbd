//! What a wallet shows to somebody.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use plume_shielded::Contact;

use super::keys::{ViewingKeyArgs, WrittenReport, viewing_key};
use super::{Open, WalletFile, read_text, refused};
use crate::commands::disclose::AudienceArgs;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// Show something of a wallet to somebody: one payment, a list of them, or all.
#[derive(Debug, Subcommand)]
pub enum ShowCommand {
    /// Show one payment to one verifier: to whom, how much, and that it is on the chain.
    #[command(after_help = "\
Examples:
  plume wallet disclose receipt --wallet my.wallet --position 4711 --verifier 'Tax office' --nonce 0x... \\
      --out payment.receipt

The verifier names the nonce, 32 random bytes, so that a receipt answers one question once; it checks what it gets with
`plume disclose verify`. Positions are in `plume wallet history`.")]
    Receipt(ReceiptArgs),
    /// Show all payments between two positions to one auditor, with totals.
    #[command(after_help = "\
Examples:
  plume wallet disclose statement --wallet my.wallet --verifier Auditor --nonce 0x... --out year.statement
  plume wallet disclose statement --wallet my.wallet --first 3000 --end 9000 --verifier Auditor --nonce 0x... \\
      --out q1.statement

The auditor checks it with `plume disclose verify`.")]
    Statement(StatementArgs),
    /// Show a viewing key: whoever has it sees what it says, past and future.
    #[command(after_help = "\
Examples:
  plume wallet disclose viewing-key --wallet my.wallet --sees all
  plume wallet disclose viewing-key --wallet my.wallet --sees incoming

There is no taking it back.")]
    ViewingKey(ViewingKeyArgs),
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

/// Runs `plume wallet disclose`.
pub fn run(command: &ShowCommand, output: &Output) -> Result<(), Failure> {
    match command {
        ShowCommand::Receipt(args) => receipt(args, output),
        ShowCommand::Statement(args) => statement(args, output),
        ShowCommand::ViewingKey(args) => viewing_key(args, output),
    }
}

/// Runs `plume wallet disclose receipt`.
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

/// Runs `plume wallet disclose statement`.
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
