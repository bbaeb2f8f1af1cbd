//! `plume tx`: look a transaction up.

use clap::{Args, Subcommand};
use plume_sdk::{Found, H256, raw};

use super::connect;
use super::transfer_report::TxReport;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::patience;

/// Look a transaction up.
#[derive(Debug, Subcommand)]
pub enum TxCommand {
    /// Show what became of a transaction: in the pool, in a block, or finalised.
    #[command(after_help = "\
Examples:
  plume tx status 0x5f1c...
  plume tx status 0x5f1c... --blocks 2000 --url wss://archive.example.com

Nodes keep no index of transactions, so the newest blocks are searched one by one. They keep state for
256 blocks (about a minute), so older ones need an archive node.")]
    Status(StatusArgs),
}

/// Which transaction, and how far to look.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Hash of the transaction: 64 hex digits.
    #[arg(value_parser = parse_hash)]
    hash: H256,
    /// How many blocks to search, newest first.
    #[arg(long, default_value_t = 256)]
    blocks: u32,
}

fn parse_hash(text: &str) -> Result<H256, String> {
    raw::parse_hash(text).ok_or_else(|| "a hash has 64 hex digits, with or without 0x".into())
}

/// Runs `plume tx`.
pub async fn run(command: &TxCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    let TxCommand::Status(args) = command;
    let client = connect(global).await?;
    let searching = client.find_transaction(args.hash, args.blocks);
    let report = match patience::wait("searching the newest blocks", searching).await? {
        Some(Found::Pending) => TxReport::submitted(args.hash),
        Some(Found::InBlock(inclusion)) => TxReport::in_block(&inclusion),
        Some(Found::Finalised(inclusion)) => TxReport::finalised(&inclusion),
        None => {
            return Err(Failure::new(
                format!(
                    "the transaction is neither in the pool nor in the newest {} blocks",
                    args.blocks
                ),
                "Search further with --blocks, and use an archive node for what is older than a minute",
            ));
        }
    };
    output.report(&report)
}
