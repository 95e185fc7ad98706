//! Events of orders, one after the other in time.

use rowmill_core::day::Day;

use super::clock::{instant, of_day};
use super::spec::OrdersSpec;
use crate::noise::noise;

/// The columns of an event that are numbers, by position in the file; the text is in between.
pub(super) const COLUMNS: [&str; 29] = [
    "order_id",
    "exchange",
    "timestamp",
    "security_code",
    "price",
    "side",
    "changereason",
    "orderstatus",
    "quantity",
    "leavesquantity",
    "ordertype",
    "exchangeordertype",
    "national_bid",
    "national_offer",
    "bid",
    "offer",
    "participantid",
    "preferenceonly",
    "midtick",
    "singlefillminimumquantity",
    "minimumquantity",
    "sequence",
    "crossingkey",
    "totalmatchedquantity",
    "shortsellquantity",
    "triggercondition",
    "timevaliditydecoded",
    "row_num",
    "timevalidity",
];

/// Position of the only text.
pub(super) const TEXT: usize = 26;
/// Positions of columns that others look at.
pub(super) const TIMESTAMP: usize = 2;
pub(super) const SECURITY: usize = 3;
pub(super) const PRICE: usize = 4;
pub(super) const SIDE: usize = 5;
pub(super) const REASON: usize = 6;
pub(super) const QUANTITY: usize = 8;
pub(super) const BID: usize = 14;
pub(super) const OFFER: usize = 15;
pub(super) const PARTICIPANT: usize = 16;
pub(super) const MATCHED: usize = 23;

/// Why an event is there: the order was traded, amended, or is new.
pub(super) const TRADED: i64 = 3;
const AMENDED: i64 = 5;
const NEW: i64 = 6;
/// Why an order left the book: cancelled and purged in several ways.
const EXITS: [i64; 6] = [1, 9, 20, 23, 35, 51];

/// The types of the Centre Point family.
const CENTRE_POINT: [i64; 5] = [64, 256, 2048, 4096, 4098];
const VALIDITIES: [(&str, i64); 4] =
    [("Current Max", 1309), ("Days", 1536), ("Purged Days", 17664), ("Negative indicator Purged Rest of Day", 49408)];

/// Where a quote is not available.
pub(super) const NOT_AVAILABLE: i64 = i64::MIN;

/// Orders that may be open at the same time.
const OPEN: usize = 4_096;
const FIRST_ORDER: i64 = 7_904_794_000_000_000_000;

/// An event. A column whose bit is set in `nulls` has no value.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) values: [i64; 29],
    pub(super) nulls: u32,
    pub(super) validity: &'static str,
    pub(super) day: Day,
}

impl Event {
    pub(super) fn is_null(&self, column: usize) -> bool {
        self.nulls >> column & 1 == 1
    }

    /// The number in a column, where there is one.
    pub(super) fn get(&self, column: usize) -> Option<i64> {
        (!self.is_null(column)).then_some(self.values[column])
    }
}

/// An order in the book.
#[derive(Clone, Copy)]
struct Order {
    id: i64,
    security: usize,
    participant: i64,
    side: i64,
    price: i64,
    quantity: i64,
    matched: i64,
    kind: i64,
    validity: usize,
    events: u32,
}

/// All events of a log, in the order of time. A few thousand orders are in memory, whatever the size of the log.
pub(super) struct Events<'a> {
    spec: &'a OrdersSpec,
    days: &'a [Day],
    securities: Vec<i64>,
    participants: Vec<i64>,
    open: Vec<Order>,
    orders: i64,
    row: u64,
    rows: u64,
    last: (i64, i64),
}

/// The codes of securities: five and six digits, in no order.
pub(super) fn security_codes(spec: &OrdersSpec) -> Vec<i64> {
    (0..u64::from(spec.securities)).map(|at| 85_603 + at as i64 * 239 + (noise([spec.seed, 1, at]) % 230) as i64).collect()
}

/// The codes of participants.
pub(super) fn participant_codes(spec: &OrdersSpec) -> Vec<i64> {
    (0..i64::from(spec.participants)).map(|at| 40 + at).collect()
}

impl<'a> Events<'a> {
    pub(super) fn new(spec: &'a OrdersSpec, days: &'a [Day], rows: u64) -> Self {
        let (securities, participants) = (security_codes(spec), participant_codes(spec));
        Self { spec, days, securities, participants, open: Vec::with_capacity(OPEN), orders: 0, row: 0, rows, last: (i64::MIN, 0) }
    }

    fn bits(&self, what: u64) -> u64 {
        noise([self.spec.seed, self.row, what])
    }

    fn start_order(&mut self) -> Order {
        let bits = self.bits(2);
        let uniform = (bits >> 40) as f64 / (1u64 << 24) as f64;
        // The square of a uniform number: the first tenth of the securities has a third of the orders.
        let security = ((uniform * uniform * self.securities.len() as f64) as usize).min(self.securities.len() - 1);
        let base = 500 + (noise([self.spec.seed, 3, security as u64]) % 140_000) as i64;
        self.orders += 1;
        Order {
            id: FIRST_ORDER + self.orders * 7 + (bits & 3) as i64,
            security,
            participant: self.participants[(bits >> 8) as usize % self.participants.len()],
            side: 1 + (bits >> 2 & 1) as i64,
            price: base + (bits >> 3 & 31) as i64,
            quantity: quantity(self.bits(4)),
            matched: 0,
            kind: if bits >> 20 & 3 == 0 { CENTRE_POINT[(bits >> 24) as usize % CENTRE_POINT.len()] } else { 0 },
            validity: (bits >> 28) as usize % VALIDITIES.len(),
            events: 0,
        }
    }

