//! What the Parquet library says, in our words.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;
use rowmill_core::{Code, Error, Result, panic_text};

const DAMAGED: &str = "Compare the file's size and checksum with the original and copy it again";

/// Runs `work` so that a panic inside the Parquet library, which some damaged files cause, is an error of the file.
pub(crate) fn guarded<T>(uri: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(Error::new(Code::InputFormat, format!("the file's structure contradicts itself: {}", panic_text(&*panic))).file(uri).help(DAMAGED))
    })
}

/// The failure of an operating system call on the file.
pub(crate) fn unreadable(uri: &str, error: &io::Error) -> Error {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "Check the path; the file may have been moved since it was listed",
        io::ErrorKind::PermissionDenied => "Give the user that runs rowmill the right to read it",
        io::ErrorKind::IsADirectory => "Name the files in it, for example with a trailing /*.parquet",
        _ => "Check the disk or mount it lies on, then run again",
    };
    Error::new(Code::InputUnreadable, format!("cannot read the file: {error}")).file(uri).help(help)
}

/// A file that ends too early.
pub(crate) fn truncated(uri: &str, reason: impl Into<String>) -> Error {
    Error::new(Code::InputTruncated, reason).file(uri).help(DAMAGED)
}

/// A file that is not what it should be.
pub(crate) fn malformed(uri: &str, reason: impl Into<String>) -> Error {
    Error::new(Code::InputFormat, reason).file(uri)
}

/// An error of the Parquet library while it read the footer or built a reader.
pub(crate) fn parquet(uri: &str, error: &ParquetError) -> Error {
    if let ParquetError::External(inner) = error
        && let Some(cause) = inner.downcast_ref::<io::Error>()
        && cause.kind() != io::ErrorKind::UnexpectedEof
        && cause.raw_os_error().is_some()
    {
        return unreadable(uri, cause);
    }
    decoding(uri, &error.to_string())
}

/// An error of the Parquet library while it decoded pages, of which only the text is left.
pub(crate) fn decoding(uri: &str, text: &str) -> Error {
    let text = text.trim_start_matches("Parquet argument error: ");
    let lower = text.to_ascii_lowercase();
    if lower.contains("utf-8") || lower.contains("utf8") {
        return Error::new(Code::DataTextInvalid, format!("a text is not UTF-8: {text}"))
            .file(uri)
            .help("Write the file again with the text in UTF-8");
    }
    if lower.contains("disabled feature") || text.contains("NYI") {
        let help = "Write the file with Snappy, Zstandard or no compression, and with standard encodings";
        return malformed(uri, format!("the file uses a compression or encoding that cannot be read: {text}")).help(help);
    }
    if text.contains("EOF") || lower.contains("eof") || lower.contains("failed to fill whole buffer") {
        return truncated(uri, format!("the file ends inside its data: {text}"));
    }
    if text.contains("os error") {
        return Error::new(Code::InputUnreadable, format!("cannot read the file: {text}"))
            .file(uri)
            .help("Check the disk or mount it lies on, then run again");
    }
    malformed(uri, format!("the file's data do not decode: {text}")).help(DAMAGED)
}

/// A file whose content contradicts itself.
pub(crate) fn damaged(uri: &str, reason: impl Into<String>) -> Error {
    malformed(uri, reason).help(DAMAGED)
}

/// A file without columns that must be there.
pub(crate) fn column_missing(uri: &str, names: &[&str]) -> Error {
    let which = if names.len() == 1 { "a column" } else { "columns" };
    Error::new(Code::InputColumnMissing, format!("the file lacks {which} that the run needs: {}", names.join(", ")))
        .file(uri)
        .help("Write the file with all the columns that are needed, or leave it out")
}
