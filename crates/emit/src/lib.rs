//! Batches to bytes and back: PostgreSQL binary COPY, Parquet and CSV files, and Arrow IPC for spilled state.
//!
//! This room knows no socket and no pipeline: it is told columns and types, and hands out bytes.

mod copy;
mod csv_sink;
mod file_sink;
pub mod ipc;
mod new_file;
mod parquet_sink;
mod spill;

pub use copy::{CopyDecoder, CopyEncoder, TargetColumn};
pub use csv_sink::CsvSink;
pub use file_sink::FileSink;
pub use new_file::{CompleteFile, Written, sync_folder};
pub use parquet_sink::ParquetSink;
pub use spill::{SpillChunk, SpillFile};
