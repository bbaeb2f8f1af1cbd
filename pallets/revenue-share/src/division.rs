//! What a period's pot pays whom: pure arithmetic, storage nowhere near.
//!
//! Of a pot of P planck an institution that paid f of all F attributed planck gets
//!
//! ```text
//! payout = min(P · f ÷ F,  cap · f)
//! ```
//!
//! rounded down. What the caps and the rounding leave stays in the pot for the next period.
//!
//! # Washing never pays
//!
//! *Washing* is sending transactions for no other end than a larger share. Suppose an institution washes
//! D planck of base fees. Of every base fee at least b is burned, r goes to the pot, and a to the authors;
//! a + r ≤ 1 − b. Then, whatever the others do:
//!
//! 1. **In all**, payout ≤ cap · f: who only washes loses at least 1 − cap of what it spends.
//! 2. **At the margin**, the D planck raise its payouts, of this and of all later periods together, by at
//!    most max(cap, r) · D. Let g be the gain of this period and c what the washing adds to what is left
//!    in the pot for later, where nobody can gain more than all of it.
//!    - The caps bind before and after: g = cap · D and c = (r − cap) · D.
//!    - They bind before only: g ≤ cap · D and c ≤ 0.
//!    - They bind neither before nor after: c = 0 and g = (P + rD)(f + D) ÷ (F + D) − P f ÷ F
//!      ≤ cap · D · (F − f) ÷ (F + D) + r · D · (f + D) ÷ (F + D), a weighted mean of cap · D and r · D,
//!      because P ≤ cap · F.
//!    - They bind after only: g + c = r · D + (P − cap · F)(1 − f ÷ F) ≤ r · D.
//! 3. **Even who seals every block** and gets the authors' part back gains less than it spends:
//!    a + max(cap, r) < 1, because a + r ≤ 1 − b, a ≤ 1 − b, and cap < b. This is why the pallet refuses a
//!    cap that is not below the part that is burned at the least.
//!
//! Tips are not attributed. A tip of T planck feeds pot and authors with at most T, so it returns at most T.

use plume_primitives::Balance;
use sp_runtime::{Perbill, Rounding, helpers_128bit::multiply_by_rational_with_rounding};

/// What an institution gets of a `pot` for `fees` of all `total` attributed fees; all in planck.
///
/// Never more than `cap` of its fees, and the payouts of all never more than the pot. Zero when `total` is.
pub fn payout(pot: Balance, fees: Balance, total: Balance, cap: Perbill) -> Balance {
    // Fees are a part of the total, so the quotient fits; there is none only when the total is zero.
    multiply_by_rational_with_rounding(pot, fees, total, Rounding::Down)
        .unwrap_or_default()
        .min(cap.mul_floor(fees))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// More than the supply, so that every intermediate product exceeds 128 bits somewhere.
    const MOST: Balance = 20_000_000_000 * 1_000_000_000_000_000_000;
    const BURNED: Perbill = Perbill::from_percent(50);

    fn amount() -> impl Strategy<Value = Balance> {
        prop_oneof![0..=20u128, 0..=1_000_000u128, 0..=MOST]
    }

    fn cap() -> impl Strategy<Value = Perbill> {
        (0..BURNED.deconstruct()).prop_map(Perbill::from_parts)
    }

    /// Payouts of a period, and what stays in the pot.
    fn period(pot: Balance, fees: &[Balance], cap: Perbill) -> (Vec<Balance>, Balance) {
        let total = fees.iter().sum();
        let paid: Vec<_> = fees.iter().map(|f| payout(pot, *f, total, cap)).collect();
        let rest = pot - paid.iter().sum::<Balance>();
        (paid, rest)
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_cap_of_its_fees_and_all_no_more_than_the_pot(
            pot in amount(), fees in proptest::collection::vec(amount(), 0..20), cap in cap(),
        ) {
            let (paid, _) = period(pot, &fees, cap); // subtracts: panics when more than the pot is paid
            for (paid, fees) in paid.iter().zip(&fees) {
                prop_assert!(*paid <= cap.mul_floor(*fees));
            }
        }

        #[test]
        fn below_the_cap_a_pot_is_shared_in_proportion_but_for_a_planck_each(
            fees in proptest::collection::vec(1..=MOST, 1..20), parts in 0..=1_000_000u32, cap in cap(),
        ) {
            let total: Balance = fees.iter().sum();
            let pot = Perbill::from_parts(parts).mul_floor(cap.mul_floor(total));
            let (paid, rest) = period(pot, &fees, cap);
            prop_assert!(rest <= fees.len() as Balance);
            for (one, fee) in paid.iter().zip(&fees) {
                for (other, other_fee) in paid.iter().zip(&fees) {
                    if fee <= other_fee { prop_assert!(one <= other) }
                }
            }
        }

        /// The second and the third claim of the proof, over several periods and with tips.
        #[test]
        fn what_washing_adds_to_all_payouts_is_less_than_what_it_costs(
            start in amount(),
            periods in proptest::collection::vec(
                (proptest::collection::vec(0..=MOST / 8, 2..6), 0..=MOST / 8, 0..=MOST / 8), 1..6,
            ),
            cap in cap(),
            to_authors in 0..=500_000_000u32,
            of_the_rest in 0..=1_000_000_000u32,
        ) {
            let to_authors = Perbill::from_parts(to_authors);
            let left = Perbill::one() - BURNED - to_authors;
            let to_pot = Perbill::from_parts(of_the_rest) * left;
            // Of a tip nothing is burned, so its parts are those of a base fee, enlarged.
            let tip_to_pot = to_pot / (Perbill::one() - BURNED);
            let (mut honest_pot, mut washed_pot) = (start, start);
            let (mut honest, mut washed, mut spent) = (0, 0, 0);
            let (mut base_fees, mut tips) = (0, 0);
            for (fees, wash, tip) in &periods {
                // In both worlds everybody pays the same real fees; the first institution washes in one.
                let income = to_pot.mul_floor(fees.iter().sum::<Balance>());
                let (paid, rest) = period(honest_pot + income, fees, cap);
                honest += paid[0];
                honest_pot = rest;

                let mut with_washing = fees.clone();
                with_washing[0] += wash;
                let income = income + to_pot.mul_floor(*wash) + tip_to_pot.mul_floor(*tip);
                let (paid, rest) = period(washed_pot + income, &with_washing, cap);
                washed += paid[0];
                washed_pot = rest;
                base_fees += wash;
                tips += tip;
                spent += wash + tip;
            }
            // A period rounds by a planck for each institution.
            let rounding = periods.iter().map(|(fees, ..)| fees.len() as Balance + 1).sum::<Balance>();
            let gain = washed.saturating_sub(honest);
            prop_assert!(gain <= cap.max(to_pot).mul_ceil(base_fees) + tip_to_pot.mul_ceil(tips) + rounding);

            // Who seals every block gets back all of the tip that the pot does not, too.
            let as_author = to_authors.mul_floor(base_fees) + (Perbill::one() - tip_to_pot).mul_floor(tips);
            prop_assert!(gain + as_author <= spent + rounding);
        }
    }

    #[test]
    fn a_pot_larger_than_the_caps_pays_the_caps() {
        let cap = Perbill::from_percent(25);
        assert_eq!(payout(1_000_000, 100, 400, cap), 25);
        assert_eq!(payout(40, 100, 400, cap), 10);
    }

    #[test]
    fn without_fees_nothing_is_paid() {
        assert_eq!(payout(1_000_000, 0, 0, Perbill::from_percent(25)), 0);
        assert_eq!(payout(1_000_000, 0, 7, Perbill::from_percent(25)), 0);
    }
}
