//! The addon for lineage: a tree of SQL files to graphs. Everything answers failures as data; nothing here is worth a Rust test.

#[path = "../../node/src/answer.rs"]
mod answer;
mod cache;
mod generate;
mod options;
mod resolved;
mod split;
mod tree;

/// Parsing is many small values, made on one thread and let go on another: the system's allocator takes a third of the time of one thread for them, and
/// the threads wait for each other in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[napi_derive::module_init]
fn init() {
    // Every export is guarded, and what a panic says goes into its failure: nothing needs to be printed.
    rowmill_core::remember_places();
}
