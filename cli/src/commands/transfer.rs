//! `plume transfer`: send PLUME where everybody sees it.

use std::time::Duration;

use clap::{Args, ValueEnum};
use plume_sdk::{
    AccountId32, Client, Inclusion, Mortality, Progress, Transfer, TxOptions, TxStatus, amount, raw,
};

use super::connect;
use super::dry_run::DryRunReport;
use super::transfer_report::TxReport;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::{party, patience};

/// Send PLUME where everybody sees it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plume transfer --transparent --from //Alice --to //Bob --amount 12.5
  plume transfer --transparent --from @secret --to ttqxHz... --amount 100 --dry-run   What would it cost?
  plume transfer --transparent --from //Alice --to //Bob --all --keep-alive           All but the deposit
  plume transfer --transparent --from //Alice --to //Bob --amount 1 --wait in-block   Do not wait for finality
  plume transfer --transparent --from //Alice --to //Bob --amount 1 --no-wait --json | jq -r .tx_hash

Everybody sees who pays whom, how much and when, for good: --transparent says that this is meant. Payments that nobody
else sees are sent with `plume wallet send`.

A finalised transfer can never be undone; one in a block can still be undone by a fork, rarely.
Without --keep-alive, an account that falls below the existential deposit is closed.")]
pub struct TransferArgs {
    /// Let everybody see sender, receiver and amount, for good. Nothing is sent without it.
    #[arg(long)]
    transparent: bool,
    /// Who pays: //Alice, a mnemonic in quotes, a seed (0x...), or @FILE that holds one of them.
    #[arg(long, value_name = "SECRET")]
    from: String,
    /// Who receives: an address, a public key (0x...), or a development account (//Bob).
    #[arg(long, value_name = "WHO")]
    to: String,
    /// How much, in PLUME.
    #[arg(long, required_unless_present = "all", allow_negative_numbers = true)]
    amount: Option<String>,
    /// Send everything that is free after the fee.
    #[arg(long, conflicts_with = "amount")]
    all: bool,
    /// Refuse to close the sender's account (with --all: leave the existential deposit).
    #[arg(long)]
    keep_alive: bool,
    /// Extra fee for the author, in PLUME.
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    tip: Option<String>,
    /// Number of the sender's transaction [default: the next one]
    #[arg(long)]
    nonce: Option<u32>,
    /// For how many blocks it may be included, or `immortal`; 1024 blocks are about four minutes.
    #[arg(long, value_name = "BLOCKS", default_value = "1024", value_parser = parse_mortality)]
    mortality: Mortality,
    /// How far to follow it.
    #[arg(long, value_enum, default_value_t = Wait::Finalised, conflicts_with = "no_wait")]
    wait: Wait,
    /// Return as soon as the node has accepted it.
    #[arg(long)]
    no_wait: bool,
    /// Give up waiting after so many seconds; the transaction itself goes on.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// Sign it, show what it would cost and whether the pool would take it, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

/// How far to follow a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Wait {
    /// Until it is in a block of the best chain.
    InBlock,
    /// Until it is in a block that nothing can undo.
    #[value(alias = "finalized")]
    Finalised,
}

fn parse_mortality(text: &str) -> Result<Mortality, String> {
    if text == "immortal" {
        return Ok(Mortality::Immortal);
    }
    match text.parse() {
        Ok(blocks) if blocks > 0 => Ok(Mortality::Blocks(blocks)),
        _ => Err("write a number of blocks from 1 to 4096, or `immortal`".into()),
    }
}

impl TransferArgs {
    /// Refuses what would be seen by everybody unless that is meant.
    fn check_meant(&self) -> Result<(), Failure> {
        if self.transparent {
            return Ok(());
        }
        Err(Failure::new(
            "a plain transfer shows everybody who pays whom, and how much",
            "Pay unseen with `plume wallet send`, or add --transparent if everybody may see it",
        ))
    }

    fn transfer(&self, to: AccountId32) -> Result<Transfer, Failure> {
        let Some(text) = &self.amount else {
            return Ok(Transfer::All {
                to,
                keep_alive: self.keep_alive,
            });
        };
        let amount_planck = amount::parse(text)?;
        Ok(if self.keep_alive {
            Transfer::KeepAlive { to, amount_planck }
        } else {
            Transfer::AllowDeath { to, amount_planck }
        })
    }

    fn options(&self) -> Result<TxOptions, Failure> {
        let tip_planck = self.tip.as_deref().map_or(Ok(0), amount::parse)?;
        Ok(TxOptions {
            nonce: self.nonce,
            tip_planck,
            mortality: self.mortality,
        })
    }
}

