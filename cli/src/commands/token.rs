//! `plume token`: PLUME as a whole.

use std::collections::BTreeMap;

use clap::Subcommand;
use plume_sdk::amount::{self, GENESIS_SUPPLY_PLANCK};
use plume_sdk::{At, Books, Error, Supply, books};
use serde::Serialize;

use super::connect;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Amount, Output, Report, table};
use crate::patience;

/// PLUME as a whole.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Show where every planck is, and how much was burned.
    #[command(after_help = "\
Examples:
  plume token supply
  plume token supply --json | jq -r .burned.plume
  plume token supply --json | jq -r .pots.treasury.plume

Nothing mints: the parts add up to what is issued, and with what was burned to the genesis supply. The command fails if
they do not. The node visits every account to answer; ask now and then.")]
    Supply,
}

/// Runs `plume token`.
pub async fn run(command: &TokenCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    let TokenCommand::Supply = command;
    let client = connect(global).await?;
    let adding_up = client.books(At::Finalised);
    let whole = match patience::wait("adding up the books", adding_up).await {
        Ok(books) => {
            output.report(&BooksReport::from(&books))?;
            check_parts(&books)?;
            Whole {
                together: books.sum_planck(),
                genesis: books.supply_planck,
            }
        }
        Err(error @ Error::NoRuntimeApi { .. }) => {
            let supply = patience::wait("reading the supply", client.supply(At::Finalised)).await?;
            output.report(&SupplyReport::from(supply))?;
            output.note(&format!(
                "{}, so where the rest is cannot be said.",
                error.reason()
            ));
            output.note(error.hint());
            Whole::of(&supply)
        }
        Err(error) => return Err(error.into()),
    };
    whole.check()
}

/// What there is and what there was.
#[derive(Clone, Copy)]
struct Whole {
    /// Issued and burned together, in planck.
    together: u128,
    /// What the genesis issues, in planck.
    genesis: u128,
}

impl Whole {
    fn of(supply: &Supply) -> Self {
        Self {
            together: supply.sum_planck(),
            genesis: GENESIS_SUPPLY_PLANCK,
        }
    }

    fn adds_up(&self) -> bool {
        self.together == self.genesis
    }

    /// One line for people.
    fn text(&self) -> String {
        let together = amount::format(self.together);
        if self.adds_up() {
            format!("{together} PLUME, the genesis supply")
        } else {
            format!(
                "{together} PLUME, but the genesis supply of the main network is {} PLUME",
                amount::format(self.genesis)
            )
        }
    }

    fn check(&self) -> Result<(), Failure> {
        if self.adds_up() {
            return Ok(());
        }
        Err(Failure::new(
            format!(
                "issued and burned are {} PLUME together, and the genesis supply is {} PLUME",
                amount::format(self.together),
                amount::format(self.genesis)
            ),
            "Look at the genesis: if it issued the whole supply, something else than fees has burned or minted",
        ))
    }
}

fn check_parts(books: &Books) -> Result<(), Failure> {
    let sum = books.parts_sum_planck();
    if sum == books.issuance_planck {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "the parts add up to {} PLUME, and {} PLUME are issued",
            amount::format(sum),
            amount::format(books.issuance_planck)
        ),
        format!(
            "Ask another node about block {}; if it says the same, the runtime is wrong: tell its maintainers",
            books.block
        ),
    ))
}

/// What a runtime tells that cannot say where the parts are.
#[derive(Debug, Serialize)]
struct SupplyReport {
    issuance: Amount,
    burned: Amount,
    sum: Amount,
    genesis: Amount,
    adds_up: bool,
    #[serde(skip)]
    verdict: String,
}

impl From<Supply> for SupplyReport {
    fn from(supply: Supply) -> Self {
        let whole = Whole::of(&supply);
        Self {
            issuance: supply.issuance_planck.into(),
            burned: supply.burned_planck.into(),
            sum: whole.together.into(),
            genesis: whole.genesis.into(),
            adds_up: whole.adds_up(),
            verdict: whole.text(),
        }
    }
}

impl Report for SupplyReport {
    fn text(&self) -> String {
        table(&[
            ("issued", format!("{} PLUME", self.issuance.plume)),
            ("burned", format!("{} PLUME", self.burned.plume)),
            ("together", self.verdict.clone()),
        ])
    }
}

#[derive(Debug, Serialize)]
struct StakedReport {
    active: Amount,
    unstaking: Amount,
    slashed: Amount,
}

#[derive(Debug, Serialize)]
struct LockedReport {
    unreleased: Amount,
    unclaimed: Amount,
}

/// Where every planck is.
#[derive(Debug, Serialize)]
struct BooksReport {
    block: u64,
    elapsed_s: u32,
    free: Amount,
    staked: StakedReport,
    held: BTreeMap<String, Amount>,
    reserved: Amount,
    release_locked: LockedReport,
    pots: BTreeMap<String, Amount>,
    parts_sum: Amount,
    issuance: Amount,
    burned: Amount,
    sum: Amount,
    genesis: Amount,
    adds_up: bool,
    #[serde(skip)]
    text: String,
}

