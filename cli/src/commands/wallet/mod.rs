//! `plume wallet`: PLUME and other assets in the shielded pool.

mod keys;
mod look;
pub(super) mod node;
mod passphrase;
mod pay;
mod proving;
mod show;
mod standing;
pub(super) mod stored;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use plume_shielded::SpendingKey;
use plume_wallet::{
    FileError, FileKey, Lock, PLUME, PLUME_UNIT, Problem, Sealed, SealedError, SyncFailure, Wallet,
};

use super::{connect, disclose};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::{files, patience};
use node::Node;

/// Longest file with a phrase, a key or a credential's disclosure.
const MAX_TEXT_BYTES: usize = 16_384;

/// Keep, pay and show what is in the shielded pool.
///
/// In the pool nobody sees who has what, and who pays whom. A wallet is a file, encrypted under a passphrase: it follows
/// the chain and finds what is its own. docs/wallet.md leads through it.
///
/// The passphrase is asked for on the terminal, or read from the file that --passphrase-file names, or from the
/// variable PLUME_WALLET_PASSPHRASE.
#[derive(Debug, Subcommand)]
pub enum WalletCommand {
    /// Make a wallet. Its phrase is shown once, and is everything: write it down.
    #[command(after_help = "\
Examples:
  plume wallet new --wallet my.wallet
  plume wallet new --wallet till.wallet --keep-key --passphrase-file till.pass      Pays without anybody typing

The passphrase encrypts the file. Opened with it, the file sees what the wallet has, and cannot spend without the
phrase; with --keep-key it can. A passphrase that is lost is no loss while there is the phrase.")]
    New(keys::NewArgs),
    /// Make a wallet again from its phrase. What it had is found on the chain.
    #[command(after_help = "\
Examples:
  plume wallet restore --wallet my.wallet --phrase @phrase
  plume wallet restore --wallet my.wallet --phrase @phrase --from-block 1200000

--from-block spares reading what is older than the wallet. Choose a block before its first payment, and before the
period in which it last paid. An archive node has old blocks.")]
    Restore(keys::RestoreArgs),
    /// Show an address, short enough to be read out. To be paid, hand out a contact.
    Address(keys::AddressArgs),
    /// Write the contact that others need to pay this wallet.
    #[command(after_help = "\
Examples:
  plume wallet contact --wallet my.wallet --credential me.json --out me.contact

It has the address, a post-quantum key, and (with --credential) what a payer shows the committee of the receiver, as
the travel rule wants. Give it to those who pay, and do not publish it.")]
    Contact(keys::ContactArgs),
    /// Follow the chain to its newest final block, and find what is the wallet's. What is interrupted goes on where it
    /// was.
    #[command(alias = "sync")]
    Scan(look::ScanArgs),
    /// Show what the wallet has.
    Balance(look::BalanceArgs),
    /// Bring PLUME, or another asset, from an account into the pool. Everybody sees that.
    #[command(
        alias = "deposit",
        after_help = "\
Examples:
  plume wallet shield --wallet my.wallet --from @account --amount 100 --credential me.json --phrase @phrase
  plume wallet shield --wallet my.wallet --from @account --amount 250 --asset 7 --credential me.json --phrase @phrase

Amounts are PLUME with up to nine decimals, and whole pool units of other assets."
    )]
    Shield(pay::ShieldArgs),
    /// Pay somebody in the pool. Nobody else sees whom, what and how much.
    #[command(after_help = "\
Examples:
  plume wallet send --wallet my.wallet --to bob.contact --amount 12.5 --memo 'invoice 4711' \\
      --credential me.json --phrase @phrase

The fee comes out of the pool. Of each asset one payment is on its way at a time; it takes some seconds to be final.")]
    Send(pay::SendArgs),
    /// Let an amount leave the pool for an account. Everybody sees that.
    #[command(
        alias = "withdraw",
        after_help = "\
Examples:
  plume wallet unshield --wallet my.wallet --to ttqxHz... --amount 10 --credential me.json --phrase @phrase"
    )]
    Unshield(pay::UnshieldArgs),
    /// Make one note of the two largest. A payment spends two notes at most.
    Merge(pay::MergeArgs),
    /// List what happened.
    History(look::HistoryArgs),
    /// Show something of the wallet to somebody: one payment, a list of them, or all.
    #[command(subcommand)]
    Disclose(show::ShowCommand),
    /// The older name of `plume wallet disclose receipt`.
    #[command(hide = true)]
    Receipt(show::ReceiptArgs),
    /// The older name of `plume wallet disclose statement`.
    #[command(hide = true)]
    Statement(show::StatementArgs),
    /// Show one verifier that you are known well enough and belong where it asks, and not who you are.
    #[command(after_help = "\
