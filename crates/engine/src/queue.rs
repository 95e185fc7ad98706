//! Work to be taken: whole files first, and pieces of large ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rowmill_core::Unit;
use rowmill_read::{FilePlan, ParquetFile};

use crate::counters::lock;

/// A piece of work for one worker.
pub(crate) enum Task {
    /// A file that nobody has opened yet.
    File(FileTask),
    /// Some row groups of an open file, in a row.
    Piece { input: usize, file: ParquetFile, plan: Arc<FilePlan>, row_groups: Vec<u32>, ends_file: Arc<()> },
}

/// A file, or a range of one.
pub(crate) struct FileTask {
    pub input: usize,
    pub unit: Unit,
    /// Position of the file among the distinct ones of its input.
    pub number: u32,
    /// Shared by the units of a file, and by the pieces it is split into: the last holder ends the file.
    pub ends_file: Arc<()>,
}

impl FileTask {
    /// Bytes of the file that it is about.
    pub fn bytes(&self) -> u64 {
        self.unit.range.map_or(self.unit.size, |range| range.end.saturating_sub(range.start))
    }
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
    pub fn new(files: impl Iterator<Item = FileTask>) -> Self {
        let mut inner = Inner { tasks: VecDeque::new(), bytes: 0 };
        for file in files {
            inner.bytes += file.bytes();
            inner.tasks.push_back(Task::File(file));
        }
        Self { inner: Mutex::new(inner) }
    }

    pub fn take(&self) -> Option<Task> {
        let mut inner = lock(&self.inner);
        let task = inner.tasks.pop_front();
        if let Some(Task::File(file)) = &task {
            inner.bytes -= file.bytes();
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
