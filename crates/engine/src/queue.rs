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
    inner: Mutex<Inner>,
}

struct Inner {
    tasks: VecDeque<Task>,
    /// Size of the files that nobody has opened yet.
    bytes: u64,
}

impl Queue {
    pub fn new(files: impl Iterator<Item = (usize, Unit)>) -> Self {
        let mut inner = Inner { tasks: VecDeque::new(), bytes: 0 };
        for (input, unit) in files {
            inner.bytes += unit.size;
            inner.tasks.push_back(Task::File { input, unit });
        }
        Self { inner: Mutex::new(inner) }
    }

    pub fn take(&self) -> Option<Task> {
        let mut inner = lock(&self.inner);
        let task = inner.tasks.pop_front();
        if let Some(Task::File { unit, .. }) = &task {
            inner.bytes -= unit.size;
        }
        task
    }

    /// Size of the files that nobody has opened yet.
    pub fn bytes_left(&self) -> u64 {
        lock(&self.inner).bytes
    }

    pub fn put_first(&self, pieces: impl DoubleEndedIterator<Item = Task>) {
        let mut inner = lock(&self.inner);
        pieces.rev().for_each(|piece| inner.tasks.push_front(piece));
    }

    pub fn clear(&self) {
        let mut inner = lock(&self.inner);
        inner.tasks.clear();
        inner.bytes = 0;
    }
}
