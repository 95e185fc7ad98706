//! A list that grows without copying.

use std::ops::{Index, IndexMut};

/// Entries of a chunk: small enough that an unfinished one wastes little, large enough that chunks are few.
const CHUNK: usize = 64;

/// Values by position, in chunks that stay where they are: a vector of large values would be copied whole again and again while it grows,
/// and keep room that it does not need.
pub struct Chunked<V> {
    chunks: Vec<Vec<V>>,
}

impl<V> Default for Chunked<V> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<V> Chunked<V> {
    /// Adds a value behind the last.
    pub fn push(&mut self, value: V) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(value),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(value);
                self.chunks.push(chunk);
            }
        }
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.chunks.iter().flatten()
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.chunks.capacity() * size_of::<Vec<V>>() + self.chunks.len() * CHUNK * size_of::<V>()
    }
}

impl<V> Index<usize> for Chunked<V> {
    type Output = V;

    #[inline]
    fn index(&self, at: usize) -> &V {
        &self.chunks[at / CHUNK][at % CHUNK]
    }
}

impl<V> IndexMut<usize> for Chunked<V> {
    #[inline]
    fn index_mut(&mut self, at: usize) -> &mut V {
        &mut self.chunks[at / CHUNK][at % CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_at_their_positions() {
        let mut chunked = Chunked::default();
        for number in 0..1000 {
            chunked.push(number);
        }
        chunked[777] += 1_000_000;
        assert_eq!((chunked[0], chunked[63], chunked[64], chunked[777], chunked[999]), (0, 63, 64, 1_000_777, 999));
        assert_eq!(chunked.iter().filter(|number| **number < 1000).count(), 999);
    }
}
