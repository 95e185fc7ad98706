//! From text to columns, record by record.

use rowmill_core::Code;
use rowmill_kernels::text_numbers::parse_digits;

use super::bad::{BadRow, KEPT_BYTES, shown};
use super::batches::Limit;
use super::blocks::{BLOCK_BYTES, Blocks, Marks, Portable};
use super::columns::{Columns, integer};
use super::fields::{Field, Fields, without_return};
use super::header::{Layout, Term};
use super::input::Input;
use super::line_ends::LineEnds;

/// What scanning fills.
pub(super) struct Sink {
    pub(super) columns: Columns,
    pub(super) records: u64,
    pub(super) passed: Vec<u64>,
    pub(super) bad: Vec<BadRow>,
    /// Lines before the one at hand.
    pub(super) lines: u64,
    knows_lines: bool,
    keeps_records: bool,
    /// Place of the file's first byte in the input.
    position: i64,
    /// Ends of the fields of the record at hand, as far as they are needed.
    ends: Vec<u32>,
    line_ends: LineEnds,
}

impl Sink {
    pub(super) fn new(layout: &Layout, position: i64, keeps_records: bool, knows_lines: bool) -> Self {
        Self {
            columns: Columns::of(layout),
            records: 0,
            passed: vec![0; layout.terms.len()],
            bad: Vec::new(),
            // The header is the first.
            lines: 1,
            knows_lines,
            keeps_records,
            position,
            // A block may have 64 fields more than are needed, and they are written eight at a time.
            ends: vec![0; layout.needed + BLOCK_BYTES + 8],
            line_ends: LineEnds::new(),
        }
    }

    /// Adds a bad record, which is on the line at hand.
    pub(super) fn reject(&mut self, offset: u64, record: &[u8], column: Option<String>, value: String, code: Code, reason: String) {
        let record = if self.keeps_records { record[..record.len().min(KEPT_BYTES)].to_vec() } else { Vec::new() };
        self.bad.push(BadRow { offset, line: self.knows_lines.then_some(self.lines + 1), column, value, code, reason, record });
    }
}

/// A fault of a record: the column, the value, and what is wrong.
struct Fault {
    column: Option<usize>,
    value: Vec<u8>,
    code: Code,
    reason: String,
}

/// Takes in the records that begin before `end` (a place in the buffer), until the sink is full; answers where it stopped.
pub(super) fn scan(layout: &Layout, input: &Input, end: usize, limit: Limit, sink: &mut Sink) -> usize {
    let scanner = Scanner { layout, text: input.text(), end: end.min(input.complete), complete: input.complete, base: input.base(), limit };
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi1") && std::arch::is_x86_feature_detected!("popcnt") {
        // The processor has just been asked; the same code without these instructions is below.
        #[allow(unsafe_code)]
        // SAFETY: all features of the function are there.
        return unsafe { run_wide(&scanner, input.at, sink) };
    }
    scanner.run::<Portable>(input.at, sink)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn run_wide(scanner: &Scanner<'_>, at: usize, sink: &mut Sink) -> usize {
    scanner.run::<super::blocks::Avx2>(at, sink)
}

struct Scanner<'a> {
    layout: &'a Layout,
    /// The buffer; at least a block of bytes that mean nothing follows the last line end.
    text: &'a [u8],
    /// No record that begins here or behind is taken.
    end: usize,
    /// Behind the last line end.
    complete: usize,
    base: u64,
    limit: Limit,
}

/// What the filter says of a record.
enum Verdict {
    Passes,
    Fails,
    /// The fast way cannot tell; the terms before this one passed.
    Unclear(usize),
}

/// Goes through the commas of one record.
#[derive(Clone, Copy)]
struct Cursor {
    /// Where the block begins.
    at: usize,
    /// Commas of the block before the line end, without those that were passed.
    commas: u64,
    newlines: u64,
    /// Commas of the record that were passed.
    passed: usize,
    has_quotes: bool,
}

