//! A seeded generator: ordinary payments, and laundering mixed into them.
//!
//! People earn salaries from firms of very different sizes, pay rent, buy from shops that are very differently
//! popular, and pay each other; firms pay invoices and sweep between their accounts. Amounts are log-normal or have
//! a power tail. Into this go attempts of eight patterns and of structuring, whose members mostly live an ordinary
//! life besides, and whose amounts come from the same ranges as invoices. A few accounts are on a sanctions list.
//!
//! A rule must not be fitted to this: the sizes and times of attempts are drawn from wide ranges, and none is a
//! secret that a detector should know.
//!
//! The same [`Config`] gives the same transfers on every machine.

mod ordinary;
mod planted;
mod rng;

use crate::{Account, AccountKind, Amount, Labels, Transaction, read::AmlSimOptions};
use std::{collections::BTreeSet, sync::Arc};

/// What to generate.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// All randomness comes from this.
    pub seed: u64,
    /// Natural persons with one account each. At least 100.
    pub people: u32,
    /// Firms; every twentieth sweeps to a treasury account of its own. At least 20.
    pub firms: u32,
    /// Banks over which the accounts are spread. At least 1.
    pub banks: u32,
    /// Length in days. At least 7, so that attempts have room.
    pub days: u32,
    /// The first day's midnight, seconds since 1970.
    pub start_s: u64,
    /// Ordinary transfers for each transfer of an attempt. Each pattern is planted once at least, so that a small
    /// file has more laundering than this.
    pub ordinary_per_laundering: u32,
    /// What structuring stays below.
    pub threshold: Amount,
    /// Accounts on the sanctions list; each takes part in one to three transfers.
    pub sanctioned: u32,
}

impl Config {
    /// About `transfers` of them in 30 days, at a thousand to one.
    pub fn for_transfers(seed: u64, transfers: u32) -> Self {
        // A person causes 24 transfers in 30 days, all kinds together.
        let people = (transfers / 24).max(100);
        Self {
            seed,
            people,
            firms: (people / 12).max(20),
            banks: 40,
            days: 30,
            start_s: 1_661_990_400,
            ordinary_per_laundering: 1_000,
            threshold: Amount::whole(10_000),
            sanctioned: 5,
        }
    }
}

/// Why nothing is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// A number below what the model needs.
    #[error("too small for the model: {0}")]
    TooSmall(&'static str),
    /// A number above what fits in memory.
    #[error("too large: {0}")]
    TooLarge(&'static str),
}

/// What was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// In the order of time.
    pub transactions: Vec<Transaction>,
    /// The attempts and the sanctioned.
    pub labels: Labels,
    /// All accounts, used or not.
    pub accounts: Vec<(Account, AccountKind)>,
    start_s: u64,
}

impl Generated {
    /// Accounts that take part in an attempt.
    pub fn laundering_accounts(&self) -> BTreeSet<Account> {
        let rows = self
            .labels
            .attempts
            .iter()
            .flat_map(|attempt| &attempt.rows);
        rows.filter_map(|row| self.transactions.get(usize::try_from(*row).ok()?))
            .flat_map(|transaction| [transaction.from.clone(), transaction.to.clone()])
            .collect()
    }

    /// Transfers that belong neither to an attempt nor to a sanctioned account.
    pub fn ordinary(&self) -> usize {
        let planted: usize = self
            .labels
            .attempts
            .iter()
            .map(|attempt| attempt.rows.len())
            .sum();
        self.transactions
            .len()
            .saturating_sub(planted)
            .saturating_sub(self.labels.sanctioned_rows.len())
    }

    /// Days as AMLSim's steps.
    pub fn amlsim_options(&self) -> AmlSimOptions {
        AmlSimOptions {
            step_s: 86_400,
            start_s: self.start_s,
        }
    }
}

/// Where a transfer comes from. The order decides between transfers of the same minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Ordinary,
    Attempt(usize),
    Sanctioned,
}

/// A transfer before it has its row.
#[derive(Clone, Debug)]
struct Draft {
    time_s: u64,
    from: usize,
    to: usize,
    amount: Amount,
    format: Format,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Ach,
    Wire,
    Card,
    Cheque,
    Cash,
    Sweep,
}

const FORMATS: [(Format, &str); 6] = [
    (Format::Ach, "ACH"),
    (Format::Wire, "Wire"),
    (Format::Card, "Credit Card"),
    (Format::Cheque, "Cheque"),
    (Format::Cash, "Cash"),
    (Format::Sweep, "Reinvestment"),
];

/// The accounts: people first, then firms, then treasuries, then those that only attempts and sanctions add.
struct World {
    accounts: Vec<(Account, AccountKind)>,
    banks: Vec<Arc<str>>,
    people: usize,
    firms: usize,
    end_s: u64,
    start_s: u64,
}

