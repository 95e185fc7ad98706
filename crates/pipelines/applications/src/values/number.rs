//! Decimal numbers, exact.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `unscaled` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// All digits, as one whole number.
    pub unscaled: i128,
    /// How many of them are behind the point, at most [`MOST_SCALE`](Self::MOST_SCALE).
    pub scale: u32,
}

impl Number {
    /// Most digits behind the point.
    pub const MOST_SCALE: u32 = 38;
    /// Digits behind the point of a quotient that does not end before.
    const QUOTIENT_SCALE: u32 = 18;

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { unscaled: value.into(), scale: 0 }
    }

    /// The number of a text: a sign or none, digits (in groups of three divided by commas, or undivided), a fraction or none. White space around
    /// it does no harm. `None` for any other text, and for more digits than 128 bits hold (any 38, some 39).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = parts(digits)?;
        let mut unscaled: i128 = 0;
        for digit in whole.bytes().filter(|byte| *byte != b',').chain(fraction.bytes()) {
            unscaled = unscaled.checked_mul(10)?.checked_add((digit - b'0').into())?;
        }
        let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= Self::MOST_SCALE)?;
        Some(Self { unscaled: if negative { -unscaled } else { unscaled }, scale })
    }

    /// Whether a text is written as a number is, however many digits it has.
    pub fn is_written(text: &str) -> bool {
        let text = text.trim();
        parts(text.strip_prefix(['-', '+']).unwrap_or(text)).is_some()
    }

    /// The number with its point moved to the right, or to the left below zero; digits that are too far behind it for any column are dropped.
    /// `None` on overflow.
    pub fn times_ten_to(self, exponent: i32) -> Option<Self> {
        let places = i64::from(self.scale) - i64::from(exponent);
        if places < 0 {
            let unscaled = self.unscaled.checked_mul(power(u32::try_from(-places).ok()?).or((self.unscaled == 0).then_some(1))?)?;
            return Some(Self { unscaled, scale: 0 });
        }
        let beyond = (places - i64::from(Self::MOST_SCALE)).max(0);
        let unit = u32::try_from(beyond).ok().and_then(power);
        Some(Self { unscaled: unit.map_or(0, |unit| self.unscaled / unit), scale: u32::try_from(places - beyond).ok()? })
    }

    /// The number of a double by its shortest digits; `None` where it is not finite or too large.
    pub fn of_double(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::parse(&format!("{value}")))?
    }

    /// The nearest double.
    pub fn to_double(self) -> f64 {
        // The digits are those of a number, so they always parse.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// All digits with `scale` of them behind the point: rounded half up (away from zero) where there were more. `None` on overflow.
    pub fn rounded(self, scale: u32) -> Option<i128> {
        match scale.checked_sub(self.scale) {
            Some(more) => self.unscaled.checked_mul(power(more)?),
            None => {
                let unit = power(self.scale - scale)?;
                let (quotient, rest) = (self.unscaled / unit, self.unscaled % unit);
                let up = rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2);
                Some(quotient + if up { self.unscaled.signum() } else { 0 })
            }
        }
    }

    /// The sum; `None` on overflow, as for all that follow.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Self { unscaled: left.checked_add(right)?, scale })
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated()?)
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        let (left, right) = (self.trimmed(), other.trimmed());
        let product = Self { unscaled: left.unscaled.checked_mul(right.unscaled)?, scale: left.scale + right.scale };
        (product.scale <= Self::MOST_SCALE).then_some(product)
    }

    /// The quotient, to 18 digits behind the point, half up; `None` by zero, too.
    pub fn divided_by(self, by: Self) -> Option<Self> {
        let (left, right) = (self.trimmed(), by.trimmed());
        // left / right at the scale wanted: one digit more than needed is kept to round by.
        let shift = Self::QUOTIENT_SCALE + 1 + right.scale;
        let numerator = left.unscaled.checked_mul(power(shift.checked_sub(left.scale)?)?)?;
        let unscaled = numerator.checked_div(right.unscaled)?;
        let quotient = Self { unscaled, scale: Self::QUOTIENT_SCALE + 1 };
        Some(Self { unscaled: quotient.rounded(Self::QUOTIENT_SCALE)?, scale: Self::QUOTIENT_SCALE }.trimmed())
    }

    /// The largest whole number that is not above the quotient; `None` by zero, too.
    pub fn divided_down(self, by: Self) -> Option<Self> {
        let (left, right, _) = self.aligned(by)?;
        let quotient = left.checked_div(right)?;
        let is_between = left % right != 0 && (left < 0) != (right < 0);
        Some(Self { unscaled: quotient - i128::from(is_between), scale: 0 })
    }

    /// What [`divided_down`](Self::divided_down) leaves: it has the sign of the divisor.
    pub fn remainder(self, by: Self) -> Option<Self> {
        self.minus(self.divided_down(by)?.times(by)?)
    }

    /// The power to a whole number that is not negative; `None` for any other exponent, too.
    pub fn to_the(self, exponent: Self) -> Option<Self> {
        let exponent = exponent.trimmed();
        let times = (exponent.scale == 0).then(|| u32::try_from(exponent.unscaled).ok())??;
        let base = self.trimmed();
        if base.scale == 0 && base.unscaled.unsigned_abs() <= 1 {
            // Powers of -1, 0 and 1 need no multiplication, and would take for ever.
            let is_one = times == 0 || (base.unscaled < 0 && times % 2 == 0);
            return Some(if is_one { Self::whole(1) } else { base });
        }
        // Any other number is beyond its digits after a few.
        let mut product = Self::whole(1);
        for _ in 0..times {
            product = product.times(base)?.trimmed();
        }
        Some(product)
    }

    /// The number with the other sign.
    pub fn negated(self) -> Option<Self> {
        Some(Self { unscaled: self.unscaled.checked_neg()?, scale: self.scale })
    }

    /// The same number without zeros at the end of its fraction.
    pub fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.unscaled % 10 == 0 {
            self.unscaled /= 10;
            self.scale -= 1;
        }
        self
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let (left, right) = (self.trimmed(), other.trimmed());
        let scale = left.scale.max(right.scale);
        Some((left.rounded(scale)?, right.rounded(scale)?, scale))
    }
}

