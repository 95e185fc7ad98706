//! Bytes of a text to lines and columns.

/// The beginnings of the lines of a text.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    starts: Vec<usize>,
}

impl Places {
    pub fn new(text: &str) -> Places {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1));
        Places { starts }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn of(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&s| s <= at).max(1);
        let start = self.starts[line - 1];
        let column = text.get(start..at).map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }
}
