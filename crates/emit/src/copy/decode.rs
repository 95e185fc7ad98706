//! COPY bytes to batches.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Decimal128Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder, TimestampNanosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema, SchemaRef};
use rowmill_core::{Code, Error, Result, SqlType};

use super::{EPOCH_DAYS, HEADER_BYTES, JSONB_VERSION, MICROS_PER_DAY, NULL, SIGNATURE, TRAILER, numeric, uuid};

/// Bit 16 of the flags announces a hidden column; bits above it are for changes we cannot read.
const FLAGS_UNKNOWN: u32 = 0xFFFF_0000;
/// Text bytes after which a batch is full, whatever its rows.
const BATCH_BYTES: usize = 16 << 20;

/// Decodes a binary COPY stream that arrives in pieces of any size.
///
/// Columns arrive in Arrow types of [`SqlType::arrow`]: numbers as decimals, uuids and JSON as text.
#[derive(Debug)]
pub struct CopyDecoder {
    schema: SchemaRef,
    columns: Vec<Decoding>,
    rows_per_batch: usize,
    /// Bytes that do not make a whole tuple yet.
    pending: Vec<u8>,
    stage: Stage,
    rows: u64,
    rows_in_batch: usize,
    text_bytes: usize,
    done: VecDeque<RecordBatch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Header,
    Tuples,
    Ended,
}

#[derive(Debug)]
struct Decoding {
    name: String,
    sql: SqlType,
    builder: Builder,
}

#[derive(Debug)]
enum Builder {
    Integer(Int32Builder),
    Bigint(Int64Builder),
    Double(Float64Builder),
    Instant(TimestampNanosecondBuilder),
    Date(Date32Builder),
    Decimal(Decimal128Builder),
    Text(StringBuilder),
}

