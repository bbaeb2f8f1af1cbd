//! What a share of a validator's pool is worth: pure arithmetic.
//!
//! Whoever backs a validator owns shares of its [`Pool`]. A share is worth its [`Index`] in planck: one, in
//! a new pool. A slash lowers the index and so reaches every share at once, whoever owns it and whatever
//! it does: back, cool down, or wait to be withdrawn.
//!
//! # Rounding
//!
//! - For v planck at index i (0 < i ≤ 1) there are ⌈v / i⌉ shares, which are worth ⌊⌈v / i⌉ · i⌋ = v: the
//!   division is exact, because ⌈v / i⌉ · i < v + i ≤ v + 1. So nobody gains or loses by joining, by
//!   adding, or by parting a lot in two.
//! - The index only falls. So a [`Lot`] is never worth more than what was put into it, and one account's
//!   rounding never becomes another's gain: the planck behind a lot are on hold in its owner's account.
//! - A slash by f leaves of v planck no less than ⌊v · (1 − f)⌋, and less than (v + 1) · (1 − f) + 1: the
//!   index is rounded up, so that a tenth of a thousand is a hundred.
//! - The pool's own worth is that of its shares' sum: at least the sum of the lots' worths, and above it by
//!   less than a planck a lot.
//! - An index below 2⁻³² becomes zero: who had lost all but a four-billionth part loses that too. So the
//!   shares of the whole supply fit into 126 bits, whatever happens. A pool whose index is zero is
//!   closed: it takes nobody in any more, and the validator's next backer opens another.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::Balance;
use scale_info::TypeInfo;
use sp_runtime::{Perbill, Rounding, helpers_128bit::multiply_by_rational_with_rounding};

use crate::accumulator::Accumulator;

/// Parts of a pool. As many as planck, in a pool that was never slashed.
pub type Shares = u128;

/// Pools are numbered in the order in which they are opened.
pub type PoolId = u64;

/// One planck a share, as the index counts.
const ONE: u128 = 1 << 120;

/// Below this the index is zero.
const SMALLEST: u128 = ONE >> 32;

/// What a share is worth, in planck times 2¹²⁰: at most one planck.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Index(u128);

impl Index {
    /// A new pool's.
    pub const WHOLE: Self = Self(ONE);
    /// A closed pool's.
    pub const ZERO: Self = Self(0);

    /// What so many shares are worth, in planck.
    pub fn worth(self, shares: Shares) -> Balance {
        multiply_by_rational_with_rounding(shares, self.0, ONE, Rounding::Down).unwrap_or_default()
    }

    /// The shares that are worth so many planck; none at index zero, or when there are too many to count.
    pub fn shares(self, planck: Balance) -> Option<Shares> {
        multiply_by_rational_with_rounding(planck, ONE, self.0, Rounding::Up)
    }

    /// The index after a slash.
    #[must_use]
    pub fn slashed(self, fraction: Perbill) -> Self {
        let whole = Perbill::one().deconstruct();
        let left = whole.saturating_sub(fraction.deconstruct());
        let index =
            multiply_by_rational_with_rounding(self.0, left.into(), whole.into(), Rounding::Up)
                .unwrap_or_default();
        if index < SMALLEST {
            Self::ZERO
        } else {
            Self(index)
        }
    }
}

/// What shares of a pool do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// They earn, and count for the voice.
    Backing,
    /// They count for the voice.
    Cooling,
    /// They wait to be withdrawn.
    Unstaking,
}

/// What an account owns of a pool.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Lot {
    /// The pool.
    pub pool: PoolId,
    /// How much of it.
    pub shares: Shares,
    /// What that was worth when the account was last settled: so many planck of its hold are for it.
    pub planck: Balance,
}

/// What a pool is worth, in planck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// What counts for a voice: backing and cooling.
    pub voting: Balance,
    /// What waits to be withdrawn.
    pub unstaking: Balance,
}

/// All that backs a validator, and what backed it until lately.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Pool<AccountId> {
    /// Whose backers these are.
    pub validator: AccountId,
    /// What a share is worth.
    pub index: Index,
    /// Shares that earn.
    pub backing: Shares,
    /// Shares whose owners have stopped backing, still at risk.
    pub cooling: Shares,
    /// Shares whose owners unstake them, still at risk.
    pub unstaking: Shares,
    /// What the backing shares have earned.
    pub rewards: Accumulator,
}

