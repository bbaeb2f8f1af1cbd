//! Holds `docs/compliance.md` to the policy that comes with the software.
//!
//! The page has two tables that are this policy in plain sentences. A test that misses one prints it as it should be.

mod sentences;

use pallet_compliance::Policy;
use std::{fs, path::PathBuf};

fn expect_on_the_page(table: &str) {
    let path: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "..",
        "docs",
        "compliance.md",
    ]
    .iter()
    .collect();
    let page = fs::read_to_string(path).expect("docs/compliance.md can be read");
    // An empty line on both sides: the page has no row more.
    assert!(
        page.contains(&format!("\n\n{table}\n")),
        "docs/compliance.md should have this table:\n{table}"
    );
}

#[test]
fn the_page_for_officers_says_when_each_rule_of_the_standard_policy_speaks() {
    expect_on_the_page(&sentences::rules(&Policy::standard()));
}

#[test]
fn the_page_for_officers_says_what_the_words_of_the_rules_mean_in_the_standard_policy() {
    expect_on_the_page(&sentences::words(&Policy::standard()));
}
