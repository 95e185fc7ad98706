//! Order logs with everything that hurts: NULLs, borders of hours and days, days on which clocks are set, several zones.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, Field, Schema};
use rowmill_core::{ColumnKind, InputSpec, POSITION};

use super::zone::Clock;
use crate::random::Random;

const HOUR: i64 = 3_600_000_000_000;
const DAY: i64 = 24 * HOUR;
/// 2024-04-06, 2024-09-04 and 2024-10-05: the days before clocks are set back, an ordinary one, and before they are set forward.
const STARTS: [i64; 3] = [19_819, 19_970, 20_001];

/// One order event, as far as it is looked at.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Number of the order.
    pub order: Option<i64>,
    /// Instant in nanoseconds.
    pub time: Option<i64>,
    /// Security.
    pub security: Option<i64>,
    /// Participant.
    pub participant: Option<i64>,
    /// Quantity.
    pub quantity: Option<i64>,
    /// Price; where prices are doubles, in eighths.
    pub price: Option<i64>,
    /// Order type of the exchange.
    pub order_type: Option<i64>,
    /// Bid, NULL where there is none.
    pub national_bid: Option<i64>,
    /// A text.
    pub validity: Option<&'static str>,
    /// Place in the input.
    pub position: i64,
}

/// An order log and what is asked of it.
#[derive(Clone, Debug)]
pub struct Log {
    /// The events in the order of the input.
    pub rows: Vec<Order>,
    /// Zone of dates and hours.
    pub zone: Clock,
    /// Zone of the aggregates.
    pub aggregate_zone: Clock,
    /// First and last local day.
    pub days: Option<(i64, i64)>,
    /// Securities asked for; may name one twice.
    pub securities: Vec<i64>,
    /// Participants asked for.
    pub participants: Vec<i64>,
    /// Order types asked for.
    pub order_types: Vec<i64>,
    /// First hour, last hour, and where the last one ends: `exclusive`, `instant` or `hour`.
    pub hours: Option<(i64, i64, &'static str)>,
    /// Whether prices are doubles.
    pub double: bool,
}

/// A log drawn from the seed.
pub fn random_log(seed: u64) -> Log {
    let mut random = Random::new(seed);
    let zone = *random.pick(&Clock::ALL);
    let aggregate_zone = if random.percent(50) { zone } else { *random.pick(&Clock::ALL) };
    let start = *random.pick(&STARTS);
    let count = random.below(150);
    let some = |random: &mut Random, values: &[i64]| if random.percent(40) { vec![*random.pick(values), *random.pick(values)] } else { Vec::new() };
    let day = |random: &mut Random| start + random.below(3) as i64;
    let days = random.percent(40).then(|| day(&mut random)).map(|first| (first, first + random.below(3) as i64));
    let hours = random.percent(50).then(|| {
        let first = random.below(24) as i64;
        (first, first + 1 + random.below((24 - first) as usize) as i64, *random.pick(&["exclusive", "instant", "hour"]))
    });
    let nulls = if random.percent(50) { 8 } else { 0 };
    let mut rows: Vec<Order> = (0..count).map(|_| order(&mut random, start, nulls)).collect();
    if random.percent(70) {
        rows.sort_by_key(|row| row.time);
    }
    let mut position = 0;
    for row in &mut rows {
        position += 1 + random.below(3_000_000) as i64;
        row.position = position + if random.percent(2) { 1 << 44 } else { 0 };
    }
    rows.sort_by_key(|row| row.position);
    Log {
        rows,
        zone,
        aggregate_zone,
        days,
        securities: some(&mut random, &SECURITIES),
        participants: some(&mut random, &PARTICIPANTS),
        order_types: some(&mut random, &TYPES),
        hours,
        double: random.percent(30),
    }
}

const SECURITIES: [i64; 6] = [110_621, 110_622, 85_603, -5, 0, 5_000_000_000];
const PARTICIPANTS: [i64; 5] = [69, 70, 71, 1 << 20, -1];
const TYPES: [i64; 6] = [0, 64, 256, 2048, 4096, 4098];

fn order(random: &mut Random, start: i64, nulls: usize) -> Order {
    let quantities = [0, -3, 1, 999, 1_000, 1_001, 5_000, 5_001, 10_000, 10_001, 50_000, 50_001, 3_000_000_000_000];
    let mut maybe = |value: fn(&mut Random, i64) -> i64| if random.percent(nulls) { None } else { Some(value(random, start)) };
    let mut order = Order {
        order: maybe(|random, _| 7_900_000_000_000_000_000 + random.below(1000) as i64),
        time: maybe(time),
        security: maybe(|random, _| *random.pick(&SECURITIES)),
        participant: maybe(|random, _| *random.pick(&PARTICIPANTS)),
        quantity: maybe(|random, _| random.below(60_000) as i64),
        price: maybe(|random, _| random.below(200_000) as i64 - 1000),
        order_type: maybe(|random, _| *random.pick(&TYPES)),
        national_bid: maybe(|random, _| random.below(5_000) as i64 * 10),
        ..Order::default()
    };
    if order.quantity.is_some() && random.percent(40) {
        order.quantity = Some(*random.pick(&quantities));
    }
    order.validity = *random.pick(&[None, Some(""), Some("Current Max"), Some("Days")]);
    order
}

/// Often on a border of an hour or half an hour, or a nanosecond beside one.
fn time(random: &mut Random, start: i64) -> i64 {
    let within = random.below(4 * 48) as i64 * HOUR / 2 - DAY;
    let beside = match random.below(4) {
        0 => 0,
        1 => -1,
        2 => 1,
        _ => random.bits() as i64 % HOUR,
    };
    start * DAY + within + beside
}

impl Log {
    /// The value of a column of whole numbers.
    pub fn integer(row: &Order, column: &str) -> Option<i64> {
        match column {
            "order_id" => row.order,
            "timestamp" => row.time,
            "security_code" => row.security,
            "participantid" => row.participant,
            "quantity" => row.quantity,
            "price" => row.price,
            "exchangeordertype" => row.order_type,
            "national_bid" => row.national_bid,
            _ => None,
        }
    }

    /// The log as a reader gives it.
    ///
    /// # Errors
    /// Where the columns make no batch.
    pub fn batch(&self, input: &InputSpec) -> Result<RecordBatch, ArrowError> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for column in &input.columns {
            let name: &str = &column.name;
            let values: ArrayRef = match column.kind {
                ColumnKind::Text => Arc::new(self.rows.iter().map(|row| row.validity).collect::<StringArray>()),
                ColumnKind::Double => Arc::new(self.rows.iter().map(|row| row.price.map(|price| price as f64 / 8.0)).collect::<Float64Array>()),
                _ => Arc::new(self.rows.iter().map(|row| Self::integer(row, name)).collect::<Int64Array>()),
            };
            columns.push((name, values));
        }
        if input.position {
            columns.push((POSITION, Arc::new(self.rows.iter().map(|row| Some(row.position)).collect::<Int64Array>())));
        }
        let fields = columns.iter().map(|(name, values)| Field::new(*name, values.data_type().clone(), true)).collect::<Vec<_>>();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, values)| values).collect())
    }
}
