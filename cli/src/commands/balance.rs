//! `plume balance`: an account's PLUME.

use clap::Args;
use plume_sdk::{AccountId32, AccountState, At, address};
use serde::Serialize;

use super::connect;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Amount, Output, Report, table};
use crate::{party, patience};

/// Show an account's PLUME.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plume balance //Alice
  plume balance ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4 --json | jq -r .free.plume

Shows finalised state, which nothing can undo; --best is a few hundred milliseconds ahead.")]
pub struct BalanceArgs {
    /// An address, a public key (0x...), a development account (//Alice), or @FILE with a secret.
    who: String,
    /// Read the newest block instead of the newest finalised one.
    #[arg(long)]
    best: bool,
}

/// An account's PLUME.
#[derive(Debug, Serialize)]
pub struct BalanceReport {
    address: String,
    free: Amount,
    reserved: Amount,
    frozen: Amount,
    transferable: Amount,
    total: Amount,
    nonce: u32,
}

impl BalanceReport {
    /// From what the chain says.
    pub fn new(account: &AccountId32, state: &AccountState) -> Self {
        Self {
            address: address::format(account),
            free: state.free_planck.into(),
            reserved: state.reserved_planck.into(),
            frozen: state.frozen_planck.into(),
            transferable: state.transferable_planck().into(),
            total: state.total_planck().into(),
            nonce: state.nonce,
        }
    }

    /// The amounts without the address.
    pub fn amounts_text(&self) -> String {
        table(&[
            ("total", format!("{} PLUME", self.total.plume)),
            ("transferable", format!("{} PLUME", self.transferable.plume)),
            ("reserved", format!("{} PLUME", self.reserved.plume)),
            ("frozen", format!("{} PLUME", self.frozen.plume)),
            ("nonce", self.nonce.to_string()),
        ])
    }
}

impl Report for BalanceReport {
    fn text(&self) -> String {
        format!("{}\n{}", self.address, self.amounts_text())
    }
}

/// Runs `plume balance`.
pub async fn run(args: &BalanceArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let account = party::account(&args.who)?;
    let at = if args.best { At::Best } else { At::Finalised };
    let client = connect(global).await?;
    let state = patience::wait("reading the balance", client.account(&account, at)).await?;
    output.report(&BalanceReport::new(&account, &state))
}
