//! Work to be taken: whole files first, and pieces of large ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rowmill_core::Unit;
use rowmill_read::{FilePlan, ParquetFile};

use crate::counters::lock;

/// A piece of work for one worker.
pub(crate) enum Task {
    /// A file that nobody has opened yet.
    File { input: usize, unit: Unit },
    /// Some row groups of an open file, in a row.
    Piece { input: usize, file: ParquetFile, plan: Arc<FilePlan>, row_groups: Vec<u32>, ends_file: Arc<()> },
}

/// Tasks of a run, shared by its workers.
///
/// Files are taken in the order given, so that neighbours (which tend to hold neighbouring days) go to the same worker's state at
/// about the same time. Pieces of a file go to the front: an open file is finished before a new one is opened.
pub(crate) struct Queue {
    tasks: Mutex<VecDeque<Task>>,
}

impl Queue {
    pub fn new(files: impl Iterator<Item = (usize, Unit)>) -> Self {
        Self { tasks: Mutex::new(files.map(|(input, unit)| Task::File { input, unit }).collect()) }
    }

    pub fn take(&self) -> Option<Task> {
        lock(&self.tasks).pop_front()
    }

    pub fn put_first(&self, pieces: impl DoubleEndedIterator<Item = Task>) {
        let mut tasks = lock(&self.tasks);
        pieces.rev().for_each(|piece| tasks.push_front(piece));
    }

    pub fn clear(&self) {
        lock(&self.tasks).clear();
    }
}
