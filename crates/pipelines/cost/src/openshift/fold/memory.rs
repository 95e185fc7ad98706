//! What an input remembers between batches.

use std::hint::black_box;

use arrow_array::RecordBatch;
use rowmill_core::Result;
use rowmill_kernels::codes::CodeMap;
use rowmill_kernels::intern::{Interner, NULL_ID};
use rowmill_kernels::labels::LabelColumn;

/// What an input's columns remember between batches, and room for numbers of one batch.
pub struct InputMemory {
    codes: Vec<CodeMap>,
    /// Numbers of the rows of text columns, by position in the last call of [`InputMemory::map`].
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

/// The group of a row.
#[derive(Clone, Copy)]
pub struct Place {
    pub row: u32,
    pub group: Group,
}

/// The group of a pod row in the state of its day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub part: u32,
    pub at: u32,
}

impl Group {
    /// Stands for the group of a row that has none.
    pub const NONE: Self = Self { part: u32::MAX, at: u32::MAX };
}

/// What decides where a row of a pod goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// Hash of the label text, where it matters.
    pub text: u128,
    pub day: i32,
    pub namespace: u32,
    pub node: u32,
    pub resource: u32,
    pub role: u32,
    pub labels: u32,
}

impl Alike {
    /// Like no row.
    const NOTHING: Self = Self { text: 0, day: i32::MIN, namespace: 0, node: 0, resource: 0, role: 0, labels: 0 };

    /// Whether the rows differ in nothing but, at most, their labels.
    pub fn is_but_for_labels(&self, other: &Self) -> bool {
        *self == Self { labels: self.labels, ..*other }
    }
}

/// Where the last row of each pod went. The next one nearly always is alike and goes there too, without a look-up.
#[derive(Default)]
pub struct PodMemory(Vec<(Alike, Group)>);

impl PodMemory {
    /// The last row of this pod and its group, which may be [`Group::NONE`].
    #[inline]
    pub fn last(&self, pod: u32) -> (&Alike, Group) {
        self.0.get(pod as usize).map_or((&Alike::NOTHING, Group::NONE), |(last, group)| (last, *group))
    }

    /// Remembers a row; the NULL pod is many pods, and not remembered.
    pub fn put(&mut self, pod: u32, alike: Alike, group: Group) {
        if pod == NULL_ID {
            return;
        }
        if self.0.len() <= pod as usize {
            self.0.resize(pod as usize + 1, (Alike::NOTHING, Group::NONE));
        }
        self.0[pod as usize] = (alike, group);
    }

    /// Has the memory of these pods brought near, all at the same time, before they are looked for one by one.
    #[inline]
    pub fn bring_near(&self, pods: impl Iterator<Item = u32>) {
        let looked_at = |pod: u32| self.0.get(pod as usize).map_or(0, |(alike, group)| alike.node ^ group.at);
        black_box(pods.fold(0, |seen, pod| seen ^ looked_at(pod)));
    }

    /// Forgets every group, for when state was given away.
    pub fn clear(&mut self) {
        self.0.clear();
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

    /// Works out the numbers of the rows of some text columns, by position in `columns`.
    pub fn map(&mut self, batch: &RecordBatch, columns: &mut [(usize, &mut Interner)]) -> Result<()> {
        self.codes.resize_with(columns.len(), CodeMap::default);
        self.ids.resize_with(columns.len(), Vec::new);
        for (at, (column, interner)) in columns.iter_mut().enumerate() {
            self.ids[at].clear();
            self.codes[at].map(batch.column(*column), interner, &mut self.ids[at])?;
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
            + self.pods.0.capacity() * size_of::<(Alike, Group)>()
            + self.codes.iter().map(CodeMap::resident_bytes).sum::<usize>()
            + self.labels.iter().map(LabelColumn::resident_bytes).sum::<usize>()
    }
}
