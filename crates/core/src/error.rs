//! Failures as data: a stable code, a sentence for a person, the place, and what to do next.

use std::fmt;

use serde::Serialize;

/// Result of every fallible function in the workspace.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, retryable $retryable:literal;)+) => {
        /// What went wrong, as a stable name of the form `AREA_THING_STATE`.
        ///
        /// Codes never change their meaning; the list is the source of the TypeScript union and of `docs/errors.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable text of the code, for example `INPUT_FILE_TRUNCATED`.
            pub const fn text(self) -> &'static str {
                match self { $(Code::$variant => $text,)+ }
            }

            /// Whether running the same thing again may succeed with nothing changed.
            pub const fn retryable(self) -> bool {
                match self { $(Code::$variant => $retryable,)+ }
            }

            /// One line on the meaning, taken from the code's documentation.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// The plan has one or more problems; each is listed with its path, value and what is allowed.
    PlanInvalid = "PLAN_INVALID", retryable false;
    /// An input that the run cannot do without has no files.
    InputMissing = "INPUT_MISSING", retryable false;
    /// A file could not be opened or read.
    InputUnreadable = "INPUT_FILE_UNREADABLE", retryable true;
    /// A file is not of the format its name promises.
    InputFormat = "INPUT_FORMAT_INVALID", retryable false;
    /// A file ends before its footer says it should, or its pages do not decode.
    InputTruncated = "INPUT_FILE_TRUNCATED", retryable false;
    /// A file changed while or since it was read.
    InputChanged = "INPUT_FILE_CHANGED", retryable true;
    /// A file lacks a column that is needed.
    InputColumnMissing = "INPUT_COLUMN_MISSING", retryable false;
    /// A file has a column that nothing is known of, or the same column twice.
    InputColumnUnknown = "INPUT_COLUMN_UNKNOWN", retryable false;
    /// A record has too few or too many fields, or a quote that does not end.
    DataRecordInvalid = "DATA_RECORD_INVALID", retryable false;
    /// A field does not hold a value of its column's type, or one outside the type's range.
    DataValueInvalid = "DATA_VALUE_INVALID", retryable false;
    /// More records were bad than the plan allows.
    DataRejectedTooMany = "DATA_REJECTED_TOO_MANY", retryable false;
    /// A column has a type that cannot be read as the one that is needed.
    InputColumnType = "INPUT_COLUMN_TYPE", retryable false;
    /// A number that is used is NaN or infinite.
    DataNotFinite = "DATA_NUMBER_NOT_FINITE", retryable false;
    /// A number does not fit its output column.
    DataOverflow = "DATA_NUMBER_OVERFLOW", retryable false;
    /// A text is longer than its output column allows.
    DataTextTooLong = "DATA_TEXT_TOO_LONG", retryable false;
    /// A text holds a character that PostgreSQL cannot store.
    DataTextInvalid = "DATA_TEXT_INVALID", retryable false;
    /// A label text is not a flat JSON object.
    DataLabelsInvalid = "DATA_LABELS_INVALID", retryable false;
    /// A division by zero that the reproduced statement would have failed on.
    DataDivisionByZero = "DATA_DIVISION_BY_ZERO", retryable false;
    /// Spilled state could not be written or read back.
    SpillFailed = "BUDGET_SPILL_FAILED", retryable true;
    /// The work cannot be done inside the memory budget.
    BudgetExceeded = "BUDGET_EXCEEDED", retryable false;
    /// An output file could not be written.
    SinkFileFailed = "SINK_FILE_FAILED", retryable true;
    /// The target table lacks a column or has one of an unsuitable type.
    SinkTableMismatch = "SINK_TABLE_MISMATCH", retryable false;
    /// The database server could not be reached, or takes no connections now.
    SinkUnreachable = "SINK_DATABASE_UNREACHABLE", retryable true;
    /// The database server refused the login: user, password, database name or TLS.
    SinkLogin = "SINK_LOGIN_REFUSED", retryable false;
    /// The database user lacks a right that the run needs.
    SinkRights = "SINK_RIGHTS_MISSING", retryable false;
    /// A table or schema that the run needs does not exist.
    SinkTableMissing = "SINK_TABLE_MISSING", retryable false;
    /// The connection to the database broke; nothing of the open transaction was kept.
    SinkConnectionLost = "SINK_CONNECTION_LOST", retryable true;
    /// The database server has no room left on its disk.
    SinkDiskFull = "SINK_DISK_FULL", retryable false;
    /// Another session held the same rows or tables; nothing of the open transaction was kept.
    SinkBusy = "SINK_DATABASE_BUSY", retryable true;
    /// The database refused a statement or a row.
    SinkWrite = "SINK_WRITE_FAILED", retryable false;
    /// The embedded PostgreSQL is not installed or did not start.
    SinkEmbedded = "SINK_EMBEDDED_FAILED", retryable false;
    /// A package that a sink needs, and only that sink, is not installed or does not load.
    SinkDriver = "SINK_DRIVER_MISSING", retryable false;
    /// The bytes given are not a complete PostgreSQL binary COPY stream of the expected columns.
    SinkCopyInvalid = "SINK_COPY_INVALID", retryable false;
    /// The run was cancelled.
    RunCancelled = "RUN_CANCELLED", retryable true;
    /// The run was not done in the time that it was given.
    RunTimedOut = "RUN_TIMED_OUT", retryable true;
    /// The ledger holds no such run.
    RunMissing = "RUN_NOT_FOUND", retryable false;
    /// The run is still being worked on by a living process.
    RunBusy = "RUN_STILL_RUNNING", retryable true;
    /// The native addon for this platform is not installed, or does not load.
    AddonMissing = "INSTALL_ADDON_MISSING", retryable false;
    /// A fault of rowmill itself; please report it.
    Bug = "BUG_INTERNAL", retryable false;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Where something is: as much of it as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Path or URI of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Row group of a Parquet file, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_group: Option<u32>,
    /// Line of a text file, from 1 as editors count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Row in the file (or in the row group, where `row_group` is known), from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column name, or path of a plan field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The offending value, cut to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut part = |f: &mut fmt::Formatter<'_>, text: String| {
            let done = write!(f, "{separator}{text}");
            separator = ", ";
            done
        };
        if let Some(file) = &self.file {
            part(f, file.clone())?;
        }
        if let Some(row_group) = self.row_group {
            part(f, format!("row group {row_group}"))?;
        }
        if let Some(line) = self.line {
            part(f, format!("line {line}"))?;
        }
        if let Some(row) = self.row {
            part(f, format!("row {row}"))?;
        }
        if let Some(column) = &self.column {
            part(f, format!("column {column}"))?;
        }
        if let Some(value) = &self.value {
            part(f, format!("value {value:?}"))?;
        }
        Ok(())
    }
}

