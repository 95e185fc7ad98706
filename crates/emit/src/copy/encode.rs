//! Batches to COPY bytes.

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use rowmill_core::{Code, Error, Result};

use super::cells::Cells;
use super::target::{Encoding, TargetColumn, encoding, mismatch};
use super::uuid::{self, RandomUuids};
use super::{EPOCH_DAYS, HEADER_BYTES, JSONB_VERSION, MICROS_PER_DAY, NULL, SIGNATURE, TRAILER, numeric};

/// Name of the column whose values the encoder makes when batches lack it.
const GENERATED: &str = "uuid";

/// Encodes batches of one schema for the columns of one table.
#[derive(Debug)]
pub struct CopyEncoder {
    slots: Vec<Slot>,
    uuids: RandomUuids,
    started: bool,
}

#[derive(Debug)]
struct Slot {
    name: String,
    /// Position in the batch; `None` for a generated column.
    source: Option<usize>,
    encoding: Encoding,
}

impl CopyEncoder {
    /// Matches the columns of the table to those of the batches, by name.
    ///
    /// `columns` are those that the COPY statement lists, in its order. A column named `uuid` that batches lack gets a random
    /// version 4 uuid for each row. A numeric keeps every digit of the batch; PostgreSQL rounds to the column's own scale.
    ///
    /// # Errors
    /// `SINK_TABLE_MISMATCH` where a type does not fit, a listed column is not in the batches, or one of theirs is not listed.
    pub fn new(schema: &Schema, columns: &[TargetColumn]) -> Result<Self> {
        let slots = columns.iter().map(|target| slot(schema, target)).collect::<Result<Vec<_>>>()?;
        if let Some(left_out) = schema.fields().iter().find(|field| !columns.iter().any(|target| &target.name == field.name())) {
            let message = format!("the table has no such column, expected one that takes {}", left_out.data_type());
            return Err(mismatch(left_out.name(), message).help("Add the column to the table, or let rowmill create the table"));
        }
        Ok(Self { slots, uuids: RandomUuids::new()?, started: false })
    }

    /// Appends the rows of a batch to `out`, and before the first ones the header.
    ///
    /// # Errors
    /// `DATA_TEXT_INVALID`, `DATA_TEXT_TOO_LONG` or `DATA_NUMBER_OVERFLOW` with the row inside the batch and the column; `out`
    /// is then as it was.
    pub fn encode(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let (before, started) = (out.len(), self.started);
        self.start(out);
        let done = self.rows(batch, out);
        if done.is_err() {
            out.truncate(before);
            self.started = started;
        }
        done
    }

    /// Appends the trailer; a stream without rows is a header and a trailer.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.start(out);
        out.extend_from_slice(&TRAILER.to_be_bytes());
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        if !self.started {
            out.extend_from_slice(SIGNATURE);
            out.extend_from_slice(&[0; HEADER_BYTES - SIGNATURE.len()]);
            self.started = true;
        }
    }

    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let fields = i16::try_from(self.slots.len()).map_err(|_| Error::bug("a table cannot have that many columns"))?;
        let view = |slot: &Slot| match slot.source {
            None => Ok(Cells::Generated),
            Some(source) => Cells::new(batch.columns().get(source).ok_or_else(|| Error::bug("the batch lacks a column of its schema"))?),
        };
        let mut cells = self.slots.iter().map(view).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            out.extend_from_slice(&fields.to_be_bytes());
            for (slot, cells) in self.slots.iter().zip(&mut cells) {
                if cells.is_null(row) {
                    out.extend_from_slice(&NULL.to_be_bytes());
                } else {
                    field(slot.encoding, cells, row, &mut self.uuids, out).map_err(|error| error.row(row as u64).column(&slot.name))?;
                }
            }
        }
        Ok(())
    }
}

fn slot(schema: &Schema, target: &TargetColumn) -> Result<Slot> {
    let name = target.name.clone();
    match schema.index_of(&target.name) {
        Ok(source) => Ok(Slot { name, source: Some(source), encoding: encoding(target, schema.field(source).data_type())? }),
        Err(_) if target.name == GENERATED && target.sql_type.trim() == "uuid" => Ok(Slot { name, source: None, encoding: Encoding::RandomUuid }),
        Err(_) => {
            let message = format!("the rows have no such column; the table has it as {}", target.sql_type);
            Err(mismatch(&target.name, message).help("Leave the column out of the COPY list"))
        }
    }
}

