//! Wallets and what they hand out.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use plume_shielded::{Disclosure, Network, SpendingKey, new_phrase};
use plume_wallet::{Cost, FileKey, Lock, Wallet};
use serde::Serialize;

use super::node::Node;
use super::{
    KeySource, Open, WalletFile, connect, of_file, passphrase, read_text, refused, unsealed,
};
use crate::args::Global;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, Report, table};

/// What a new wallet is like.
#[derive(Args, Debug)]
pub struct NewArgs {
    #[command(flatten)]
    file: WalletFile,
    /// Keep the spending key in the file, encrypted: whoever has the file and its passphrase then spends.
    #[arg(long)]
    keep_key: bool,
}

/// What a wallet is made from again.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    #[command(flatten)]
    file: WalletFile,
    #[command(flatten)]
    key: KeySource,
    /// See nothing up to and with this block [default: see everything]
    #[arg(
        long,
        visible_alias = "birthday",
        value_name = "NUMBER",
        default_value_t = 0
    )]
    from_block: u64,
    /// Keep the spending key in the file, encrypted: whoever has the file and its passphrase then spends.
    #[arg(long)]
    keep_key: bool,
}

/// Which address.
#[derive(Args, Debug)]
pub struct AddressArgs {
    #[command(flatten)]
    file: WalletFile,
    /// Number of the address. All of them are the wallet's; payers who compare see that.
    #[arg(long, default_value_t = 0)]
    index: u64,
}

/// What a contact says.
#[derive(Args, Debug)]
pub struct ContactArgs {
    #[command(flatten)]
    file: WalletFile,
    /// Number of the address.
    #[arg(long, default_value_t = 0)]
    index: u64,
    /// What to show of the own credential: a file with claims, issuer, salt and subject.
    #[arg(long, value_name = "FILE")]
    credential: Option<PathBuf>,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What somebody is to see.
#[derive(Args, Debug)]
pub struct ViewingKeyArgs {
    #[command(flatten)]
    file: WalletFile,
    /// What the key sees.
    #[arg(long, value_enum)]
    sees: Sees,
}

/// What a viewing key sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sees {
    /// What comes in, goes out, and is spent.
    All,
    /// What comes in.
    Incoming,
    /// What goes out.
    Outgoing,
    /// Which outputs may be the wallet's, and nothing of what is in them: for a server that scans.
    Candidates,
}

/// A wallet that was made.
#[derive(Debug, Serialize)]
struct MadeReport {
    wallet: String,
    address: String,
    /// From which block on it sees the chain.
    after_block: u64,
    keeps_key: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<String>,
}

impl Report for MadeReport {
    fn text(&self) -> String {
        let mut text = table(&[
            ("wallet", self.wallet.clone()),
            ("address", self.address.clone()),
            ("sees after block", self.after_block.to_string()),
        ]);
        if let Some(phrase) = &self.phrase {
            text.push_str(&format!(
                "\n\nWrite these words down, in order. They are shown this once, and whoever has them has everything:\n\n{phrase}"
            ));
        }
        text
    }
}

/// A text that is handed out.
#[derive(Debug, Serialize)]
struct TextReport {
    text: String,
}

impl Report for TextReport {
    fn text(&self) -> String {
        self.text.clone()
    }
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub struct WrittenReport {
    /// Where.
    pub file: String,
}

impl Report for WrittenReport {
    fn text(&self) -> String {
        format!("written: {}", self.file)
    }
}

/// Runs `plume wallet new`.
pub async fn new(args: &NewArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let phrase = new_phrase()
        .map_err(|error| Failure::new(error.to_string(), "Repair the system's random generator"))?;
    let key = SpendingKey::from_phrase(&phrase, "", 0);
    let key = key.map_err(|error| Failure::new(error.to_string(), "Try again"))?;
    let made = Making {
        file: &args.file,
        key,
        from_block: None,
        keep_key: args.keep_key,
    };
    let mut report = made.make(global).await?;
    report.phrase = Some(phrase.to_string());
    output.report(&report)
}

/// Runs `plume wallet restore`.
pub async fn restore(args: &RestoreArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let key = args.key.given()?.ok_or_else(|| {
        Failure::new(
            "a wallet is restored from its phrase, and none is given",
            "Give it with --phrase @FILE",
        )
    })?;
    let made = Making {
        file: &args.file,
        key,
        from_block: Some(args.from_block),
        keep_key: args.keep_key,
    };
    output.report(&made.make(global).await?)?;
    output.note("Find what it had with: plume wallet scan");
    Ok(())
}

struct Making<'a> {
    file: &'a WalletFile,
    key: SpendingKey,
    from_block: Option<u64>,
    keep_key: bool,
}