Examples:
  plume wallet standing --wallet my.wallet --credential me.json --phrase @phrase --tier 2 --jurisdictions DE,FR \\
      --verifier 'Exchange' --nonce 0x... --out standing.proof

The verifier names tier, jurisdictions and nonce. It sees a pseudonym, which is the same each time with this wallet,
and another for every other verifier. Hand it over within ten minutes.")]
    Standing(standing::StandingArgs),
    /// Verify what `standing` wrote against the chain. Needs no wallet.
    #[command(after_help = "\
Examples:
  plume wallet verify-standing standing.proof --tier 2 --jurisdictions DE,FR --verifier 'Exchange' --nonce 0x...")]
    VerifyStanding(standing::VerifyStandingArgs),
    /// The older name of `plume wallet disclose viewing-key`.
    #[command(hide = true)]
    ViewingKey(keys::ViewingKeyArgs),
    /// The older name of `plume disclose verify`.
    #[command(hide = true, alias = "verify-statement")]
    VerifyReceipt(disclose::VerifyArgs),
}

/// Which wallet.
#[derive(Args, Debug)]
pub struct WalletFile {
    /// The wallet's file.
    #[arg(long, value_name = "FILE")]
    wallet: PathBuf,
    /// A file that has the passphrase of the wallet's file in its only line [default: the variable
    /// PLUME_WALLET_PASSPHRASE, or whoever sits at the terminal is asked]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// With which key.
#[derive(Args, Debug)]
pub struct KeySource {
    /// The phrase: @FILE that holds it, or the words in quotes, which others on this machine can read. Not needed for a
    /// wallet that keeps its key.
    #[arg(long, value_name = "PHRASE")]
    phrase: Option<String>,
    /// What was added to the words of the phrase (BIP-39 calls it a passphrase, too), or @FILE that holds it
    /// [default: nothing]
    #[arg(long, requires = "phrase", value_name = "TEXT")]
    phrase_passphrase: Option<String>,
    /// Number of the account of the phrase.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    account: u32,
}

impl KeySource {
    /// The key of the phrase, if there is one.
    fn given(&self) -> Result<Option<SpendingKey>, Failure> {
        let Some(phrase) = &self.phrase else {
            return Ok(None);
        };
        let phrase = text(phrase)?;
        let passphrase = self.phrase_passphrase.as_deref().map(text).transpose()?;
        let passphrase = passphrase.unwrap_or_default();
        let key = SpendingKey::from_phrase(
            phrase.trim(),
            passphrase.trim_end_matches('\n'),
            self.account,
        );
        key.map(Some).map_err(|error| {
            Failure::new(
                error.to_string(),
                "Write the words as they were shown, in order",
            )
        })
    }

    /// The key of the phrase, or the one that the wallet keeps.
    fn of(&self, wallet: &Wallet) -> Result<SpendingKey, Failure> {
        match self.given()? {
            Some(key) => Ok(key),
            None => wallet.spending_key().cloned().ok_or_else(|| {
                Failure::new(
                    "this wallet does not keep its spending key",
                    "Give its phrase with --phrase @FILE",
                )
            }),
        }
    }
}

/// Runs `plume wallet`.
pub async fn run(command: &WalletCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    match command {
        WalletCommand::New(args) => keys::new(args, global, output).await,
        WalletCommand::Restore(args) => keys::restore(args, global, output).await,
        WalletCommand::Address(args) => keys::address(args, output),
        WalletCommand::Contact(args) => keys::contact(args, output),
        WalletCommand::Scan(args) => look::scan(args, global, output).await,
        WalletCommand::Balance(args) => look::balance(args, output),
        WalletCommand::Shield(args) => pay::shield(args, global, output).await,
        WalletCommand::Send(args) => pay::send(args, global, output).await,
        WalletCommand::Unshield(args) => pay::unshield(args, global, output).await,
        WalletCommand::Merge(args) => pay::merge(args, global, output).await,
        WalletCommand::History(args) => look::history(args, output),
        WalletCommand::Disclose(command) => show::run(command, output),
        WalletCommand::Receipt(args) => show::receipt(args, output),
        WalletCommand::Statement(args) => show::statement(args, output),
        WalletCommand::Standing(args) => standing::show(args, global, output).await,
        WalletCommand::VerifyStanding(args) => standing::verify(args, global, output).await,
        WalletCommand::ViewingKey(args) => keys::viewing_key(args, output),
        WalletCommand::VerifyReceipt(args) => disclose::verify(args, global, output).await,
    }
}

/// A wallet that nobody else uses meanwhile.
struct Open {
    wallet: Wallet,
    path: PathBuf,
    /// What it is written with again.
    key: FileKey,
    _lock: Lock,
}

impl Open {
    fn new(file: &WalletFile) -> Result<Self, Failure> {
        let path = file.wallet.clone();
        let lock = Lock::take(&path).map_err(of_file)?;
        // Whatever else is wrong with the file is said before anybody types.
        let sealed = Sealed::read(&path).map_err(of_file)?;
        let passphrase = passphrase::known(file)?;
        let opened = sealed.open(&passphrase).map_err(|error| {
            let path = path.clone();
            of_file(FileError::Sealed { path, error })
        });
        let (wallet, key) = opened?;
        Ok(Self {
            wallet,
            path,
            key,
            _lock: lock,
        })
    }

