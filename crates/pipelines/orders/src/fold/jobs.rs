//! Rows by local date and security.

use std::collections::BTreeMap;

use arrow_array::{Array, Int64Array};
use rowmill_kernels::zones::{Slot, Zone};

use super::aggregates::{RECENT, recent_place};

/// How many rows each security has on each local date.
#[derive(Debug)]
pub struct Jobs {
    zone: Zone,
    dates: BTreeMap<i32, usize>,
    /// By date as it was met, then by code of the security.
    counts: Vec<Vec<u64>>,
    now: Slot,
    now_date: usize,
    recent: Vec<(Slot, usize)>,
}

impl Jobs {
    /// No rows, for dates in this zone.
    pub fn new(zone: Zone) -> Self {
        Self { zone, dates: BTreeMap::new(), counts: Vec::new(), now: Slot::NONE, now_date: 0, recent: vec![(Slot::NONE, 0); RECENT] }
    }

    /// Takes in a batch, given the codes of its securities.
    pub fn push(&mut self, times: &Int64Array, security_codes: &[u32]) {
        if times.null_count() == 0 {
            times.values().iter().zip(security_codes).for_each(|(time, security)| self.row(*time, *security));
        } else {
            let rows = times.iter().zip(security_codes).filter_map(|(time, security)| Some((time?, *security)));
            rows.for_each(|(time, security)| self.row(time, security));
        }
    }

    #[inline]
    fn row(&mut self, time: i64, security: u32) {
        if !self.now.holds(time) {
            self.seek(time);
        }
        let counts = &mut self.counts[self.now_date];
        match counts.get_mut(security as usize) {
            Some(count) => *count += 1,
            None => add(counts, security, 1),
        }
    }

    /// Makes the date of an instant the present one.
    fn seek(&mut self, time: i64) {
        let at = recent_place(time);
        if !self.recent[at].0.holds(time) {
            let slot = self.zone.date(time);
            self.recent[at] = (slot, self.date(slot.day));
        }
        (self.now, self.now_date) = self.recent[at];
    }

    fn date(&mut self, day: i32) -> usize {
        let next = self.counts.len();
        let at = *self.dates.entry(day).or_insert(next);
        if at == next {
            self.counts.push(Vec::new());
        }
        at
    }

    /// Adds rows of one job.
    pub fn add(&mut self, day: i32, security: u32, rows: u64) {
        let at = self.date(day);
        add(&mut self.counts[at], security, rows);
    }

    /// The jobs with rows, by date: day, code of the security, rows. Code 0, the rows without a security, is among them.
    pub fn iter(&self) -> impl Iterator<Item = (i32, u32, u64)> {
        self.dates.iter().flat_map(|(day, at)| {
            let counts = self.counts[*at].iter().enumerate();
            counts.filter(|(_, rows)| **rows > 0).map(move |(security, rows)| (*day, security as u32, *rows))
        })
    }

    /// The local dates that have rows of some security, ascending.
    pub fn days(&self) -> impl Iterator<Item = i32> {
        let has_rows = |at: &usize| self.counts[*at].iter().skip(1).any(|rows| *rows > 0);
        self.dates.iter().filter(move |(_, at)| has_rows(at)).map(|(day, _)| *day)
    }

    /// Rows of one job.
    pub fn rows(&self, day: i32, security: u32) -> u64 {
        self.dates.get(&day).and_then(|at| self.counts[*at].get(security as usize)).copied().unwrap_or(0)
    }

    /// Bytes held, given how many codes of securities there are.
    pub fn resident_bytes(&self, securities: usize) -> usize {
        RECENT * size_of::<(Slot, usize)>() + self.counts.len() * (securities.next_power_of_two() * 8 + size_of::<Vec<u64>>() + 32)
    }
}

#[cold]
fn add(counts: &mut Vec<u64>, security: u32, rows: u64) {
    let at = security as usize;
    if at >= counts.len() {
        counts.resize(at + 1, 0);
    }
    counts[at] += rows;
}
