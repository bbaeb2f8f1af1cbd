//! What a share has earned: pure arithmetic.
//!
//! A reward is divided by the shares that there are when it arrives, and the quotient is added to what one
//! share has earned since the pool began. Whoever owns shares has earned what that sum has grown by since
//! they were last paid, times the shares. Nobody has to be visited when a reward arrives.
//!
//! # Rounding
//!
//! The sum has 96 binary places. The quotient is rounded down, and so is what an account earns; what the
//! pool takes for it is rounded up. So the accounts' parts of a reward never exceed what was taken, and
//! what was taken never exceeds what was offered. Of a reward at most (shares / 2⁹⁶) planck are not taken,
//! which is less than one for as many shares as there are planck; and each reward and each payment to an
//! account leave less than a planck each in [`Accumulator::unpaid`].

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::Balance;
use scale_info::TypeInfo;
use sp_core::U256;

use crate::pool::Shares;

/// Planck that one share has earned since the pool began, times 2⁹⁶.
pub type PerShare = U256;

/// 2⁹⁶.
const SCALE: u128 = 1 << 96;

/// What a pool's shares have earned.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Accumulator {
    /// What one share has earned since the pool began.
    pub per_share: PerShare,
    /// Planck that were taken for the shares and not yet given to an account.
    pub unpaid: Balance,
}

impl Accumulator {
    /// Divides `offered` planck among `shares`; answers how many planck that takes.
    ///
    /// Zero when there are no shares, or when the sum would overflow.
    pub fn add(&mut self, offered: Balance, shares: Shares) -> Balance {
        let Some((per_share, taken)) = self.added(offered, shares) else {
            return 0;
        };
        self.per_share = per_share;
        self.unpaid = self.unpaid.saturating_add(taken);
        taken
    }

    fn added(&self, offered: Balance, shares: Shares) -> Option<(PerShare, Balance)> {
        let scale = U256::from(SCALE);
        let quotient = U256::from(offered)
            .checked_mul(scale)?
            .checked_div(shares.into())?;
        let product = quotient.checked_mul(shares.into())?;
        let round_up = U256::from(SCALE.saturating_sub(1));
        let taken = product.checked_add(round_up)?.checked_div(scale)?;
        Some((
            self.per_share.checked_add(quotient)?,
            taken.try_into().ok()?,
        ))
    }

    /// What `shares` have earned since they were paid at `paid`, in planck.
    pub fn earned(&self, shares: Shares, paid: PerShare) -> Balance {
        self.per_share
            .saturating_sub(paid)
            .checked_mul(shares.into())
            .and_then(|product| product.checked_div(SCALE.into()))
            .and_then(|earned| earned.try_into().ok())
            .unwrap_or(Balance::MAX)
            .min(self.unpaid)
    }

    /// As [`Self::earned`], and gives it away.
    pub fn pay(&mut self, shares: Shares, paid: PerShare) -> Balance {
        let earned = self.earned(shares, paid);
        self.unpaid = self.unpaid.saturating_sub(earned);
        earned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::units::{PLUME, TOTAL_SUPPLY};
    use proptest::prelude::*;

    #[test]
    fn shares_earn_in_proportion_from_when_they_come() {
        let mut rewards = Accumulator::default();
        assert_eq!(rewards.add(90, 3), 90);
        let since = rewards.per_share;
        assert_eq!(rewards.add(100, 4), 100);
        assert_eq!(rewards.pay(3, U256::zero()), 90 + 75);
        assert_eq!(rewards.pay(1, since), 25);
        assert_eq!(rewards.unpaid, 0);
    }

    #[test]
    fn nothing_is_taken_for_nobody() {
        let mut rewards = Accumulator::default();
        assert_eq!(rewards.add(100, 0), 0);
        assert_eq!(rewards, Accumulator::default());
    }

    #[test]
    fn what_is_paid_is_not_paid_again() {
        let mut rewards = Accumulator::default();
        rewards.add(100, 7);
        assert_eq!(rewards.pay(7, U256::zero()), 99);
        assert_eq!(rewards.pay(7, rewards.per_share), 0);
    }

    #[test]
    fn the_whole_supply_on_a_single_share_and_a_planck_on_the_whole_supply_are_taken() {
        let mut rewards = Accumulator::default();
        assert_eq!(rewards.add(TOTAL_SUPPLY, 1), TOTAL_SUPPLY);
        assert_eq!(rewards.pay(1, U256::zero()), TOTAL_SUPPLY);
        let mut rewards = Accumulator::default();
        assert_eq!(rewards.add(1, TOTAL_SUPPLY), 1);
        // Half of the shares have earned half a planck, which is none.
        assert_eq!(rewards.earned(TOTAL_SUPPLY / 2, U256::zero()), 0);
    }

    #[test]
    fn a_sum_that_would_overflow_takes_nothing_and_pays_what_it_has() {
        let mut rewards = Accumulator {
            per_share: U256::MAX,
            unpaid: 5,
        };
        assert_eq!(rewards.add(1, 1), 0);
        assert_eq!(rewards.pay(u128::MAX, U256::zero()), 5);
    }

    proptest! {
        /// Members come with different shares; each is paid either after every reward or only at the end.
        #[test]
        fn accounts_never_get_more_than_was_taken_and_dust_is_less_than_a_planck_a_step(
            members in proptest::collection::vec((1u128..=TOTAL_SUPPLY / 16, any::<bool>()), 1..16),
            offers in proptest::collection::vec(0..=100_000 * PLUME, 1..24),
        ) {
            let mut rewards = Accumulator::default();
            let shares: Shares = members.iter().map(|(shares, _)| shares).sum();
            let mut paid = vec![U256::zero(); members.len()];
            let mut got = vec![0; members.len()];
            let mut payments: Balance = 0;
            let mut taken = 0;
            let last = offers.len() - 1;
            for (round, offered) in offers.iter().enumerate() {
                let takes = rewards.add(*offered, shares);
                prop_assert_eq!(takes, *offered, "fewer than 2^96 shares leave nothing");
                taken += takes;
                for (i, (shares, often)) in members.iter().enumerate() {
                    if *often || round == last {
                        got[i] += rewards.pay(*shares, paid[i]);
                        paid[i] = rewards.per_share;
                        payments += 1;
                    }
                }
            }
            let sum: Balance = got.iter().sum();
            prop_assert_eq!(sum + rewards.unpaid, taken);
            prop_assert!(rewards.unpaid < payments + offers.len() as Balance);
            for (i, (own, _)) in members.iter().enumerate() {
                let fair = sp_runtime::helpers_128bit::multiply_by_rational_with_rounding(
                    taken, *own, shares, sp_runtime::Rounding::Down,
                ).expect("a part of what was taken");
                prop_assert!(got[i] <= fair && got[i] + offers.len() as u128 + 1 >= fair);
            }
        }
    }
}