    fn save(&self) -> Result<(), Failure> {
        self.wallet.save(&self.path, &self.key).map_err(of_file)
    }

    /// Connects, and refuses another chain's node.
    async fn node(&self, global: &Global) -> Result<Node, Failure> {
        let node = Node::new(connect(global).await?).await?;
        if node.client().online().genesis_hash().0 == self.wallet.pool().genesis {
            return Ok(node);
        }
        Err(Failure::new(
            "the wallet is of another chain than this node's",
            "Name a node of the wallet's chain with --url",
        ))
    }

    /// Follows the chain, and saves after each page. Returns how many transfers were the account's.
    async fn sync(&mut self, node: &mut Node) -> Result<usize, Failure> {
        let bar = patience::bar("following the chain");
        let start = self.wallet.synced().number;
        node.goes_on(self.wallet.synced(), self.wallet.leaves());
        let (path, key) = (&self.path, &self.key);
        let mut unsaved = Ok(());
        let entries = self
            .wallet
            .sync(node, |wallet, progress| {
                bar.set_length(progress.newest.saturating_sub(start));
                bar.set_position(progress.at.saturating_sub(start));
                unsaved = wallet.save(path, key);
            })
            .await;
        bar.finish_and_clear();
        unsaved.map_err(of_file)?;
        let entries = entries.map_err(|failure| match failure {
            SyncFailure::Source(failure) => failure,
            SyncFailure::Sync(error) => Failure::new(
                error.to_string(),
                "Use another node; if it stays, restore the wallet from its phrase into another file",
            ),
        })?;
        let time = node.time(self.wallet.synced()).await?;
        self.wallet.expire(time);
        self.save()?;
        Ok(entries.len())
    }
}

/// A text, or what @FILE holds.
fn text(of: &str) -> Result<String, Failure> {
    match of.strip_prefix('@') {
        None => Ok(of.to_owned()),
        Some(path) => read_text(Path::new(path)),
    }
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(files::read(path, MAX_TEXT_BYTES)?).map_err(|_| {
        Failure::new(
            format!("{} is no text", path.display()),
            "Name the right file",
        )
    })
}

fn of_file(error: FileError) -> Failure {
    Failure::new(error.to_string(), error.hint())
}

fn unsealed(error: SealedError) -> Failure {
    Failure::new(error.to_string(), error.hint())
}

fn refused(problem: Problem) -> Failure {
    Failure::new(problem.to_string(), problem.hint())
}

/// An amount as it is written, in pool units: PLUME with decimals, or whole units of another asset.
fn units(text: &str, asset: u32) -> Result<u64, Failure> {
    if asset != PLUME {
        return text.parse().map_err(|_| {
            Failure::new(
                format!("`{text}` is no whole number of pool units"),
                "Write how many of the asset's pool units, such as 250",
            )
        });
    }
    let planck = plume_sdk::amount::parse(text)?;
    let units = u64::try_from(planck / PLUME_UNIT).ok();
    match units {
        Some(units) if planck % PLUME_UNIT == 0 => Ok(units),
        _ => Err(Failure::new(
            format!("{text} PLUME is not an amount of the pool"),
            "Write PLUME with at most nine decimals, below 18,446,744,073",
        )),
    }
}

/// The number in notes of an asset as it is written on the command line.
fn asset_number(asset: Option<u32>) -> u32 {
    asset.map_or(PLUME, |id| id.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_pool_units() {
        assert_eq!(units("12.5", PLUME).ok(), Some(12_500_000_000));
        assert_eq!(units("0.000000001", PLUME).ok(), Some(1));
        assert!(units("0.0000000001", PLUME).is_err());
        assert!(units("18446744074", PLUME).is_err());
        assert_eq!(units("250", 8).ok(), Some(250));
        assert!(units("2.5", 8).is_err());
    }

    #[test]
    fn assets_have_numbers_after_plume() {
        assert_eq!(asset_number(None), PLUME);
        assert_eq!(asset_number(Some(0)), 1);
    }
}
