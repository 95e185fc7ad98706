//! Records that cannot be read.

use rowmill_core::{Code, Error, Result};

use super::lines::line_of;

/// Most bytes of a bad record that are kept.
pub(super) const KEPT_BYTES: usize = 64 << 10;

/// Most bad records of one batch, so that a file of nothing else takes no memory.
pub(super) const BAD_ROWS_PER_BATCH: usize = 1024;

/// A record that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Place of its first byte in the text of the file, from 0.
    pub offset: u64,
    /// Its line, from 1, where that is known without reading the file again: where its unit begins with the file.
    pub line: Option<u64>,
    /// The column that cannot be read; `None` where the record itself is wrong.
    pub column: Option<String>,
    /// The offending value, or the beginning of the record, cut to 200 characters.
    pub value: String,
    /// The kind of fault.
    pub code: Code,
    /// The fault in one sentence.
    pub reason: String,
    /// The record without its line end, cut to 64 KiB; empty unless bad records are kept.
    pub record: Vec<u8>,
}

impl BadRow {
    /// The failure of a run that allows no bad records. Where the line is not known, the file is read up to the record to count it.
    ///
    /// # Errors
    /// `INPUT_FILE_UNREADABLE` where that is not possible.
    pub fn to_error(&self, uri: &str) -> Result<Error> {
        let line = self.line.map_or_else(|| line_of(uri, self.offset), Ok)?;
        let help = match self.code {
            Code::DataTextInvalid => "Write the file again with the text in UTF-8, or let bad records be skipped",
            Code::DataRecordInvalid => {
                "Correct the record: it must have the fields of the header, and end its quotes on its line; or let bad records be skipped"
            }
            _ => "Correct the value, or let bad records be skipped",
        };
        let error = Error::new(self.code, self.reason.clone()).file(uri).line(line).value(&self.value).help(help);
        Ok(match &self.column {
            Some(column) => error.column(column.clone()),
            None => error,
        })
    }
}

/// The beginning of a text, for people.
pub(super) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(800)]).chars().take(200).collect()
}
