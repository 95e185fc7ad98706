//! Bytes of a text to lines and columns.

use std::cell::Cell;

/// The beginnings of the lines of a text.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    starts: Vec<usize>,
    /// Where the last column was counted to: the line's beginning, the byte, its column. Places are asked for mostly in their order, and a line may
    /// be as long as its file.
    counted: Cell<(usize, usize, usize)>,
}

impl Places {
    pub fn new(text: &str) -> Places {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1));
        Places { starts, counted: Cell::new((0, 0, 1)) }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn of(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&s| s <= at).max(1);
        let start = self.starts[line - 1];
        let (from, column) = match self.counted.get() {
            (of, to, column) if of == start && to <= at => (to, column),
            _ => (start, 1),
        };
        let Some(between) = text.get(from..at) else { return (line, 1) };
        let column = column + between.chars().count();
        self.counted.set((start, at, column));
        (line, column)
    }
}
