//! The accounts of a file: their keys, and what their banks know of them.

use super::Scale;
use crate::Profile;
use anyhow::Context;
use plume_aml::{Account, AccountKind, Transaction};
use plume_primitives::compliance::{Jurisdiction, RefValue, Risk, SubjectKind, Tier};
use plume_sdk::{
    Signer,
    raw::{extrinsic_hash, to_hex},
};
use std::collections::{BTreeMap, HashMap};

/// From this value on a bank has looked into the origin of a customer's funds: a million.
const IN_DEPTH_FROM: RefValue = 100_000_000;

/// An account of the file on the chain.
#[derive(Clone, Debug)]
pub struct Known {
    /// The account in the file.
    pub account: Account,
    /// Its key.
    pub signer: Signer,
    /// What its bank knows.
    pub profile: Profile,
    /// All that it sends, in planck.
    pub sends_planck: u128,
    /// How often it sends.
    pub sends: u32,
}

/// All accounts that take part in transfers.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The accounts, in the order in which they first take part.
    pub all: Vec<Known>,
    places: HashMap<Account, usize>,
}

impl Book {
    /// The accounts of these transfers. `kinds` is what a file says of them, if it does.
    pub fn of(
        transactions: &[Transaction],
        kinds: &BTreeMap<Account, AccountKind>,
        scale: Scale,
    ) -> anyhow::Result<Self> {
        let mut book = Self::default();
        let mut largest: Vec<RefValue> = Vec::new();
        for transaction in transactions {
            for account in [&transaction.from, &transaction.to] {
                let place = book.place_or_new(account)?;
                largest.resize(book.all.len(), 0);
                if let Some(value) = largest.get_mut(place) {
                    *value = scale.value(transaction).max(*value);
                }
            }
            if let Some(sender) = book
                .place(&transaction.from)
                .and_then(|place| book.all.get_mut(place))
            {
                sender.sends = sender.sends.saturating_add(1);
                sender.sends_planck = sender
                    .sends_planck
                    .saturating_add(scale.planck(transaction));
            }
        }
        for (known, largest) in book.all.iter_mut().zip(largest) {
            known.profile = profile(kinds.get(&known.account).copied(), largest);
        }
        Ok(book)
    }

    /// The account's place in [`Self::all`].
    pub fn place(&self, account: &Account) -> Option<usize> {
        self.places.get(account).copied()
    }

    fn place_or_new(&mut self, account: &Account) -> anyhow::Result<usize> {
        if let Some(place) = self.place(account) {
            return Ok(place);
        }
        let place = self.all.len();
        self.all.push(Known {
            signer: signer(account)?,
            account: account.clone(),
            profile: Profile::FIRM,
            sends_planck: 0,
            sends: 0,
        });
        self.places.insert(account.clone(), place);
        Ok(place)
    }
}

/// The key of an account: the same for everybody, and worthless anywhere but on a development chain.
fn signer(account: &Account) -> anyhow::Result<Signer> {
    let seed =
        extrinsic_hash(format!("plume aml-replay: {}/{}", account.bank, account.number).as_bytes());
    Signer::from_uri(&to_hex(&seed.0)).context("32 bytes are a seed")
}

/// What a bank knows: a person or a firm, as thoroughly looked at as its largest payment asks for. It says nothing
/// about whether somebody launders.
fn profile(kind: Option<AccountKind>, largest: RefValue) -> Profile {
    Profile {
        tier: if largest >= IN_DEPTH_FROM {
            Tier::Three
        } else {
            Tier::Two
        },
        kind: match kind {
            Some(AccountKind::Firm | AccountKind::Treasury) => SubjectKind::Firm,
            Some(AccountKind::Person) | None => SubjectKind::Person,
        },
        jurisdiction: Jurisdiction(*b"CH"),
        risk: Risk::Low,
        politically_exposed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::plan::tests::transfer;

    #[test]
    fn everybody_who_takes_part_has_one_place_and_one_key() {
        let transactions = [
            transfer(0, "A", "B", 10),
            transfer(1, "B", "A", 2_000_000),
            transfer(2, "A", "A", 5),
        ];
        let scale = Scale::fitting(&transactions, u128::MAX).expect("it fits");
        let kinds = BTreeMap::from([(transactions[0].from.clone(), AccountKind::Firm)]);
        let book = Book::of(&transactions, &kinds, scale).expect("keys can be made");
        assert_eq!(book.all.len(), 2);
        let [a, b] = [&book.all[0], &book.all[1]];
        assert_eq!((a.sends, b.sends), (2, 1));
        assert_eq!(a.sends_planck, 15 * plume_primitives::units::PLUME);
        assert_ne!(a.signer.account(), b.signer.account());
        assert_eq!(a.profile.kind, SubjectKind::Firm);
        assert_eq!(b.profile.kind, SubjectKind::Person);
        assert_eq!(a.profile.tier, Tier::Three);
        let again = Book::of(&transactions, &kinds, scale).expect("keys can be made");
        assert_eq!(again.all[0].signer.account(), a.signer.account());
    }
}
