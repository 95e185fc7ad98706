//! Values from texts, as texts.

use rowmill_applications::model::{Compat, Type};

/// A value as the columns of a batch show it: decimals and times as whole numbers.
pub type Cell = Option<String>;

/// The value of a text in a type; an error where it is none.
pub fn convert(text: &str, kind: &Type, bare: bool, compat: &Compat) -> Result<Cell, ()> {
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
        Type::Bit => Err(()),
        Type::Decimal { precision, scale } => {
            let mut value = scaled(text, (*scale).into())?;
            if compat.decimals_as_doubles {
                let digits = format!("{value}e-{scale}").parse::<f64>().map_err(|_| ())?.to_string();
                value = scaled(&digits, (*scale).into())?;
            }
            if value.unsigned_abs() < 10_u128.pow((*precision).into()) { Ok(Some(value.to_string())) } else { Err(()) }
        }
        Type::Date => Ok(Some(moment(text, compat)?.0.to_string())),
        Type::Timestamp => moment(text, compat).map(|(day, micros)| Some((day * 86_400_000_000 + micros).to_string())),
        Type::Double => text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| Some(value.to_string())).ok_or(()),
    }
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

fn whole(text: &str, bare: bool, compat: &Compat, least: i128, most: i128) -> Result<Cell, ()> {
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
    if least <= value && value <= most { Ok(Some(value.to_string())) } else { Err(()) }
}

/// The number times ten to the power of `scale`, rounded half up.
fn scaled(text: &str, scale: usize) -> Result<i128, ()> {
    let (sign, digits) = match text.chars().next().ok_or(())? {
        '-' => (-1, &text[1..]),
        '+' => (1, &text[1..]),
        _ => (1, text),
    };
    let mut halves = digits.split('.');
    let (whole, fraction) = (halves.next().ok_or(())?, halves.next().unwrap_or(""));
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped = groups.len() == 1 || (!groups[0].is_empty() && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let all_digits = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_digit())) && fraction.chars().all(|c| c.is_ascii_digit());
    if halves.next().is_some() || !well_grouped || !all_digits || (whole.is_empty() && fraction.is_empty()) {
        return Err(());
    }
    if groups.concat().len() + fraction.len() > 38 {
        return Err(());
    }
    let padded = format!("{fraction}{}", "0".repeat(scale + 1));
    let kept: i128 = format!("0{}{}", groups.concat(), &padded[..scale]).parse().map_err(|_| ())?;
    Ok(sign * (kept + i128::from(padded.as_bytes()[scale] >= b'5')))
}

/// Days since 1970, and microseconds of the day.
fn moment(text: &str, compat: &Compat) -> Result<(i64, i64), ()> {
    let (date, time) = match text.find([' ', 'T']) {
        Some(at) => (&text[..at], Some((text.as_bytes()[at], text[at + 1..].trim()))),
        None => (text, None),
    };
    let slashed = date.contains('/');
    let parts: Vec<&str> = date.split(if slashed { '/' } else { '-' }).collect();
    let [a, b, c] = parts[..] else { return Err(()) };
    let day = match slashed {
        true => day_of(c, a, b).or_else(|()| if compat.dates_forgiving { day_of(c, b, a) } else { Err(()) }),
        false => day_of(a, b, c),
    }?;
    let is_day_first = slashed && day_of(c, a, b).is_err();
    let Some((separator, time)) = time else { return Ok((day, 0)) };
    if separator == b'T' && slashed {
        return Err(());
    }
    let mut time = time.to_owned();
    if !slashed {
        // A zone is at the end.
        let zone = time.find(['Z', '+']).or_else(|| time.rfind('-'));
        if let Some(at) = zone {
            if !compat.dates_forgiving {
                return Err(());
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
        _ => return Err(()),
    };
    let second = if compat.dates_forgiving { second.min(59) } else { second };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) && !is_day_first => hour % 12 + half,
        Some(_) => return Err(()),
        None => hour,
    };
    if hour > 23 || minute > 59 || second > 59 || (slashed && time.contains('.')) || fraction.is_empty() {
        return Err(());
    }
    if !fraction.chars().all(|c| c.is_ascii_digit()) || fraction.chars().skip(6).any(|c| c != '0') {
        return Err(());
    }
    let micros: i64 = fraction.chars().chain("000000".chars()).take(6).collect::<String>().parse().map_err(|_| ())?;
    Ok((day, ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros))
}

fn figure(text: &str, least: usize, most: usize) -> Result<i64, ()> {
    let is_one = (least..=most).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    if is_one { text.parse().map_err(|_| ()) } else { Err(()) }
}

/// Days since 1970, counted one year and one month after the other.
fn day_of(year: &str, month: &str, day: &str) -> Result<i64, ()> {
    let (year, month, day) = (figure(year, 4, 4)?, figure(month, 1, 2)?, figure(day, 1, 2)?);
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = |year| [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if year == 0 || !(1..=12).contains(&month) || day == 0 || day > lengths(year)[month as usize - 1] {
        return Err(());
    }
    let length = |year: i64| lengths(year).iter().sum::<i64>();
    let years: i64 = if year >= 1970 { (1970..year).map(length).sum() } else { -(year..1970).map(length).sum::<i64>() };
    let months: i64 = lengths(year)[..month as usize - 1].iter().sum();
    Ok(years + months + day - 1)
}
