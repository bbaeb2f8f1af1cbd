//! What circulates in the first five years, as a picture: the buckets stacked on each other.
//!
//! Coordinates are whole tenths of a pixel, so the same constants draw the same bytes everywhere.

use crate::tables::{circulating, name};
use plume_primitives::{
    Balance, Seconds,
    allocations::{Bucket, LONGEST_RELEASE, TABLE, Terms, YEAR},
    units::{PLUME, TOTAL_SUPPLY},
};
use std::fmt::Write;

/// Tenths of a pixel.
type Tenths = u32;

const WIDTH: Tenths = 8_800;
const HEIGHT: Tenths = 4_800;
const LEFT: Tenths = 620;
const RIGHT: Tenths = 7_000;
const TOP: Tenths = 620;
const BOTTOM: Tenths = 4_420;
const BILLION: Balance = 1_000_000_000 * PLUME;
/// Points along the curve, a year.
const STEPS_A_YEAR: Seconds = 12;

fn colour(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Community => "#1b4965",
        Bucket::Treasury => "#2a7f9e",
        Bucket::ValidatorReserve => "#3f7d4e",
        Bucket::Ecosystem => "#7a8b2f",
        Bucket::Investors => "#c07a22",
        Bucket::Team => "#a63d40",
    }
}

fn x(now: Seconds) -> Tenths {
    let along = u64::from(RIGHT - LEFT) * u64::from(now) / u64::from(LONGEST_RELEASE);
    LEFT + u32::try_from(along).expect("it is on the picture")
}

fn y(planck: Balance) -> Tenths {
    let up = Balance::from(BOTTOM - TOP) * planck / TOTAL_SUPPLY;
    BOTTOM - u32::try_from(up).expect("it is on the picture")
}

/// Tenths as SVG writes numbers.
fn px(tenths: Tenths) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn point(now: Seconds, planck: Balance) -> String {
    format!("{},{}", px(x(now)), px(y(planck)))
}

/// The moments that the curve is drawn through: every month, and before and after every jump.
fn moments() -> Vec<Seconds> {
    let step = YEAR / STEPS_A_YEAR;
    let mut moments: Vec<Seconds> = (0..=LONGEST_RELEASE / step).map(|n| n * step).collect();
    for terms in TABLE {
        moments.extend([terms.cliff.saturating_sub(1), terms.cliff, terms.duration]);
    }
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// Planck in circulation of all these together.
fn stacked<'a>(layers: impl IntoIterator<Item = &'a Terms>, now: Seconds) -> Balance {
    layers
        .into_iter()
        .map(|terms| circulating(terms, now))
        .sum()
}

/// Billions with as many decimals as they have, up to three.
fn billions(planck: Balance) -> String {
    let thousandths = planck / (BILLION / 1_000);
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The whole picture.
pub fn svg() -> String {
    // The liquid buckets are the ground that the others grow on.
    let layers: Vec<Terms> = TABLE.iter().rev().copied().collect();
    let moments = moments();
    let mut svg = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        svg.write_fmt(text).expect("a string takes all");
        svg.push('\n');
    };

    line(format_args!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="title" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#22303a">"##,
        px(WIDTH),
        px(HEIGHT)
    ));
    line(format_args!(
        "<title id=\"title\">PLUME in circulation over five years, by bucket, before burning</title>"
    ));
    line(format_args!(
        r##"<rect width="100%" height="100%" fill="#ffffff"/>"##
    ));
    line(format_args!(
        r##"<text x="{}" y="26" font-size="16" font-weight="bold">PLUME in circulation, in billions</text>"##,
        px(LEFT)
    ));
    line(format_args!(
        r##"<text x="{}" y="44" fill="#5a6872">released by the schedule, before anything is burned; drawn by scripts/supply-curve</text>"##,
        px(LEFT)
    ));

    for billion in (0..=TOTAL_SUPPLY / BILLION).step_by(2) {
        let at = px(y(billion * BILLION));
        line(format_args!(
            r##"<path d="M{} {at}H{}" stroke="#d5dce0"/>"##,
            px(LEFT),
            px(RIGHT)
        ));
        line(format_args!(
            r##"<text x="{}" y="{at}" dy="4" text-anchor="end">{billion}</text>"##,
            px(LEFT - 90)
        ));
    }

    for (index, terms) in layers.iter().enumerate() {
        let below = &layers[..index];
        let through = &layers[..=index];
        let upper = moments
            .iter()
            .map(|now| point(*now, stacked(through, *now)));
        let lower = moments
            .iter()
            .rev()
            .map(|now| point(*now, stacked(below, *now)));
        let outline: Vec<String> = upper.chain(lower).collect();
        line(format_args!(
            r##"<polygon fill="{}" points="{}"/>"##,
            colour(terms.bucket),
            outline.join(" ")
        ));
        // Its name stands where it ends up, beside its share of the supply.
        let middle = y((stacked(through, LONGEST_RELEASE) + stacked(below, LONGEST_RELEASE)) / 2);
        line(format_args!(
            r##"<text x="{}" y="{}" dy="4" fill="{}" font-weight="bold">{} {}</text>"##,
            px(RIGHT + 100),
            px(middle),
            colour(terms.bucket),
            name(terms.bucket),
            billions(terms.planck)
        ));
    }

    let top: Vec<String> = moments
        .iter()
        .map(|now| point(*now, stacked(&layers, *now)))
        .collect();
    line(format_args!(
        r##"<polyline fill="none" stroke="#22303a" stroke-width="2" points="{}"/>"##,
        top.join(" ")
    ));

    for year in 0..=LONGEST_RELEASE / YEAR {
        let now = year * YEAR;
        let all = stacked(&layers, now);
        line(format_args!(
            r##"<path d="M{0} {1}v6" stroke="#22303a"/><text x="{0}" y="{1}" dy="22" text-anchor="middle">{2}</text>"##,
            px(x(now)),
            px(BOTTOM),
            match year {
                0 => "genesis".into(),
                1 => "1 year".into(),
                years => format!("{years} years"),
            }
        ));
        // The first figure would stand among those of the axis.
        let (shift, anchor) = if year == 0 { (4, "start") } else { (-4, "end") };
        line(format_args!(
            r##"<circle cx="{0}" cy="{1}" r="4" fill="#ffffff" stroke="#22303a" stroke-width="2"/><text x="{0}" y="{1}" dx="{shift}" dy="-10" text-anchor="{anchor}" font-weight="bold">{2}</text>"##,
            px(x(now)),
            px(y(all)),
            billions(all)
        ));
    }
    line(format_args!("</svg>"));
    svg
}