    /// The next thing that happens to an order: the reason, and whether it leaves the book.
    fn change(&self, order: &mut Order) -> (i64, bool) {
        order.events += 1;
        let bits = self.bits(5);
        if order.events == 1 {
            return (NEW, false);
        }
        let leaves = order.quantity - order.matched;
        match bits & 7 {
            0..=2 if leaves > 0 => {
                let fill = if bits >> 3 & 1 == 0 { leaves } else { 1 + (bits >> 8) as i64 % leaves };
                order.matched += fill;
                (TRADED, order.matched == order.quantity || order.events >= 5)
            }
            3..=4 if order.events < 5 => {
                order.price += (bits >> 12 & 3) as i64 - 1;
                (AMENDED, false)
            }
            _ => (EXITS[(bits >> 16) as usize % EXITS.len()], true),
        }
    }

    fn time(&mut self) -> (Day, i64, i64) {
        let days = self.days.len() as u64;
        let at = (self.row as u128 * u128::from(days) / u128::from(self.rows)) as u64;
        let first = |day: u64| (u128::from(day) * u128::from(self.rows)).div_ceil(u128::from(days)) as u64;
        let (begin, end) = (first(at), first(at + 1));
        let day = self.days[at as usize];
        let time = instant(day, of_day(self.row - begin, end - begin, self.bits(6)));
        // One event in sixteen shares its time with the one before: the sequence tells them apart.
        let time = if self.bits(7) & 15 == 0 && self.last.0 >= instant(day, 0) { self.last.0 } else { time.max(self.last.0) };
        let sequence = self.last.1 + 1;
        self.last = (time, sequence);
        (day, time, sequence)
    }
}

/// Quantities of all sizes, now and then none.
fn quantity(bits: u64) -> i64 {
    let most = [1_000, 5_000, 10_000, 50_000, 400_000][(bits & 7).min(4) as usize];
    match bits >> 3 & 255 {
        0 => most,
        _ => 1 + (bits >> 16) as i64 % most,
    }
}

impl Iterator for Events<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if self.row == self.rows {
            return None;
        }
        let (day, time, sequence) = self.time();
        let bits = self.bits(8);
        let goes_on = !self.open.is_empty() && (self.open.len() == OPEN || bits & 7 < 4);
        let place = if goes_on { (bits >> 8) as usize % self.open.len() } else { self.open.len() };
        if !goes_on {
            let order = self.start_order();
            self.open.push(order);
        }
        let mut order = self.open[place];
        let (reason, leaves_book) = self.change(&mut order);
        if leaves_book {
            self.open.swap_remove(place);
        } else {
            self.open[place] = order;
        }
        let event = self.event(&order, Happening { day, time, sequence, reason, leaves_book, bits });
        self.row += 1;
        Some(event)
    }
}

struct Happening {
    day: Day,
    time: i64,
    sequence: i64,
    reason: i64,
    leaves_book: bool,
    bits: u64,
}

impl Events<'_> {
    fn event(&self, order: &Order, Happening { day, time, sequence, reason, leaves_book, bits }: Happening) -> Event {
        let (validity, mask) = VALIDITIES[order.validity];
        let spread = 10 + (bits >> 20 & 3) as i64 * 10;
        let bid = order.price - spread / 2;
        let national = |quote: i64, bit: u64| if bits >> bit & 3 == 0 { NOT_AVAILABLE } else { quote };
        let leaves = order.quantity - order.matched;
        let mut values = [0; 29];
        values[0] = order.id;
        values[1] = 1;
        values[TIMESTAMP] = time;
        values[SECURITY] = self.securities[order.security];
        values[PRICE] = order.price;
        values[SIDE] = order.side;
        values[REASON] = reason;
        values[7] = if leaves_book { 2 } else { 1 };
        values[QUANTITY] = order.quantity;
        values[9] = if leaves_book && reason != TRADED { 0 } else { leaves };
        values[10] = 1;
        values[11] = order.kind;
        values[12] = national(bid - 10, 24);
        values[13] = national(bid + spread + 10, 26);
        values[BID] = bid;
        values[OFFER] = bid + spread;
        values[PARTICIPANT] = order.participant;
        values[18] = (bits >> 28 & 1) as i64;
        values[20] = if order.kind == 0 { 0 } else { order.quantity / 10 };
        values[21] = sequence;
        values[22] = if bits >> 30 & 63 == 0 { (bits >> 36) as i64 % 5_403_627 } else { 0 };
        values[MATCHED] = order.matched;
        values[24] = if bits >> 29 & 15 == 0 && order.side == 2 { order.quantity } else { 0 };
        values[27] = self.row as i64;
        values[28] = mask;
        let lacks = |column: usize| u32::from(self.bits(9 + column as u64) % 100 < u64::from(self.spec.null_percent)) << column;
        let nulls = if self.spec.null_percent == 0 { 0 } else { lacks(QUANTITY) | lacks(PRICE) | lacks(PARTICIPANT) };
        Event { values, nulls, validity, day }
    }
}
