//! Groups by security, participant, local hour and size, in one pass; everything else follows from those.

use std::collections::BTreeMap;

use arrow_array::{Array, Int64Array};
use rowmill_kernels::zones::{NS_PER_HOUR, Slot, Zone};

use super::codes::{CodeSet, CodeTable, NULL};
use super::columns::{Columns, PriceOf, Prices};
use super::totals::{Price, Row, Spread, Totals};

/// Largest quantity of each size, and the names of the sizes; what is above the last is in a size of its own.
pub const SIZES: [&str; 5] = ["<1K", "1K-5K", "5K-10K", "10K-50K", ">50K"];
/// Half hours that are remembered for rows that do not come by time: 42 days of them.
pub const RECENT: usize = 2048;

/// Where the hour or date of an instant is remembered. Half hours, because a zone may be half an hour from UTC: then the instants of a
/// place have the same hour and, but where clocks are set, the same date.
#[inline]
pub fn recent_place(time: i64) -> usize {
    time.div_euclid(NS_PER_HOUR / 2).rem_euclid(RECENT as i64) as usize
}

const SIZE_ENDS: [i64; 4] = [1_000, 5_000, 10_000, 50_000];
/// Where quantities go that are in no size.
pub const NO_SIZE: usize = SIZES.len();

/// The size of a quantity.
#[inline]
pub fn size_of_quantity(quantity: i64) -> usize {
    if quantity <= 0 {
        return NO_SIZE;
    }
    SIZE_ENDS.iter().map(|end| usize::from(quantity > *end)).sum()
}

/// A group and whom it has met; the first of each list is the group of NULL.
#[derive(Clone, Debug, Default)]
pub struct Met {
    pub totals: Totals,
    pub participants: CodeSet,
    pub securities: CodeSet,
}

/// All groups of the rows so far.
#[derive(Debug)]
pub struct Aggregates {
    pub zone: Zone,
    pub securities: CodeTable,
    pub participants: CodeTable,
    /// By code of the security.
    pub by_security: Vec<Met>,
    pub spreads: Vec<Spread>,
    /// By code of the participant; whom each has met follows from the securities.
    pub by_participant: Vec<Totals>,
    /// By first instant of the local hour, or piece of one.
    pub hours: BTreeMap<i64, u32>,
    pub slots: Vec<Slot>,
    pub by_hour: Vec<Met>,
    pub by_size: Vec<Met>,
    pub rows: u64,
    now: Slot,
    now_code: u32,
    recent: Vec<(Slot, u32)>,
    set_words: usize,
}

