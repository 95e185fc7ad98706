//! ORD-050: the example of the original, number for number: 1,000 rows drawn with numpy's `RandomState(42)`, aggregated in UTC.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema};
use common::{Run, run};
use rowmill_testkit::orders::Cell;
use serde_json::json;

/// The Mersenne Twister as numpy seeds and reads it. Source: Matsumoto and Nishimura, "Mersenne Twister", 1998.
struct Twister {
    state: Vec<u32>,
    at: usize,
}

impl Twister {
    fn new(seed: u32) -> Self {
        let mut state = vec![seed];
        for at in 1..624 {
            let last = state[at - 1];
            state.push(1_812_433_253_u32.wrapping_mul(last ^ last >> 30).wrapping_add(at as u32));
        }
        Self { state, at: 624 }
    }

    fn bits(&mut self) -> u32 {
        if self.at == 624 {
            for at in 0..624 {
                let mixed = self.state[at] & 0x8000_0000 | self.state[(at + 1) % 624] & 0x7fff_ffff;
                let odd = if mixed & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[at] = self.state[(at + 397) % 624] ^ mixed >> 1 ^ odd;
            }
            self.at = 0;
        }
        let mut bits = self.state[self.at];
        self.at += 1;
        bits ^= bits >> 11;
        bits ^= bits << 7 & 0x9d2c_5680;
        bits ^= bits << 15 & 0xefc6_0000;
        bits ^ bits >> 18
    }

    /// A whole number from `low`, without `high`: bits under a mask, until they fit.
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        let range = (high - 1 - low) as u64;
        let mask = u64::MAX >> range.leading_zeros();
        loop {
            let bits = if range <= u64::from(u32::MAX) { u64::from(self.bits()) } else { u64::from(self.bits()) << 32 | u64::from(self.bits()) };
            if bits & mask <= range {
                return low + (bits & mask) as i64;
            }
        }
    }

    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let (upper, lower) = (f64::from(self.bits() >> 5), f64::from(self.bits() >> 6));
        low + (high - low) * ((upper * 67_108_864.0 + lower) / 9_007_199_254_740_992.0)
    }
}

fn rows() -> RecordBatch {
    let mut random = Twister::new(42);
    let securities: Int64Array = (0..1000).map(|_| Some([110_621, 110_622, 110_623][random.integer(0, 3) as usize])).collect();
    let participants: Int64Array = (0..1000).map(|_| Some([69, 70, 71][random.integer(0, 3) as usize])).collect();
    let quantities: Int64Array = (0..1000).map(|_| Some(random.integer(100, 10_000))).collect();
    let prices: Float64Array = (0..1000).map(|_| Some(random.uniform(3_000.0, 4_000.0))).collect();
    let times: Int64Array = (0..1000).map(|_| Some(random.integer(1_725_494_536_000_000_000, 1_725_581_136_000_000_000))).collect();
    let orders: Int64Array = (1000..2000).map(Some).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("order_id", Arc::new(orders)),
        ("timestamp", Arc::new(times)),
        ("security_code", Arc::new(securities)),
        ("participantid", Arc::new(participants)),
        ("quantity", Arc::new(quantities)),
        ("price", Arc::new(prices)),
    ];
    let fields = columns.iter().map(|(name, values)| Field::new(*name, values.data_type().clone(), true)).collect::<Vec<_>>();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, values)| values).collect()).unwrap()
}

fn whole(numbers: &[i128]) -> Vec<Cell> {
    numbers.iter().map(|number| Cell::Integer(*number)).collect()
}

fn near(cell: &Cell, expected: f64) {
    let Cell::Double(found) = cell else { panic!("{cell:?}") };
    assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
}

#[test]
fn ord_050_the_example_of_the_original_comes_out_as_it_was() {
    let orders = json!({"orders": {"types": {"price": "double"}, "aggregateZone": "UTC"}});
    let Run { tables, details, .. } = run(orders, |_| rows()).unwrap();
    assert_eq!(tables[..7].iter().map(Vec::len).collect::<Vec<_>>(), [3, 2, 3, 24, 3, 25, 2]);
    let three = |table: usize| tables[table].iter().map(|row| row[1..4].to_vec()).collect::<Vec<_>>();
    let securities = [[110_621, 355, 1_811_303], [110_622, 326, 1_717_439], [110_623, 319, 1_630_620]];
    assert_eq!(three(0), securities.map(|row| whole(&row)));
    near(&tables[0][0][5], 2_897.870_409_697_9);
    near(&tables[0][0][6], 3_511.606_052_161_719_6);
    let participants = [[69, 334, 1_730_652], [70, 333, 1_773_523], [71, 333, 1_655_187]];
    assert_eq!(three(2), participants.map(|row| whole(&row)));
    let sizes = [("<1K", [100, 54_824]), ("1K-5K", [360, 1_060_062]), ("5K-10K", [540, 4_044_476])];
    assert_eq!(three(4), sizes.map(|(name, counts)| [vec![Cell::Text(name.into())], whole(&counts)].concat()));
    assert_eq!(three(1), [[19_971, 999, 5_151_789], [19_972, 1, 7_573]].map(|row| whole(&row)));
    for hour in [[0, 35, 182_713], [7, 48, 258_571], [23, 51, 267_743]] {
        assert_eq!(three(3)[hour[0] as usize], whole(&hour));
    }
    assert_eq!(details["groups"]["hourly_ts"], 25);
    assert_eq!(details["rowsKept"], 1000);
}
