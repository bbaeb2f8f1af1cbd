//! What banks know of the customers behind a file's accounts: what a replay issues credentials for.
//!
//! Nothing of it looks at labels of laundering. Whoever launders has a bank that took the account for an ordinary
//! one.

use crate::{Account, AccountKind, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// From this value on, in hundredths of the reference currency, a bank has looked into where the money of its
/// customer comes from: a million.
pub const IN_DEPTH_FROM: u64 = 100_000_000;

/// What a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Customer {
    /// A natural person; also one of whom the file says nothing.
    Person,
    /// A legal person.
    Firm,
}

/// What a bank states of a customer. All else is ordinary: in force for the whole file, of low risk, no public
/// office, no flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credential {
    /// What it is.
    pub customer: Customer,
    /// Whether it was checked in depth (tier three), as banks do with those who move very large amounts, or by its
    /// documents (tier two).
    pub in_depth: bool,
    /// Whether a sanctions list names it.
    pub sanctioned: bool,
}

/// The credentials of all accounts that take part. Each account is a subject of its own, a firm's treasury too.
///
/// `kinds` and `sanctioned` are what the file says, if it does; `value` is what a transfer is worth in hundredths of
/// the reference currency.
pub fn credentials(
    transactions: &[Transaction],
    kinds: &BTreeMap<Account, AccountKind>,
    sanctioned: &BTreeSet<Account>,
    value: impl Fn(&Transaction) -> u64,
) -> BTreeMap<Account, Credential> {
    let mut all = BTreeMap::<Account, Credential>::new();
    for transaction in transactions {
        let is_large = value(transaction) >= IN_DEPTH_FROM;
        for account in [&transaction.from, &transaction.to] {
            if let Some(known) = all.get_mut(account) {
                known.in_depth |= is_large;
                continue;
            }
            let credential = Credential {
                customer: match kinds.get(account) {
                    Some(AccountKind::Firm | AccountKind::Treasury) => Customer::Firm,
                    Some(AccountKind::Person) | None => Customer::Person,
                },
                in_depth: is_large,
                sanctioned: sanctioned.contains(account),
            };
            all.insert(account.clone(), credential);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Amount;

    fn account(name: &str) -> Account {
        Account {
            bank: "".into(),
            number: name.into(),
        }
    }

    fn transfer(from: &str, to: &str, units: u64) -> Transaction {
        Transaction {
            row: 0,
            time_s: 0,
            from: account(from),
            to: account(to),
            paid: Amount::whole(units),
            paid_currency: "".into(),
            received: Amount::whole(units),
            received_currency: "".into(),
            format: "".into(),
            laundering: None,
        }
    }

    #[test]
    fn a_customer_is_known_as_well_as_its_largest_payment_asks_for() {
        let transactions = [
            transfer("A", "B", 1_000_000),
            transfer("B", "C", 5),
            transfer("D", "C", 999_999),
        ];
        let kinds = BTreeMap::from([
            (account("A"), AccountKind::Treasury),
            (account("B"), AccountKind::Person),
        ]);
        let all = credentials(
            &transactions,
            &kinds,
            &BTreeSet::from([account("C")]),
            |one| u64::try_from(one.paid.0 / 1_000_000).expect("it is small"),
        );
        let of = |name| all[&account(name)];
        let known = |customer, in_depth, sanctioned| Credential {
            customer,
            in_depth,
            sanctioned,
        };
        assert_eq!(all.len(), 4);
        assert_eq!(of("A"), known(Customer::Firm, true, false));
        assert_eq!(of("B"), known(Customer::Person, true, false));
        assert_eq!(of("C"), known(Customer::Person, false, true));
        assert_eq!(of("D"), known(Customer::Person, false, false));
    }
}