impl Scanner<'_> {
    #[inline(always)]
    fn run<B: Blocks>(&self, at: usize, sink: &mut Sink) -> usize {
        if self.layout.terms.is_empty() { self.all::<B>(at, sink) } else { self.some::<B>(at, sink) }
    }

    /// Takes in every record.
    #[inline(always)]
    fn all<B: Blocks>(&self, mut at: usize, sink: &mut Sink) -> usize {
        while at < self.end && !self.is_full(sink) {
            let newlines = B::equal(self.block(at), b'\n');
            let is_short = newlines & 0b11 != 0;
            if is_short && self.is_empty(at, at + newlines.trailing_zeros() as usize) {
                at += newlines.trailing_zeros() as usize + 1;
            } else {
                sink.records += 1;
                at = self.record::<B>(at, sink);
            }
            sink.lines += 1;
        }
        at
    }

    /// Takes in the records that pass the filter.
    #[inline(always)]
    fn some<B: Blocks>(&self, mut at: usize, sink: &mut Sink) -> usize {
        let mut line_ends = std::mem::take(&mut sink.line_ends);
        line_ends.forget();
        // Kept out of memory as long as records only fail.
        let mut failed = 0;
        while at < self.end {
            let newline = match line_ends.next() {
                Some(newline) => newline,
                None => line_ends.find(|at| B::equal(self.block(at), b'\n'), at, self.complete),
            };
            if newline - at < 2 && self.is_empty(at, newline) {
                sink.lines += 1;
                at = newline + 1;
                continue;
            }
            let verdict = self.filter::<B>(at, sink);
            if let Verdict::Fails = verdict {
                at = newline + 1;
                failed += 1;
                continue;
            }
            sink.records += failed + 1;
            sink.lines += failed;
            failed = 0;
            at = match verdict {
                Verdict::Unclear(term) => self.careful::<B>(at, term, sink),
                _ => self.record::<B>(at, sink),
            };
            sink.lines += 1;
            if self.is_full(sink) {
                break;
            }
        }
        sink.records += failed;
        sink.lines += failed;
        sink.line_ends = line_ends;
        at
    }

    #[inline(always)]
    fn is_full(&self, sink: &Sink) -> bool {
        self.limit.is_reached(&sink.columns) || (!sink.bad.is_empty() && self.limit.is_reached_by_bad(sink.bad.len()))
    }

    fn is_empty(&self, start: usize, newline: usize) -> bool {
        without_return(&self.text[start..newline]).is_empty()
    }

    #[inline(always)]
    fn block(&self, at: usize) -> &[u8; BLOCK_BYTES] {
        const NOTHING: [u8; BLOCK_BYTES] = [b'\n'; BLOCK_BYTES];
        self.text.get(at..).and_then(<[u8]>::first_chunk).unwrap_or(&NOTHING)
    }

    #[inline(always)]
    fn cursor<B: Blocks>(&self, at: usize, passed: usize) -> Cursor {
        let Marks { commas, newlines, quotes } = B::marks(self.block(at));
        let before_end = newlines.wrapping_sub(1) & !newlines;
        Cursor { at, commas: commas & before_end, newlines, passed, has_quotes: quotes & before_end != 0 }
    }

    /// Place of the comma with this number in its record; `None` where the record ends before it, or a quote makes the count doubtful.
    #[inline(always)]
    fn comma<B: Blocks>(&self, cursor: &mut Cursor, number: usize) -> Option<usize> {
        loop {
            if cursor.has_quotes {
                return None;
            }
            let here = cursor.commas.count_ones() as usize;
            if number < cursor.passed + here {
                while cursor.passed < number {
                    cursor.commas &= cursor.commas.wrapping_sub(1);
                    cursor.passed += 1;
                }
                return Some(cursor.at + cursor.commas.trailing_zeros() as usize);
            }
            if cursor.newlines != 0 {
                return None;
            }
            *cursor = self.cursor::<B>(cursor.at + BLOCK_BYTES, cursor.passed + here);
        }
    }

    #[inline(always)]
    fn filter<B: Blocks>(&self, start: usize, sink: &mut Sink) -> Verdict {
        let mut cursor = self.cursor::<B>(start, 0);
        for (number, term) in self.layout.terms.iter().enumerate() {
            let Some(field) = term.field else { return Verdict::Fails };
            if field < cursor.passed + 1 && field > 0 {
                cursor = self.cursor::<B>(start, 0);
            }
            let from = if field == 0 { Some(start) } else { self.comma::<B>(&mut cursor, field - 1).map(|comma| comma + 1) };
            let Some((from, to)) = from.and_then(|from| Some((from, self.comma::<B>(&mut cursor, field)?))) else {
                return Verdict::Unclear(number);
            };
            let passes = match term.quick.passes_text(self.text, from, to) {
                Some(passes) => passes,
                None => match parse_digits(self.text, from, to) {
                    Some(value) => Some(value) != term.null_value && term.quick.passes(value, &term.test),
                    None => return Verdict::Unclear(number),
                },
            };
            if !passes {
                return Verdict::Fails;
            }
            sink.passed[number] += 1;
        }
        Verdict::Passes
    }

    /// Takes in a record that passed the filter; answers where the next one begins.
    #[inline(always)]
    fn record<B: Blocks>(&self, start: usize, sink: &mut Sink) -> usize {
        let (mut at, mut count) = (start, 0);
        let newline = loop {
            let Cursor { mut commas, newlines, has_quotes, .. } = self.cursor::<B>(at, 0);
            if has_quotes {
                return self.careful::<B>(start, self.layout.terms.len(), sink);
            }
            let here = commas.count_ones() as usize;
            if count < self.layout.needed {
                let mut put = count;
                while commas != 0 {
                    // Eight at a time without looking: what is too much is written over.
                    for end in &mut sink.ends[put..put + 8] {
                        *end = (at as u32).wrapping_add(commas.trailing_zeros());
                        commas &= commas.wrapping_sub(1);
                    }
                    put += 8;
                }
            }
            count += here;
            if newlines != 0 {
                break at + newlines.trailing_zeros() as usize;
            }
            at += BLOCK_BYTES;
        };
        if count + 1 != self.layout.fields {
            return self.careful::<B>(start, self.layout.terms.len(), sink);
        }
        if self.layout.needed == self.layout.fields {
            let returns = newline > start && self.text[newline - 1] == b'\r';
            sink.ends[count] = (newline - usize::from(returns)) as u32;
        }
        for (column, target) in self.layout.columns.iter().enumerate() {
            let Some(field) = target.field else { continue };
            let from = if field == 0 { start } else { sink.ends[field - 1] as usize + 1 };
            let to = sink.ends[field] as usize;
            if !sink.columns.push_plain(column, self.text, from, to) {
                let text = Field { text: self.text[from..to].into(), quoted: false };
                if sink.columns.push(column, &text).is_err() {
                    sink.columns.drop_row();
                    return self.careful::<B>(start, self.layout.terms.len(), sink);
                }
            }
        }
        sink.columns.end_row(sink.position.wrapping_add_unsigned(self.base + start as u64));
        newline + 1
    }

    /// Takes in a record field by field, from the filter's term `first` on; answers where the next one begins.
    #[cold]
    #[inline(never)]
    fn careful<B: Blocks>(&self, start: usize, first: usize, sink: &mut Sink) -> usize {
        let newline = memchr::memchr(b'\n', &self.text[start..]).map_or(self.end, |newline| start + newline);
        let line = without_return(&self.text[start..newline]);
        let offset = self.base + start as u64;
        let result = self.passes(line, first, sink).and_then(|passes| if passes { self.push(line, sink) } else { Ok(false) });
        match result {
            Ok(true) => sink.columns.end_row(sink.position.wrapping_add_unsigned(offset)),
            Ok(false) => {}
            Err(Fault { column, value, code, reason }) => {
                sink.columns.drop_row();
                let column = column.map(|column| self.layout.columns[column].name.clone().into_owned());
                sink.reject(offset, line, column, shown(&value), code, reason);
            }
        }
        newline + 1
    }

    fn passes(&self, line: &[u8], first: usize, sink: &mut Sink) -> Result<bool, Fault> {
        for (number, term) in self.layout.terms.iter().enumerate().skip(first) {
            if !self.meets(line, term)? {
                return Ok(false);
            }
            sink.passed[number] += 1;
        }
        Ok(true)
    }

    fn meets(&self, line: &[u8], term: &Term) -> Result<bool, Fault> {
        let Some(wanted) = term.field else { return Ok(false) };
        let mut count = 0;
        for field in Fields::of(line) {
            let field = field.map_err(|malformed| broken(line, malformed.reason()))?;
            if count == wanted {
                let value = integer(&field.text, term.null_value).map_err(|fault| Fault {
                    column: Some(term.column),
                    value: field.text.to_vec(),
                    code: Code::DataValueInvalid,
                    reason: fault.reason().to_owned(),
                })?;
                return Ok(value.is_some_and(|value| term.test.passes(value)));
            }
            count += 1;
        }
        Err(self.miscounted(line, count))
    }

    fn push(&self, line: &[u8], sink: &mut Sink) -> Result<bool, Fault> {
        let fields = Fields::of(line).collect::<Result<Vec<_>, _>>().map_err(|malformed| broken(line, malformed.reason()))?;
        if fields.len() != self.layout.fields {
            return Err(self.miscounted(line, fields.len()));
        }
        for (column, target) in self.layout.columns.iter().enumerate() {
            let Some(field) = target.field.map(|field| &fields[field]) else { continue };
            sink.columns.push(column, field).map_err(|unfit| Fault {
                column: Some(column),
                value: field.text.to_vec(),
                code: unfit.code,
                reason: unfit.reason,
            })?;
        }
        Ok(true)
    }

    fn miscounted(&self, line: &[u8], found: usize) -> Fault {
        broken(line, &format!("the record has {found} fields, the header has {}", self.layout.fields))
    }
}

fn broken(line: &[u8], reason: &str) -> Fault {
    Fault { column: None, value: line[..line.len().min(KEPT_BYTES)].to_vec(), code: Code::DataRecordInvalid, reason: reason.to_owned() }
}