impl Aggregates {
    /// No groups, for hours in this zone.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            securities: CodeTable::default(),
            participants: CodeTable::default(),
            by_security: vec![Met::default()],
            spreads: vec![Spread::default()],
            by_participant: vec![Totals::default()],
            hours: BTreeMap::new(),
            slots: vec![Slot::NONE],
            by_hour: vec![Met::default()],
            by_size: vec![Met::default(); SIZES.len() + 1],
            rows: 0,
            now: Slot::NONE,
            now_code: NULL,
            recent: vec![(Slot::NONE, NULL); RECENT],
            set_words: 0,
        }
    }

    /// Takes in a batch, and says the code of each row's security.
    pub fn push(&mut self, columns: &Columns<'_>, security_codes: &mut Vec<u32>) {
        security_codes.clear();
        security_codes.reserve(columns.times.len());
        let has_nulls = columns.have_nulls();
        match (&columns.prices, has_nulls) {
            (Prices::Integers(prices), false) => self.rows::<false>(columns, *prices, security_codes),
            (Prices::Integers(prices), true) => self.rows::<true>(columns, *prices, security_codes),
            (Prices::Doubles(prices), false) => self.rows::<false>(columns, *prices, security_codes),
            (Prices::Doubles(prices), true) => self.rows::<true>(columns, *prices, security_codes),
        }
        self.rows += columns.times.len() as u64;
    }

    fn rows<const NULLS: bool>(&mut self, columns: &Columns<'_>, prices: impl PriceOf, security_codes: &mut Vec<u32>) {
        let there = |column: &Int64Array, row: usize| !NULLS || !column.is_null(row);
        let count = columns.times.len();
        let (times, securities) = (&columns.times.values()[..count], &columns.securities.values()[..count]);
        let (participants, quantities) = (&columns.participants.values()[..count], &columns.quantities.values()[..count]);
        for row in 0..count {
            let has_quantity = there(columns.quantities, row);
            let quantity = if has_quantity { quantities[row] } else { 0 };
            let price = if NULLS && prices.is_null(row) { Price::NULL } else { prices.price(row) };
            let added = Row { orders: there(columns.orders, row).into(), quantities: has_quantity.into(), quantity, price };
            let security = if there(columns.securities, row) { self.security(securities[row]) } else { NULL };
            let participant = if there(columns.participants, row) { self.participant(participants[row]) } else { NULL };
            security_codes.push(security);
            let mut grown = 0;
            if there(columns.times, row) {
                let time = times[row];
                if !self.now.holds(time) {
                    self.seek(time);
                }
                let spread = &mut self.spreads[security as usize];
                spread.first = spread.first.min(time);
                spread.last = spread.last.max(time);
                let hour = &mut self.by_hour[self.now_code as usize];
                hour.totals.add(&added);
                grown += hour.participants.add(participant) + hour.securities.add(security);
            }
            self.spreads[security as usize].squares.add(quantity);
            let met = &mut self.by_security[security as usize];
            met.totals.add(&added);
            grown += met.participants.add(participant);
            self.by_participant[participant as usize].add(&added);
            let size = &mut self.by_size[size_of_quantity(quantity)];
            size.totals.add(&added);
            grown += size.participants.add(participant);
            self.set_words += grown;
        }
    }

    /// The code of a security, which then has groups.
    #[inline]
    pub fn security(&mut self, security: i64) -> u32 {
        let code = self.securities.code(security);
        if code as usize >= self.by_security.len() {
            self.by_security.push(Met::default());
            self.spreads.push(Spread::default());
        }
        code
    }

    /// The code of a participant, which then has a group.
    #[inline]
    pub fn participant(&mut self, participant: i64) -> u32 {
        let code = self.participants.code(participant);
        if code as usize >= self.by_participant.len() {
            self.by_participant.push(Totals::default());
        }
        code
    }

    /// Makes the hour of an instant the present one. Where rows come by time this is rare; where not, hours come back.
    fn seek(&mut self, time: i64) {
        let at = recent_place(time);
        if !self.recent[at].0.holds(time) {
            let slot = self.zone.hour(time);
            self.recent[at] = (slot, self.hour(slot));
        }
        (self.now, self.now_code) = self.recent[at];
    }

    fn hour(&mut self, slot: Slot) -> u32 {
        let next = self.slots.len() as u32;
        let code = *self.hours.entry(slot.start).or_insert(next);
        if code == next {
            self.slots.push(slot);
            self.by_hour.push(Met::default());
        }
        code
    }

    /// The code of the hour that begins at this instant, which then has a group.
    pub fn hour_from(&mut self, start: i64) -> u32 {
        let slot = self.zone.hour(start);
        self.hour(slot)
    }

    /// Notes that sets grew while another fold's were taken in.
    pub fn note_growth(&mut self, words: usize) {
        self.set_words += words;
    }

    /// Bytes held; sets are counted twice their words because they grow by doubling.
    pub fn resident_bytes(&self) -> usize {
        let groups = self.by_security.capacity() + self.by_hour.capacity() + self.by_size.capacity();
        groups * size_of::<Met>()
            + self.spreads.capacity() * size_of::<Spread>()
            + self.by_participant.capacity() * size_of::<Totals>()
            + self.slots.capacity() * (size_of::<Slot>() + 32)
            + self.recent.capacity() * size_of::<(Slot, u32)>()
            + self.set_words * 16
            + self.securities.resident_bytes()
            + self.participants.resident_bytes()
    }
}
