//! The addon: exported names and wire types. Everything answers failures as data; nothing here is worth a Rust test.

mod answer;
mod describe;
mod generate;
mod plan;
mod results;
mod run;
mod spool;
