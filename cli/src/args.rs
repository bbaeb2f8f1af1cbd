//! The command line.

use clap::{Args, Parser, Subcommand};
use plume_sdk::raw::Transport;

use crate::commands::account::AccountCommand;
use crate::commands::balance::BalanceArgs;
use crate::commands::ceremony::CeremonyCommand;
use crate::commands::committee::CommitteeCommand;
use crate::commands::compliance::ComplianceCommand;
use crate::commands::credential::CredentialCommand;
use crate::commands::disclose::DiscloseCommand;
use crate::commands::regulator::RegulatorCommand;
use crate::commands::sanctions::SanctionsCommand;
use crate::commands::token::TokenCommand;
use crate::commands::transfer::TransferArgs;
use crate::commands::tx::TxCommand;
use crate::commands::wallet::WalletCommand;
use crate::commands::watch::WatchArgs;

/// Plume from a terminal: accounts, transfers, and what the chain is doing.
#[derive(Debug, Parser)]
#[command(
    name = "plume",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  plume chain                                        Is my node alive, and on which chain?
  plume wallet send --wallet my.wallet --to bob.contact --amount 12.5 --credential me.json --phrase @phrase
  plume transfer --transparent --from //Alice --to //Bob --amount 12.5
  plume balance ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4
  plume watch                                        Follow blocks and finality
  plume --url wss://rpc.example.com --json token supply

Where WHO is asked for, give a Plume address, a generic address (5...), a public key (0x...),
or a development account such as //Alice. Amounts are PLUME with up to 18 decimals."
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// WebSocket address of the node to ask.
    #[arg(long, global = true, value_name = "URL", default_value = plume_sdk::DEFAULT_URL)]
    pub url: String,
    /// Print one JSON object a line instead of text; amounts are strings of planck.
    #[arg(long, global = true)]
    pub json: bool,
    /// Permit unencrypted ws:// to another machine. The network in between can then read and forge answers.
    #[arg(long, global = true)]
    pub insecure: bool,
}

impl Global {
    /// Whether the connection may leave this machine in the clear.
    pub fn transport(&self) -> Transport {
        if self.insecure {
            Transport::PlainAllowed
        } else {
            Transport::Encrypted
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send PLUME where everybody sees it. To pay unseen: `plume wallet send`.
    Transfer(TransferArgs),
    /// Make an account, or look at one.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Show an account's PLUME.
    Balance(BalanceArgs),
    /// Keys for proofs, made by many people.
    #[command(subcommand)]
    Ceremony(CeremonyCommand),
    /// Show which chain this is and how it is doing.
    Chain,
    /// Make, use and hand over the key that opens transfers on a warrant.
    #[command(subcommand)]
    Committee(CommitteeCommand),
    /// Cases, what officers decide of them, reports and policies of the compliance engine.
    #[command(subcommand)]
    Compliance(ComplianceCommand),
    /// Issue, present and verify credentials.
    #[command(subcommand)]
    Credential(CredentialCommand),
    /// Verify what somebody has shown of its payments in the shielded pool.
    #[command(subcommand)]
    Disclose(DiscloseCommand),
    /// Warrants and freezes, what supervisors did, live alerts, and the keys that read flows.
    #[command(subcommand)]
    Regulator(RegulatorCommand),
    /// Sanctions lists.
    #[command(subcommand)]
    Sanctions(SanctionsCommand),
    /// PLUME as a whole.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Look a transaction up.
    #[command(subcommand)]
    Tx(TxCommand),
    /// Keep, pay and show what is in the shielded pool.
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Follow blocks and finality, a line a second.
    Watch(WatchArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_flags_may_stand_anywhere() {
        for line in [
            "plume --json chain",
            "plume chain --json",
            "plume chain --json --url ws://localhost:1",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).expect(line);
            assert!(cli.global.json, "{line}");
        }
    }

    #[test]
    fn every_command_says_what_it_is_for() {
        let mut command = Cli::command();
        command.build();
        let mut pending: Vec<_> = command.get_subcommands().collect();
        while let Some(command) = pending.pop() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            pending.extend(command.get_subcommands());
        }
    }
}
