//! Events and their companions as files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression as Codec;
use parquet::file::properties::WriterProperties;
use rowmill_core::{Code, Error, Result};

use super::events::{COLUMNS, Event, TEXT};
use super::spec::OrdersFormat;
use crate::files::write_failed;

/// Bytes and rows that are gathered before they are written.
const BUFFER_BYTES: usize = 1 << 20;
const BATCH_ROWS: usize = 65_536;

/// A text file of lines.
pub(super) struct Lines {
    path: PathBuf,
    out: Out,
    /// The lines that are not written yet.
    pub(super) text: Vec<u8>,
    pub(super) bytes: u64,
}

enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Lines {
    pub(super) fn create(path: &Path, gzip: bool) -> Result<Self> {
        let file = BufWriter::new(create(path)?);
        let out = if gzip { Out::Gzip(Box::new(GzEncoder::new(file, Compression::default()))) } else { Out::Plain(file) };
        Ok(Self { path: path.to_owned(), out, text: Vec::with_capacity(BUFFER_BYTES + 1024), bytes: 0 })
    }

    /// Adds the values of a line, separated by commas.
    pub(super) fn line(&mut self, values: &[&dyn std::fmt::Display]) -> Result<()> {
        for (at, value) in values.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(self.text, "{comma}{value}").map_err(|error| write_failed(&self.path, &error))?;
        }
        self.text.push(b'\n');
        self.line_done()
    }

    /// Call when a line is complete.
    pub(super) fn line_done(&mut self) -> Result<()> {
        if self.text.len() < BUFFER_BYTES { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        self.bytes += self.text.len() as u64;
        let written = match &mut self.out {
            Out::Plain(out) => out.write_all(&self.text),
            Out::Gzip(out) => out.write_all(&self.text),
        };
        written.map_err(|error| write_failed(&self.path, &error))?;
        self.text.clear();
        Ok(())
    }

    /// Writes what is left. Bytes of text are answered, whatever they take compressed.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.flush()?;
        let ended = match self.out {
            Out::Plain(mut out) => out.flush(),
            Out::Gzip(out) => out.finish().and_then(|mut out| out.flush()),
        };
        ended.map_err(|error| write_failed(&self.path, &error))?;
        Ok(self.bytes)
    }
}

/// A file of events.
pub(super) enum EventFile {
    Text(Box<Lines>),
    Parquet(Box<Rows>),
}

/// A Parquet file in the making.
pub(super) struct Rows {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    numbers: Vec<Int64Builder>,
    texts: StringBuilder,
    rows: usize,
}

impl EventFile {
    pub(super) fn create(path: &Path, format: OrdersFormat) -> Result<Self> {
        if format == OrdersFormat::Parquet {
            return Rows::create(path).map(|rows| Self::Parquet(Box::new(rows)));
        }
        let mut lines = Lines::create(path, format == OrdersFormat::CsvGzip)?;
        lines.text.extend_from_slice(COLUMNS.join(",").as_bytes());
        lines.text.push(b'\n');
        Ok(Self::Text(Box::new(lines)))
    }

    pub(super) fn write(&mut self, event: &Event) -> Result<()> {
        match self {
            Self::Text(lines) => {
                put_line(event, &mut lines.text);
                lines.line_done()
            }
            Self::Parquet(rows) => rows.write(event),
        }
    }

    pub(super) fn finish(self) -> Result<()> {
        match self {
            Self::Text(lines) => lines.finish().map(drop),
            Self::Parquet(rows) => rows.finish(),
        }
    }
}

/// The line of an event, with its end.
pub(super) fn put_line(event: &Event, out: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    for column in 0..COLUMNS.len() {
        if column > 0 {
            out.push(b',');
        }
        if column == TEXT {
            out.extend_from_slice(event.validity.as_bytes());
        } else if let Some(value) = event.get(column) {
            out.extend_from_slice(digits.format(value).as_bytes());
        }
    }
    out.push(b'\n');
}

impl Rows {
    fn create(path: &Path) -> Result<Self> {
        let field = |(at, name): (usize, &&str)| Field::new(*name, if at == TEXT { DataType::Utf8 } else { DataType::Int64 }, true);
        let schema: SchemaRef = Arc::new(Schema::new(COLUMNS.iter().enumerate().map(field).collect::<Vec<_>>()));
        let properties = WriterProperties::builder().set_compression(Codec::SNAPPY).build();
        let writer = ArrowWriter::try_new(create(path)?, schema.clone(), Some(properties)).map_err(|error| failed(path, &error.to_string()))?;
        let numbers = (0..COLUMNS.len()).map(|_| Int64Builder::new()).collect();
        Ok(Self { path: path.to_owned(), writer, schema, numbers, texts: StringBuilder::new(), rows: 0 })
    }

    fn write(&mut self, event: &Event) -> Result<()> {
        self.numbers.iter_mut().enumerate().filter(|(at, _)| *at != TEXT).for_each(|(at, numbers)| numbers.append_option(event.get(at)));
        self.texts.append_value(event.validity);
        self.rows += 1;
        if self.rows < BATCH_ROWS { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> = self.numbers.iter_mut().map(|numbers| Arc::new(numbers.finish()) as ArrayRef).collect();
        arrays[TEXT] = Arc::new(self.texts.finish());
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|error| Error::bug(error.to_string()))?;
        self.writer.write(&batch).map_err(|error| failed(&self.path, &error.to_string()))
    }

    fn finish(mut self) -> Result<()> {
        self.flush()?;
        self.writer.close().map(drop).map_err(|error| failed(&self.path, &error.to_string()))
    }
}

fn create(path: &Path) -> Result<File> {
    File::create(path).map_err(|error| write_failed(path, &error))
}

fn failed(path: &Path, reason: &str) -> Error {
    Error::new(Code::SinkFileFailed, format!("cannot write the file: {reason}")).file(path.display().to_string())
}
