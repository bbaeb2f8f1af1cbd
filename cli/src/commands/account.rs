//! `plume account`: make one, look at one.

use clap::{Args, Subcommand};
use plume_sdk::{AccountId32, At, Signer, address, generate_mnemonic, raw};
use serde::Serialize;

use super::balance::BalanceReport;
use super::connect;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{party, patience};

/// Make an account, or look at one.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make a new account: its secret words and its address. Asks no node.
    #[command(after_help = "\
Examples:
  plume account new
  plume account new --words 24
  plume account new --json | jq -r .mnemonic > secret && chmod 600 secret
  plume transfer --transparent --from @secret --to //Bob --amount 1")]
    New(NewArgs),
    /// Show an account's address, public key and balance.
    #[command(
        after_help = "Examples:\n  plume account show //Alice\n  plume account show @secret --json"
    )]
    Show(WhoArgs),
    /// Show the ways to write an account. Asks no node.
    #[command(after_help = "\
Examples:
  plume account inspect 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
  plume account inspect //Alice")]
    Inspect(WhoArgs),
}

/// How long the secret is.
#[derive(Args, Debug)]
pub struct NewArgs {
    /// Number of secret words: 12, 15, 18, 21 or 24. Twelve cannot be guessed.
    #[arg(long, default_value_t = 12)]
    words: usize,
}

/// Which account.
#[derive(Args, Debug)]
pub struct WhoArgs {
    /// An address, a public key (0x...), a development account (//Alice), or @FILE with a secret.
    who: String,
}

#[derive(Debug, Serialize)]
struct NewReport {
    mnemonic: String,
    #[serde(flatten)]
    account: InspectReport,
}

impl Report for NewReport {
    fn text(&self) -> String {
        format!(
            "{}\n{}",
            table(&[("secret words", self.mnemonic.clone())]),
            self.account.text()
        )
    }
}

/// The ways to write an account.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct InspectReport {
    address: String,
    generic_address: String,
    public_key: String,
}

impl InspectReport {
    fn new(account: &AccountId32) -> Self {
        Self {
            address: address::format(account),
            generic_address: address::format_with_prefix(account, address::GENERIC_SS58_PREFIX),
            public_key: raw::to_hex(&account.0),
        }
    }
}

impl Report for InspectReport {
    fn text(&self) -> String {
        table(&[
            ("address", self.address.clone()),
            ("generic", self.generic_address.clone()),
            ("public key", self.public_key.clone()),
        ])
    }
}

#[derive(Debug, Serialize)]
struct ShowReport {
    #[serde(flatten)]
    account: InspectReport,
    balance: BalanceReport,
}

impl Report for ShowReport {
    fn text(&self) -> String {
        format!("{}\n{}", self.account.text(), self.balance.amounts_text())
    }
}

/// Runs `plume account`.
pub async fn run(
    command: &AccountCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        AccountCommand::New(args) => {
            let mnemonic = generate_mnemonic(args.words)?;
            let account = InspectReport::new(&Signer::from_uri(&mnemonic)?.account());
            output.report(&NewReport { mnemonic, account })?;
            output.note("Write the words down: whoever has them owns the account, and nobody can restore them.");
            Ok(())
        }
        AccountCommand::Show(args) => {
            let account = party::account(&args.who)?;
            let client = connect(global).await?;
            let state = patience::wait(
                "reading the balance",
                client.account(&account, At::Finalised),
            )
            .await?;
            let balance = BalanceReport::new(&account, &state);
            output.report(&ShowReport {
                account: InspectReport::new(&account),
                balance,
            })
        }
        AccountCommand::Inspect(args) => {
            output.report(&InspectReport::new(&party::account(&args.who)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_new_account_is_flat() {
        let account = InspectReport::new(&AccountId32([7; 32]));
        let json = serde_json::to_value(NewReport {
            mnemonic: "a b".into(),
            account,
        })
        .expect("plain fields");
        for field in ["mnemonic", "address", "generic_address", "public_key"] {
            assert!(json[field].is_string(), "{field}");
        }
    }
}