impl CopyDecoder {
    /// A decoder for these columns, in the order of the COPY statement. Batches hold at most `rows_per_batch` rows.
    pub fn new(columns: &[(String, SqlType)], rows_per_batch: usize) -> Self {
        let fields: Vec<Field> = columns.iter().map(|(name, sql)| Field::new(name, sql.arrow(), true)).collect();
        let columns = columns.iter().map(|(name, sql)| Decoding { name: name.clone(), sql: *sql, builder: Builder::new(*sql) }).collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            columns,
            rows_per_batch: rows_per_batch.max(1),
            pending: Vec::new(),
            stage: Stage::Header,
            rows: 0,
            rows_in_batch: 0,
            text_bytes: 0,
            done: VecDeque::new(),
        }
    }

    /// Schema of the batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Takes in the next bytes. Full batches wait for [`CopyDecoder::take_batches`].
    ///
    /// # Errors
    /// `SINK_COPY_INVALID` for bytes that are not such a stream; `DATA_NUMBER_NOT_FINITE` and `DATA_NUMBER_OVERFLOW` for values
    /// that the columns cannot hold exactly. Row and column are named. The decoder is of no use afterwards.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        if self.pending.is_empty() {
            let used = self.consume(bytes)?;
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(bytes);
            let used = self.consume(&pending)?;
            pending.drain(..used);
            self.pending = pending;
        }
        Ok(())
    }

    /// The batches that are full by now.
    pub fn take_batches(&mut self) -> Vec<RecordBatch> {
        self.done.drain(..).collect()
    }

    /// The last batches, once everything was fed.
    ///
    /// # Errors
    /// `SINK_COPY_INVALID` where the stream has no end.
    pub fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        if self.stage != Stage::Ended {
            let message = format!("the stream breaks off after {} rows", self.rows);
            return Err(invalid(message).help("The connection was probably lost; run again"));
        }
        self.flush()?;
        Ok(self.take_batches())
    }

    /// Rows decoded so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Decodes what is complete and says how many bytes that was.
    fn consume(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let step = match self.stage {
                Stage::Header => self.header(rest)?,
                Stage::Tuples => self.tuple(rest).map_err(|error| error.row(self.rows))?,
                Stage::Ended if rest.is_empty() => None,
                Stage::Ended => return Err(invalid("bytes follow the end of the stream")),
            };
            match step {
                Some(step) => used += step,
                None => return Ok(used),
            }
        }
    }

    fn header(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let seen = bytes.len().min(SIGNATURE.len());
        if bytes[..seen] != SIGNATURE[..seen] {
            return Err(invalid("the stream does not begin with the signature of binary COPY"));
        }
        if bytes.len() < HEADER_BYTES {
            return Ok(None);
        }
        let mut words = Words(&bytes[SIGNATURE.len()..HEADER_BYTES]);
        let (flags, extension) = (words.i32().unwrap_or(0) as u32, words.i32().unwrap_or(-1));
        if flags & FLAGS_UNKNOWN != 0 {
            return Err(invalid(format!("the stream has flags {flags:#x}, which are unknown")));
        }
        let length = HEADER_BYTES + usize::try_from(extension).map_err(|_| invalid("the header has a negative length"))?;
        if bytes.len() < length {
            return Ok(None);
        }
        self.stage = Stage::Tuples;
        Ok(Some(length))
    }

    fn tuple(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let Some(length) = self.tuple_bytes(bytes)? else { return Ok(None) };
        if self.stage == Stage::Ended {
            return Ok(Some(length));
        }
        let mut words = Words(&bytes[2..length]);
        for column in &mut self.columns {
            let field_bytes = words.i32().unwrap_or(NULL);
            let field = usize::try_from(field_bytes).ok().and_then(|length| words.take(length));
            self.text_bytes += field.map_or(0, <[u8]>::len);
            column.append(field).map_err(|error| error.column(&column.name))?;
        }
        self.rows += 1;
        self.rows_in_batch += 1;
        if self.rows_in_batch >= self.rows_per_batch || self.text_bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(Some(length))
    }

    /// Length of the tuple (or trailer) at the head of `bytes`, once all of it is there.
    fn tuple_bytes(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let mut words = Words(bytes);
        let Some(fields) = words.i16() else { return Ok(None) };
        if fields == TRAILER {
            self.stage = Stage::Ended;
            return Ok(Some(2));
        }
        if usize::try_from(fields) != Ok(self.columns.len()) {
            return Err(invalid(format!("a row has {fields} fields, expected {}", self.columns.len())));
        }
        for _ in 0..fields {
            let Some(length) = words.i32() else { return Ok(None) };
            if length < NULL {
                return Err(invalid(format!("a field has length {length}")));
            }
            if words.take(usize::try_from(length).unwrap_or(0)).is_none() {
                return Ok(None);
            }
        }
        Ok(Some(bytes.len() - words.0.len()))
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows_in_batch == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(|column| column.builder.finish(column.sql)).collect::<Result<Vec<_>>>()?;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|error| Error::bug(error.to_string()))?;
        self.done.push_back(batch);
        self.rows_in_batch = 0;
        self.text_bytes = 0;
        Ok(())
    }
}

impl Builder {
    fn new(sql: SqlType) -> Self {
        match sql {
            SqlType::Integer => Builder::Integer(Int32Builder::new()),
            SqlType::Bigint => Builder::Bigint(Int64Builder::new()),
            SqlType::Double => Builder::Double(Float64Builder::new()),
            SqlType::TimestampTz => Builder::Instant(TimestampNanosecondBuilder::new().with_data_type(sql.arrow())),
            SqlType::Date => Builder::Date(Date32Builder::new()),
            SqlType::Numeric { .. } => Builder::Decimal(Decimal128Builder::new().with_data_type(sql.arrow())),
            SqlType::Uuid | SqlType::Varchar { .. } | SqlType::Text | SqlType::Jsonb => Builder::Text(StringBuilder::new()),
        }
    }