/// A failure: who, where, and what to do next.
///
/// Cheap to pass around (one pointer); it stays data until the TypeScript facade makes an exception of it.
#[derive(Clone, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    code: Code,
    message: String,
    place: Place,
    help: Option<String>,
}

impl Error {
    /// A failure with its code and a sentence that names what happened, without the place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, message: message.into(), place: Place::default(), help: None }))
    }

    /// A fault of our own.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(Code::Bug, message)
    }

    /// Adds what the reader should do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Sets the file, unless one is known already.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.0.place.file.get_or_insert_with(|| file.into());
        self
    }

    /// Sets the row group (from 0), unless one is known already.
    #[must_use]
    pub fn row_group(mut self, row_group: u32) -> Self {
        self.0.place.row_group.get_or_insert(row_group);
        self
    }

    /// Sets the line (from 1), unless one is known already.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.0.place.line.get_or_insert(line);
        self
    }

    /// Sets the row (from 0), unless one is known already.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.0.place.row.get_or_insert(row);
        self
    }

    /// Moves the row by `offset`, for a callee that only knew its position inside a batch.
    #[must_use]
    pub fn row_offset(mut self, offset: u64) -> Self {
        if let Some(row) = &mut self.0.place.row {
            *row += offset;
        }
        self
    }

    /// Forgets the row, for a caller whose batch has not every row of the file.
    #[must_use]
    pub fn without_row(mut self) -> Self {
        self.0.place.row = None;
        self
    }

    /// Sets the column, unless one is known already.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.0.place.column.get_or_insert_with(|| column.into());
        self
    }

    /// Sets the offending value, cut to 200 characters, unless one is known already.
    #[must_use]
    pub fn value(mut self, value: impl AsRef<str>) -> Self {
        self.0.place.value.get_or_insert_with(|| value.as_ref().chars().take(200).collect());
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence, without place and help.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it happened.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What to do next, where there is something to say.
    pub fn help_text(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)?;
        if self.0.place != Place::default() {
            write!(f, " ({})", self.0.place)?;
        }
        if let Some(help) = &self.0.help {
            write!(f, ". {help}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_who_where_and_what_next() {
        let error = Error::new(Code::InputColumnType, "expected double, found text")
            .file("a.parquet")
            .row(3)
            .column("usage")
            .value("x".repeat(300))
            .help("Rewrite the file.")
            .row_offset(10);
        let text = error.to_string();
        assert!(text.starts_with("INPUT_COLUMN_TYPE: expected double, found text (a.parquet, row 13, column usage"));
        assert!(text.ends_with(". Rewrite the file."));
        assert_eq!(error.place().value.as_ref().map(String::len), Some(200));
    }

    #[test]
    fn the_first_place_given_wins() {
        let error = Error::bug("x").file("inner").file("outer");
        assert_eq!(error.place().file.as_deref(), Some("inner"));
    }
}
