//! PostgreSQL's binary COPY format, both ways.
//!
//! A stream is a header, tuples, and a trailer. A tuple is a 16-bit count of fields, then for each field a 32-bit length
//! (-1 for NULL) and that many bytes, all big-endian.

mod cells;
mod coded;
mod decode;
mod encode;
mod numeric;
mod target;
#[cfg(test)]
mod tests;
mod uuid;

pub use decode::CopyDecoder;
pub use encode::CopyEncoder;
pub use target::TargetColumn;

/// Signature, then 32 bits of flags and 32 bits of the length of a header extension, both zero when we write.
const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
const HEADER_BYTES: usize = 19;
/// The count of fields that stands for the end.
const TRAILER: i16 = -1;
/// Length of a field that is NULL.
const NULL: i32 = -1;
/// Days from 1970-01-01 to PostgreSQL's first day, 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
const MICROS_PER_DAY: i64 = 86_400_000_000;
/// First byte of a `jsonb` field.
const JSONB_VERSION: u8 = 1;
