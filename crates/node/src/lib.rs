//! The addon: exported names and wire types. Everything answers failures as data; nothing here is worth a Rust test.

mod answer;
mod describe;
mod documents;
mod generate;
mod operators;
mod plan;
mod results;
mod run;
mod spool;

#[napi_derive::module_init]
fn init() {
    // Every export is guarded, and what a panic says goes into its failure: nothing needs to be printed.
    rowmill_core::remember_places();
}
