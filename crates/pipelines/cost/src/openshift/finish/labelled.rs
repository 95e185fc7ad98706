//! Groups of pods of one node and namespace by their merged labels.

use std::ops::Range;

use rowmill_kernels::labels::{LabelTable, NULL_LABELS};

/// Groups in the order of their label texts (COST-013, COST-014). Made once and filled again, so that no text is a piece of memory of its own.
#[derive(Default)]
pub struct Labelled {
    texts: String,
    groups: Vec<Group>,
}

/// One group with one of its partners.
pub struct Group {
    labels: Option<Range<usize>>,
    /// The position that it was added with.
    pub at: usize,
}

impl Labelled {
    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.texts.clear();
        self.groups.clear();
    }

    /// Adds a group with each of its partners; NULL labels stay NULL whatever the partner.
    pub fn add(&mut self, at: usize, labels: u32, bases: &[u32], table: &LabelTable) {
        for &base in bases {
            let start = self.texts.len();
            let is_map = labels != NULL_LABELS;
            if is_map {
                table.write_merged_json(base, labels, &mut self.texts);
            }
            self.groups.push(Group { labels: is_map.then_some(start..self.texts.len()), at });
        }
    }

    /// Sorts, then answers the groups with equal labels together.
    pub fn by_labels(&mut self) -> impl Iterator<Item = (Option<&str>, &[Group])> {
        let texts = &self.texts;
        let text = |group: &Group| group.labels.clone().map(|range| &texts[range]);
        self.groups.sort_unstable_by(|left, right| text(left).cmp(&text(right)));
        self.groups.chunk_by(move |left, right| text(left) == text(right)).map(move |equal| (text(&equal[0]), equal))
    }
}