impl<AccountId> Pool<AccountId> {
    /// A pool without shares.
    pub fn new(validator: AccountId) -> Self {
        Self {
            validator,
            index: Index::WHOLE,
            backing: 0,
            cooling: 0,
            unstaking: 0,
            rewards: Accumulator::default(),
        }
    }

    /// Whether nobody owns anything of it.
    pub fn is_empty(&self) -> bool {
        self.backing == 0 && self.cooling == 0 && self.unstaking == 0
    }

    /// What all its shares are worth.
    pub fn worth(&self) -> Worth {
        Worth {
            voting: self
                .index
                .worth(self.backing)
                .saturating_add(self.index.worth(self.cooling)),
            unstaking: self.index.worth(self.unstaking),
        }
    }

    /// Adds so many planck to a part; answers the shares for them. None when the pool is closed or the
    /// shares are too many to count.
    pub fn put(&mut self, part: Part, planck: Balance) -> Option<Shares> {
        let shares = self.index.shares(planck)?;
        let all = self.part(part);
        *all = all.checked_add(shares)?;
        Some(shares)
    }

    /// Takes shares away from a part. None when it has fewer.
    pub fn take(&mut self, part: Part, shares: Shares) -> Option<()> {
        let all = self.part(part);
        *all = all.checked_sub(shares)?;
        Some(())
    }

    /// Changes a settled lot to be worth so many planck.
    pub fn resize(&mut self, part: Part, lot: &mut Lot, planck: Balance) -> Option<()> {
        self.take(part, lot.shares)?;
        lot.shares = self.put(part, planck)?;
        lot.planck = planck;
        Some(())
    }

