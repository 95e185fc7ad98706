//! Hot kernels: pure functions and small tables over columns, without I/O, threads or clocks.

pub mod codes;
pub mod downcast;
pub mod exact;
pub mod intern;
pub mod labels;
pub mod like;
pub mod numeric;
pub mod sum;
pub mod text_numbers;
pub mod time;
pub mod zones;
