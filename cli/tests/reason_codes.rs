//! The table of reason codes that officers read says what the runtime says.

use plume_primitives::compliance::Reason;

const PAGE: &str = include_str!("../../docs/compliance.md");

/// The cells of each line of the table: code, name, what it means, what to do.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, section) = PAGE
        .split_once("## Reason codes")
        .expect("the page has the section");
    let section = section.split("\n## ").next().expect("there always is one");
    let rows = section.lines().map(|line| {
        let cells = line.trim_matches('|').split('|').map(str::trim);
        cells.collect::<Vec<_>>()
    });
    rows.filter(|cells| cells.first().is_some_and(|code| code.parse::<u8>().is_ok()))
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
fn the_page_for_officers_has_every_reason_as_the_runtime_says_it_and_no_other() {
    let reasons: Vec<Reason> = (0..=u8::MAX).filter_map(Reason::from_code).collect();
    let rows = rows();
    assert_eq!(rows.len(), reasons.len());
    for (cells, reason) in rows.iter().zip(reasons) {
        let [code, name, meaning, to_do] = cells.as_slice() else {
            panic!("{cells:?} has not four cells");
        };
        assert_eq!(*code, reason.code().to_string());
        assert_eq!(*name, format!("`{}`", kebab(reason)));
        // What to do is the page's own; the runtime says it in a second sentence, if it does.
        let says = reason.says().split(". ").next().unwrap_or_default();
        assert_eq!(meaning.to_lowercase(), format!("{}.", says.to_lowercase()));
        assert!(!to_do.is_empty(), "{name}");
    }
}
