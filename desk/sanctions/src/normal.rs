//! One spelling for names that are the same to a reader.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A name in lower-case ASCII words: decomposed (NFKD), without marks, transliterated, in the order of the alphabet.
///
/// `ÑÚÑEZ, José` and `Jose Nunez` are the same. The order is dropped because lists write the family name first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Normal {
    words: Vec<String>,
    /// The words in the order in which they were written, without blanks, for names that are split differently.
    joined: String,
    /// How often each letter and digit occurs in it.
    counts: [u16; 36],
}

/// Letters beyond this do not take part in matching; the longest name on OFAC's list has about 150.
const MAX_CHARS: usize = 300;

impl Normal {
    /// The normal form of a name. It is empty when the name has neither letters nor digits.
    pub fn of(name: &str) -> Self {
        let plain: String = name
            .nfkd()
            .filter(|letter| !is_combining_mark(*letter))
            .take(MAX_CHARS)
            .collect();
        let ascii = deunicode::deunicode_with_tofu(&plain, " ").to_ascii_lowercase();
        // Apostrophes belong to the word: O'Neill is written ONeill, too.
        let ascii: String = ascii
            .chars()
            .filter(|letter| !matches!(letter, '\'' | '`'))
            .take(MAX_CHARS)
            .collect();
        let mut words: Vec<String> = ascii
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let joined = words.concat();
        words.sort_unstable();
        let mut counts = [0u16; 36];
        for letter in joined.bytes() {
            let place = match letter {
                b'0'..=b'9' => letter - b'0',
                _ => (letter.to_ascii_lowercase() - b'a').saturating_add(10),
            };
            if let Some(count) = counts.get_mut(usize::from(place)) {
                *count = count.saturating_add(1);
            }
        }
        Self {
            words,
            joined,
            counts,
        }
    }

    /// The words, sorted.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The words, sorted, with single blanks between them: what commitments are made of.
    pub fn key(&self) -> String {
        self.words.join(" ")
    }

    /// The letters as they were written, without blanks.
    pub(crate) fn joined(&self) -> &str {
        &self.joined
    }

    /// No edit distance between the joined letters is smaller: each edit removes at most one letter too many here and
    /// one too many there.
    pub(crate) fn least_edits(&self, other: &Self) -> usize {
        let (mut here, mut there) = (0usize, 0usize);
        for (a, b) in self.counts.iter().zip(&other.counts) {
            here = here.saturating_add(usize::from(a.saturating_sub(*b)));
            there = there.saturating_add(usize::from(b.saturating_sub(*a)));
        }
        here.max(there)
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_case_marks_and_scripts_do_not_matter() {
        for (left, right) in [
            ("ÑÚÑEZ, José", "jose nunez"),
            ("O'NEILL, Seán", "Sean ONeill"),
            ("AL-ZAWAHIRI, Ayman", "ayman al zawahiri"),
            ("Ｆｕｌｌ Ｗｉｄｔｈ", "full width"),
            ("Straße", "strasse"),
            ("Петр Волков", "Petr Volkov"),
            ("CECOEX, S.A.", "S A cecoex"),
        ] {
            assert_eq!(Normal::of(left).key(), Normal::of(right).key(), "{left}");
        }
    }

    #[test]
    fn signs_alone_are_no_name() {
        assert!(Normal::of(" -.,;'\u{301} ").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_an_ascii_normal_form_that_is_its_own(name in "\\PC{0,80}") {
            let normal = Normal::of(&name);
            let key = normal.key();
            prop_assert!(key.bytes().all(|b| b == b' ' || b.is_ascii_lowercase() || b.is_ascii_digit()));
            let again = Normal::of(&key);
            prop_assert_eq!(again.words(), normal.words());
        }
    }
}
