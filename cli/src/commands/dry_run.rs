//! What `plume transfer --dry-run` tells: everything short of sending.

use plume_sdk::{At, Client, Prepared, Signer};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Amount, Report, table};

/// What a transfer would cost, and whether the pool would take it.
#[derive(Debug, Serialize)]
pub struct DryRunReport {
    from: String,
    nonce: u32,
    fee: Amount,
    tip: Amount,
    total_fee: Amount,
    transferable: Amount,
    accepted: bool,
    reason: Option<String>,
}

impl Report for DryRunReport {
    fn text(&self) -> String {
        let verdict = match &self.reason {
            None => "the pool would take it".to_owned(),
            Some(reason) => format!("the pool would refuse it: {reason}"),
        };
        table(&[
            ("fee", format!("{} PLUME", self.fee.plume)),
            ("tip", format!("{} PLUME", self.tip.plume)),
            ("transferable", format!("{} PLUME", self.transferable.plume)),
            ("nonce", self.nonce.to_string()),
            ("dry run", verdict),
        ])
    }
}

impl DryRunReport {
    /// Asks the node about a signed transaction without handing it over.
    pub async fn new(
        client: &Client,
        signer: &Signer,
        prepared: &Prepared,
    ) -> Result<Self, Failure> {
        let fee = prepared.fee().await?;
        let verdict = prepared.check().await?;
        let state = client.account(&signer.account(), At::Finalised).await?;
        Ok(Self {
            from: signer.address(),
            nonce: prepared.nonce(),
            fee: fee.base_planck.into(),
            tip: fee.tip_planck.into(),
            total_fee: fee.total_planck().into(),
            transferable: state.transferable_planck().into(),
            accepted: verdict.is_ok(),
            reason: verdict.err(),
        })
    }
}