impl From<&Books> for BooksReport {
    fn from(books: &Books) -> Self {
        let named = |entries: &[books::Entry]| {
            let entry = |entry: &books::Entry| (entry.name.clone(), entry.planck.into());
            entries.iter().map(entry).collect()
        };
        let whole = Whole {
            together: books.sum_planck(),
            genesis: books.supply_planck,
        };
        Self {
            block: books.block,
            elapsed_s: books.elapsed_s,
            free: books.free_planck.into(),
            staked: StakedReport {
                active: books.staked.active_planck.into(),
                unstaking: books.staked.unstaking_planck.into(),
                slashed: books.staked.slashed_planck.into(),
            },
            held: named(&books.held),
            reserved: books.reserved_planck.into(),
            release_locked: LockedReport {
                unreleased: books.release_locked.unreleased_planck.into(),
                unclaimed: books.release_locked.unclaimed_planck.into(),
            },
            pots: named(&books.pots),
            parts_sum: books.parts_sum_planck().into(),
            issuance: books.issuance_planck.into(),
            burned: books.burned_planck.into(),
            sum: whole.together.into(),
            genesis: whole.genesis.into(),
            adds_up: whole.adds_up() && check_parts(books).is_ok(),
            text: text(books, whole),
        }
    }
}

impl Report for BooksReport {
    fn text(&self) -> String {
        self.text.clone()
    }
}

fn text(books: &Books, whole: Whole) -> String {
    let mut lines = vec![("free".to_owned(), books.free_planck)];
    let mut group = |name: &str, sum, parts: &[(&str, u128)]| {
        lines.push((name.to_owned(), sum));
        for (part, planck) in parts {
            lines.push((format!("  {}", part.replace('_', " ")), *planck));
        }
    };
    fn named(entries: &[books::Entry]) -> Vec<(&str, u128)> {
        entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.planck))
            .collect()
    }
    let (staked, locked) = (&books.staked, &books.release_locked);
    group(
        "staked",
        staked.sum_planck(),
        &[
            ("active", staked.active_planck),
            ("unstaking", staked.unstaking_planck),
            ("slashed, not yet moved", staked.slashed_planck),
        ],
    );
    group("held", books.held_planck(), &named(&books.held));
    group("reserved", books.reserved_planck, &[]);
    group(
        "locked in release",
        locked.sum_planck(),
        &[
            ("not released", locked.unreleased_planck),
            ("released, not claimed", locked.unclaimed_planck),
        ],
    );
    group("pots", books.pots_planck(), &named(&books.pots));
    group("all parts", books.parts_sum_planck(), &[]);
    group("issued", books.issuance_planck, &[]);
    group("burned", books.burned_planck, &[]);
    let name_width = lines
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default()
        + 2;
    format!(
        "after block {}, in PLUME and in parts of the genesis supply\n\n{}\n{:<name_width$}{}",
        books.block,
        columns(&lines, books.supply_planck, name_width),
        "together",
        whole.text()
    )
}

/// Lines of a name, an amount in PLUME with its point below the others', and its part of the whole.
fn columns(lines: &[(String, u128)], whole_planck: u128, name_width: usize) -> String {
    let amounts: Vec<_> = lines
        .iter()
        .map(|(_, planck)| {
            let text = amount::format(*planck);
            let point = text.find('.').unwrap_or(text.len());
            (text, point)
        })
        .collect();
    let before = amounts.iter().map(|(_, point)| *point).max().unwrap_or(0);
    let after = amounts
        .iter()
        .map(|(text, point)| text.len() - point)
        .max()
        .unwrap_or(0);
    let line = |((name, planck), (text, point)): (&(String, u128), &(String, usize))| {
        let indent = before - point;
        let width = before + after - indent;
        let percent = percent(*planck, whole_planck);
        format!(
            "{name:<name_width$}{:indent$}{text:<width$}{percent:>10}",
            ""
        )
    };
    let lines: Vec<_> = lines.iter().zip(&amounts).map(line).collect();
    lines.join("\n")
}

