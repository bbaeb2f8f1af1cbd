//! How many misspelt names the matching finds, and how many honest ones it raises, at stated thresholds.
//!
//! The first test has names of its own. The second uses OFAC's real list and needs `PLUME_SHARED_DATA`, the folder
//! that has `ofac/sdn.csv`; without it says so and passes.

use plume_sanctions::{DEFAULT_THRESHOLD, List, Matcher, Salt, Update, changes};

/// Ways in which clerks and evaders misspell, all deterministic. `seed` chooses the place.
fn misspellings(name: &str, seed: usize) -> Vec<(&'static str, String)> {
    let letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|i| letters[*i].is_alphabetic() && letters[i + 1].is_alphabetic())
        .collect();
    let Some(place) = places.get(seed % places.len().max(1)).copied() else {
        return Vec::new();
    };
    let changed = |change: &dyn Fn(&mut Vec<char>)| {
        let mut letters = letters.clone();
        change(&mut letters);
        letters.into_iter().collect::<String>()
    };
    let mut words: Vec<&str> = name
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    words.reverse();
    vec![
        (
            "dropped letter",
            changed(&|l| {
                l.remove(place);
            }),
        ),
        ("doubled letter", changed(&|l| l.insert(place, l[place]))),
        ("swapped letters", changed(&|l| l.swap(place, place + 1))),
        (
            "another vowel",
            changed(&|l| {
                if let Some(vowel) = l.iter_mut().skip(1).find(|c| "aeiouAEIOU".contains(**c)) {
                    *vowel = if vowel.eq_ignore_ascii_case(&'e') {
                        'a'
                    } else {
                        'e'
                    };
                }
            }),
        ),
        ("words reversed", words.join(" ")),
        (
            "transliterated otherwise",
            name.to_lowercase()
                .replace('y', "i")
                .replace("kh", "h")
                .replace('v', "w"),
        ),
    ]
}

/// For each misspelt name, how alike its own entry was found; nothing when it was not found at the lowest threshold.
fn scores(list: &List, step: usize) -> Vec<Option<f64>> {
    let matcher = Matcher::new(list);
    let mut scores = Vec::new();
    for (seed, entry) in list.entries.iter().step_by(step).enumerate() {
        for (_, misspelt) in misspellings(&entry.name, seed) {
            let found = matcher.find(&misspelt, THRESHOLDS[0]);
            scores.push(
                found
                    .iter()
                    .find(|found| found.entry.id == entry.id)
                    .map(|found| found.score),
            );
        }
    }
    scores
}

/// Honest customers: every combination of common names of several countries.
fn honest() -> Vec<String> {
    let first = [
        "Anna", "Maria", "Ali", "Fatima", "Chen", "Wei", "John", "Mary", "Pierre", "Ivan", "Olga",
        "Carlos", "Lucia", "Yuki", "Priya", "Ahmed", "Kofi", "Ingrid", "Tomasz", "Nguyen",
    ];
    let last = [
        "Müller",
        "Schmidt",
        "Smith",
        "Johnson",
        "Garcia",
        "Fernandez",
        "Dubois",
        "Novak",
        "Kowalski",
        "Petrenko",
        "Tanaka",
        "Sharma",
        "Okafor",
        "Hansen",
        "Rossi",
        "Silva",
        "Yilmaz",
        "Haddad",
        "Kim",
        "Tran",
    ];
    first
        .iter()
        .flat_map(|first| last.iter().map(move |last| format!("{first} {last}")))
        .collect()
}

/// For each honest name, how alike the most similar entry is.
fn false_scores(list: &List, step: usize) -> Vec<Option<f64>> {
    let matcher = Matcher::new(list);
    let names = honest();
    names
        .iter()
        .step_by(step)
        .map(|name| {
            matcher
                .find(name, THRESHOLDS[0])
                .first()
                .map(|found| found.score)
        })
        .collect()
}

const THRESHOLDS: [f64; 4] = [0.80, 0.85, 0.90, 0.95];

fn share_above(scores: &[Option<f64>], threshold: f64) -> f64 {
    let above = scores
        .iter()
        .flatten()
        .filter(|score| **score >= threshold)
        .count();
    above as f64 / scores.len() as f64
}

/// Prints the table, and gives recall and false alarms at the default threshold.
fn evaluate(list: &List, entry_step: usize, honest_step: usize) -> (f64, f64) {
    let (right, wrong) = (scores(list, entry_step), false_scores(list, honest_step));
    for threshold in THRESHOLDS {
        println!(
            "threshold {threshold:.2}: {:.1} % of {} misspelt names found, {:.1} % of {} honest names raised",
            100.0 * share_above(&right, threshold),
            right.len(),
            100.0 * share_above(&wrong, threshold),
            wrong.len(),
        );
    }
    (
        share_above(&right, DEFAULT_THRESHOLD),
        share_above(&wrong, DEFAULT_THRESHOLD),
    )
}

#[test]
fn misspelt_names_are_found_and_honest_ones_left_alone() {
    let names = [
        "VOLKOV, Pyotr Sergeyevich",
        "ZHURAVLYOVA, Kseniya",
        "AL-RASHIDI, Mahmoud Hassan",
        "BENYAMINI, Arash",
        "CASTELLANOS RIVERA, Joaquin",
        "OYELARAN, Babatunde",
        "KHOROSHEVSKY, Dmitri",
        "LISTED TRADING COMPANY LLC",
        "GOLDEN HARVEST SHIPPING S.A.",
        "PAK CHOL-MIN",
        "ABDULRAHMAN, Yusuf Ismail",
        "DRAGOVIC, Milenko",
        "EASTERN PETROLEUM INSTITUTE",
        "HERNANDEZ QUINTERO, Ofelia",
        "MEHDIZADEH, Farhad",
        "NAKHIMOV MARITIME BANK",
    ];
    let lines: String = names
        .iter()
        .enumerate()
        .map(|(id, name)| format!("{id},\"{name}\",entity,,\n"))
        .collect();
    let list = List::plain(
        "made up",
        format!("id,name,kind,programmes,aliases\n{lines}").as_bytes(),
    )
    .unwrap();
    let (recall, raised) = evaluate(&list, 1, 1);
    assert!(recall >= 0.95, "{recall}");
    assert_eq!(raised, 0.0);
}

#[test]
fn ofacs_real_list_is_read_whole_and_its_names_are_found_misspelt() {
    let Some(folder) = std::env::var_os("PLUME_SHARED_DATA") else {
        println!("skipped: PLUME_SHARED_DATA does not name the folder with ofac/sdn.csv");
        return;
    };
    let path = std::path::Path::new(&folder).join("ofac/sdn.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is missing", path.display());
        return;
    };
    let list = List::ofac("OFAC SDN", &bytes).unwrap();
    assert!(list.entries.len() > 7_300, "{}", list.entries.len());
    assert!(
        list.entries
            .iter()
            .any(|entry| entry.name == "BANCO NACIONAL DE CUBA" && entry.aliases == ["BNC"])
    );

    let (recall, raised) = evaluate(&list, 211, 7);
    assert!(recall >= 0.95, "{recall}");
    assert!(raised <= 0.05, "{raised}");

    let mut newer = list.clone();
    newer.entries.remove(0);
    newer.entries[0].aliases.push("Another Name".into());
    assert_eq!(changes(&list, &newer).len(), 2);
    let update = Update::between(Some(&list), &newer, &Salt([1; 32]));
    assert_eq!((update.added.len(), update.removed.len()), (1, 1));
}
