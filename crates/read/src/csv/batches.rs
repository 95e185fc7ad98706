//! The records of a range as a sequence of bounded batches.

use arrow_array::RecordBatch;
use rowmill_core::plan::BadRows;
use rowmill_core::{Code, Error, Result};

use super::CsvFile;
use super::bad::{BAD_ROWS_PER_BATCH, BadRow, KEPT_BYTES, shown};
use super::columns::Columns;
use super::header::Layout;
use super::input::{Input, LONGEST_LINE_BYTES, Refill};
use super::scan::{Sink, scan};
use crate::{BatchLimit, fail};

/// Text after which a batch is given out whatever it holds, so that the caller can stop, count and adjust.
const SCAN_BYTES: u64 = 4 << 20;

/// Rows that passed the filter, and what was scanned to find them. The batch has exactly the input's columns, in the input's order, all
/// nullable, and [`rowmill_core::POSITION`] behind them where it is asked for; it may have no rows.
#[derive(Clone, Debug)]
pub struct CsvBatch {
    /// The columns: `Int64`, `Float64`, `Timestamp(Millisecond)` and `Utf8`.
    pub batch: RecordBatch,
    /// Records scanned since the last batch, bad ones too; blank lines are none.
    pub records: u64,
    /// Bytes of the file consumed since the last batch, as they lie on the disk. Over all ranges of a file they add up to its size.
    pub bytes: u64,
    /// For each term of the filter, how many of these records passed it and all before it.
    pub passed: Vec<u64>,
    /// Records that cannot be read, by offset; none where the first of them is an error.
    pub bad: Vec<BadRow>,
}

/// Iterator over the batches of a range. Ends after the first error.
pub struct CsvBatches {
    file: CsvFile,
    limit: Limit,
    sink: Sink,
    state: State,
}

enum State {
    Unopened,
    Reading(Box<Reading>),
    Ended,
}

struct Reading {
    input: Input,
    skip: Skip,
    /// Bytes of the file that earlier batches told of.
    told: u64,
}

/// Whose line is at hand, where it is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Skip {
    Nothing,
    /// The header.
    Header,
    /// The last record of the range before: its bytes are told of there.
    Before,
    /// The rest of a record that is too long.
    Overlong,
}

/// When a batch is full.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    rows: usize,
    text_bytes: usize,
    bad: usize,
}

impl Limit {
    fn of(layout: &Layout, limit: BatchLimit, on_bad: BadRows) -> Self {
        let row_bytes = 9 * layout.columns.len() + 8 * usize::from(layout.position);
        let rows = limit.rows.min(limit.bytes / row_bytes.max(1)).max(1);
        Self { rows, text_bytes: limit.bytes, bad: if on_bad == BadRows::Fail { 1 } else { BAD_ROWS_PER_BATCH } }
    }

    /// Whether the sink has what fits.
    #[inline(always)]
    pub(super) fn is_reached(&self, columns: &Columns) -> bool {
        columns.rows() >= self.rows || columns.text_bytes() >= self.text_bytes
    }

    /// Whether there are as many bad records as fit.
    pub(super) fn is_reached_by_bad(&self, bad: usize) -> bool {
        bad >= self.bad
    }
}

impl CsvBatches {
    pub(super) fn new(file: CsvFile, limit: BatchLimit) -> Self {
        let shared = &file.shared;
        let limit = Limit::of(&shared.layout, limit, shared.on_bad);
        let sink = Sink::new(&shared.layout, shared.position, shared.on_bad == BadRows::Quarantine, shared.range.start == 0);
        Self { file, limit, sink, state: State::Unopened }
    }

    fn advance(&mut self) -> Result<Option<CsvBatch>> {
        if matches!(self.state, State::Unopened) {
            let input = self.file.input()?;
            // The header is no record, but it is part of the range that begins with the file.
            let told = self.file.shared.range.start;
            let skip = if told == 0 { Skip::Header } else { Skip::Before };
            self.state = State::Reading(Box::new(Reading { input, skip, told }));
        }
        let State::Reading(reading) = &mut self.state else { return Ok(None) };
        let ended = reading.scan(&self.file, &mut self.sink, self.limit)?;
        let bytes = reading.tell();
        if ended {
            self.state = State::Ended;
        }
        if self.file.shared.on_bad == BadRows::Fail
            && let Some(bad) = self.sink.bad.first()
        {
            return Err(bad.to_error(self.file.uri())?);
        }
        let Sink { columns, records, passed, bad, .. } = &mut self.sink;
        let passed_none = vec![0; passed.len()];
        Ok(Some(CsvBatch {
            batch: columns.take(&self.file.shared.layout)?,
            records: std::mem::take(records),
            bytes,
            passed: std::mem::replace(passed, passed_none),
            bad: std::mem::take(bad),
        }))
    }
}

impl Reading {
    /// Scans until there is a reason to give out a batch; whether it was the last.
    fn scan(&mut self, file: &CsvFile, sink: &mut Sink, limit: Limit) -> Result<bool> {
        let shared = &file.shared;
        let from = self.input.used();
        loop {
            if self.skip != Skip::Nothing && self.input.skip_line() {
                if self.skip == Skip::Before {
                    self.told = self.input.used();
                }
                self.skip = Skip::Nothing;
            }
            if self.skip == Skip::Nothing {
                let end = usize::try_from(shared.range.end.saturating_sub(self.input.base())).unwrap_or(usize::MAX);
                self.input.at = scan(&shared.layout, &self.input, end, limit, sink);
                if self.input.used() >= shared.range.end {
                    return Ok(true);
                }
                let is_full = limit.is_reached(&sink.columns) || limit.is_reached_by_bad(sink.bad.len());
                if is_full || self.input.used() - from >= SCAN_BYTES {
                    return Ok(false);
                }
            } else if self.input.used() - from >= SCAN_BYTES {
                return Ok(false);
            }
            match self.input.refill()? {
                Refill::More => {}
                Refill::End => return Ok(true),
                Refill::TooLong => self.pass_over_long_line(sink),
            }
        }
    }

    fn pass_over_long_line(&mut self, sink: &mut Sink) {
        if self.skip == Skip::Nothing {
            let line = self.input.rest();
            let reason = format!("the record is longer than {LONGEST_LINE_BYTES} bytes");
            sink.reject(self.input.used(), &line[..line.len().min(KEPT_BYTES)], None, shown(line), Code::DataRecordInvalid, reason);
            sink.records += 1;
            sink.lines += 1;
            self.skip = Skip::Overlong;
        }
        self.input.use_all();
    }

    /// Bytes of the file consumed since this was last asked.
    fn tell(&mut self) -> u64 {
        let used = match self.input.compressed_bytes() {
            Some(bytes) => bytes,
            None if self.skip == Skip::Before => self.told,
            None => self.input.used(),
        };
        let bytes = used.saturating_sub(self.told);
        self.told = used.max(self.told);
        bytes
    }
}

impl Iterator for CsvBatches {
    type Item = Result<CsvBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let uri = self.file.uri().to_owned();
        let next = fail::guarded(&uri, || self.advance().map_err(|error: Error| error.file(&uri))).transpose();
        if matches!(next, Some(Err(_))) {
            self.state = State::Ended;
        }
        next
    }
}
