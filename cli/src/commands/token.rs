//! `plume token`: PLUME as a whole.

use clap::Subcommand;
use plume_sdk::amount::GENESIS_SUPPLY_PLANCK;
use plume_sdk::{At, Supply};
use serde::Serialize;

use super::connect;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Amount, Output, Report, table};
use crate::patience;

/// PLUME as a whole.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Show how much there is and how much was burned. Nothing mints: the two add up to the genesis supply.
    #[command(
        after_help = "Examples:\n  plume token supply\n  plume token supply --json | jq -r .burned.plume"
    )]
    Supply,
}

#[derive(Debug, Serialize)]
struct SupplyReport {
    issuance: Amount,
    burned: Amount,
    sum: Amount,
    genesis: Amount,
    adds_up: bool,
}

impl From<Supply> for SupplyReport {
    fn from(supply: Supply) -> Self {
        Self {
            issuance: supply.issuance_planck.into(),
            burned: supply.burned_planck.into(),
            sum: supply.sum_planck().into(),
            genesis: GENESIS_SUPPLY_PLANCK.into(),
            adds_up: supply.sum_planck() == GENESIS_SUPPLY_PLANCK,
        }
    }
}

impl Report for SupplyReport {
    fn text(&self) -> String {
        let verdict = if self.adds_up {
            "the genesis supply".into()
        } else {
            format!(
                "but the genesis supply of the main network is {} PLUME",
                self.genesis.plume
            )
        };
        table(&[
            ("issued", format!("{} PLUME", self.issuance.plume)),
            ("burned", format!("{} PLUME", self.burned.plume)),
            ("together", format!("{} PLUME, {verdict}", self.sum.plume)),
        ])
    }
}

/// Runs `plume token`.
pub async fn run(command: &TokenCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    let TokenCommand::Supply = command;
    let client = connect(global).await?;
    let supply = patience::wait("reading the supply", client.supply(At::Finalised)).await?;
    output.report(&SupplyReport::from(supply))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_burned_is_missing_from_the_issuance() {
        let burned_planck = 7;
        let issuance_planck = GENESIS_SUPPLY_PLANCK - burned_planck;
        assert!(
            SupplyReport::from(Supply {
                issuance_planck,
                burned_planck
            })
            .adds_up
        );
        let minted = SupplyReport::from(Supply {
            issuance_planck: GENESIS_SUPPLY_PLANCK,
            burned_planck,
        });
        assert!(!minted.adds_up);
        assert!(minted.text().contains("but the genesis supply"));
    }
}