impl Making<'_> {
    async fn make(self, global: &Global) -> Result<MadeReport, Failure> {
        let path = &self.file.wallet;
        let _lock = Lock::take(path).map_err(of_file)?;
        if path.exists() {
            return Err(Failure::new(
                format!("{} exists", path.display()),
                "Choose a file that does not exist: a wallet is never written over another",
            ));
        }
        let passphrase = passphrase::chosen(self.file)?;
        let key = FileKey::new(&passphrase, Cost::default()).map_err(unsealed)?;
        let node = Node::new(connect(global).await?).await?;
        let (pool, network) = (node.pool().await?, node.network().await?);
        let birth = node.birth(self.from_block).await?;
        let after_block = birth.block.number;
        let mut wallet = Wallet::new(self.key.full_viewing_key(), network, pool, birth);
        if self.keep_key {
            wallet.keep_spending_key(self.key).map_err(refused)?;
        }
        wallet.save(path, &key).map_err(of_file)?;
        Ok(MadeReport {
            wallet: path.display().to_string(),
            address: text_of(&wallet, 0, network)?,
            after_block,
            keeps_key: self.keep_key,
            phrase: None,
        })
    }
}

/// Runs `plume wallet address`.
pub fn address(args: &AddressArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let text = text_of(&wallet, args.index, wallet.network())?;
    output.report(&TextReport { text })
}

/// Runs `plume wallet contact`.
pub fn contact(args: &ContactArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let disclosure = args.credential.as_deref().map(disclosure).transpose()?;
    let contact = wallet.contact(args.index, disclosure);
    let contact = contact.ok_or_else(no_address)?;
    files::write(&args.out, contact.to_json(wallet.network()).as_bytes())?;
    output.report(&WrittenReport {
        file: args.out.display().to_string(),
    })
}

/// Runs `plume wallet disclose viewing-key`.
pub fn viewing_key(args: &ViewingKeyArgs, output: &Output) -> Result<(), Failure> {
    let Open { wallet, .. } = Open::new(&args.file)?;
    let (key, network) = (wallet.viewing_key(), wallet.network());
    let text = match args.sees {
        Sees::All => key.to_text(network),
        Sees::Incoming => key.incoming().to_text(network),
        Sees::Outgoing => key.outgoing().to_text(network),
        Sees::Candidates => key.incoming().detection().to_text(network),
    };
    output.report(&TextReport {
        text: text.to_string(),
    })
}

fn text_of(wallet: &Wallet, index: u64, network: Network) -> Result<String, Failure> {
    let contact = wallet.contact(index, None).ok_or_else(no_address)?;
    Ok(contact.address().to_text(network))
}

fn no_address() -> Failure {
    Failure::new(
        "there is no address with this number",
        "Choose another with --index",
    )
}

/// What a credential's leaf is made from, out of a file of `plume credential`.
pub fn disclosure(path: &Path) -> Result<Disclosure, Failure> {
    let text = read_text(path)?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(
            format!(
                "{} is no disclosure of a credential: {error}",
                path.display()
            ),
            "Name a JSON file with claims, issuer, salt and subject, each 0x and 64 digits",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disclosure_is_read_and_what_is_none_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("me.json");
        let zeros = "0".repeat(62);
        let json = format!(
            r#"{{ "subject": "0x01{zeros}", "issuer": "0x02{zeros}", "claims": "0x03{zeros}", "salt": "0x04{zeros}" }}"#
        );
        std::fs::write(&path, json).expect("a folder");
        let read = disclosure(&path).expect("a disclosure");
        assert_eq!(read.salt, 4u64.into());
        std::fs::write(&path, "{}").expect("a folder");
        assert!(
            disclosure(&path)
                .expect_err("empty")
                .reason
                .contains("me.json")
        );
    }
}
