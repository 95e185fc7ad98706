//! Integers from decimal text, eight digits at a time.

/// Why a text is not an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInteger {
    /// It has something other than an optional sign and digits.
    Text,
    /// It is below -9223372036854775808 or above 9223372036854775807.
    Range,
}

impl NotInteger {
    /// The fault in one sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Text => "the value is not an integer",
            Self::Range => "the value does not fit a 64-bit integer",
        }
    }
}

/// The integer that a field holds: digits with an optional sign, and blanks (space or tab) around them; `None` where nothing but blanks is
/// there.
///
/// # Errors
/// [`NotInteger`] for any other text, and for digits that do not fit.
pub fn parse_integer(text: &[u8]) -> Result<Option<i64>, NotInteger> {
    let text = trim_blanks(text);
    let (negative, digits) = match text {
        [] => return Ok(None),
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NotInteger::Text);
    }
    // Downwards, because the range reaches one further there.
    let downwards = digits.iter().try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_sub(i64::from(digit - b'0')));
    let value = downwards.and_then(|value| if negative { Some(value) } else { value.checked_neg() });
    value.map(Some).ok_or(NotInteger::Range)
}

/// The text without the spaces and tabs around it.
pub fn trim_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The integer in `text[start..end]` where it is 1 to 19 digits, with a minus sign or none, and fits; `None` for anything else, and where
/// fewer than 8 bytes follow `start` (the fast way reads eight at a time): then [`parse_integer`] knows.
#[inline(always)]
pub fn parse_digits(text: &[u8], start: usize, end: usize) -> Option<i64> {
    match unsigned(text, start, end) {
        Some(value) => i64::try_from(value).ok(),
        None => signed(text, start, end),
    }
}

#[inline(always)]
fn unsigned(text: &[u8], start: usize, end: usize) -> Option<u64> {
    let length = end.wrapping_sub(start);
    let first = word(text, start)?;
    if length.wrapping_sub(1) < 8 {
        return eight_digits(leading(first, length));
    }
    let last = word(text, end.wrapping_sub(8))? ^ ZEROS;
    match length {
        9..=16 => Some(eight_digits(leading(first, length - 8))? * 100_000_000 + eight_digits(last)?),
        17..=19 => {
            let middle = eight_digits(word(text, end - 16)? ^ ZEROS)?;
            Some((eight_digits(leading(first, length - 16))? * 100_000_000 + middle) * 100_000_000 + eight_digits(last)?)
        }
        _ => None,
    }
}

#[cold]
#[inline(never)]
fn signed(text: &[u8], start: usize, end: usize) -> Option<i64> {
    let field = text.get(start..end)?;
    if field.first() == Some(&b'-') { parse_integer(field).ok().flatten() } else { None }
}

const ZEROS: u64 = 0x3030_3030_3030_3030;

