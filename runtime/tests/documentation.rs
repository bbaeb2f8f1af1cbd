//! What the documentation says in numbers is what the runtime has.

use codec::Encode;
use frame_support::dispatch::GetDispatchInfo;
use pallet_fees::base_fee::{MAX_MULTIPLIER, MIN_MULTIPLIER, next_multiplier};
use pallet_referenda::Curve;
use pallet_transaction_payment::{Multiplier, NextFeeMultiplier};
use plume_primitives::{
    consensus::DEFAULT_SLOT_DURATION_MS,
    units::{MICRO_PLUME, PLUME},
};
use plume_runtime::{
    Balance, Runtime, RuntimeCall, Seconds, TransactionPayment, UncheckedExtrinsic, extension,
    governance::{LARGE_SPEND, LEAST_TURNOUT, SMALL_SPEND, tracks::TRACKS},
};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{FixedPointNumber, FixedU128, Perbill, Perquintill};

const GOVERNANCE: &str = include_str!("../../docs/operators/governance.md");
const TOKEN: &str = include_str!("../../docs/token.md");

/// Bytes of a signed transfer, as docs/developers/fees.md counts it.
const TRANSFER_BYTES: u32 = 150;

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

/// A transfer whose signature is not right, which changes neither its length nor its weight.
fn transfer() -> UncheckedExtrinsic {
    let call: RuntimeCall = pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: 12 * PLUME + PLUME / 2,
    }
    .into();
    UncheckedExtrinsic::new_signed(
        call,
        Alice.to_account_id().into(),
        sp_core::sr25519::Signature::from_raw([0; 64]).into(),
        extension(0),
    )
}

/// What the transfer is quoted at a multiplier, in planck.
fn quote(multiplier: Multiplier) -> Balance {
    sp_io::TestExternalities::default().execute_with(|| {
        NextFeeMultiplier::<Runtime>::put(multiplier);
        TransactionPayment::compute_fee(TRANSFER_BYTES, &transfer().get_dispatch_info(), 0)
    })
}

/// The multiplier after so many seconds of blocks that are so full.
fn after(seconds: u64, start: Multiplier, fullness: Perquintill) -> Multiplier {
    (0..seconds * 1_000 / DEFAULT_SLOT_DURATION_MS)
        .fold(start, |multiplier, _| next_multiplier(multiplier, fullness))
}

/// A number of millionths with so many decimals, rounded.
fn decimal(millionths: u128, decimals: u32) -> String {
    let unit = 10u128.pow(6 - decimals);
    let rounded = (millionths + unit / 2) / unit;
    let scale = 10u128.pow(decimals);
    let whole = plume(rounded / scale * PLUME);
    if decimals == 0 {
        return whole;
    }
    format!(
        "{whole}.{:0>width$}",
        rounded % scale,
        width = decimals as usize
    )
}

fn times(multiplier: Multiplier) -> String {
    let millionths = multiplier.into_inner() / (FixedU128::DIV / 1_000_000);
    if millionths.is_multiple_of(1_000_000) {
        format!("× {}", decimal(millionths, 0))
    } else {
        format!("× {}", decimal(millionths, 2))
    }
}

fn price(planck: Balance) -> String {
    decimal(planck / MICRO_PLUME, 4)
}

/// The table of docs/token.md.
fn what_a_payment_costs() -> String {
    let mut table = String::from(
        "| blocks are | at first | after a minute | after ten | after an hour | a payment costs at first | after an hour |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for start in [MIN_MULTIPLIER, MAX_MULTIPLIER] {
        for percent in [1, 50, 100] {
            let fullness = Perquintill::from_percent(percent);
            let [minute, ten, hour] = [60, 600, 3_600].map(|time| after(time, start, fullness));
            assert_eq!(next_multiplier(hour, fullness), hour, "it has come to rest");
            table.push_str(&format!(
                "| {percent} % full | {} | {} | {} | {} | {} PLUME | {} PLUME |\n",
                times(start),
                times(minute),
                times(ten),
                times(hour),
                price(quote(start)),
                price(quote(hour)),
            ));
        }
    }
    table
}

#[test]
fn the_documented_costs_of_a_payment_are_those_of_the_runtime() {
    let table = what_a_payment_costs();
    assert!(
        TOKEN.contains(&table),
        "docs/token.md should have this table:\n{table}"
    );
}

#[test]
fn a_transfer_is_about_as_long_as_the_documented_one() {
    let bytes = transfer().encoded_size();
    assert!(
        bytes.abs_diff(TRANSFER_BYTES as usize) <= 10,
        "a transfer has {bytes} bytes, and the documents say {TRANSFER_BYTES}"
    );
}

#[test]
fn the_documented_parts_of_the_books_are_those_of_the_runtime() {
    let books = sp_io::TestExternalities::default().execute_with(plume_runtime::books::books);
    let section = TOKEN
        .split("\n## ")
        .find(|section| section.starts_with("Books\n"))
        .expect("docs/token.md should have a section `Books`");
    for entry in books.held.iter().chain(&books.pots) {
        let name = format!("`{}`", entry.name);
        assert!(
            section.contains(&name),
            "the section `Books` of docs/token.md should say what {name} is"
        );
    }
}
