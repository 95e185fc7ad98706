//! PostgreSQL's numeric: digits in base 10,000 around the point.

use rowmill_core::{Code, Error, Result};

use super::encode::put_length;

const BASE: u64 = 10_000;
const NEGATIVE: u16 = 0x4000;
/// Signs from here on are NaN and the infinities.
const SPECIAL: u16 = 0xC000;
/// An `i128` has 39 decimal digits: at most 11 groups, and one more where the point divides a group.
const MAX_GROUPS: usize = 12;

/// Appends the field, length first, of `value * 10^-scale`. `scale` is at most 35.
pub(super) fn put(out: &mut Vec<u8>, value: i128, scale: u8) {
    let scale = u32::from(scale);
    let fraction_groups = scale.div_ceil(4) as usize;
    let padding = 10u128.pow(fraction_groups as u32 * 4 - scale);
    let magnitude = value.unsigned_abs();
    let (whole, fraction) = split(magnitude, scale);
    let mut groups = [0u16; MAX_GROUPS + 1];
    let point = groups.len() - fraction_groups;
    fill(&mut groups[point..], fraction * padding);
    let mut first = fill(&mut groups[..point], whole);
    let mut last = groups.len();
    while last > first && groups[last - 1] == 0 {
        last -= 1;
    }
    while first < last && groups[first] == 0 {
        first += 1;
    }
    let digits = &groups[first..last];
    let weight = if digits.is_empty() { 0 } else { point as i16 - first as i16 - 1 };
    let sign = if value < 0 { NEGATIVE } else { 0 };
    put_length(out, 8 + 2 * digits.len());
    out.extend_from_slice(&(digits.len() as u16).to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&sign.to_be_bytes());
    out.extend_from_slice(&(scale as u16).to_be_bytes());
    for digit in digits {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}

/// Whole and fractional part. 128-bit division is a slow library call, and most values fit 64 bits.
fn split(magnitude: u128, scale: u32) -> (u128, u128) {
    match (u64::try_from(magnitude), 10u64.checked_pow(scale)) {
        (Ok(magnitude), Some(unit)) => (u128::from(magnitude / unit), u128::from(magnitude % unit)),
        _ => {
            let unit = 10u128.pow(scale);
            (magnitude / unit, magnitude % unit)
        }
    }
}

/// Writes base-10,000 digits to the end of `groups` and says where the first one is.
fn fill(groups: &mut [u16], value: u128) -> usize {
    let mut at = groups.len();
    let mut high = value;
    while high > u128::from(u64::MAX) {
        at -= 1;
        groups[at] = (high % u128::from(BASE)) as u16;
        high /= u128::from(BASE);
    }
    let mut low = high as u64;
    while low > 0 {
        at -= 1;
        groups[at] = (low % BASE) as u16;
        low /= BASE;
    }
    at
}

/// The value of a field as an integer of `10^-scale`.
///
/// # Errors
/// `SINK_COPY_INVALID` for bytes that are no numeric, `DATA_NUMBER_NOT_FINITE` for NaN and infinities, `DATA_NUMBER_OVERFLOW`
/// where `precision` digits with `scale` of them after the point would not hold the value exactly.
pub(super) fn get(field: &[u8], precision: u8, scale: i8) -> Result<i128> {
    let garbage = || Error::new(Code::SinkCopyInvalid, "the field is no numeric");
    let mut words = field.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    let (Some(count), Some(weight), Some(sign), Some(_)) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err(garbage());
    };
    if sign >= SPECIAL {
        return Err(Error::new(Code::DataNotFinite, "the number is NaN or infinite"));
    }
    if field.len() != 8 + 2 * usize::from(count) || (sign != 0 && sign != NEGATIVE) {
        return Err(garbage());
    }
    let too_large = || Error::new(Code::DataOverflow, format!("the number does not fit numeric({precision},{scale}) exactly"));
    let mut exponent = i32::from(weight as i16) * 4 + i32::from(scale);
    let mut value = 0i128;
    for digit in words {
        if u64::from(digit) >= BASE {
            return Err(garbage());
        }
        value = shifted(i128::from(digit), exponent).and_then(|shifted| value.checked_add(shifted)).ok_or_else(too_large)?;
        exponent -= 4;
    }
    if 10i128.checked_pow(u32::from(precision)).is_some_and(|limit| value >= limit) {
        return Err(too_large());
    }
    Ok(if sign == NEGATIVE { -value } else { value })
}

/// `digit * 10^exponent`, where that is an integer and fits.
fn shifted(digit: i128, exponent: i32) -> Option<i128> {
    if digit == 0 {
        return Some(0);
    }
    let power = 10i128.checked_pow(exponent.unsigned_abs())?;
    if exponent >= 0 {
        return digit.checked_mul(power);
    }
    (digit % power == 0).then(|| digit / power)
}
