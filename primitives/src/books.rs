//! Where every planck is: [`Books`] parts the whole issuance by who can do what with it.
//!
//! # The two sums
//!
//! 1. `free + staked + held + reserved + release_locked + pots = issuance` ([`Books::parts_sum`]).
//! 2. `issuance + burned = supply`, on a network whose genesis issued the whole supply.
//!
//! Each planck is in one part:
//!
//! - What is on hold counts by its reason, in whosever account it is, a pot's included.
//! - What is reserved without a reason counts as [`Books::reserved`].
//! - The rest of an account counts as [`Books::free`], or as its pot's when the account is one. Locks and
//!   freezes make no part: they overlap all three.
//! - What the release pot owes to beneficiaries counts as [`Books::release_locked`], and not as the pot's.
//!
//! The figures come from different places: balances and holds from the accounts, stake from the records of
//! stake, what is locked from the allocations, issuance and burned from counters. That is why the sums can
//! fail, and why it means something that they do not.

use crate::{Balance, BlockNumber, Seconds};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// All PLUME after a block, by where it is. Amounts are in planck.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Books {
    /// The block after which this was so.
    pub block: BlockNumber,
    /// Seconds between the first block and this one.
    pub seconds: Seconds,
    /// What the genesis of the main network issues, a constant.
    pub supply: Balance,
    /// What is issued now, by the balances' own counter.
    pub issuance: Balance,
    /// What fees have burned since genesis, by the fees' own counter.
    pub burned: Balance,
    /// In accounts that are no pot, neither on hold nor reserved.
    pub free: Balance,
    /// On hold for stake.
    pub staked: Staked,
    /// On hold for every other reason that there is, in the order of their names; zero amounts too.
    pub held: Vec<Entry>,
    /// Reserved without a reason that is recorded: deposits of proxies, multisig operations, referenda and
    /// assets.
    pub reserved: Balance,
    /// In the release pot, for the beneficiaries of allocations.
    pub release_locked: Locked,
    /// In accounts without a key, less what is locked there, and what is on hold or reserved; in the order
    /// of their names.
    pub pots: Vec<Entry>,
}

/// What is on hold for stake, in planck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Staked {
    /// At stake: it has a voice.
    pub active: Balance,
    /// Waits to be withdrawn.
    pub unstaking: Balance,
    /// Lost to slashes, and not yet moved to the treasury: that happens when the account is next settled.
    pub slashed: Balance,
}

/// What the release pot owes to beneficiaries, in planck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Locked {
    /// Not released yet.
    pub unreleased: Balance,
    /// Released, and not claimed yet.
    pub unclaimed: Balance,
}

/// An amount with a name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Entry {
    /// What it is, in lower case, words joined by underscores. It stays the same between versions.
    pub name: String,
    /// How much, in planck.
    pub amount: Balance,
}

/// Which of the two sums fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imbalance {
    /// The parts do not add up to the issuance: the accounts or a pallet's records are wrong.
    Parts {
        /// What they add up to.
        sum: Balance,
        /// What is issued.
        issuance: Balance,
    },
    /// Issued and burned do not add up to the supply: something else minted or burned, or the genesis
    /// issued another amount.
    Supply {
        /// What they add up to.
        sum: Balance,
        /// What a genesis issues.
        supply: Balance,
    },
}

impl Books {
    /// Every part with its name, in a fixed order. Names are unique; those of inner parts have a dot.
    pub fn parts(&self) -> Vec<(String, Balance)> {
        let mut parts = Vec::from([
            ("free".to_owned(), self.free),
            ("staked.active".to_owned(), self.staked.active),
            ("staked.unstaking".to_owned(), self.staked.unstaking),
            ("staked.slashed".to_owned(), self.staked.slashed),
        ]);
        let of = |kind: &'static str| {
            move |entry: &Entry| (format!("{kind}.{}", entry.name), entry.amount)
        };
        parts.extend(self.held.iter().map(of("held")));
        parts.push(("reserved".to_owned(), self.reserved));
        let Locked {
            unreleased,
            unclaimed,
        } = self.release_locked;
        parts.push(("release_locked.unreleased".to_owned(), unreleased));
        parts.push(("release_locked.unclaimed".to_owned(), unclaimed));
        parts.extend(self.pots.iter().map(of("pots")));
        parts
    }

    /// What all parts add up to; the issuance, unless something is wrong. Stops at the largest number,
    /// which is no issuance.
    pub fn parts_sum(&self) -> Balance {
        self.parts()
            .into_iter()
            .fold(0, |sum: Balance, (_, amount)| sum.saturating_add(amount))
    }

    /// Checks that the parts add up to the issuance: true on every network.
    pub fn check_parts(&self) -> Result<(), Imbalance> {
        let (sum, issuance) = (self.parts_sum(), self.issuance);
        if sum == issuance {
            Ok(())
        } else {
            Err(Imbalance::Parts { sum, issuance })
        }
    }

    /// Checks both sums: true on a network whose genesis issued the whole supply.
    pub fn check(&self) -> Result<(), Imbalance> {
        self.check_parts()?;
        let (sum, supply) = (self.issuance.saturating_add(self.burned), self.supply);
        if sum == supply {
            Ok(())
        } else {
            Err(Imbalance::Supply { sum, supply })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, amount: Balance) -> Entry {
        Entry {
            name: name.to_owned(),
            amount,
        }
    }

    /// Each part is another power of two, so that no sum is right by accident.
    fn books() -> Books {
        Books {
            block: 7,
            seconds: 2,
            supply: 1_024,
            issuance: 1_023,
            burned: 1,
            free: 1,
            staked: Staked {
                active: 2,
                unstaking: 4,
                slashed: 8,
            },
            held: vec![entry("bond", 16), entry("keys", 32)],
            reserved: 64,
            release_locked: Locked {
                unreleased: 128,
                unclaimed: 256,
            },
            pots: vec![entry("treasury", 512)],
        }
    }

    #[test]
    fn every_part_counts_once() {
        let books = books();
        assert_eq!(books.parts_sum(), 1_023);
        assert_eq!(books.check(), Ok(()));
        let mut names: Vec<_> = books.parts().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 10);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 10);
    }

    #[test]
    fn a_planck_too_many_or_too_few_is_found() {
        let mut more = books();
        more.pots[0].amount += 1;
        let imbalance = Imbalance::Parts {
            sum: 1_024,
            issuance: 1_023,
        };
        assert_eq!(more.check(), Err(imbalance));
        assert_eq!(more.check_parts(), Err(imbalance));
        let mut burned = books();
        burned.burned = 0;
        assert_eq!(burned.check_parts(), Ok(()));
        let imbalance = Imbalance::Supply {
            sum: 1_023,
            supply: 1_024,
        };
        assert_eq!(burned.check(), Err(imbalance));
    }

    #[test]
    fn amounts_beyond_any_supply_do_not_wrap_round_to_a_sum_that_is_right() {
        let mut books = books();
        books.free = Balance::MAX;
        books.reserved = 66;
        let wrapped = books
            .parts()
            .iter()
            .fold(0, |sum: Balance, (_, amount)| sum.wrapping_add(*amount));
        assert_eq!(wrapped, books.issuance);
        assert_eq!(books.parts_sum(), Balance::MAX);
        assert!(books.check_parts().is_err());
    }

    #[test]
    fn it_survives_being_encoded() {
        let books = books();
        assert_eq!(Books::decode(&mut &books.encode()[..]), Ok(books));
    }
}