    fn finish(&mut self, sql: SqlType) -> Result<ArrayRef> {
        Ok(match self {
            Builder::Integer(builder) => Arc::new(builder.finish()),
            Builder::Bigint(builder) => Arc::new(builder.finish()),
            Builder::Double(builder) => Arc::new(builder.finish()),
            Builder::Instant(builder) => Arc::new(builder.finish()),
            Builder::Date(builder) => Arc::new(builder.finish()),
            Builder::Decimal(builder) => Arc::new(builder.finish().with_data_type(sql.arrow())),
            Builder::Text(builder) => Arc::new(builder.finish()),
        })
    }
}

impl Decoding {
    fn append(&mut self, field: Option<&[u8]>) -> Result<()> {
        match (&mut self.builder, self.sql) {
            (Builder::Integer(builder), _) => builder.append_option(field.map(integer).transpose()?),
            (Builder::Bigint(builder), _) => builder.append_option(field.map(bigint).transpose()?),
            (Builder::Double(builder), _) => builder.append_option(field.map(bigint).transpose()?.map(|bits| f64::from_bits(bits as u64))),
            (Builder::Instant(builder), _) => builder.append_option(field.map(instant).transpose()?),
            (Builder::Date(builder), _) => builder.append_option(field.map(date).transpose()?),
            (Builder::Decimal(builder), SqlType::Numeric { precision, scale }) => {
                builder.append_option(field.map(|field| numeric::get(field, precision, scale)).transpose()?);
            }
            (Builder::Decimal(_), _) => return Err(Error::bug("a decimal column without precision")),
            (Builder::Text(builder), SqlType::Uuid) => builder.append_option(field.map(uuid_text).transpose()?),
            (Builder::Text(builder), SqlType::Jsonb) => builder.append_option(field.map(jsonb).transpose()?),
            (Builder::Text(builder), _) => builder.append_option(field.map(text).transpose()?),
        }
        Ok(())
    }
}

fn integer(field: &[u8]) -> Result<i32> {
    field.try_into().map(i32::from_be_bytes).map_err(|_| invalid(format!("an integer has {} bytes, expected 4", field.len())))
}

/// Eight bytes, big-endian: an integer, or the bits of a double.
fn bigint(field: &[u8]) -> Result<i64> {
    field.try_into().map(i64::from_be_bytes).map_err(|_| invalid(format!("a value has {} bytes, expected 8", field.len())))
}

/// Nanoseconds since 1970-01-01T00:00:00Z.
fn instant(field: &[u8]) -> Result<i64> {
    let since_epoch = |micros: i64| micros.checked_add(i64::from(EPOCH_DAYS) * MICROS_PER_DAY)?.checked_mul(1_000);
    match bigint(field)? {
        i64::MIN | i64::MAX => Err(Error::new(Code::DataNotFinite, "the timestamp is infinite")),
        micros => since_epoch(micros).ok_or_else(|| Error::new(Code::DataOverflow, "the timestamp is out of range")),
    }
}

fn date(field: &[u8]) -> Result<i32> {
    match integer(field)? {
        i32::MIN | i32::MAX => Err(Error::new(Code::DataNotFinite, "the date is infinite")),
        days => days.checked_add(EPOCH_DAYS).ok_or_else(|| Error::new(Code::DataOverflow, "the date is out of range")),
    }
}

fn uuid_text(field: &[u8]) -> Result<String> {
    field.try_into().map(uuid::format).map_err(|_| invalid(format!("a uuid has {} bytes, expected 16", field.len())))
}

fn jsonb(field: &[u8]) -> Result<&str> {
    match field.split_first() {
        Some((&JSONB_VERSION, json)) => text(json),
        _ => Err(invalid("a jsonb field has an unknown version")),
    }
}

fn text(field: &[u8]) -> Result<&str> {
    std::str::from_utf8(field).map_err(|_| invalid("a text is not UTF-8").help("Set client_encoding to UTF8"))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(Code::SinkCopyInvalid, message)
}

/// Big-endian words from the head of a slice.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(bytes)?;
        self.0 = tail;
        Some(head)
    }

    fn i16(&mut self) -> Option<i16> {
        self.take(2)?.try_into().ok().map(i16::from_be_bytes)
    }

    fn i32(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_be_bytes)
    }
}
