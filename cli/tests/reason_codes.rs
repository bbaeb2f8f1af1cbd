//! The table of reason codes that officers read says what the runtime says.

use plume_primitives::compliance::Reason;

const PAGE: &str = include_str!("../../docs/compliance.md");

/// Code and name of each line of the table.
fn rows() -> Vec<(u8, String)> {
    let (_, section) = PAGE
        .split_once("## Reason codes")
        .expect("the page has the section");
    let section = section.split("\n## ").next().expect("there always is one");
    section
        .lines()
        .filter_map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let code = cells.next()?.parse().ok()?;
            Some((code, cells.next()?.trim_matches('`').to_owned()))
        })
        .collect()
}

fn kebab(reason: Reason) -> String {
    let name = format!("{reason:?}");
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[test]
fn the_page_for_officers_has_every_reason_with_its_code_and_no_other() {
    let expected: Vec<(u8, String)> = (0..=u8::MAX)
        .filter_map(Reason::from_code)
        .map(|reason| (reason.code(), kebab(reason)))
        .collect();
    assert_eq!(rows(), expected);
}

#[test]
fn every_line_says_what_it_means_and_what_to_do() {
    let section = PAGE.split_once("## Reason codes").expect("the section").1;
    let section = section.split("\n## ").next().expect("there always is one");
    let lines = section
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    for line in lines {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(
            cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()),
            "{line}"
        );
    }
}
