//! PostgreSQL's numeric: digits in base 10,000 around the point.

use rowmill_core::{Code, Error, Result};

const BASE: u64 = 10_000;
const NEGATIVE: u16 = 0x4000;
/// Signs from here on are NaN and the infinities.
const SPECIAL: u16 = 0xC000;
/// An `i128` has 39 decimal digits: at most 11 groups, and one more where the point divides a group.
const MAX_GROUPS: usize = 12;

/// Digits of the widest number and what stands before them: the length, and the words for count, weight, sign and scale.
const FIELD_BYTES: usize = HEAD_BYTES + 2 * (MAX_GROUPS + 1);
const HEAD_BYTES: usize = 4 + 4 * 2;

/// Appends the field, length first, of `value * 10^-scale`. `scale` is at most 35.
pub(super) fn put(out: &mut Vec<u8>, value: i128, scale: u8) {
    let fraction_groups = usize::from(scale.div_ceil(4));
    let mut groups = [0u16; MAX_GROUPS + 1];
    let point = groups.len() - fraction_groups;
    let mut first = split(value.unsigned_abs(), u32::from(scale), &mut groups, point);
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
    put_words(out, [digits.len() as u16, weight as u16, sign, u16::from(scale)], digits);
}

/// One field, put together in an array of the greatest length: that is copied faster than its parts, and than a length that varies.
#[inline]
fn put_words(out: &mut Vec<u8>, head: [u16; 4], digits: &[u16]) {
    let mut field = [0; FIELD_BYTES];
    let length = HEAD_BYTES + 2 * digits.len();
    field[..4].copy_from_slice(&(length as i32 - 4).to_be_bytes());
    for (bytes, word) in field[4..].chunks_exact_mut(2).zip(head.iter().chain(digits)) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    let end = out.len() + length;
    out.extend_from_slice(&field);
    out.truncate(end);
}

/// Writes the groups before and after `point`, and says where the first one is that may not be zero.
#[inline]
fn split(magnitude: u128, scale: u32, groups: &mut [u16; MAX_GROUPS + 1], point: usize) -> usize {
    if scale == AMOUNT_SCALE
        && let Ok(high) = u64::try_from(magnitude >> AMOUNT_SCALE)
    {
        let low = magnitude as u64 & ((1 << AMOUNT_SCALE) - 1);
        let fraction = (((high % AMOUNT_FIVES) << AMOUNT_SCALE) | low) * 10;
        fill_eight(&mut groups[point..point + 2], (fraction / 100_000_000) as u32);
        fill_eight(&mut groups[point + 2..], (fraction % 100_000_000) as u32);
        return fill(&mut groups[..point], u128::from(high / AMOUNT_FIVES));
    }
    let padding = 10u128.pow(scale.div_ceil(4) * 4 - scale);
    let unit = 10u128.pow(scale);
    fill(&mut groups[point..], magnitude % unit * padding);
    fill(&mut groups[..point], magnitude / unit)
}

/// Digits after the point of nearly all numbers that are written. With `10^15 = 2^15 * 5^15` their parts are a shift and a division by a
/// constant of 64 bits, where division of 128 bits is a slow library call.
const AMOUNT_SCALE: u32 = 15;
const AMOUNT_FIVES: u64 = 5u64.pow(AMOUNT_SCALE);

/// Writes eight decimal digits as two groups.
#[inline]
fn fill_eight(groups: &mut [u16], digits: u32) {
    groups[0] = (digits / BASE as u32) as u16;
    groups[1] = (digits % BASE as u32) as u16;
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
