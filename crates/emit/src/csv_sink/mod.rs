//! Rows to one CSV file, whole or not at all.

mod texts;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use flate2::Compression;
use flate2::write::GzEncoder;
use rowmill_core::{Error, Result};
use texts::{Column, put_text};

use crate::new_file::{CompleteFile, NewFile, Written, failed};

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes a CSV file: a header line, commas, line feeds, quotes only where a text needs them (RFC 4180), nothing for NULL and `""` for the
/// empty text.
///
/// Numbers are as Python prints them (`100.0`, `1e+16`), which is what data frames write: the shortest digits that read back as the same
/// double. A time is `2024-09-05 00:00:00+00:00`, with a fraction only where there is one.
pub struct CsvSink {
    out: Out,
    file: NewFile,
    /// Text that is not written yet.
    text: Vec<u8>,
    rows: u64,
}

enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl CsvSink {
    /// Opens a file for batches of this schema, and writes its header. The folder must exist.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED` with the path and the operating system's reason; `BUG_INTERNAL` for a column type that is no value.
    pub fn create(path: &Path, schema: SchemaRef, gzip: bool) -> Result<Self> {
        let (file, handle) = NewFile::create(path)?;
        let plain = BufWriter::with_capacity(BUFFER_BYTES, handle);
        let out = if gzip { Out::Gzip(Box::new(GzEncoder::new(plain, Compression::default()))) } else { Out::Plain(plain) };
        let mut text = Vec::new();
        for (at, field) in schema.fields().iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            put_text(field.name(), &mut text);
        }
        text.push(b'\n');
        Ok(Self { out, file, text, rows: 0 })
    }

    /// Appends a batch.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`, for example when no space is left.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = batch.columns().iter().map(Column::of).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    self.text.push(b',');
                }
                column.put(row, &mut self.text);
            }
            self.text.push(b'\n');
            if self.text.len() >= BUFFER_BYTES {
                self.flush()?;
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Completes the file and gives it its name at once.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn finish(self) -> Result<Written> {
        self.complete()?.publish()
    }

    /// Writes what is left; the file may not be on disk yet.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn complete(mut self) -> Result<CompleteFile> {
        self.flush()?;
        let error = |error: io::Error| failed(self.file.path(), &error);
        let plain = match self.out {
            Out::Plain(plain) => plain,
            Out::Gzip(gzip) => gzip.finish().map_err(error)?,
        };
        let handle = plain.into_inner().map_err(|held| error(held.into_error()))?;
        self.file.complete(&handle, self.rows)
    }

    fn flush(&mut self) -> Result<(), Error> {
        let written = match &mut self.out {
            Out::Plain(out) => out.write_all(&self.text),
            Out::Gzip(out) => out.write_all(&self.text),
        };
        self.text.clear();
        written.map_err(|error| failed(self.file.path(), &error))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int8Array, Int64Array, StringArray, TimestampNanosecondArray};
    use flate2::read::GzDecoder;

    use super::*;

    fn batch() -> RecordBatch {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("id", Arc::new(Int64Array::from(vec![Some(7_904_794_000_123_456_789), None, Some(i64::MIN)]))),
            ("a,b", Arc::new(StringArray::from(vec![Some("say \"no\""), Some(""), None]))),
            ("mean", Arc::new(Float64Array::from(vec![Some(3_511.606_052_161_719_6), Some(100.0), Some(1e16)]))),
            ("day", Arc::new(Date32Array::from(vec![Some(19_971), None, Some(-1)]))),
            (
                "at",
                Arc::new(
                    TimestampNanosecondArray::from(vec![Some(1_725_494_400_000_000_000), Some(1_725_494_536_000_001_000), Some(1)])
                        .with_timezone("+00:00"),
                ),
            ),
            ("side", Arc::new(Int8Array::from(vec![1, 2, -1]))),
            ("sum", Arc::new(Decimal128Array::from(vec![Some(-5), Some(1_230), None]).with_precision_and_scale(10, 2).unwrap())),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    const TEXT: &str = "id,\"a,b\",mean,day,at,side,sum\n\
        7904794000123456789,\"say \"\"no\"\"\",3511.6060521617196,2024-09-05,2024-09-05 00:00:00+00:00,1,-0.05\n\
        ,\"\",100.0,,2024-09-05 00:02:16.000001+00:00,2,12.30\n\
        -9223372036854775808,,1e+16,1969-12-31,1970-01-01 00:00:00.000000001+00:00,-1,\n";

    #[test]
    fn every_value_is_written_so_that_it_can_be_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let mut sink = CsvSink::create(&path, batch().schema(), false).unwrap();
        sink.write(&batch()).unwrap();
        assert_eq!(sink.finish().unwrap(), Written { rows: 3, bytes: TEXT.len() as u64 });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), TEXT);
    }

    #[test]
    fn a_compressed_file_holds_the_same_text_and_the_same_bytes_every_time() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a.csv.gz", "b.csv.gz"].map(|name| {
            let path = folder.path().join(name);
            let mut sink = CsvSink::create(&path, batch().schema(), true).unwrap();
            sink.write(&batch()).unwrap();
            sink.finish().unwrap();
            std::fs::read(&path).unwrap()
        });
        assert_eq!(files[0], files[1]);
        let mut text = String::new();
        GzDecoder::new(files[0].as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, TEXT);
    }

    #[test]
    fn a_file_without_rows_has_its_header_and_one_that_is_dropped_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        drop(CsvSink::create(&path, batch().schema(), false).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        CsvSink::create(&path, batch().schema(), false).unwrap().finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), TEXT.split_inclusive('\n').next().unwrap());
    }
}
