//! A tree of SQL files to a graph for each file: read, hashed, looked up in a cache or parsed, and resolved with what all of them say of columns.
//!
//! [`Tree::read`] takes files in, [`Tree::resolve`] hands out the graphs that are not those that were handed out before. What a file yields depends on
//! its text and on what the whole tree says of the tables that it names, and on nothing else: no order of files, no number of threads.

mod cache;
mod cache_check;
mod copy;
mod encoding;
mod facts;
mod file;
mod file_graph;
mod head;
mod names;
mod parallel;
mod payload;
mod resolved;
mod settings;
mod source;
mod tree;
mod unasked;

pub use cache::{Cache, CacheSettings, CacheStats};
pub use cache_check::CacheCheck;
pub use copy::{CopyBytes, copy_graphs};
pub use file_graph::FileGraph;
pub use head::{FileProblem, Head};
pub use resolved::{Resolved, ResolvedFile};
pub use settings::{FileRead, Settings};
pub use source::Own;
pub use tree::Tree;
