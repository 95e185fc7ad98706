//! Types of columns, and their written form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Type of a column. In a contract it is written as `text`, `text(80)`, `smallint`, `tinyint`, `int`, `bigint`, `decimal(12,2)`, `bit`, `date`,
/// `timestamp` or `double`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text of at most so many characters; without a length it is as long as it likes. -1 is as long as it likes, too (see the compat switches).
    Text {
        /// Most characters, or -1.
        length: Option<i32>,
    },
    /// -32768 to 32767.
    SmallInt,
    /// 0 to 255.
    TinyInt,
    /// 32 bits with a sign.
    Int,
    /// 64 bits with a sign.
    BigInt,
    /// A decimal of `precision` digits, `scale` of them behind the point.
    Decimal {
        /// Digits in all, from 1 to 38.
        precision: u8,
        /// Digits behind the point, at most `precision`.
        scale: u8,
    },
    /// 0 or 1.
    Bit,
    /// A calendar day.
    Date,
    /// A date and time without a zone, to the microsecond.
    Timestamp,
    /// A binary floating-point number.
    Double,
}

impl FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!("{text:?} is not a type; known are text, text(80), smallint, tinyint, int, bigint, decimal(12,2), bit, date, timestamp, double")
        };
        let (name, arguments) = match text.split_once('(') {
            Some((name, rest)) => (name.trim(), Some(rest.strip_suffix(')').ok_or_else(refused)?)),
            None => (text, None),
        };
        match (name, arguments) {
            ("text", None) => Ok(Self::Text { length: None }),
            ("text", Some(length)) => match length.trim().parse() {
                Ok(length) if length == -1 || length > 0 => Ok(Self::Text { length: Some(length) }),
                _ => Err(refused()),
            },
            ("decimal", Some(arguments)) => {
                let (precision, scale) = arguments.split_once(',').ok_or_else(refused)?;
                let (precision, scale) = (precision.trim().parse().map_err(|_| refused())?, scale.trim().parse().map_err(|_| refused())?);
                if precision == 0 || precision > 38 || scale > precision {
                    return Err(format!("{text:?}: a decimal has 1 to 38 digits, and not more behind the point than in all"));
                }
                Ok(Self::Decimal { precision, scale })
            }
            ("smallint", None) => Ok(Self::SmallInt),
            ("tinyint", None) => Ok(Self::TinyInt),
            ("int", None) => Ok(Self::Int),
            ("bigint", None) => Ok(Self::BigInt),
            ("bit", None) => Ok(Self::Bit),
            ("date", None) => Ok(Self::Date),
            ("timestamp", None) => Ok(Self::Timestamp),
            ("double", None) => Ok(Self::Double),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { length: None } => f.write_str("text"),
            Self::Text { length: Some(length) } => write!(f, "text({length})"),
            Self::SmallInt => f.write_str("smallint"),
            Self::TinyInt => f.write_str("tinyint"),
            Self::Int => f.write_str("int"),
            Self::BigInt => f.write_str("bigint"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Bit => f.write_str("bit"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Double => f.write_str("double"),
        }
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
