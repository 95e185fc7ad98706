//! Types of the table that is written to, and which batch columns fit them.

use arrow_schema::{DataType, TimeUnit};
use rowmill_core::{Code, Error, Result};

/// A column of the table that is written to, as the database describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetColumn {
    /// Name.
    pub name: String,
    /// Type as PostgreSQL's `format_type` prints it, for example `numeric(33,15)` or `character varying(253)`.
    pub sql_type: String,
}

/// How the values of one column become fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// From decimals or integers; `scale` is that of the source.
    Numeric {
        scale: u8,
    },
    SmallInteger,
    Integer,
    BigInteger,
    Double,
    Boolean,
    Date,
    /// From milliseconds.
    Timestamp,
    /// From microseconds.
    FineTimestamp,
    /// From nanoseconds in UTC, of which PostgreSQL keeps microseconds: finer digits are cut off.
    Instant,
    /// `limit` in characters, `None` without one.
    Text {
        limit: Option<u32>,
    },
    Json,
    Jsonb,
    Uuid,
    /// A random uuid for each row; takes nothing from the batch.
    RandomUuid,
}

/// Decimal digits after the point that an `i128` can be split at without overflow.
const MAX_SCALE: i8 = 35;

/// The encoding of a batch column of this type for this target.
pub(super) fn encoding(target: &TargetColumn, found: &DataType) -> Result<Encoding> {
    let (name, limit) = split_type(&target.sql_type);
    let value = match found {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    };
    let is_text = matches!(value, DataType::Utf8 | DataType::LargeUtf8);
    let encoding = match (name, found) {
        ("numeric" | "decimal", DataType::Decimal128(_, scale)) if (0..=MAX_SCALE).contains(scale) => {
            Some(Encoding::Numeric { scale: scale.unsigned_abs() })
        }
        ("numeric" | "decimal", DataType::Int32 | DataType::Int64) => Some(Encoding::Numeric { scale: 0 }),
        ("smallint" | "int2", DataType::Int32 | DataType::Int64) => Some(Encoding::SmallInteger),
        ("integer" | "int" | "int4", DataType::Int32 | DataType::Int64) => Some(Encoding::Integer),
        ("bigint" | "int8", DataType::Int32 | DataType::Int64) => Some(Encoding::BigInteger),
        ("double precision" | "float8", DataType::Float64) => Some(Encoding::Double),
        ("boolean" | "bool", DataType::Boolean) => Some(Encoding::Boolean),
        ("date", DataType::Date32) => Some(Encoding::Date),
        ("timestamp without time zone" | "timestamp", DataType::Timestamp(TimeUnit::Millisecond, None)) => Some(Encoding::Timestamp),
        ("timestamp without time zone" | "timestamp", DataType::Timestamp(TimeUnit::Microsecond, None)) => Some(Encoding::FineTimestamp),
        ("timestamp with time zone" | "timestamptz", DataType::Timestamp(TimeUnit::Nanosecond, Some(_))) => Some(Encoding::Instant),
        ("text", _) if is_text => Some(Encoding::Text { limit: None }),
        ("character varying" | "varchar", _) if is_text => Some(Encoding::Text { limit }),
        ("json", _) if is_text => Some(Encoding::Json),
        ("jsonb", _) if is_text => Some(Encoding::Jsonb),
        ("uuid", _) if is_text => Some(Encoding::Uuid),
        _ => None,
    };
    encoding.ok_or_else(|| {
        mismatch(&target.name, format!("the table's column has type {}, expected one that takes {found}", target.sql_type))
            .help("Change the column's type, or let rowmill create the table")
    })
}

/// A table that does not fit the rows.
pub(super) fn mismatch(column: &str, message: String) -> Error {
    Error::new(Code::SinkTableMismatch, message).column(column)
}

/// `character varying(253)` is `character varying` and 253; a second argument is left out.
fn split_type(sql_type: &str) -> (&str, Option<u32>) {
    match sql_type.split_once('(') {
        None => (sql_type.trim(), None),
        Some((name, arguments)) => {
            let first = arguments.split([',', ')']).next().and_then(|digits| digits.trim().parse().ok());
            // `timestamp(3) without time zone` has its argument in the middle.
            let is_timestamp = name.trim() == "timestamp" && !arguments.contains("with time zone");
            (if is_timestamp { "timestamp" } else { name.trim() }, first)
        }
    }
}