    fn part(&mut self, part: Part) -> &mut Shares {
        match part {
            Part::Backing => &mut self.backing,
            Part::Cooling => &mut self.cooling,
            Part::Unstaking => &mut self.unstaking,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::units::{PLUME, TOTAL_SUPPLY};
    use proptest::prelude::*;
    use sp_core::U512;

    fn after(slashes: &[Perbill]) -> Index {
        slashes.iter().fold(Index::WHOLE, |index, fraction| {
            let next = index.slashed(*fraction);
            if next == Index::ZERO { index } else { next }
        })
    }

    /// ⌊planck · (1 − fraction)⌋
    fn part_left(planck: Balance, fraction: Perbill) -> Balance {
        let left = 1_000_000_000 - fraction.deconstruct();
        let product = U512::from(planck) * U512::from(left) / U512::from(1_000_000_000);
        product.try_into().expect("a part of a balance")
    }

    #[test]
    fn a_new_pool_has_a_share_a_planck() {
        assert_eq!(Index::WHOLE.shares(TOTAL_SUPPLY), Some(TOTAL_SUPPLY));
        assert_eq!(Index::WHOLE.worth(7), 7);
    }

    #[test]
    fn a_slash_of_everything_leaves_nothing_and_takes_nobody_in() {
        let index = Index::WHOLE.slashed(Perbill::one());
        assert_eq!(index, Index::ZERO);
        assert_eq!(index.worth(Shares::MAX), 0);
        assert_eq!(index.shares(1), None);
    }

    #[test]
    fn a_slash_of_a_round_part_leaves_a_round_number() {
        let index = Index::WHOLE.slashed(Perbill::from_percent(30));
        assert_eq!(index.worth(1_000), 700);
        assert_eq!(index.shares(700), Some(1_000));
        assert_eq!(index.slashed(Perbill::from_percent(10)).worth(1_000), 630);
    }

    #[test]
    fn a_slash_of_nothing_changes_nothing() {
        assert_eq!(Index::WHOLE.slashed(Perbill::zero()), Index::WHOLE);
    }

    #[test]
    fn the_largest_slash_that_is_not_everything_leaves_a_billionth_and_the_next_one_all() {
        let most = Perbill::from_parts(999_999_999);
        let index = Index::WHOLE.slashed(most);
        assert_eq!(index.worth(TOTAL_SUPPLY), TOTAL_SUPPLY / 1_000_000_000);
        assert_eq!(index.slashed(most), Index::ZERO);
    }

    #[test]
    fn the_whole_supply_at_the_smallest_index_is_counted() {
        let shares = Index(SMALLEST).shares(TOTAL_SUPPLY).expect("fits");
        assert!(shares < 1 << 126);
        assert_eq!(Index(SMALLEST).worth(shares), TOTAL_SUPPLY);
    }

    #[test]
    fn a_lot_can_be_resized_and_its_part_follows() {
        let mut pool = Pool::new(1u64);
        pool.index = Index::WHOLE.slashed(Perbill::from_percent(70));
        let shares = pool.put(Part::Backing, 1_000).expect("open");
        let mut lot = Lot {
            pool: 0,
            shares,
            planck: 1_000,
        };
        pool.resize(Part::Backing, &mut lot, 333).expect("has them");
        assert_eq!((lot.planck, pool.backing), (333, lot.shares));
        assert_eq!(pool.index.worth(lot.shares), 333);
        assert_eq!(pool.take(Part::Cooling, 1), None);
        pool.take(Part::Backing, lot.shares).expect("has them");
        assert!(pool.is_empty());
    }

    fn slashes() -> impl Strategy<Value = Vec<Perbill>> {
        proptest::collection::vec((0u32..1_000_000_000).prop_map(Perbill::from_parts), 0..12)
    }

    proptest! {
        #[test]
        fn planck_that_are_put_in_are_worth_exactly_that(
            planck in 0..=TOTAL_SUPPLY,
            slashes in slashes(),
        ) {
            let index = after(&slashes);
            let shares = index.shares(planck).expect("fits");
            prop_assert_eq!(index.worth(shares), planck);
            prop_assert!(shares >= planck && shares < 1 << 126);
        }

        #[test]
        fn parting_a_lot_keeps_both_parts_to_the_planck(
            one in 0..=TOTAL_SUPPLY / 2,
            other in 0..=TOTAL_SUPPLY / 2,
            slashes in slashes(),
        ) {
            let mut pool = Pool::new(());
            pool.index = after(&slashes);
            let shares = pool.put(Part::Backing, one + other).expect("fits");
            let mut lot = Lot { pool: 0, shares, planck: one + other };
            pool.resize(Part::Backing, &mut lot, one).expect("fits");
            let moved = pool.put(Part::Unstaking, other).expect("fits");
            prop_assert_eq!(pool.index.worth(lot.shares), one);
            prop_assert_eq!(pool.index.worth(moved), other);
        }

        #[test]
        fn a_slash_takes_its_part_to_the_planck(
            planck in 0..=TOTAL_SUPPLY,
            before in proptest::collection::vec((0u32..700_000_000).prop_map(Perbill::from_parts), 0..3),
            fraction in (0u32..1_000_000_000).prop_map(Perbill::from_parts),
        ) {
            let index = after(&before);
            let shares = index.shares(planck).expect("fits");
            let left = index.slashed(fraction).worth(shares);
            prop_assert!(left >= part_left(planck, fraction));
            prop_assert!(left <= part_left(planck + 1, fraction) + 1);
            prop_assert!(left <= planck);
        }

        #[test]
        fn a_pool_is_worth_its_lots_and_less_than_a_planck_a_lot_more(
            lots in proptest::collection::vec(
                (0..=1_000_000 * PLUME, (0u32..900_000_000).prop_map(Perbill::from_parts)),
                1..40,
            ),
            last in (0u32..=1_000_000_000).prop_map(Perbill::from_parts),
        ) {
            let mut pool = Pool::new(());
            let mut put: Vec<(Shares, Balance)> = Vec::new();
            for (planck, slash) in lots {
                let next = pool.index.slashed(slash);
                if next != Index::ZERO {
                    pool.index = next;
                }
                put.push((pool.put(Part::Backing, planck).expect("fits"), planck));
            }
            pool.index = pool.index.slashed(last);
            let mut sum = 0;
            for (shares, planck) in &put {
                let worth = pool.index.worth(*shares);
                prop_assert!(worth <= *planck);
                sum += worth;
            }
            let worth = pool.worth().voting;
            prop_assert!(worth >= sum && worth - sum < put.len() as Balance);
        }
    }
}