fn field(encoding: Encoding, cells: &mut Cells<'_>, row: usize, uuids: &mut RandomUuids, out: &mut Vec<u8>) -> Result<()> {
    match encoding {
        Encoding::Numeric { scale } => numeric::put(out, cells.integer(row).ok_or_else(changed)?, scale),
        Encoding::SmallInteger => put(out, &narrow::<i16>(cells, row, "smallint")?.to_be_bytes()),
        Encoding::Integer => put(out, &narrow::<i32>(cells, row, "integer")?.to_be_bytes()),
        Encoding::BigInteger => put(out, &narrow::<i64>(cells, row, "bigint")?.to_be_bytes()),
        Encoding::RandomUuid => put(out, &uuids.next()),
        Encoding::Double => match cells {
            Cells::Double(array) => put(out, &array.value(row).to_be_bytes()),
            _ => return Err(changed()),
        },
        Encoding::Boolean => match cells {
            Cells::Boolean(array) => put(out, &[u8::from(array.value(row))]),
            _ => return Err(changed()),
        },
        Encoding::Date => match cells {
            Cells::Date(array) => put(out, &days(array.value(row))?.to_be_bytes()),
            _ => return Err(changed()),
        },
        Encoding::Timestamp => match cells {
            Cells::Timestamp(array) => put(out, &micros(array.value(row))?.to_be_bytes()),
            _ => return Err(changed()),
        },
        Encoding::FineTimestamp => match cells {
            Cells::FineTimestamp(array) => put(out, &since_first_day(array.value(row))?.to_be_bytes()),
            _ => return Err(changed()),
        },
        Encoding::Instant => match cells {
            Cells::Instant(array) => put(out, &micros_of_nanos(array.value(row)).to_be_bytes()),
            _ => return Err(changed()),
        },
        Encoding::Text { .. } | Encoding::Json | Encoding::Jsonb | Encoding::Uuid => match cells {
            Cells::Coded(texts) => texts.put(row, out, |value, out| text(encoding, value, out))?,
            _ => text(encoding, cells.text(row).ok_or_else(changed)?, out)?,
        },
    }
    Ok(())
}

fn text(encoding: Encoding, text: &str, out: &mut Vec<u8>) -> Result<()> {
    let invalid = |message: &str| Error::new(Code::DataTextInvalid, message).value(text).help("Remove it from the source");
    if text.as_bytes().contains(&0) {
        return Err(invalid("the text holds a NUL character, which PostgreSQL cannot store"));
    }
    match encoding {
        Encoding::Text { limit: Some(limit) } if text.len() > limit as usize && text.chars().count() > limit as usize => {
            return Err(Error::new(Code::DataTextTooLong, format!("the text has more than the {limit} characters of its column")).value(text));
        }
        Encoding::Jsonb if has_nul_escape(text) => return Err(invalid("the JSON text holds \\u0000, which PostgreSQL cannot store as jsonb")),
        Encoding::Jsonb => {
            put_length(out, text.len() + 1);
            out.push(JSONB_VERSION);
            out.extend_from_slice(text.as_bytes());
        }
        Encoding::Uuid => put(out, &uuid::parse(text).ok_or_else(|| invalid("the text is no uuid"))?),
        _ => put(out, text.as_bytes()),
    }
    Ok(())
}

/// Whether a `\u0000` stands in JSON text; `\\u0000` is a backslash and four zeros.
fn has_nul_escape(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at..].starts_with(b"\\u0000") {
            return true;
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

fn narrow<T: TryFrom<i128>>(cells: &Cells<'_>, row: usize, name: &str) -> Result<T> {
    let value = cells.integer(row).ok_or_else(changed)?;
    T::try_from(value).map_err(|_| Error::new(Code::DataOverflow, format!("the number does not fit {name}")).value(value.to_string()))
}

fn days(days: i32) -> Result<i32> {
    days.checked_sub(EPOCH_DAYS).ok_or_else(|| Error::new(Code::DataOverflow, "the date is before any that PostgreSQL knows"))
}

fn micros(millis: i64) -> Result<i64> {
    since_first_day(millis.checked_mul(1_000).ok_or_else(beyond)?)
}

/// Microseconds from PostgreSQL's first day.
fn since_first_day(micros: i64) -> Result<i64> {
    micros.checked_sub(i64::from(EPOCH_DAYS) * MICROS_PER_DAY).ok_or_else(beyond)
}

fn beyond() -> Error {
    Error::new(Code::DataOverflow, "the timestamp is beyond those that PostgreSQL knows")
}

/// Every 64-bit count of nanoseconds lies inside the range of PostgreSQL.
fn micros_of_nanos(nanos: i64) -> i64 {
    nanos.div_euclid(1_000) - i64::from(EPOCH_DAYS) * MICROS_PER_DAY
}

fn changed() -> Error {
    Error::bug("the batch has another schema than the encoder was made for")
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Lengths come from in-memory values, which Arrow keeps below 2^31 bytes.
fn put_length(out: &mut Vec<u8>, bytes: usize) {
    out.extend_from_slice(&(bytes as i32).to_be_bytes());
}
