//! Batches to bytes and back: PostgreSQL binary COPY, Parquet files, and Arrow IPC for spilled state.
//!
//! This room knows no socket and no pipeline: it is told columns and types, and hands out bytes.

mod copy;
pub mod ipc;
mod parquet_sink;
mod spill;

pub use copy::{CopyDecoder, CopyEncoder, TargetColumn};
pub use parquet_sink::ParquetSink;
pub use spill::{SpillChunk, SpillFile};
