//! Doubles to numeric(33,15), by printing digits.

/// The double as a count of 10^-15: its shortest decimal, rounded half away from zero.
///
/// NaN, infinities and numbers of 10^18 and more do not fit and are errors.
pub fn numeric15(number: f64) -> Result<i128, String> {
    scaled(number, &format!("{number:e}"))
}

/// The double as a count of 10^-15, by way of 15 significant digits, as a cast inside PostgreSQL gives it.
///
/// NaN, infinities and numbers of 10^18 and more (after the first rounding) do not fit and are errors.
pub fn numeric15_by_15_digits(number: f64) -> Result<i128, String> {
    scaled(number, &format!("{number:.14e}"))
}

fn scaled(number: f64, text: &str) -> Result<i128, String> {
    let overflow = || format!("{number:e} does not fit numeric(33,15)");
    let (mantissa, exponent) = text.split_once('e').ok_or_else(overflow)?;
    let exponent: i32 = exponent.parse().map_err(|_| overflow())?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| overflow())?;
    if exponent >= 18 {
        return Err(overflow());
    }
    let scaled = match exponent - fraction.len() as i32 + 15 {
        shift if shift >= 0 => digits * 10_i128.pow(shift as u32),
        shift if shift < -20 => 0,
        shift => {
            let unit = 10_i128.pow(-shift as u32);
            let away = if (digits % unit).abs() * 2 >= unit { digits.signum() } else { 0 };
            digits / unit + away
        }
    };
    if scaled.abs() >= 10_i128.pow(33) { Err(overflow()) } else { Ok(scaled) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_decimal_is_rounded_half_away_from_zero() {
        assert_eq!(numeric15(1.2345678901234568E10), Ok(12_345_678_901_234_568_000_000_000));
        assert_eq!((numeric15(5e-16), numeric15(-5e-16), numeric15(2.5e-16), numeric15(-0.0)), (Ok(1), Ok(-1), Ok(0), Ok(0)));
        assert_eq!(numeric15(3.9996944444444447), Ok(3_999_694_444_444_445));
        assert_eq!((numeric15(5e-324), numeric15(0.1)), (Ok(0), Ok(100_000_000_000_000)));
        assert_eq!(numeric15(1e17), Ok(10_i128.pow(32)));
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        for number in [1e18, -1e18, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(numeric15(number).is_err() && numeric15_by_15_digits(number).is_err(), "{number}");
        }
        assert!(numeric15(999_999_999_999_999_872.0).is_ok());
        assert!(numeric15_by_15_digits(999_999_999_999_999_872.0).is_err());
    }

    #[test]
    fn fifteen_digits_lose_the_sixteenth() {
        assert_eq!(numeric15_by_15_digits(1.2345678901234568E10), Ok(12_345_678_901_234_600_000_000_000));
    }
}