/// Ten to the power; `None` beyond what 128 bits hold.
fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// What is before the point and behind it, of a number without its sign.
fn parts(digits: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_one = (!whole.is_empty() || !fraction.is_empty()) && is_grouped(whole) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then_some((whole, fraction))
}

/// Digits, in groups of three behind the first comma or without one.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_divided = whole.contains(',');
    is_digits(first) && (!is_divided || (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3 && is_digits(group))
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(match self.aligned(*other) {
            Some((left, right, _)) => left.cmp(&right),
            // One of them is so large that the other's fraction does not matter.
            None => self.to_double().total_cmp(&other.to_double()),
        })
    }
}

impl fmt::Display for Number {
    /// Without zeros at the end of the fraction, and without a point where there is no fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.trimmed();
        let sign = if number.unscaled < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", number.unscaled.unsigned_abs(), width = number.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - number.scale as usize);
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, shown) in
            [("12.50", "12.5"), ("-0.05", "-0.05"), ("+7", "7"), ("1,234,567.8", "1234567.8"), (".5", "0.5"), ("5.", "5"), (" 3 ", "3"), ("-0", "0")]
        {
            assert_eq!(number(text).to_string(), shown, "{text}");
        }
        for text in ["", "-", ".", "1,23", "12,3456", ",123", "1234,567", "$1", "1e3", "0x1", "NaN", "1.2.3", "1.2,3", "--1", "١"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
        assert!(Number::parse(&"9".repeat(39)).is_none());
    }

    #[test]
    fn rounding_is_half_up_away_from_zero() {
        for (text, scale, rounded) in
            [("36.50", 0, 37), ("36.4", 0, 36), ("-2.5", 0, -3), ("-2.4", 0, -2), ("1.005", 2, 101), ("7", 2, 700), ("0.5", 0, 1), ("-0.5", 0, -1)]
        {
            assert_eq!(number(text).rounded(scale), Some(rounded), "{text}");
        }
    }

    #[test]
    fn quotients_and_remainders_go_down() {
        let shown = |number: Option<Number>| number.map(|number| number.to_string());
        assert_eq!(shown(number("1").divided_by(number("3"))).as_deref(), Some("0.333333333333333333"));
        assert_eq!(shown(number("2").divided_by(number("3"))).as_deref(), Some("0.666666666666666667"));
        assert_eq!(shown(number("48000").divided_by(number("12"))).as_deref(), Some("4000"));
        assert_eq!(shown(number("1").divided_by(number("0"))), None);
        assert_eq!(shown(number("-7").divided_down(number("2"))).as_deref(), Some("-4"));
        assert_eq!(shown(number("-7").remainder(number("2"))).as_deref(), Some("1"));
        assert_eq!(shown(number("1.5").to_the(number("3"))).as_deref(), Some("3.375"));
        assert_eq!(shown(number("-1").to_the(number("4000000000"))).as_deref(), Some("1"));
        assert_eq!(shown(number("2").to_the(number("0.5"))), None);
        assert_eq!(shown(number("10").to_the(number("40"))), None);
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_whole_numbers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, s in 0_u32..5, t in 0_u32..5) {
            let (x, y) = (Number { unscaled: a.into(), scale: s }, Number { unscaled: b.into(), scale: t });
            // Everything at ten digits behind the point.
            let at_ten = |number: Number| number.rounded(10).unwrap();
            let (p, q) = (at_ten(x), at_ten(y));
            prop_assert_eq!(at_ten(x.plus(y).unwrap()), p + q);
            prop_assert_eq!(at_ten(x.minus(y).unwrap()), p - q);
            prop_assert_eq!(x.times(y).unwrap().rounded(20).unwrap(), p * q);
            prop_assert_eq!(x.partial_cmp(&y), Some(p.cmp(&q)));
            prop_assert_eq!(Number::parse(&x.to_string()), Some(x));
            if b != 0 {
                let quotient = x.divided_by(y).unwrap().rounded(18).unwrap();
                let exact = p * 10_i128.pow(18);
                prop_assert!(((quotient * q - exact).abs() * 2) <= q.abs() * 2, "{} {} {}", x, y, quotient);
                prop_assert_eq!(x.divided_down(y).unwrap().times(y).unwrap().plus(x.remainder(y).unwrap()), Some(x));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9.,e ]{0,50}") {
            if let Some(number) = Number::parse(&text) {
                let _ = (number.to_string(), number.rounded(0), number.rounded(38), number.divided_by(number), number.times(number), number.to_the(number));
            }
        }
    }
}
