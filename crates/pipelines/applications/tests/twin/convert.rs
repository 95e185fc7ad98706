//! Values from texts, as texts.

use rowmill_applications::model::{Compat, Type};

/// A value as the columns of a batch show it: decimals and times as whole numbers.
pub type Cell = Option<String>;

/// Why a text is no value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wrong {
    Unreadable,
    TooLarge,
}
use Wrong::{TooLarge, Unreadable};

/// The value of a text in a type; an error where it is none.
pub fn convert(text: &str, kind: &Type, bare: bool, compat: &Compat) -> Result<Cell, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match kind {
        Type::Text { length } => Ok(cut(text, *length, compat)),
        Type::SmallInt => whole(text, bare, compat, -32_768, 32_767),
        Type::TinyInt => whole(text, bare, compat, 0, 255),
        Type::Int => whole(text, bare, compat, -2_147_483_648, 2_147_483_647),
        Type::BigInt => whole(text, bare, compat, i64::MIN.into(), i64::MAX.into()),
        Type::Bit if bare && compat.any_text_is_one => Ok(Some("1".into())),
        Type::Bit if text == "0" || text == "1" => Ok(Some(text.into())),
        Type::Bit => Err(Unreadable),
        Type::Decimal { precision, scale } => {
            let mut value = scaled(&if compat.decimals_as_doubles { written_out(text)? } else { text.to_owned() }, (*scale).into())?;
            if compat.decimals_as_doubles {
                let digits = format!("{value}e-{scale}").parse::<f64>().map_err(|_| Unreadable)?.to_string();
                value = scaled(&digits, (*scale).into())?;
            }
            if value.unsigned_abs() < 10_u128.pow((*precision).into()) { Ok(Some(value.to_string())) } else { Err(TooLarge) }
        }
        Type::Date => Ok(Some(moment(text, compat)?.0.to_string())),
        Type::Timestamp => moment(text, compat).map(|(day, micros)| Some((day * 86_400_000_000 + micros).to_string())),
        Type::Double => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value.to_string())),
            Ok(_) => Err(TooLarge),
            Err(_) => Err(Unreadable),
        },
    }
}

/// A number of old without its exponent: its digits with the point moved, zeros where there are none.
fn written_out(text: &str) -> Result<String, Wrong> {
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "nan" | "+nan" | "-nan") {
        return Err(TooLarge);
    }
    let Some((digits, exponent)) = lower.split_once('e') else { return Ok(lower) };
    let exponent: i32 = exponent.parse().map_err(|_| Unreadable)?;
    scaled(digits, 0)?;
    let (sign, digits) = digits.split_at(usize::from(digits.starts_with(['-', '+'])));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let zeros = "0".repeat(exponent.unsigned_abs() as usize);
    let all = format!("{zeros}{}{fraction}{zeros}", whole.replace(',', ""));
    let at = (zeros.len() + whole.replace(',', "").len()) as i32 + exponent;
    let (whole, fraction) = all.split_at(at as usize);
    let whole = whole.trim_start_matches('0');
    Ok(format!("{sign}{}.{fraction}", if whole.is_empty() { "0" } else { whole }))
}

fn cut(text: &str, length: Option<i32>, compat: &Compat) -> Cell {
    let mut characters: Vec<char> = text.chars().collect();
    match length {
        Some(-1) if compat.length_minus_one_chops => {
            characters.pop();
        }
        Some(length) if length > 0 => characters.truncate(length as usize),
        _ => {}
    }
    let text = characters.into_iter().collect::<String>().trim().to_owned();
    if text.is_empty() { None } else { Some(text) }
}

fn whole(text: &str, bare: bool, compat: &Compat, least: i128, most: i128) -> Result<Cell, Wrong> {
    let value = if bare && compat.ints_first_run && !text.chars().all(|c| c.is_ascii_digit()) {
        let Some(from) = text.find(|c: char| c.is_ascii_digit()) else { return Ok(None) };
        let mut number = String::new();
        for c in text[from..].chars() {
            if c.is_ascii_digit() || (c == '.' && !number.contains('.')) {
                number.push(c);
            } else {
                break;
            }
        }
        scaled(number.trim_end_matches('.'), 0)?
    } else {
        scaled(text, 0)?
    };
    if least <= value && value <= most { Ok(Some(value.to_string())) } else { Err(TooLarge) }
}

