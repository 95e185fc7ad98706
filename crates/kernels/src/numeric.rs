//! Doubles to decimals of a fixed scale.

/// Digits after the point of every output number.
pub const SCALE: u32 = 15;

/// First value that does not fit `numeric(33,15)`.
const LIMIT: f64 = 1e18;

/// How a double becomes a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// From the shortest decimal that reads back as the same double, as Trino sends it.
    Shortest,
    /// From 15 significant digits, as PostgreSQL's cast does it.
    Significant15,
}

/// The decimal nearest to the double's decimal digits, in units of 10^-15, ties away from zero; `None` where the number is not
/// finite or does not fit `numeric(33,15)`.
pub fn to_numeric(value: f64, rounding: Rounding) -> Option<i128> {
    if value.abs() >= LIMIT || value.is_nan() {
        return None;
    }
    let (digits, exponent) = match rounding {
        Rounding::Shortest => shortest_digits(value.abs())?,
        Rounding::Significant15 => digits_of(format!("{:.14e}", value.abs()).as_bytes())?,
    };
    let magnitude = at_scale(digits, exponent);
    (magnitude < 10i128.pow(33)).then_some(if value < 0.0 { -magnitude } else { magnitude })
}

/// The value as `digits * 10^exponent` with the fewest digits that read back as the same double.
pub fn shortest_digits(value: f64) -> Option<(u64, i32)> {
    digits_of(ryu::Buffer::new().format_finite(value).as_bytes())
}

/// Reads `12.5e-7` as digits and exponent.
fn digits_of(text: &[u8]) -> Option<(u64, i32)> {
    let (mut digits, mut exponent, mut seen_point) = (0u64, 0i32, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(byte - b'0');
                exponent -= i32::from(seen_point);
            }
            b'.' => seen_point = true,
            b'e' => {
                exponent += std::str::from_utf8(&text[at + 1..]).ok()?.parse::<i32>().ok()?;
                break;
            }
            _ => return None,
        }
    }
    Some((digits, exponent))
}

/// `digits * 10^exponent` in units of `10^-SCALE`, ties away from zero.
fn at_scale(digits: u64, exponent: i32) -> i128 {
    let shift = exponent + SCALE as i32;
    let digits = i128::from(digits);
    match u32::try_from(shift) {
        Ok(up) => digits * 10i128.pow(up.min(36)),
        Err(_) if shift < -20 => 0,
        Err(_) => {
            let unit = 10i128.pow(shift.unsigned_abs());
            (digits + unit / 2) / unit
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, rounding: Rounding) -> String {
        let numeric = to_numeric(value, rounding).expect("fits");
        let (whole, rest) = (numeric.unsigned_abs() / 10u128.pow(15), numeric.unsigned_abs() % 10u128.pow(15));
        format!("{}{whole}.{rest:015}", if numeric < 0 { "-" } else { "" })
    }

    #[test]
    fn the_shortest_digits_are_rounded_half_away_from_zero() {
        let cases = [
            (1.2345678901234568e10, "12345678901.234568000000000"),
            (5e-16, "0.000000000000001"),
            (-5e-16, "-0.000000000000001"),
            (2.5e-16, "0.000000000000000"),
            (4.9e-16, "0.000000000000000"),
            (3.9996944444444447, "3.999694444444445"),
            (0.0, "0.000000000000000"),
            (1e-300, "0.000000000000000"),
            (999_999_999_999_999_900.0, "999999999999999900.000000000000000"),
            (0.1, "0.100000000000000"),
            (123.0, "123.000000000000000"),
        ];
        for (value, expected) in cases {
            assert_eq!(shown(value, Rounding::Shortest), expected);
        }
    }

    #[test]
    fn fifteen_significant_digits_is_the_other_way() {
        assert_eq!(shown(1.2345678901234568e10, Rounding::Significant15), "12345678901.234600000000000");
        assert_eq!(shown(0.1, Rounding::Significant15), "0.100000000000000");
        assert_eq!(shown(99_999_999.999_999_99, Rounding::Significant15), "100000000.000000000000000");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for value in [1e18, -1e18, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(to_numeric(value, Rounding::Shortest), None);
        }
    }

    #[test]
    fn agrees_with_the_standard_library_digits() {
        let mut seed = 1u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(seed & !(1 << 63));
            if !value.is_finite() {
                continue;
            }
            let (digits, exponent) = shortest_digits(value).expect("finite");
            let back: f64 = format!("{digits}e{exponent}").parse().expect("a number");
            assert_eq!(back, value);
        }
    }
}
