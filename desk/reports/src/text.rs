//! Text as other programs accept it.

/// A name as goAML takes it: letters and digits of ASCII, blank, point, apostrophe and hyphen, at most `most` long.
/// What has another script is transliterated. Empty when nothing is left.
pub(crate) fn latin_name(text: &str, most: usize) -> String {
    let latin = deunicode::deunicode_with_tofu(text, " ");
    let allowed: String = latin
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | '\'' | '-' => letter,
            '`' => '\'',
            _ => ' ',
        })
        .collect();
    cut(&words(&allowed), most).trim().to_owned()
}

/// With single blanks between the words and none around them. What no XML can hold counts as a blank.
pub(crate) fn words(text: &str) -> String {
    let blank = |letter: char| letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}');
    let visible: String = text
        .chars()
        .map(|letter| if blank(letter) { ' ' } else { letter })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Words, at most `most` characters, and no blank at the end.
pub(crate) fn fitted(text: &str, most: usize) -> String {
    cut(&words(text), most).trim_end().to_owned()
}

/// Pieces of at most `most` characters.
pub(crate) fn pieces(text: &str, most: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(most.max(1))
        .map(|piece| piece.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_other_scripts_are_transliterated() {
        assert_eq!(latin_name("Zoë Müller-O’Neill", 100), "Zoe Muller-O'Neill");
        assert_eq!(latin_name("Пётр Волков", 100), "Piotr Volkov");
        assert_eq!(latin_name("Smith & Sons, Ltd.", 100), "Smith Sons Ltd.");
        assert_eq!(latin_name("«»", 100), "");
    }

    proptest! {
        #[test]
        fn any_name_fits_the_pattern(text in "\\PC{0,60}", most in 0usize..40) {
            let name = latin_name(&text, most);
            prop_assert!(name.len() <= most && name.trim() == name);
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b" .'-".contains(&b)));
        }

        #[test]
        fn pieces_are_the_text(text in "\\PC{0,60}", most in 1usize..20) {
            let pieces = pieces(&text, most);
            prop_assert_eq!(pieces.concat(), text);
            prop_assert!(pieces.iter().all(|piece| piece.chars().count() <= most));
        }

        #[test]
        fn fitted_text_has_single_blanks_inside(text in "[ a\\t\\n]{0,30}", most in 0usize..20) {
            let text = fitted(&text, most);
            prop_assert!(!text.contains("  ") && text.trim() == text && text.chars().count() <= most);
        }
    }
}
