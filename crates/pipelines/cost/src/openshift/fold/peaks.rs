//! Node capacity by interval.

use rowmill_kernels::intern::NULL_ID;

use super::group::{Grouped, Largest};
use super::scope::DayRows;

/// Largest capacity of a node in an interval: core-seconds and byte-seconds.
pub type Peak = (Largest, Largest);

const HOUR_MS: i64 = 3_600_000;
/// Where a node has no hours yet.
const NO_SLOT: u32 = u32::MAX;

/// The peaks of one day, by exact interval start and node.
///
/// Intervals nearly always start on the hour: those of a node are kept together, found by its number. Any other interval, and those of the
/// node that is NULL, go to a map.
#[derive(Default)]
pub struct Peaks {
    /// By number of the node: where its hours are.
    slots: Vec<u32>,
    nodes: Vec<u32>,
    hours: Vec<[Peak; 24]>,
    others: Grouped<(i64, u32), Peak>,
}

impl Peaks {
    /// The peak of a node in the interval that starts so many milliseconds after the day does.
    #[inline]
    pub fn entry(&mut self, in_day_ms: i64, node: u32) -> &mut Peak {
        let hour = in_day_ms / HOUR_MS;
        if node == NULL_ID || hour * HOUR_MS != in_day_ms {
            return self.others.entry((in_day_ms, node));
        }
        let slot = match self.slots.get(node as usize) {
            Some(&slot) if slot != NO_SLOT => slot,
            _ => self.add_node(node),
        };
        &mut self.hours[slot as usize][hour as usize]
    }

    /// Takes in the capacity of rows of a day: core-seconds and byte-seconds by row, NaN where there is none.
    pub fn put(&mut self, of_day: &DayRows<'_>, nodes: &[u32], (cores, bytes): (&[f64], &[f64])) {
        for &row in of_day.rows {
            let peak = self.entry(of_day.in_day_ms(row), nodes[row as usize]);
            peak.0.put(cores[row as usize]);
            peak.1.put(bytes[row as usize]);
        }
    }

    #[cold]
    fn add_node(&mut self, node: u32) -> u32 {
        if self.slots.len() <= node as usize {
            self.slots.resize(node as usize + 1, NO_SLOT);
        }
        let slot = self.nodes.len() as u32;
        self.slots[node as usize] = slot;
        self.nodes.push(node);
        self.hours.push(Default::default());
        slot
    }

    /// Milliseconds after the start of the day, node, and its peak; those without any value are left out.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u32, Peak)> {
        let by_hour =
            self.nodes.iter().zip(&self.hours).flat_map(|(node, hours)| (0..).zip(hours).map(|(hour, peak)| (hour * HOUR_MS, *node, *peak)));
        let others = self.others.iter().map(|((in_day_ms, node), peak)| (*in_day_ms, *node, *peak));
        by_hour.chain(others).filter(|(_, _, (cores, bytes))| cores.get().is_some() || bytes.get().is_some())
    }

    /// Whether no interval was asked for.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.others.is_empty()
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        (self.slots.capacity() + self.nodes.capacity()) * size_of::<u32>()
            + self.hours.capacity() * size_of::<[Peak; 24]>()
            + self.others.resident_bytes()
    }
}
