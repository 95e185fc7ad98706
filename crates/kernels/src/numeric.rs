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
#[inline]
pub fn to_numeric(value: f64, rounding: Rounding) -> Option<i128> {
    let size = value.abs();
    if size.is_nan() || size >= LIMIT {
        return None;
    }
    let magnitude = match rounding {
        Rounding::Shortest => shortest(size).or_else(|| by_digits(size, rounding))?,
        Rounding::Significant15 => significant15(size).or_else(|| by_digits(size, rounding))?,
    };
    Some(if value < 0.0 { -magnitude } else { magnitude })
}

/// The general way: print the digits and read them. It knows every case; the others know the usual ones and do without texts.
#[cold]
fn by_digits(size: f64, rounding: Rounding) -> Option<i128> {
    let (digits, exponent) = match rounding {
        Rounding::Shortest => shortest_digits(size)?,
        Rounding::Significant15 => digits_of(format!("{size:.14e}").as_bytes())?,
    };
    let magnitude = at_scale(digits, exponent);
    (magnitude < 10i128.pow(33)).then_some(magnitude)
}

/// Bits of a double behind its first one.
const FRACTION_BITS: u32 = 52;
/// Below this doubles have whole numbers for neighbours at most.
const WHOLE: f64 = (1u64 << (FRACTION_BITS + 1)) as f64;
/// Powers of ten.
const TEN: [u64; 20] = {
    let mut powers = [1; 20];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// The double as `significand * 2^-shift`; `None` for a power of two, whose neighbours are not equally far, and for those that are too
/// small for 128 bits or have no bit behind the point.
#[inline]
fn split(size: f64) -> Option<(u64, u32)> {
    let bits = size.to_bits();
    let (fraction, exponent) = (bits & ((1 << FRACTION_BITS) - 1), (bits >> FRACTION_BITS) as u32);
    let shift = (1023 + FRACTION_BITS).wrapping_sub(exponent);
    (fraction != 0 && (1..127).contains(&shift)).then_some((fraction | 1 << FRACTION_BITS, shift))
}

/// From the shortest decimal, by exact integer arithmetic; `None` in the rare cases that it leaves to the general way.
#[inline]
fn shortest(size: f64) -> Option<i128> {
    let whole = size as u64;
    if size < WHOLE && whole as f64 == size {
        // No decimal with fewer digits is as near to a whole number as half the way to its neighbour.
        return Some(scaled(whole, 0));
    }
    let (significand, shift) = split(size)?;
    if size < 1.0 { shortest_below_one(significand, shift) } else { shortest_from_one(significand, shift) }
}

/// Every decimal that reads back as a double below 1, the shortest too, rounds to the same unit, unless a tie is among them.
#[inline]
fn shortest_below_one(significand: u64, shift: u32) -> Option<i128> {
    // In steps of 2^-(shift + 1) units the double and half the way to its neighbours are whole numbers.
    let half_gap = u128::from(TEN[SCALE as usize]);
    let steps = (u128::from(significand) * half_gap) << 1;
    let half_unit = 1u128 << shift;
    let (units, rest) = (steps >> (shift + 1), steps & ((half_unit << 1).wrapping_sub(1)));
    (rest.abs_diff(half_unit) > half_gap).then(|| units as i128 + i128::from(rest > half_unit))
}

/// Schubfach, in a range that needs no tables. Among the decimals that read back as the double, there is one at most whose last digit is
/// worth more than the double's last bit: it is the shortest. Else the shortest is the nearest one whose last digit is worth less.
#[inline]
fn shortest_from_one(significand: u64, shift: u32) -> Option<i128> {
    // 10^-decimals <= 2^-shift < 10^(1 - decimals)
    let decimals = ((shift * 1233) >> 12) + 1;
    // Again in steps of which all distances are whole numbers.
    let half_gap = TEN[decimals as usize];
    let steps = (u128::from(significand) * u128::from(half_gap)) << 1;
    let (low, half) = ((steps >> (shift + 1)) as u64, 1u64 << shift);
    let rest = steps as u64 & ((half << 1) - 1);
    let below = ((low % 10) << (shift + 1)) + rest;
    let above = (10 << (shift + 1)) - below;
    if below == half_gap || above == half_gap || rest == half {
        return None;
    }
    let digits = match (below < half_gap, above < half_gap) {
        (true, _) => low - low % 10,
        (_, true) => low - low % 10 + 10,
        _ => low + u64::from(rest > half),
    };
    Some(scaled(digits, decimals))
}

/// From fifteen significant digits, by exact integer arithmetic; `None` in the rare cases that it leaves to the general way.
#[inline]
fn significant15(size: f64) -> Option<i128> {
    if size == 0.0 {
        return Some(0);
    }
    let (significand, shift) = split(size).filter(|_| (1e-4..1e15).contains(&size))?;
    // Digits before the point, below zero for noughts behind it: from the exponent, which may be one too few.
    let before = (((shift as i32 - FRACTION_BITS as i32) * -1233) >> 12) + 1;
    let before = before + i32::from(size >= POWERS[(before + 4) as usize]);
    let decimals = (SCALE as i32 - before) as u32;
    let steps = u128::from(significand) * u128::from(TEN[decimals as usize]);
    let half = 1u128 << (shift - 1);
    let rest = steps & ((half << 1) - 1);
    let digits = (steps >> shift) as u64 + u64::from(rest > half);
    (rest != half).then(|| scaled(digits, decimals))
}

/// Powers of ten from 10^-4. Each is the double nearest to it, and a double in between rounds to it anyway.
const POWERS: [f64; 20] = [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// `digits * 10^-decimals` in units of `10^-SCALE`, ties away from zero; `decimals` is at most 19, `digits` below 2^63.
#[inline]
fn scaled(digits: u64, decimals: u32) -> i128 {
    match SCALE.checked_sub(decimals) {
        Some(up) => i128::from(digits) * i128::from(TEN[up as usize]),
        None => {
            let unit = TEN[(decimals - SCALE) as usize];
            i128::from((digits + unit / 2) / unit)
        }
    }
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
    use proptest::prelude::*;

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

    const ROUNDINGS: [Rounding; 2] = [Rounding::Shortest, Rounding::Significant15];

    /// Positive doubles around the values of the output: any bits with an exponent from 2^-60 to 2^60.
    fn sizes() -> impl Strategy<Value = f64> {
        (0u64..1 << FRACTION_BITS, 963u64..1083).prop_map(|(fraction, exponent)| f64::from_bits(exponent << FRACTION_BITS | fraction))
    }

    /// Doubles nearest to decimals of few digits, and their neighbours: on ties and beside them, and on either side of a shorter decimal.
    fn near_decimals() -> impl Strategy<Value = f64> {
        (0u64..1 << 40, -20i32..3, -3i64..4).prop_map(|(digits, exponent, steps)| {
            let nearest: f64 = format!("{digits}e{exponent}").parse().expect("a number");
            f64::from_bits(nearest.to_bits().saturating_add_signed(steps))
        })
    }

    /// Sums of few binary digits, as capacities are, and powers of two.
    fn few_bits() -> impl Strategy<Value = f64> {
        (0u64..1 << 12, -40i32..40).prop_map(|(bits, exponent)| bits as f64 * 2f64.powi(exponent))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 50_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arithmetic_and_printed_digits_agree(size in prop_oneof![sizes(), near_decimals(), few_bits()]) {
            for rounding in ROUNDINGS {
                let printed = if size < LIMIT { by_digits(size, rounding) } else { None };
                prop_assert_eq!(to_numeric(size, rounding), printed, "{:e}", size);
                prop_assert_eq!(to_numeric(-size, rounding), printed.map(|magnitude| -magnitude), "{:e}", -size);
            }
        }
    }

    #[test]
    fn arithmetic_knows_nearly_all_usual_numbers() {
        let hours: Vec<f64> = (1..10_000).map(|number| f64::from(number * 7919 % 100_000) * 0.37 / 3600.0).collect();
        let unknown = |ask: fn(f64) -> Option<i128>| hours.iter().filter(|value| ask(**value).is_none()).count();
        assert!(unknown(shortest) < 300 && unknown(significant15) < 10, "{} and {}", unknown(shortest), unknown(significant15));
    }
}