/// The number times ten to the power of `scale`, rounded half up.
fn scaled(text: &str, scale: usize) -> Result<i128, Wrong> {
    let (sign, digits) = match text.chars().next().ok_or(Unreadable)? {
        '-' => (-1, &text[1..]),
        '+' => (1, &text[1..]),
        _ => (1, text),
    };
    let mut halves = digits.split('.');
    let (whole, fraction) = (halves.next().ok_or(Unreadable)?, halves.next().unwrap_or(""));
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped = groups.len() == 1 || (!groups[0].is_empty() && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let all_digits = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_digit())) && fraction.chars().all(|c| c.is_ascii_digit());
    if halves.next().is_some() || !well_grouped || !all_digits || (whole.is_empty() && fraction.is_empty()) {
        return Err(Unreadable);
    }
    if groups.concat().len() > 38 {
        return Err(TooLarge);
    }
    let padded = format!("{fraction}{}", "0".repeat(scale + 1));
    let kept: i128 = format!("0{}{}", groups.concat(), &padded[..scale]).parse().map_err(|_| TooLarge)?;
    Ok(sign * (kept + i128::from(padded.as_bytes()[scale] >= b'5')))
}

/// Days since 1970, and microseconds of the day.
fn moment(text: &str, compat: &Compat) -> Result<(i64, i64), Wrong> {
    let (date, time) = match text.find([' ', 'T']) {
        Some(at) => (&text[..at], Some((text.as_bytes()[at], text[at + 1..].trim()))),
        None => (text, None),
    };
    let slashed = date.contains('/');
    let parts: Vec<&str> = date.split(if slashed { '/' } else { '-' }).collect();
    let [a, b, c] = parts[..] else { return Err(Unreadable) };
    let day = match slashed {
        true => day_of(c, a, b).or_else(|_| if compat.dates_forgiving { day_of(c, b, a) } else { Err(Unreadable) }),
        false => day_of(a, b, c),
    }?;
    let is_day_first = slashed && day_of(c, a, b).is_err();
    let Some((separator, time)) = time else { return Ok((day, 0)) };
    if separator == b'T' && slashed {
        return Err(Unreadable);
    }
    let mut time = time.to_owned();
    if !slashed {
        // A zone is at the end.
        let zone = time.find(['Z', '+']).or_else(|| time.rfind('-'));
        if let Some(at) = zone {
            if !compat.dates_forgiving {
                return Err(Unreadable);
            }
            time.truncate(at);
        }
    }
    let upper = time.to_uppercase();
    let half = if slashed && upper.ends_with("AM") {
        Some(0)
    } else if slashed && upper.ends_with("PM") {
        Some(12)
    } else {
        None
    };
    let clock = if half.is_some() { time[..time.len() - 2].trim() } else { time.trim() };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fields: Vec<i64> = clock.split(':').map(|field| figure(field, 1, 2)).collect::<Result<_, _>>()?;
    let (hour, minute, second) = match fields[..] {
        [hour, minute, second] => (hour, minute, second),
        [hour, minute] if separator == b'T' => (hour, minute, 0),
        _ => return Err(Unreadable),
    };
    let second = if compat.dates_forgiving { second.min(59) } else { second };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) && !is_day_first => hour % 12 + half,
        Some(_) => return Err(Unreadable),
        None => hour,
    };
    if hour > 23 || minute > 59 || second > 59 || (slashed && time.contains('.')) || fraction.is_empty() {
        return Err(Unreadable);
    }
    if !fraction.chars().all(|c| c.is_ascii_digit()) || fraction.chars().skip(6).any(|c| c != '0' || compat.dates_forgiving) {
        return Err(Unreadable);
    }
    let micros: i64 = fraction.chars().chain("000000".chars()).take(6).collect::<String>().parse().map_err(|_| Unreadable)?;
    Ok((day, ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros))
}

fn figure(text: &str, least: usize, most: usize) -> Result<i64, Wrong> {
    let is_one = (least..=most).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    if is_one { text.parse().map_err(|_| Unreadable) } else { Err(Unreadable) }
}

/// Days since 1970, counted one year and one month after the other.
fn day_of(year: &str, month: &str, day: &str) -> Result<i64, Wrong> {
    let (year, month, day) = (figure(year, 4, 4)?, figure(month, 1, 2)?, figure(day, 1, 2)?);
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = |year| [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if year == 0 || !(1..=12).contains(&month) || day == 0 || day > lengths(year)[month as usize - 1] {
        return Err(Unreadable);
    }
    let length = |year: i64| lengths(year).iter().sum::<i64>();
    let years: i64 = if year >= 1970 { (1970..year).map(length).sum() } else { -(year..1970).map(length).sum::<i64>() };
    let months: i64 = lengths(year)[..month as usize - 1].iter().sum();
    Ok(years + months + day - 1)
}
