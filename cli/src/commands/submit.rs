//! Sends a call and waits until it can never be undone.

use std::time::Duration;

use plume_sdk::{Call, Client, Signer, TxOptions, raw};

use super::transfer_report::TxReport;
use crate::failure::Failure;
use crate::patience;

/// Longer than finality takes on a healthy network by far.
const LIMIT: Duration = Duration::from_secs(120);

/// Signs, submits and waits for finality; a call that fails on the chain is a failure.
pub async fn send(client: &Client, signer: &Signer, call: &Call) -> Result<TxReport, Failure> {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    let hash = raw::to_hex(&progress.tx_hash().0);
    let waiting = tokio::time::timeout(LIMIT, progress.wait_finalised());
    let inclusion = match patience::wait("waiting for finality", waiting).await {
        Ok(inclusion) => inclusion?,
        Err(_) => {
            return Err(Failure::new(
                format!(
                    "no word about transaction {hash} within {} s",
                    LIMIT.as_secs()
                ),
                format!("See what became of it with: plume tx status {hash}"),
            ));
        }
    };
    let report = TxReport::finalised(&inclusion);
    inclusion.ok()?;
    Ok(report)
}
