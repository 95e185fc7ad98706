//! What an input remembers between batches.

use std::hint::black_box;

use arrow_array::RecordBatch;
use rowmill_core::Result;
use rowmill_kernels::codes::CodeMap;
use rowmill_kernels::intern::{Interner, NULL_ID};
use rowmill_kernels::labels::LabelColumn;

use super::follows::Group;

/// What an input's columns remember between batches, and room for numbers of one batch.
pub struct InputMemory {
    codes: Vec<CodeMap>,
    /// Numbers of the rows of text columns, by position among the columns of the last call of [`InputMemory::map`].
    pub ids: Vec<Vec<u32>>,
    pub labels: [LabelColumn; 2],
    /// Rows of the batch that count.
    pub rows: Vec<u32>,
    /// Label numbers by row; only where they were asked for.
    pub label_ids: Vec<u32>,
    /// Groups of the rows of a day.
    pub places: Vec<Place>,
    pub pods: PodMemory,
}

/// A row and its group.
#[derive(Clone, Copy)]
pub struct Place {
    pub row: u32,
    pub group: Group,
}

/// What says on which node a pod ran.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Whereabouts {
    /// Hash of the label text, where it matters.
    pub text: u128,
    pub day: i32,
    pub namespace: u32,
    pub node: u32,
    pub resource: u32,
}

/// Where each pod was seen last: its next row nearly always says the same, and need not be taken in again.
#[derive(Default)]
pub struct PodMemory(Vec<Whereabouts>);

impl PodMemory {
    /// Whether the last row of this pod said the same; remembers this one. The NULL pod is many pods, and not remembered.
    #[inline]
    pub fn knows(&mut self, pod: u32, row: Whereabouts) -> bool {
        match self.0.get_mut(pod as usize) {
            Some(last) if *last == row => true,
            Some(last) => {
                *last = row;
                false
            }
            None => {
                self.add(pod, row);
                false
            }
        }
    }

    /// Has the memory of these pods brought near, all at the same time, before they are asked for one by one.
    #[inline]
    pub fn bring_near(&self, pods: impl Iterator<Item = u32>) {
        black_box(pods.fold(0, |seen, pod| seen ^ self.0.get(pod as usize).map_or(0, |last| last.node)));
    }

    #[cold]
    fn add(&mut self, pod: u32, row: Whereabouts) {
        if pod != NULL_ID {
            let nowhere = Whereabouts { text: 0, day: i32::MIN, namespace: NULL_ID, node: NULL_ID, resource: NULL_ID };
            self.0.resize(pod as usize + 1, nowhere);
            self.0[pod as usize] = row;
        }
    }
}

impl InputMemory {
    pub fn new(first: &'static str, second: &'static str) -> Self {
        Self {
            codes: Vec::new(),
            ids: Vec::new(),
            labels: [LabelColumn::new(first), LabelColumn::new(second)],
            rows: Vec::new(),
            label_ids: Vec::new(),
            places: Vec::new(),
            pods: PodMemory::default(),
        }
    }

    /// Works out the numbers of the rows of some text columns, in the order given; columns of the same names share an interner.
    pub fn map(&mut self, batch: &RecordBatch, columns: &mut [(&[usize], &mut Interner)]) -> Result<()> {
        let count = columns.iter().map(|(columns, _)| columns.len()).sum();
        self.codes.resize_with(count, CodeMap::default);
        self.ids.resize_with(count, Vec::new);
        let mut slots = self.codes.iter_mut().zip(&mut self.ids);
        for (columns, interner) in columns {
            for (column, (codes, ids)) in columns.iter().zip(&mut slots) {
                ids.clear();
                codes.map(batch.column(*column), interner, ids)?;
            }
        }
        Ok(())
    }

    /// Forgets every number, for when the names were reset.
    pub fn clear(&mut self) {
        self.codes.iter_mut().for_each(CodeMap::clear);
        self.labels.iter_mut().for_each(LabelColumn::clear);
        self.pods = PodMemory::default();
    }

    pub fn resident_bytes(&self) -> usize {
        let ids = self.ids.iter().map(Vec::capacity).sum::<usize>() + self.rows.capacity() + self.label_ids.capacity();
        ids * size_of::<u32>()
            + self.places.capacity() * size_of::<Place>()
            + self.pods.0.capacity() * size_of::<Whereabouts>()
            + self.codes.iter().map(CodeMap::resident_bytes).sum::<usize>()
            + self.labels.iter().map(LabelColumn::resident_bytes).sum::<usize>()
    }
}
