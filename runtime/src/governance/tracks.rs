//! The tracks: what kinds of referenda there are, what each takes to pass, and how long.
//!
//! All times are seconds of the chain's clock, before the genesis' divisor. `docs/operators/governance.md`
//! has the same table for people; a test compares the two.

use super::origins::Origin;
use crate::{Balance, OriginCaller, Origins, Seconds};
use alloc::borrow::Cow;
use frame_system::RawOrigin;
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use plume_primitives::units::PLUME;
use sp_runtime::Perbill;

/// Number of a track.
pub type TrackId = u16;

/// Acts as root: replaces the runtime, and whatever else nobody has an origin for.
pub const PROTOCOL_UPGRADE: TrackId = 0;
/// Acts as [`Origin::FeeModel`].
pub const FEE_MODEL: TrackId = 10;
/// Acts as [`Origin::ValidatorAdmission`].
pub const VALIDATOR_ADMISSION: TrackId = 11;
/// Acts as [`Origin::CompliancePolicy`].
pub const COMPLIANCE_POLICY: TrackId = 12;
/// Acts as [`Origin::TreasurySmall`].
pub const TREASURY_SMALL: TrackId = 20;
/// Acts as [`Origin::TreasuryLarge`].
pub const TREASURY_LARGE: TrackId = 21;
/// Acts as [`Origin::Emergency`].
pub const EMERGENCY: TrackId = 30;

const MINUTE: Seconds = 60;
const HOUR: Seconds = 60 * MINUTE;
const DAY: Seconds = 24 * HOUR;

/// Longest name of a track, in bytes; a name is padded with zeros.
const NAME_BYTES: usize = 25;

const fn name(text: &str) -> [u8; NAME_BYTES] {
    let text = text.as_bytes();
    assert!(text.len() <= NAME_BYTES, "the name of a track is too long");
    let mut padded = [0; NAME_BYTES];
    let mut at = 0;
    while at < text.len() {
        padded[at] = text[at];
        at += 1;
    }
    padded
}

/// A share that is asked for: `first` percent when the decision begins, falling to `last` at its end.
const fn falling(first: u32, last: u32) -> Curve {
    Curve::LinearDecreasing {
        length: Perbill::from_percent(100),
        floor: Perbill::from_percent(last),
        ceil: Perbill::from_percent(first),
    }
}

/// Every track, by number.
pub static TRACKS: [Track<TrackId, Balance, Seconds>; 7] = [
    Track {
        id: PROTOCOL_UPGRADE,
        info: TrackInfo {
            name: name("protocol_upgrade"),
            max_deciding: 1,
            decision_deposit: 100_000 * PLUME,
            prepare_period: DAY,
            decision_period: 10 * DAY,
            confirm_period: DAY,
            min_enactment_period: DAY,
            min_approval: falling(100, 60),
            min_support: falling(50, 10),
        },
    },
    Track {
        id: FEE_MODEL,
        info: TrackInfo {
            name: name("fee_model"),
            max_deciding: 2,
            decision_deposit: 20_000 * PLUME,
            prepare_period: 12 * HOUR,
            decision_period: 7 * DAY,
            confirm_period: DAY,
            min_enactment_period: DAY,
            min_approval: falling(100, 55),
            min_support: falling(40, 8),
        },
    },
    Track {
        id: VALIDATOR_ADMISSION,
        info: TrackInfo {
            name: name("validator_admission"),
            max_deciding: 10,
            decision_deposit: 5_000 * PLUME,
            prepare_period: 6 * HOUR,
            decision_period: 5 * DAY,
            confirm_period: 12 * HOUR,
            min_enactment_period: 10 * MINUTE,
            min_approval: falling(100, 50),
            min_support: falling(40, 5),
        },
    },
    Track {
        id: COMPLIANCE_POLICY,
        info: TrackInfo {
            name: name("compliance_policy"),
            max_deciding: 5,
            decision_deposit: 10_000 * PLUME,
            prepare_period: 12 * HOUR,
            decision_period: 5 * DAY,
            confirm_period: 12 * HOUR,
            min_enactment_period: HOUR,
            min_approval: falling(100, 55),
            min_support: falling(40, 5),
        },
    },
    Track {
        id: TREASURY_SMALL,
        info: TrackInfo {
            name: name("treasury_small"),
            max_deciding: 20,
            decision_deposit: 500 * PLUME,
            prepare_period: 6 * HOUR,
            decision_period: 5 * DAY,
            confirm_period: 12 * HOUR,
            min_enactment_period: HOUR,
            min_approval: falling(100, 50),
            min_support: falling(25, 2),
        },
    },
    Track {
        id: TREASURY_LARGE,
        info: TrackInfo {
            name: name("treasury_large"),
            max_deciding: 5,
            decision_deposit: 20_000 * PLUME,
            prepare_period: DAY,
            decision_period: 10 * DAY,
            confirm_period: 2 * DAY,
            min_enactment_period: DAY,
            min_approval: falling(100, 60),
            min_support: falling(50, 10),
        },
    },
    Track {
        id: EMERGENCY,
        info: TrackInfo {
            name: name("emergency"),
            max_deciding: 5,
            decision_deposit: 10_000 * PLUME,
            prepare_period: 10 * MINUTE,
            decision_period: DAY,
            confirm_period: 10 * MINUTE,
            min_enactment_period: MINUTE,
            min_approval: falling(100, 67),
            min_support: falling(25, 2),
        },
    },
];