impl World {
    fn new(config: &Config, rng: &mut rng::Rng) -> Self {
        let mut world = Self {
            accounts: Vec::new(),
            banks: (1..=config.banks)
                .map(|bank| bank.to_string().into())
                .collect(),
            people: 0,
            firms: 0,
            start_s: config.start_s,
            end_s: config
                .start_s
                .saturating_add(u64::from(config.days) * DAY_S),
        };
        for _ in 0..config.people {
            world.people = world.add(AccountKind::Person, rng).saturating_add(1);
        }
        for _ in 0..config.firms {
            world.firms = world
                .add(AccountKind::Firm, rng)
                .saturating_add(1)
                .saturating_sub(world.people);
        }
        world
    }

    /// A new account at a random bank; its index.
    fn add(&mut self, kind: AccountKind, rng: &mut rng::Rng) -> usize {
        let index = self.accounts.len();
        let bank = self
            .banks
            .get(rng.early(self.banks.len()))
            .cloned()
            .unwrap_or_default();
        let number = format!("8{index:08X}").into();
        self.accounts.push((Account { bank, number }, kind));
        index
    }

    fn person(&self, rng: &mut rng::Rng) -> usize {
        usize::try_from(rng.below(self.people as u64)).unwrap_or(0)
    }

    /// Any firm, all equally often.
    fn firm(&self, rng: &mut rng::Rng) -> usize {
        self.people + usize::try_from(rng.below(self.firms as u64)).unwrap_or(0)
    }
}

const DAY_S: u64 = 86_400;
const MINUTE_S: u64 = 60;

/// Generates the transfers of `config`, in the order of time, with their labels.
pub fn generate(config: &Config) -> Result<Generated, GenerateError> {
    check(config)?;
    let mut world = World::new(config, &mut rng::Rng::new(config.seed, 0));
    let mut drafts = ordinary::payments(config, &mut world);
    let ordinary = u64::try_from(drafts.len()).unwrap_or(u64::MAX);
    let budget = ordinary / u64::from(config.ordinary_per_laundering);
    let attempts = planted::attempts(config, &mut world, budget, &mut drafts);
    let sanctioned = planted::sanctioned(config, &mut world, &mut drafts);

    for draft in &mut drafts {
        draft.time_s -= draft.time_s % MINUTE_S;
    }
    // Stable: within a minute the order of making stays.
    drafts.sort_by_key(|draft| (draft.time_s, draft.origin));

    let currency: Arc<str> = "US Dollar".into();
    let formats = FORMATS.map(|(format, name)| (format, Arc::<str>::from(name)));
    let mut labels = Labels {
        attempts,
        ..Labels::default()
    };
    let account = |index: usize| {
        world
            .accounts
            .get(index)
            .map(|(account, _)| account.clone())
    };
    let mut transactions = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        let (Some(from), Some(to)) = (account(draft.from), account(draft.to)) else {
            continue;
        };
        let row = u64::try_from(transactions.len()).unwrap_or(u64::MAX);
        let mut laundering = false;
        match draft.origin {
            Origin::Ordinary => {}
            Origin::Sanctioned => {
                labels.sanctioned_rows.insert(row);
            }
            Origin::Attempt(index) => {
                laundering = true;
                if let Some(attempt) = labels.attempts.get_mut(index) {
                    attempt.rows.push(row);
                }
            }
        }
        let format = formats.iter().find(|(format, _)| *format == draft.format);
        transactions.push(Transaction {
            row,
            time_s: draft.time_s,
            from,
            to,
            paid: draft.amount,
            paid_currency: currency.clone(),
            received: draft.amount,
            received_currency: currency.clone(),
            format: format.map(|(_, name)| name.clone()).unwrap_or_default(),
            laundering: Some(laundering),
        });
    }
    labels.sanctioned_accounts = sanctioned.into_iter().filter_map(account).collect();
    Ok(Generated {
        transactions,
        labels,
        accounts: world.accounts,
        start_s: config.start_s,
    })
}

fn check(config: &Config) -> Result<(), GenerateError> {
    let least = [
        (config.people < 100, "people, at least 100"),
        (config.firms < 20, "firms, at least 20"),
        (config.banks < 1, "banks, at least 1"),
        (config.days < 7, "days, at least 7"),
        (
            config.ordinary_per_laundering < 1,
            "ordinary transfers a laundering one, at least 1",
        ),
        (
            config.threshold < Amount::whole(100),
            "the threshold, at least 100",
        ),
    ];
    if let Some(&(_, what)) = least.iter().find(|(too_small, _)| *too_small) {
        return Err(GenerateError::TooSmall(what));
    }
    let most = [
        (config.people > 2_000_000, "people, at most 2 million"),
        (config.firms > 200_000, "firms, at most 200 thousand"),
        (config.banks > 100_000, "banks, at most 100 thousand"),
        (config.days > 366, "days, at most a year"),
        (
            config.sanctioned > 10_000,
            "sanctioned accounts, at most 10 thousand",
        ),
        (
            config.threshold > Amount::whole(1_000_000_000),
            "the threshold, at most a thousand million",
        ),
        (
            config.start_s > 32_503_680_000,
            "the start, before the year 3000",
        ),
    ];
    match most.iter().find(|(too_large, _)| *too_large) {
        Some(&(_, what)) => Err(GenerateError::TooLarge(what)),
        None => Ok(()),
    }
}