/// A part of the whole in hundredths of a per cent, rounded down; something is never shown as nothing.
fn percent(planck: u128, whole_planck: u128) -> String {
    let hundredths = planck
        .checked_mul(10_000)
        .and_then(|parts| parts.checked_div(whole_planck))
        .unwrap_or_default();
    if hundredths == 0 && planck > 0 {
        return "<0.01 %".into();
    }
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::amount::PLANCK_PER_PLUME;
    use plume_sdk::books::{Entry, Locked, Staked};

    fn entry(name: &str, planck: u128) -> Entry {
        Entry {
            name: name.into(),
            planck,
        }
    }

    /// Books with something in every part; half a PLUME was burned.
    fn books() -> Books {
        let plume = PLANCK_PER_PLUME;
        Books {
            block: 1_234,
            elapsed_s: 308,
            supply_planck: GENESIS_SUPPLY_PLANCK,
            issuance_planck: GENESIS_SUPPLY_PLANCK - plume / 2,
            burned_planck: plume / 2,
            free_planck: 2_000_000_000 * plume,
            staked: Staked {
                active_planck: 1_000 * plume,
                unstaking_planck: 300 * plume,
                slashed_planck: 1,
            },
            held: vec![
                entry("session_keys", 328 * plume / 1_000),
                entry("validator_bond", 400_000 * plume),
            ],
            reserved_planck: 145 * plume / 1_000,
            release_locked: Locked {
                unreleased_planck: 6_000_000_000 * plume,
                unclaimed_planck: 1_000_000_000 * plume,
            },
            pots: vec![entry(
                "treasury",
                1_000_000_000 * plume
                    - 401_300 * plume
                    - 1
                    - (328 + 145) * plume / 1_000
                    - plume / 2,
            )],
        }
    }

    #[test]
    fn what_was_burned_is_missing_from_the_issuance() {
        let burned_planck = 7;
        let issuance_planck = GENESIS_SUPPLY_PLANCK - burned_planck;
        let supply = Supply {
            issuance_planck,
            burned_planck,
        };
        assert!(SupplyReport::from(supply).adds_up);
        assert_eq!(Whole::of(&supply).check(), Ok(()));
        let minted = Supply {
            issuance_planck: GENESIS_SUPPLY_PLANCK,
            burned_planck,
        };
        let report = SupplyReport::from(minted);
        assert!(!report.adds_up);
        assert!(report.text().contains("but the genesis supply"));
        let failure = Whole::of(&minted).check().expect_err("7 planck too many");
        assert!(
            failure.reason.contains("10000000000.000000000000000007"),
            "{failure:?}"
        );
    }

    #[test]
    fn parts_that_do_not_add_up_fail_and_say_both_sums() {
        assert_eq!(check_parts(&books()), Ok(()));
        assert!(BooksReport::from(&books()).adds_up);
        let mut wrong = books();
        wrong.free_planck += 1;
        assert!(!BooksReport::from(&wrong).adds_up);
        let failure = check_parts(&wrong).expect_err("a planck too many");
        assert!(
            failure
                .reason
                .contains("9999999999.500000000000000001 PLUME")
                && failure.reason.contains("9999999999.5 PLUME are issued"),
            "{failure:?}"
        );
        assert!(failure.hint.contains("block 1234"));
    }

    #[test]
    fn people_see_every_part_with_its_share() {
        let text = BooksReport::from(&books()).text();
        let line = |name: &str| {
            let found = text.lines().find(|line| line.trim().starts_with(name));
            let words = found.unwrap_or_else(|| panic!("no {name} in\n{text}"));
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("free"), "free 2000000000 20.00 %");
        assert_eq!(line("active"), "active 1000 <0.01 %");
        assert_eq!(
            line("slashed"),
            "slashed, not yet moved 0.000000000000000001 <0.01 %"
        );
        assert_eq!(line("validator bond"), "validator bond 400000 <0.01 %");
        assert_eq!(line("reserved"), "reserved 0.145 <0.01 %");
        assert_eq!(line("locked"), "locked in release 7000000000 70.00 %");
        assert_eq!(line("all parts"), "all parts 9999999999.5 99.99 %");
        assert_eq!(line("burned"), "burned 0.5 <0.01 %");
        assert_eq!(
            line("together"),
            "together 10000000000 PLUME, the genesis supply"
        );
        let percents: Vec<_> = text.lines().filter_map(|line| line.find('%')).collect();
        assert!(percents.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    }

    #[test]
    fn scripts_find_every_part_by_a_stable_key() {
        let json = serde_json::to_value(BooksReport::from(&books())).expect("plain strings");
        for (pointer, plume) in [
            ("/free", "2000000000"),
            ("/staked/active", "1000"),
            ("/staked/unstaking", "300"),
            ("/staked/slashed", "0.000000000000000001"),
            ("/held/validator_bond", "400000"),
            ("/reserved", "0.145"),
            ("/release_locked/unreleased", "6000000000"),
            ("/release_locked/unclaimed", "1000000000"),
            ("/parts_sum", "9999999999.5"),
            ("/issuance", "9999999999.5"),
            ("/burned", "0.5"),
            ("/sum", "10000000000"),
            ("/genesis", "10000000000"),
        ] {
            let amount = json.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
            assert_eq!(amount["plume"], plume, "{pointer}");
            assert!(amount["planck"].is_string(), "{pointer}");
        }
        assert!(json.pointer("/pots/treasury").is_some());
        assert_eq!(json["adds_up"], true);
        assert_eq!(json["block"], 1_234);
        assert!(json.get("text").is_none());
    }

    #[test]
    fn a_share_is_rounded_down_and_never_to_nothing() {
        assert_eq!(percent(0, 100), "0.00 %");
        assert_eq!(percent(1, 1_000_000), "<0.01 %");
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(percent(100, 100), "100.00 %");
        assert_eq!(
            percent(GENESIS_SUPPLY_PLANCK, GENESIS_SUPPLY_PLANCK),
            "100.00 %"
        );
    }
}
