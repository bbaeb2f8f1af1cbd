//! Names that are like an entry's.

use crate::{Entry, List, Normal};
use strsim::{jaro_winkler, normalized_damerau_levenshtein};

/// From here on a person should look at a match. The evaluation in `tests/evaluation.rs` says what it finds and what
/// it raises in vain.
pub const DEFAULT_THRESHOLD: f64 = 0.85;

/// Words less alike than this are different words; two random words have a Jaro-Winkler similarity of about a half.
const SAME_WORD: f64 = 0.80;

/// Weight of what the entry has and the customer lacks: lists give middle names that customers leave out.
const LACKING: f64 = 0.25;

/// How alike two names are, from 0 to 1.
///
/// Word by word: each of the first name's words is paired with the most similar free word of the second (Jaro-Winkler)
/// and counts by its length; words of the second that stay free count a quarter. Names that are split into words
/// differently are compared as a whole (Damerau-Levenshtein), and the better of both counts. The first is the
/// customer's, the second the list's; a customer with one word more than the list is less alike than one with one less.
pub fn similarity(customer: &Normal, listed: &Normal) -> f64 {
    similarity_above(customer, listed, 0.0)
}

/// The similarity, or something below `floor` where it is below.
fn similarity_above(customer: &Normal, listed: &Normal, floor: f64) -> f64 {
    if customer.is_empty() || listed.is_empty() {
        return 0.0;
    }
    let by_words = words(customer, listed);
    let (a, b) = (customer.joined(), listed.joined());
    // The edit distance costs most, so it is only asked where it can reach the floor.
    let best = 1.0 - customer.least_edits(listed) as f64 / a.len().max(b.len()) as f64;
    if best <= by_words || best < floor {
        return by_words;
    }
    by_words.max(normalized_damerau_levenshtein(a, b))
}

fn words(customer: &Normal, listed: &Normal) -> f64 {
    let mut pairs = Vec::new();
    for (left, a) in customer.words().iter().enumerate() {
        for (right, b) in listed.words().iter().enumerate() {
            let alike = jaro_winkler(a, b);
            if alike >= SAME_WORD {
                pairs.push((alike, left, right));
            }
        }
    }
    // The best first; equal ones in the order of the words, so that the result is always the same.
    pairs.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut taken_left = vec![false; customer.words().len()];
    let mut taken_right = vec![false; listed.words().len()];
    let mut alike_letters = 0.0;
    for (alike, left, right) in pairs {
        let (Some(left_taken), Some(right_taken)) =
            (taken_left.get_mut(left), taken_right.get_mut(right))
        else {
            continue;
        };
        if *left_taken || *right_taken {
            continue;
        }
        (*left_taken, *right_taken) = (true, true);
        let length = customer.words().get(left).map_or(0, String::len);
        alike_letters += alike * length as f64;
    }
    let all: usize = customer.words().iter().map(String::len).sum();
    let lacking: usize = listed
        .words()
        .iter()
        .zip(&taken_right)
        .filter(|(_, taken)| !**taken)
        .map(|(word, _)| word.len())
        .sum();
    alike_letters / (all as f64 + LACKING * lacking as f64)
}

/// An entry that is like a customer's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Which of its names.
    pub name: &'a str,
    /// How alike, from 0 to 1.
    pub score: f64,
}

/// A list that is ready for comparisons. One search looks at every name of the list: some milliseconds for OFAC's.
#[derive(Clone, Debug)]
pub struct Matcher<'a> {
    names: Vec<(Normal, &'a str, &'a Entry)>,
}

impl<'a> Matcher<'a> {
    /// Prepares all names and aliases of a list.
    pub fn new(list: &'a List) -> Self {
        let names = list
            .entries
            .iter()
            .flat_map(|entry| {
                entry
                    .names()
                    .map(move |name| (Normal::of(name), name, entry))
            })
            .filter(|(normal, _, _)| !normal.is_empty())
            .collect();
        Self { names }
    }

    /// The entries that are at least `threshold` alike, the most alike first, each with its best name.
    pub fn find(&self, customer: &str, threshold: f64) -> Vec<Found<'a>> {
        let customer = Normal::of(customer);
        let mut found: Vec<Found<'a>> = Vec::new();
        for (normal, name, entry) in &self.names {
            let score = similarity_above(&customer, normal, threshold);
            if score < threshold {
                continue;
            }
            // Names of one entry follow each other.
            match found.last_mut() {
                Some(last) if last.entry.id == entry.id => {
                    if score > last.score {
                        (last.name, last.score) = (name, score);
                    }
                }
                _ => found.push(Found { entry, name, score }),
            }
        }
        found.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| a.entry.id.cmp(&b.entry.id))
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alike(customer: &str, listed: &str) -> f64 {
        similarity(&Normal::of(customer), &Normal::of(listed))
    }

    #[test]
    fn a_missing_middle_name_and_another_split_stay_alike() {
        assert!(alike("Elena Khusyaynova", "KHUSYAYNOVA, Elena Alekseevna") > DEFAULT_THRESHOLD);
        assert!(alike("AlQaida", "AL QA'IDA") > 0.99);
        assert!(alike("Yelena Husyaynova", "KHUSYAYNOVA, Elena Alekseevna") > 0.80);
    }

    #[test]
    fn one_shared_word_is_not_enough() {
        assert!(alike("Elena Petrova", "KHUSYAYNOVA, Elena Alekseevna") < 0.7);
        assert!(alike("Bank of Ireland", "BANK MELLI IRAN") < DEFAULT_THRESHOLD);
    }

    #[test]
    fn each_entry_is_found_once_with_its_best_name() {
        let file =
            b"id,name,kind,programmes,aliases\n1,Volkov Pyotr,individual,,Wolkow Pjotr|Pyotr V.\n";
        let list = List::plain("own", file).unwrap();
        let found = Matcher::new(&list).find("Pjotr Wolkow", 0.7);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name, found[0].score), ("Wolkow Pjotr", 1.0));
    }

    proptest! {
        #[test]
        fn the_bound_never_hides_a_match(a in "[a-d ]{0,12}", b in "[a-d ]{0,12}", floor in 0.0f64..1.0) {
            let (a, b) = (Normal::of(&a), Normal::of(&b));
            let exact = if a.is_empty() || b.is_empty() {
                0.0
            } else {
                words(&a, &b).max(normalized_damerau_levenshtein(a.joined(), b.joined()))
            };
            let found = similarity_above(&a, &b, floor);
            prop_assert!(found == exact || (found < floor && exact < floor), "{} {}", found, exact);
            prop_assert_eq!(similarity(&a, &b), exact);
        }

        #[test]
        fn similarity_is_a_share_and_one_for_the_same_name(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let score = alike(&a, &b);
            prop_assert!((0.0..=1.0 + 1e-9).contains(&score), "{}", score);
            prop_assert!(Normal::of(&a).is_empty() || (alike(&a, &a) - 1.0).abs() < 1e-9);
        }
    }
}
