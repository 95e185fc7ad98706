//! The addon for lineage: a tree of SQL files to graphs. Everything answers failures as data; nothing here is worth a Rust test.

#[path = "../../node/src/answer.rs"]
mod answer;
mod cache;
mod generate;
mod options;
mod resolved;
mod split;
mod tree;

#[napi_derive::module_init]
fn init() {
    // Every export is guarded, and what a panic says goes into its failure: nothing needs to be printed.
    rowmill_core::remember_places();
}
