//! Drives a fold over units: threads, memory budget, spill, merge, cancel, counters.
//!
//! The only room that spawns. It knows pipelines through [`rowmill_core::Pipeline`] and names none.
//!
//! ```text
//!  units ──► workers: open, prune, decode, push ──► states (in memory, spilled) ──► a day's to one fold, rows ──► encoder ──► bytes
//! ```

mod budget;
mod counters;
mod drive;
mod finish;
mod idle;
mod inputs;
mod inspect;
mod output;
mod permits;
mod phases;
mod queue;
mod rejects;
mod run;
mod spill;
mod worker;

pub use counters::{Activity, Counters, PhaseSeconds, Stage, WorkerState};
pub use inspect::{InputInspection, Inspection, MemoryShare, inspect};
pub use output::{FileRows, Outcome, Piece, TableRows, Tables, Target, make_folder};
pub use run::{FilterRows, InputRows, Job, RejectedRows, Report, Run};
