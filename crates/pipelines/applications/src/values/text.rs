//! Rules of texts.

use super::Compat;

/// Whether there is nothing but white space.
pub fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a text says something: it is neither blank nor `null` or `none` (in any case).
pub fn is_meaningful(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.eq_ignore_ascii_case("null") && !text.eq_ignore_ascii_case("none")
}

/// The ASCII digits of a text, `None` where it has none. With `digitsAsInt` they are a number: zeros at the beginning are lost.
pub fn digits(text: &str, compat: &Compat) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    if !compat.digits_as_int {
        return Some(digits);
    }
    let number = digits.trim_start_matches('0');
    Some(if number.is_empty() { "0".to_owned() } else { number.to_owned() })
}

/// A text as a column of this length has it: stripped, cut to so many characters, stripped again. `None` where nothing is left.
pub(super) fn fitted(text: &str, length: Option<i32>, compat: &Compat) -> Option<String> {
    let text = text.trim();
    let cut = match length {
        Some(length) if length >= 0 => {
            let end = text.char_indices().nth(length.unsigned_abs() as usize).map_or(text.len(), |(at, _)| at);
            &text[..end]
        }
        Some(_) if compat.length_minus_one_chops => text.char_indices().next_back().map_or("", |(last, _)| &text[..last]),
        _ => text,
    };
    let cut = cut.trim();
    (!cut.is_empty()).then(|| cut.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_keep_their_zeros_unless_they_are_a_number() {
        let compat = Compat { digits_as_int: true, ..Compat::default() };
        for (text, kept, as_int) in [
            ("02134", Some("02134"), Some("2134")),
            ("012-34-5678", Some("012345678"), Some("12345678")),
            ("12.75", Some("1275"), Some("1275")),
            ("000", Some("000"), Some("0")),
            ("none", None, None),
        ] {
            assert_eq!(digits(text, &Compat::default()).as_deref(), kept);
            assert_eq!(digits(text, &compat).as_deref(), as_int);
        }
    }

    #[test]
    fn a_text_is_cut_by_characters_and_stripped_on_both_sides_of_the_cut() {
        let fitted = |text, length| fitted(text, length, &Compat::default());
        assert_eq!(fitted("  äöü  x", Some(4)).as_deref(), Some("äöü"));
        assert_eq!(fitted(" blackbox ", Some(-1)).as_deref(), Some("blackbox"));
        assert_eq!(fitted("blackbox", None).as_deref(), Some("blackbox"));
        assert_eq!(fitted("   ", Some(4)), None);
    }

    #[test]
    fn a_length_of_minus_one_loses_the_last_character_where_contracts_of_old_want_it() {
        let compat = Compat { length_minus_one_chops: true, ..Compat::default() };
        assert_eq!(super::fitted("blackbox", Some(-1), &compat).as_deref(), Some("blackbo"));
        assert_eq!(super::fitted("b", Some(-1), &compat), None);
        assert_eq!(super::fitted("blackbox", None, &compat).as_deref(), Some("blackbox"));
    }

    #[test]
    fn null_and_none_say_nothing() {
        assert_eq!(["", " ", "null", "None", "0", "nil"].map(is_meaningful), [false, false, false, false, true, true]);
    }
}