#[inline(always)]
fn word(text: &[u8], at: usize) -> Option<u64> {
    let bytes = text.get(at..at.wrapping_add(8))?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// The first `length` (1 to 8) characters as differences from `'0'`, behind as many zeros as make eight.
#[inline(always)]
fn leading(word: u64, length: usize) -> u64 {
    (word ^ ZEROS) << (64 - 8 * length as u32)
}

/// The number of eight decimal digits, the first in the lowest byte; `None` where a byte is above 9.
#[inline(always)]
fn eight_digits(digits: u64) -> Option<u64> {
    if faults(digits) != 0 {
        return None;
    }
    // Each step joins neighbours: the constants are 10, 100 and 10,000 times one more than the place of the other. Written as shifts and
    // additions, two words would be put into one vector register, which has no such multiplication: twice the time.
    let pairs = (digits.wrapping_mul(2_561) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(6_553_601) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(42_949_672_960_001) >> 32)
}

/// Not zero where one of eight differences from `'0'` is above 9.
#[inline(always)]
fn faults(digits: u64) -> u64 {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    // 0x76 more takes what is above 9 into the high bit; a carry into the next byte needs a high bit of its own.
    (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & HIGH_BITS
}

/// A span of integers of nineteen digits, as instants in nanoseconds are, that texts are compared with as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NineteenDigits {
    first: u128,
    last: u128,
}

impl NineteenDigits {
    /// The span from `first` to `last`, both included; `None` where one of them is negative or has fewer digits.
    pub fn span(first: i64, last: i64) -> Option<Self> {
        const SMALLEST: i64 = 1_000_000_000_000_000_000;
        let beginning = |value: i64| {
            let digits = value.to_string().into_bytes();
            (value >= SMALLEST).then(|| digits[..16].iter().fold(0, |key, digit| key << 8 | u128::from(*digit)))
        };
        Some(Self { first: beginning(first)?, last: beginning(last)? })
    }

    /// Whether the number in `text[start..end]` is in the span, by its first sixteen digits; `None` where they do not tell, or where the
    /// text is anything but nineteen digits.
    #[inline(always)]
    pub fn contain(&self, text: &[u8], start: usize, end: usize) -> Option<bool> {
        let words: &[u8; 19] = text.get(start..end)?.try_into().ok()?;
        let beginning = u128::from_be_bytes(*words.first_chunk()?);
        let rest = u64::from_be_bytes(*words.last_chunk()?);
        let (high, low) = ((beginning >> 64) as u64, beginning as u64);
        let faults = faults(high ^ ZEROS) | faults(low ^ ZEROS) | faults(rest ^ ZEROS);
        if faults != 0 || beginning == self.first || beginning == self.last {
            return None;
        }
        Some(self.first < beginning && beginning < self.last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(text: &str) -> Result<Option<i64>, NotInteger> {
        let text = text.trim_matches([' ', '\t']);
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
            return Err(NotInteger::Text);
        }
        text.parse::<i64>().map(Some).map_err(|_| NotInteger::Range)
    }

    #[test]
    fn the_ends_of_the_range_parse_and_what_is_beyond_is_told() {
        assert_eq!(parse_integer(b"-9223372036854775808"), Ok(Some(i64::MIN)));
        assert_eq!(parse_integer(b" +9223372036854775807\t"), Ok(Some(i64::MAX)));
        for beyond in ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"] {
            assert_eq!(parse_integer(beyond.as_bytes()), Err(NotInteger::Range), "{beyond}");
        }
        for text in ["-", "+", "--1", "1 2", "1.0", "1e3", "\u{661}", "0x1"] {
            assert_eq!(parse_integer(text.as_bytes()), Err(NotInteger::Text), "{text}");
        }
        assert_eq!(parse_integer(b"  "), Ok(None));
        assert_eq!(parse_integer(b"00000000000000000000000000007"), Ok(Some(7)));
    }

    proptest! {
        #[test]
        fn any_text_parses_as_it_does_character_by_character(text in "[ \t]{0,2}[-+]{0,2}[0-9]{0,24}[ \t]{0,2}|[0-9:/ax ]{0,12}|\\PC{0,9}") {
            prop_assert_eq!(parse_integer(text.as_bytes()), naive(&text));
        }

        #[test]
        fn digits_inside_other_text_parse_as_they_do_alone(before in "[0-9,]{0,9}", field in "-?[0-9]{0,21}|[0-9:/a-]{1,20}", after in "[0-9,]{0,12}") {
            let text = format!("{before}{field}{after}");
            let (start, end) = (before.len(), before.len() + field.len());
            let plain = field.strip_prefix('-').unwrap_or(&field);
            let fast = (1..=19).contains(&plain.len()) || field.len() > 19;
            match parse_digits(text.as_bytes(), start, end) {
                Some(value) => prop_assert_eq!(Ok(Some(value)), naive(&field)),
                None => prop_assert!(!fast || text.len() < start + 8 || naive(&field).is_err() || plain.len() > 19, "{}", field),
            }
        }

        #[test]
        fn nineteen_digits_are_in_a_span_as_their_numbers_are(first: i64, last: i64, value: i64, near in -3_000_i64..3_000, broken in 0_usize..40) {
            let nineteen = |value: i64| 1_000_000_000_000_000_000 + (value & i64::MAX) % 8_000_000_000_000_000_000;
            let (first, last) = (nineteen(first), nineteen(last));
            let span = NineteenDigits::span(first, last).unwrap();
            for value in [nineteen(value), nineteen(first - 1_000_000_000_000_000_000 + near), first, last] {
                let mut text = format!(",{value},").into_bytes();
                if let Some(inside) = span.contain(&text, 1, 20) {
                    prop_assert_eq!(inside, (first..=last).contains(&value));
                }
                if let Some(byte) = text[1..20].get_mut(broken) {
                    *byte = b'/';
                    prop_assert_eq!(span.contain(&text, 1, 20), None);
                }
            }
            prop_assert_eq!(NineteenDigits::span(-first, last), None);
            prop_assert_eq!(span.contain(b"123456789", 0, 9), None);
        }

        #[test]
        fn every_integer_comes_back_from_its_digits(value in any::<i64>(), small in 0_i64..100_000_000) {
            for value in [value, small, value / 10_000_000, i64::MIN, i64::MAX] {
                let text = format!("{value},padding");
                prop_assert_eq!(parse_digits(text.as_bytes(), 0, text.len() - 8), Some(value));
            }
        }
    }
}