/// The tracks, with this network's periods.
pub struct Tracks;

impl Tracks {
    /// The track with its periods divided as the genesis says.
    fn here(info: &TrackInfo<Balance, Seconds>) -> TrackInfo<Balance, Seconds> {
        TrackInfo {
            prepare_period: Origins::period(info.prepare_period),
            decision_period: Origins::period(info.decision_period),
            confirm_period: Origins::period(info.confirm_period),
            min_enactment_period: Origins::period(info.min_enactment_period),
            ..info.clone()
        }
    }
}

impl TracksInfo<Balance, Seconds> for Tracks {
    type Id = TrackId;
    type RuntimeOrigin = OriginCaller;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<TrackId, Balance, Seconds>>> {
        TRACKS.iter().map(|track| {
            Cow::Owned(Track {
                id: track.id,
                info: Self::here(&track.info),
            })
        })
    }

    fn track_for(origin: &OriginCaller) -> Result<TrackId, ()> {
        match origin {
            OriginCaller::system(RawOrigin::Root) => Ok(PROTOCOL_UPGRADE),
            OriginCaller::Origins(origin) => Ok(match origin {
                Origin::FeeModel => FEE_MODEL,
                Origin::ValidatorAdmission => VALIDATOR_ADMISSION,
                Origin::CompliancePolicy => COMPLIANCE_POLICY,
                Origin::TreasurySmall => TREASURY_SMALL,
                Origin::TreasuryLarge => TREASURY_LARGE,
                Origin::Emergency => EMERGENCY,
            }),
            _ => Err(()),
        }
    }

    fn track_ids() -> impl Iterator<Item = TrackId> {
        TRACKS.iter().map(|track| track.id)
    }

    fn info(id: TrackId) -> Option<Cow<'static, TrackInfo<Balance, Seconds>>> {
        let track = TRACKS.iter().find(|track| track.id == id)?;
        Some(Cow::Owned(Self::here(&track.info)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Runtime;
    use frame_support::traits::Get;

    fn with_divisor(divisor: u32, check: impl FnOnce()) {
        sp_io::TestExternalities::default().execute_with(|| {
            super::super::origins::PeriodDivisor::<Runtime>::put(divisor);
            check();
        });
    }

    #[test]
    fn the_divisor_shortens_every_period_and_none_to_nothing() {
        with_divisor(8_640, || {
            let info = Tracks::info(PROTOCOL_UPGRADE).expect("there is such a track");
            assert_eq!(info.decision_period, 100);
            assert_eq!(info.confirm_period, 10);
            let info = Tracks::info(EMERGENCY).expect("there is such a track");
            assert_eq!((info.prepare_period, info.decision_period), (1, 10));
            let period = <Runtime as pallet_conviction_voting::Config>::VoteLockingPeriod::get();
            assert_eq!(period, 70);
        });
        with_divisor(1, || {
            for track in &TRACKS {
                let info = Tracks::info(track.id).expect("it is on the list");
                assert_eq!(*info, track.info);
            }
        });
    }

    #[test]
    fn every_origin_has_a_track_and_every_track_an_origin() {
        let of = |origin| Tracks::track_for(&OriginCaller::Origins(origin)).expect("it has one");
        let mut ids = vec![
            Tracks::track_for(&OriginCaller::system(RawOrigin::Root)).expect("it has one"),
            of(Origin::FeeModel),
            of(Origin::ValidatorAdmission),
            of(Origin::CompliancePolicy),
            of(Origin::TreasurySmall),
            of(Origin::TreasuryLarge),
            of(Origin::Emergency),
        ];
        ids.sort_unstable();
        assert_eq!(ids, Tracks::track_ids().collect::<Vec<_>>());
        let signed = RawOrigin::Signed(crate::AccountId::new([1; 32]));
        assert_eq!(Tracks::track_for(&OriginCaller::system(signed)), Err(()));
    }

    #[test]
    fn who_won_stays_locked_in_until_it_takes_effect() {
        with_divisor(1, || {
            let period = <Runtime as pallet_conviction_voting::Config>::VoteLockingPeriod::get();
            for track in &TRACKS {
                assert!(track.info.min_enactment_period <= period);
            }
        });
    }

    #[test]
    fn no_track_passes_against_a_majority_or_without_a_quorum() {
        for track in &TRACKS {
            let last = Perbill::from_percent(100);
            assert!(track.info.min_approval.threshold(last) >= Perbill::from_percent(50));
            assert!(track.info.min_support.threshold(last) >= Perbill::from_percent(2));
        }
    }
}