/// Runs `plume transfer`.
pub async fn run(args: &TransferArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    // Everything that can be wrong on the command line is found before the node is asked.
    args.check_meant()?;
    let signer = party::signer(&args.from)?;
    let transfer = args.transfer(party::account(&args.to)?)?;
    let options = args.options()?;
    let client = connect(global).await?;
    let prepared = client
        .prepare(&signer, &transfer.to_call(), &options)
        .await?;
    if args.dry_run {
        let report = DryRunReport::new(&client, &signer, &prepared).await?;
        return output.report(&report);
    }
    let nonce = prepared.nonce();
    let progress = prepared.submit().await?;
    let tx_hash = progress.tx_hash();
    if args.no_wait {
        let mut report = TxReport::submitted(tx_hash);
        report.nonce = Some(nonce);
        return output.report(&report);
    }
    output.note(&format!(
        "accepted by the pool: {}",
        raw::to_hex(&tx_hash.0)
    ));
    let limit = Duration::from_secs(args.timeout);
    let following = tokio::time::timeout(limit, follow(&client, progress, args.wait));
    let what = if args.wait == Wait::InBlock {
        "waiting for a block"
    } else {
        "waiting for finality"
    };
    let (mut report, inclusion) = match patience::wait(what, following).await {
        Ok(result) => result?,
        Err(_) => {
            let hash = raw::to_hex(&tx_hash.0);
            let reason = format!("no word about transaction {hash} within {} s", args.timeout);
            let hint = format!("See what became of it with: plume tx status {hash}");
            return Err(Failure::new(reason, hint));
        }
    };
    report.nonce = Some(nonce);
    output.report(&report)?;
    inclusion.ok()?;
    Ok(())
}

/// Follows a transaction and notes when it got where.
async fn follow(
    client: &Client,
    mut progress: Progress,
    wait: Wait,
) -> Result<(TxReport, Inclusion), Failure> {
    let tx_hash = progress.tx_hash();
    let mut in_block = None;
    loop {
        match progress.next().await? {
            TxStatus::InBlock {
                block_hash,
                elapsed,
            } => {
                in_block = Some(elapsed);
                if wait == Wait::InBlock {
                    let inclusion = client.inclusion(tx_hash, block_hash).await?;
                    let mut report = TxReport::in_block(&inclusion);
                    report.ms_to_in_block = Some(millis(elapsed));
                    return Ok((report, inclusion));
                }
            }
            TxStatus::Retracted { .. } => in_block = None,
            TxStatus::Finalised {
                block_hash,
                elapsed,
            } => {
                let inclusion = client.inclusion(tx_hash, block_hash).await?;
                let mut report = TxReport::finalised(&inclusion);
                report.ms_to_in_block = in_block.map(millis);
                report.ms_to_finalised = Some(millis(elapsed));
                return Ok((report, inclusion));
            }
            TxStatus::Future | TxStatus::Ready | TxStatus::Broadcast(_) => {}
        }
    }
}

fn millis(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser;

    fn parse(line: &str) -> Result<TransferArgs, clap::Error> {
        let line = format!("plume transfer --from //Alice --to //Bob {line}");
        match Cli::try_parse_from(line.split_whitespace())?.command {
            Command::Transfer(args) => Ok(args),
            other => panic!("parsed as {other:?}"),
        }
    }

    #[test]
    fn amount_and_flags_choose_the_call() {
        let to = AccountId32([1; 32]);
        let transfer = |line: &str| parse(line).expect(line).transfer(to).expect(line);
        let amount_planck = 12_500_000_000_000_000_000;
        assert_eq!(
            transfer("--amount 12.5"),
            Transfer::AllowDeath { to, amount_planck }
        );
        assert_eq!(
            transfer("--amount 12.5 --keep-alive"),
            Transfer::KeepAlive { to, amount_planck }
        );
        assert_eq!(
            transfer("--all"),
            Transfer::All {
                to,
                keep_alive: false
            }
        );
        assert_eq!(
            transfer("--all --keep-alive"),
            Transfer::All {
                to,
                keep_alive: true
            }
        );
    }

    #[test]
    fn what_everybody_would_see_is_refused_unless_it_is_meant() {
        let check = |line: &str| parse(line).expect(line).check_meant();
        assert!(check("--amount 1 --transparent").is_ok());
        for line in ["--amount 1", "--all --keep-alive", "--amount 1 --dry-run"] {
            let refused = check(line).expect_err(line);
            assert!(refused.hint.contains("plume wallet send"), "{line}");
            assert!(refused.hint.contains("--transparent"), "{line}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        for line in [
            "",
            "--amount 1 --all",
            "--amount 1 --no-wait --wait in-block",
            "--amount 1 --wait later",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        for mortality in ["0", "-1", "forever", ""] {
            assert!(parse_mortality(mortality).is_err(), "{mortality}");
        }
    }

    #[test]
    fn a_negative_amount_is_named_as_one() {
        let to = AccountId32([1; 32]);
        let failure = parse("--amount -1")
            .expect("read")
            .transfer(to)
            .expect_err("negative");
        assert!(failure.reason.contains("negative"), "{}", failure.reason);
    }

    #[test]
    fn options_default_to_the_librarys() {
        assert_eq!(
            parse("--amount 1")
                .expect("complete")
                .options()
                .expect("valid"),
            TxOptions::default()
        );
        let options = parse("--amount 1 --tip 0.5 --nonce 7 --mortality immortal")
            .expect("complete")
            .options();
        let tip_planck = amount::PLANCK_PER_PLUME / 2;
        let expected = TxOptions {
            nonce: Some(7),
            tip_planck,
            mortality: Mortality::Immortal,
        };
        assert_eq!(options.expect("valid"), expected);
    }

    #[test]
    fn finality_is_waited_for_unless_told_otherwise_in_either_spelling() {
        assert_eq!(parse("--amount 1").expect("complete").wait, Wait::Finalised);
        assert_eq!(
            parse("--amount 1 --wait finalized").expect("complete").wait,
            Wait::Finalised
        );
        assert_eq!(
            parse("--amount 1 --wait in-block").expect("complete").wait,
            Wait::InBlock
        );
    }
}
