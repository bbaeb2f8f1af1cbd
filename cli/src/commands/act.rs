//! What officers, supervisors and senders do on the chain: said in plain words before it is signed, and told with what
//! comes next when it is final.

use clap::Args;
use codec::DecodeAll;
use plume_sdk::{AtBlock, Call, Client, Signer, state};
use serde::Serialize;

use super::submit;
use super::transfer_report::TxReport;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::party;

/// Who signs.
#[derive(Args, Debug)]
pub struct Signing {
    /// Who signs: //Alice, a mnemonic in quotes, a seed (0x...), or @FILE that holds one of them.
    #[arg(long, value_name = "SECRET")]
    from: String,
}

impl Signing {
    /// The key.
    pub fn signer(&self) -> Result<Signer, Failure> {
        party::signer(&self.from)
    }
}

/// What was done, and what comes next. What it is not about is null.
#[derive(Debug, Serialize)]
pub struct ActReport {
    /// Number of a case.
    pub case: Option<u64>,
    /// Number of an amount on hold.
    pub hold: Option<u64>,
    /// Number of a warrant.
    pub warrant: Option<u64>,
    /// Number of the line in the supervisors' log.
    pub log_line: Option<u64>,
    /// The hash that was put on record.
    pub hash: Option<String>,
    /// What was done, one sentence.
    pub done: String,
    /// What comes next, and with which command.
    pub next: String,
    /// The transaction that did it.
    #[serde(flatten)]
    pub transaction: TxReport,
}

impl ActReport {
    /// About nothing yet.
    pub fn new(transaction: TxReport, done: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            case: None,
            hold: None,
            warrant: None,
            log_line: None,
            hash: None,
            done: done.into(),
            next: next.into(),
            transaction,
        }
    }
}

impl Report for ActReport {
    fn text(&self) -> String {
        format!(
            "{}\n{}\nNext: {}",
            self.done,
            self.transaction.text(),
            self.next
        )
    }
}

/// Says what will happen, signs, submits, and waits for finality; a call that fails on the chain is a failure.
pub async fn send(
    client: &Client,
    signer: &Signer,
    call: &Call,
    will: &str,
    output: &Output,
) -> Result<TxReport, Failure> {
    output.note(will);
    submit::send(client, signer, call).await
}

/// A limit of the runtime that is a number of 32 bits.
pub fn limit(at: &AtBlock, pallet: &str, name: &str) -> Result<u32, Failure> {
    let bytes = state::constant(at, pallet, name)?;
    u32::decode_all(&mut bytes.as_slice()).map_err(|_| {
        Failure::new(
            format!("the runtime's limit {pallet}.{name} cannot be read"),
            "Update plume to the version that came with this runtime",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::H256;

    #[test]
    fn people_and_scripts_are_told_what_was_done_and_what_comes_next() {
        let transaction = TxReport::submitted(H256([1; 32]));
        let report = ActReport {
            case: Some(7),
            ..ActReport::new(transaction, "Case 7 is yours.", "propose how to close it")
        };
        let text = report.text();
        assert!(text.starts_with("Case 7 is yours.\ntransaction"), "{text}");
        assert!(text.ends_with("Next: propose how to close it"), "{text}");
        let json = serde_json::to_value(&report).expect("plain fields");
        assert_eq!(json["case"], 7);
        assert_eq!(json["tx_hash"], format!("0x{}", "01".repeat(32)));
        assert!(json["warrant"].is_null() && json.get("transaction").is_none());
    }
}
