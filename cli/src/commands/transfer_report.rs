//! What is told about a transaction, whoever asks.

use plume_sdk::{DispatchFailure, Event, H256, Inclusion, raw};
use serde::Serialize;

use crate::output::{Amount, BlockJson, Report, table};

/// How far a transaction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// In the pool.
    Submitted,
    /// In a block that a fork may still undo.
    InBlock,
    /// In a block that nothing can undo.
    Finalised,
}

/// A transaction as it stands. What is not known yet, or not known to this command, is null.
#[derive(Debug, Serialize)]
pub struct TxReport {
    tx_hash: String,
    stage: Stage,
    /// Whether the call succeeded.
    success: Option<bool>,
    block: Option<BlockJson>,
    index: Option<u32>,
    fee: Option<Amount>,
    tip: Option<Amount>,
    /// Number among the sender's transactions.
    pub nonce: Option<u32>,
    /// From sending it to the node's word that it is in a block.
    pub ms_to_in_block: Option<u64>,
    /// From sending it to the node's word that it is finalised.
    pub ms_to_finalised: Option<u64>,
    failure: Option<FailureJson>,
    events: Vec<Event>,
}

#[derive(Debug, Serialize)]
struct FailureJson {
    name: String,
    docs: String,
}

impl From<&DispatchFailure> for FailureJson {
    fn from(failure: &DispatchFailure) -> Self {
        Self {
            name: failure.name.clone(),
            docs: failure.docs.clone(),
        }
    }
}

impl TxReport {
    /// It is in the pool.
    pub fn submitted(tx_hash: H256) -> Self {
        Self {
            tx_hash: raw::to_hex(&tx_hash.0),
            stage: Stage::Submitted,
            success: None,
            block: None,
            index: None,
            fee: None,
            tip: None,
            nonce: None,
            ms_to_in_block: None,
            ms_to_finalised: None,
            failure: None,
            events: Vec::new(),
        }
    }

    /// Its hash.
    pub fn tx_hash(&self) -> &str {
        &self.tx_hash
    }

    /// What it caused.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// A number in the first event of this name that it caused.
    pub fn number(&self, pallet: &str, event: &str, field: &str) -> Option<u64> {
        let caused = self.events.iter().find(|one| one.is(pallet, event))?;
        u64::try_from(caused.integer(field)?).ok()
    }

    /// It is in a block.
    pub fn in_block(inclusion: &Inclusion) -> Self {
        Self {
            stage: Stage::InBlock,
            success: Some(inclusion.failure.is_none()),
            block: Some(inclusion.block.into()),
            index: Some(inclusion.index),
            fee: Some(inclusion.fee_planck.into()),
            tip: Some(inclusion.tip_planck.into()),
            failure: inclusion.failure.as_ref().map(FailureJson::from),
            events: inclusion.events.clone(),
            ..Self::submitted(inclusion.tx_hash)
        }
    }

    /// It is in a finalised block.
    pub fn finalised(inclusion: &Inclusion) -> Self {
        Self {
            stage: Stage::Finalised,
            ..Self::in_block(inclusion)
        }
    }
}

impl Report for TxReport {
    fn text(&self) -> String {
        let after = |ms: Option<u64>| ms.map_or(String::new(), |ms| format!(", after {ms} ms"));
        let mut rows = vec![("transaction", self.tx_hash.clone())];
        match (self.stage, &self.block) {
            (Stage::Submitted, _) | (_, None) => rows.push(("stage", "in the pool".into())),
            (stage, Some(block)) => {
                rows.push(("block", format!("#{} {}", block.number, block.hash)));
                rows.push(("in block", format!("yes{}", after(self.ms_to_in_block))));
                let is_final = if stage == Stage::Finalised {
                    "yes"
                } else {
                    "not yet"
                };
                rows.push((
                    "finalised",
                    format!("{is_final}{}", after(self.ms_to_finalised)),
                ));
            }
        }
        if let Some(fee) = &self.fee {
            rows.push(("fee", format!("{} PLUME", fee.plume)));
        }
        if let Some(failure) = &self.failure {
            rows.push(("failed", failure.name.clone()));
        }
        table(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::BlockRef;

    fn inclusion(failure: Option<DispatchFailure>) -> Inclusion {
        Inclusion {
            tx_hash: H256([1; 32]),
            block: BlockRef {
                number: 7,
                hash: H256([2; 32]),
            },
            index: 1,
            fee_planck: 5,
            tip_planck: 2,
            events: vec![],
            failure,
        }
    }

    #[test]
    fn every_field_is_there_at_every_stage() {
        let fields = |report: &TxReport| {
            let json = serde_json::to_value(report).expect("plain fields");
            json.as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        let submitted = fields(&TxReport::submitted(H256([1; 32])));
        assert_eq!(submitted, fields(&TxReport::in_block(&inclusion(None))));
        assert_eq!(submitted, fields(&TxReport::finalised(&inclusion(None))));
    }

    #[test]
    fn a_failed_call_is_named_and_its_fee_told() {
        let failure = DispatchFailure {
            name: "Token::FundsUnavailable".into(),
            docs: String::new(),
        };
        let report = TxReport::finalised(&inclusion(Some(failure)));
        assert_eq!(report.success, Some(false));
        let text = report.text();
        assert!(
            text.contains("Token::FundsUnavailable") && text.contains("0.000000000000000005 PLUME"),
            "{text}"
        );
    }

    #[test]
    fn stages_are_written_as_the_command_line_writes_them() {
        let json = serde_json::to_string(&[Stage::Submitted, Stage::InBlock, Stage::Finalised])
            .expect("names");
        assert_eq!(json, r#"["submitted","in-block","finalised"]"#);
    }
}
