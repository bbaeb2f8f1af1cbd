//! What the chain says about offenders.

use anyhow::Context;
use plume_sdk::{Client, Event, amount};

/// Kinds of offences, as `pallet-offences` names them.
const DOUBLE_VOTE: &[u8] = b"grandpa:equivoca";
const DOUBLE_SEAL: &[u8] = b"plume:doubleseal";

/// Offences in a run of blocks, and what became of the offenders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub double_votes: usize,
    pub double_seals: usize,
    pub slashed_planck: u128,
    /// Validators that were removed.
    pub removed: usize,
}

impl Evidence {
    /// Reads the events of the blocks after `from` up to `to`, which are final.
    pub async fn read(client: &Client, from: u64, to: u64) -> anyhow::Result<Self> {
        let mut evidence = Self::default();
        for height in from + 1..=to {
            let hash = client.raw().block_hash(height).await?;
            let hash = hash.with_context(|| format!("there is no block {height}"))?;
            for event in client.events(hash).await? {
                evidence.note(&event);
            }
        }
        Ok(evidence)
    }

    fn note(&mut self, event: &Event) {
        if event.is("Offences", "Offence") {
            let kind = kind(event).unwrap_or_default();
            self.double_votes += usize::from(kind == DOUBLE_VOTE);
            self.double_seals += usize::from(kind == DOUBLE_SEAL);
        } else if event.is("Validators", "Slashed") {
            self.slashed_planck += event.integer("amount").unwrap_or(0);
        } else if event.is("Validators", "Removed") {
            self.removed += 1;
        }
    }

    /// What was seen, for a row's note.
    pub fn text(&self) -> String {
        format!(
            "proven on chain: {} double votes, {} double seals; {} PLUME slashed, {} removed",
            self.double_votes,
            self.double_seals,
            amount::format(self.slashed_planck),
            self.removed
        )
    }

    /// What is wrong, if there is one offender.
    pub fn complaints(&self) -> Vec<String> {
        let wrong = [
            (
                self.double_votes + self.double_seals == 0,
                "no offence is on the chain",
            ),
            (self.slashed_planck == 0, "nobody was slashed"),
            (
                self.removed != 1,
                "the culprit was not removed, or not alone",
            ),
        ];
        let wrong = wrong.iter().filter(|(is_wrong, _)| *is_wrong);
        wrong.map(|(_, what)| (*what).to_owned()).collect()
    }
}

/// The kind of an offence: its bytes are a list of numbers.
fn kind(event: &Event) -> Option<Vec<u8>> {
    let numbers = event.fields.get("kind")?.as_array()?;
    let bytes = numbers.iter().map(|number| number.as_str()?.parse().ok());
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(pallet: &str, name: &str, fields: Value) -> Event {
        Event {
            pallet: pallet.into(),
            name: name.into(),
            fields,
        }
    }

    fn offence(kind: &[u8]) -> Event {
        let kind: Vec<_> = kind.iter().map(u8::to_string).collect();
        event("Offences", "Offence", json!({"kind": kind, "slot": ["7"]}))
    }

    #[test]
    fn offences_are_told_apart_and_their_price_is_added_up() {
        let slashed = |planck: &str| event("Validators", "Slashed", json!({"amount": planck}));
        let mut evidence = Evidence::default();
        for event in [
            offence(DOUBLE_SEAL),
            slashed("1000000000000000000"),
            offence(DOUBLE_VOTE),
            slashed("500000000000000000"),
            offence(b"rain            "),
            event("Validators", "Removed", json!({})),
            event("Balances", "Slashed", json!({"amount": "1"})),
        ] {
            evidence.note(&event);
        }
        assert_eq!(
            evidence.text(),
            "proven on chain: 1 double votes, 1 double seals; 1.5 PLUME slashed, 1 removed"
        );
        assert!(evidence.complaints().is_empty());
    }

    #[test]
    fn each_thing_that_did_not_come_is_complained_of() {
        let mut evidence = Evidence::default();
        assert_eq!(evidence.complaints().len(), 3);
        evidence.note(&offence(DOUBLE_VOTE));
        assert_eq!(evidence.complaints().len(), 2);
        // A second one that is removed is innocent.
        evidence.removed = 2;
        evidence.slashed_planck = 1;
        assert_eq!(evidence.complaints().len(), 1);
    }
}
