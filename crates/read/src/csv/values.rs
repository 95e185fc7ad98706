//! Doubles and timestamps from text.

use rowmill_core::day::Day;

/// The double nearest to the decimal text; `None` where it is no number, or beyond all finite doubles without saying so.
pub(super) fn parse_double(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let value: f64 = text.parse().ok()?;
    let says_infinite = text.trim_start_matches(['-', '+']).starts_with(['i', 'I']);
    (!value.is_infinite() || says_infinite).then_some(value)
}

/// Milliseconds of `YYYY-MM-DD`, also with ` ` or `T` and `HH:MM`, `HH:MM:SS` or more digits behind it (rounded down); a zone at the end
/// (`Z`, ` UTC`, `+10:00`) does not count: the digits stay.
pub(super) fn parse_timestamp(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let day = i64::from(Day::parse(text.get(..10)?)?.0);
    let Some(time) = text.get(10..).filter(|time| !time.is_empty()) else { return Some(day * 86_400_000) };
    let time = time.strip_prefix([' ', 'T'])?;
    let (clock, rest) = time.split_at(time.find(|found: char| !found.is_ascii_digit() && !matches!(found, ':' | '.')).unwrap_or(time.len()));
    is_zone(rest).then_some(())?;
    Some(day * 86_400_000 + parse_clock(clock)?)
}

fn parse_clock(clock: &str) -> Option<i64> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = whole.split(':').map(|part| if part.len() == 2 { part.parse::<i64>().ok() } else { None });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let is_valid = parts.next().is_none() && hour < 24 && minute < 60 && second < 60 && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let millis = fraction.bytes().chain([b'0'; 3]).take(3).fold(0, |millis, digit| millis * 10 + i64::from(digit - b'0'));
    is_valid.then_some(((hour * 60 + minute) * 60 + second) * 1_000 + millis)
}

fn is_zone(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    let offset =
        text.strip_prefix(['+', '-']).is_some_and(|offset| !offset.is_empty() && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':'));
    matches!(text, "" | "Z" | "UTC") || offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_keep_their_digits_whatever_the_zone() {
        let noon = 20_362 * 86_400_000 + 43_200_000;
        for text in ["2025-10-01 12:00", "2025-10-01T12:00:00Z", "2025-10-01 12:00:00.0009+10:00", "2025-10-01 12:00:00 UTC"] {
            assert_eq!(parse_timestamp(text.as_bytes()), Some(noon), "{text}");
        }
        assert_eq!(parse_timestamp(b"2025-10-01"), Some(noon - 43_200_000));
        for text in ["", "2025-13-01", "2025-10-01 25:00", "2025-10-01 12", "2025-10-01 12:00:00:00", "2025-10-01x", "2025-10-01 12:00 Mars"] {
            assert_eq!(parse_timestamp(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_double_beyond_the_finite_ones_is_none() {
        assert_eq!([&b"1.5"[..], b"-2e3", b"1e999", b"x", b""].map(parse_double), [Some(1.5), Some(-2_000.0), None, None, None]);
        assert_eq!(parse_double(b"-inf"), Some(f64::NEG_INFINITY));
    }
}
