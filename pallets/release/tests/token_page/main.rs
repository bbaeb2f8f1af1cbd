//! Holds `docs/token.md` and its picture to the constants that the runtime is built from.
//!
//! `scripts/supply-curve` draws the picture anew; a table that has changed is printed by the test that
//! misses it.

mod curve;
mod tables;

use std::{env, fs, path::PathBuf};

/// Set by `scripts/supply-curve`: write the picture instead of comparing it.
const DRAW: &str = "PLUME_DRAW_SUPPLY_CURVE";

fn docs(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", name]
        .iter()
        .collect()
}

fn expect_on_the_page(table: &str) {
    let page = fs::read_to_string(docs("token.md")).expect("docs/token.md can be read");
    assert!(
        page.contains(table),
        "docs/token.md should have this table:\n{table}"
    );
}

#[test]
fn the_page_has_the_allocation_table_of_the_constants() {
    expect_on_the_page(&tables::allocations());
}

#[test]
fn the_page_has_what_circulates_at_the_end_of_each_year() {
    expect_on_the_page(&tables::circulation());
}

#[test]
fn the_supply_curve_is_drawn_from_the_constants() {
    let drawn = curve::svg();
    let path = docs("supply-curve.svg");
    if env::var_os(DRAW).is_some() {
        fs::write(&path, drawn).expect("docs/supply-curve.svg can be written");
        return;
    }
    let committed = fs::read_to_string(&path).expect("docs/supply-curve.svg can be read");
    assert!(
        committed == drawn,
        "docs/supply-curve.svg is not what the constants draw: run scripts/supply-curve"
    );
}
