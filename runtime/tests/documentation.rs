//! What the documentation says in numbers is what the runtime has.

use pallet_referenda::Curve;
use plume_primitives::units::PLUME;
use plume_runtime::{
    Balance, Seconds,
    governance::{LARGE_SPEND, LEAST_TURNOUT, SMALL_SPEND, tracks::TRACKS},
};
use sp_runtime::Perbill;

const GOVERNANCE: &str = include_str!("../../docs/operators/governance.md");

fn plume(planck: Balance) -> String {
    assert_eq!(planck % PLUME, 0);
    let digits = (planck / PLUME).to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn time(seconds: Seconds) -> String {
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "min")] {
        if seconds.is_multiple_of(unit) {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} s")
}

fn share(curve: &Curve) -> String {
    let at = |percent| {
        let threshold = curve.threshold(Perbill::from_percent(percent));
        threshold.deconstruct() / Perbill::from_percent(1).deconstruct()
    };
    format!("{} → {} %", at(0), at(100))
}

#[test]
fn the_documented_tracks_are_those_of_the_runtime() {
    for track in &TRACKS {
        let info = &track.info;
        let name = String::from_utf8_lossy(&info.name);
        let row = format!(
            "| {} | `{}` | {} | {} | {} | {} | {} | {} | {} | {} |",
            track.id,
            name.trim_end_matches('\0'),
            plume(info.decision_deposit),
            info.max_deciding,
            time(info.prepare_period),
            time(info.decision_period),
            time(info.confirm_period),
            time(info.min_enactment_period),
            share(&info.min_approval),
            share(&info.min_support),
        );
        assert!(
            GOVERNANCE.contains(&row),
            "docs/operators/governance.md should have the row\n{row}"
        );
    }
    let rows = GOVERNANCE
        .lines()
        .filter(|line| line.contains('→') && line.starts_with('|'))
        .count();
    assert_eq!(
        rows,
        TRACKS.len(),
        "the documented tracks are all there are"
    );
}

#[test]
fn the_documented_limits_are_those_of_the_runtime() {
    for (amount, what) in [
        (SMALL_SPEND, "on `treasury_small`"),
        (LARGE_SPEND, "on `treasury_large`"),
        (LEAST_TURNOUT, "is staked"),
    ] {
        let amount = plume(amount);
        assert!(
            GOVERNANCE
                .lines()
                .any(|line| line.contains(&amount) && line.contains(what)),
            "docs/operators/governance.md should say {amount} PLUME {what}"
        );
    }
}
