//! What the supply is for, and when each part of it comes into circulation.
//!
//! [`TABLE`] is the only place that says so: `docs/token.md` shows it, the genesis presets follow it, and
//! the supply curve is drawn from it; tests hold all three to it.

use crate::{Balance, Seconds, units::TOTAL_SUPPLY};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// 365 days. Leap days are not counted, so five years end a day or two before the calendar's.
pub const YEAR: Seconds = 365 * 24 * 60 * 60;
/// The longest that a release may take: five years, 157,680,000 seconds.
pub const LONGEST_RELEASE: Seconds = 5 * YEAR;

/// A part of the supply, named by what it is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Bucket {
    /// Those who build Plume.
    Team,
    /// Those who pay for the building.
    Investors,
    /// Whatever makes Plume worth using: grants, integrations, audits.
    Ecosystem,
    /// Rewards of validators beside fees.
    ValidatorReserve,
    /// What governance spends.
    Treasury,
    /// Holders from the first day on.
    Community,
}

/// How much a bucket is, and how it is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Whose terms these are.
    pub bucket: Bucket,
    /// All of the bucket, in planck.
    pub planck: Balance,
    /// Nothing is released before so many seconds have passed since the first block.
    pub cliff: Seconds,
    /// Everything is released after so many seconds; zero if it is in circulation from the genesis on.
    pub duration: Seconds,
}

impl Terms {
    /// Whether the bucket is in circulation from the genesis on.
    pub const fn is_liquid(&self) -> bool {
        self.duration == 0
    }
}

/// The terms of every bucket. They add up to the supply.
pub const TABLE: [Terms; 6] = [
    terms(Bucket::Team),
    terms(Bucket::Investors),
    terms(Bucket::Ecosystem),
    terms(Bucket::ValidatorReserve),
    terms(Bucket::Treasury),
    terms(Bucket::Community),
];

/// The terms of one bucket.
pub const fn terms(bucket: Bucket) -> Terms {
    let (percent, cliff, duration) = match bucket {
        Bucket::Team => (15, YEAR, 4 * YEAR),
        Bucket::Investors => (15, YEAR, 3 * YEAR),
        Bucket::Ecosystem => (20, 0, 5 * YEAR),
        Bucket::ValidatorReserve => (20, 0, 5 * YEAR),
        Bucket::Treasury => (15, 0, 0),
        Bucket::Community => (15, 0, 0),
    };
    Terms {
        bucket,
        planck: TOTAL_SUPPLY / 100 * percent,
        cliff,
        duration,
    }
}

/// Planck that the release pot pays out over the years: every bucket that is not liquid.
pub const fn released_over_time() -> Balance {
    let mut sum = 0;
    let mut index = 0;
    while index < TABLE.len() {
        if !TABLE[index].is_liquid() {
            sum += TABLE[index].planck;
        }
        index += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::PLUME;

    #[test]
    fn the_buckets_add_up_to_the_supply_to_the_planck() {
        let sum: Balance = TABLE.iter().map(|terms| terms.planck).sum();
        assert_eq!(sum, TOTAL_SUPPLY);
        assert_eq!(sum, 10_000_000_000 * PLUME);
    }

    #[test]
    fn every_bucket_is_in_the_table_once() {
        for (index, one) in TABLE.iter().enumerate() {
            assert_eq!(*one, terms(one.bucket));
            assert!(
                TABLE[..index]
                    .iter()
                    .all(|other| other.bucket != one.bucket)
            );
        }
    }

    #[test]
    fn no_release_takes_longer_than_five_years_or_ends_before_its_cliff() {
        assert_eq!(LONGEST_RELEASE, 157_680_000);
        for terms in TABLE {
            assert!(terms.duration <= LONGEST_RELEASE, "{:?}", terms.bucket);
            assert!(terms.cliff <= terms.duration, "{:?}", terms.bucket);
        }
    }

    #[test]
    fn seven_tenths_of_the_supply_are_released_over_time() {
        assert_eq!(released_over_time(), 7_000_000_000 * PLUME);
    }
}
