//! Groups and jobs as batches, and back.
//!
//! Codes mean nothing to another fold, so groups travel with their values, and sets with the list of values that their bits stand for.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, Int64Type, UInt8Type, UInt64Type};
use arrow_array::{ArrayRef, BinaryArray, Decimal128Array, Int32Array, Int64Array, RecordBatch, UInt8Array, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use rowmill_core::{Error, GLOBAL_PARTITION, Result, StateBatch};
use rowmill_kernels::exact::SquareSum;

use super::aggregates::Aggregates;
use super::codes::{CodeSet, CodeTable};
use super::jobs::Jobs;
use super::totals::{Spread, Totals};

/// State tables of the global partition.
pub const GROUPS: u8 = 0;
pub const SETS: u8 = 1;
pub const JOBS: u8 = 2;
pub const FACTS: u8 = 3;
/// Rows of an extract, in partitions of their own.
pub const ROWS: u8 = 4;

/// What a group is by.
const SECURITY: u8 = 0;
const PARTICIPANT: u8 = 1;
const HOUR: u8 = 2;
const SIZE: u8 = 3;
/// What a set belongs to, and what it is of.
const SECURITY_PARTICIPANTS: u8 = 0;
const HOUR_PARTICIPANTS: u8 = 1;
const HOUR_SECURITIES: u8 = 2;
const SIZE_PARTICIPANTS: u8 = 3;
const PARTICIPANT_VALUES: u8 = 4;
const SECURITY_VALUES: u8 = 5;

/// A group on its way: what it is by, its key, and what is kept of it.
type Carried = (u8, i64, Totals, Spread);

/// A batch of the global partition.
pub fn global(table: u8, columns: Vec<(&str, ArrayRef)>) -> Result<StateBatch> {
    Ok(StateBatch { table, partition: GLOBAL_PARTITION, batch: batch(columns)? })
}

/// Columns as a batch.
pub fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    let fields = columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect())
        .map_err(|error| Error::bug(format!("columns make no batch: {error}")))
}

/// The groups; those of NULL are left out, for nothing asks for them.
pub fn write_groups(of: &Aggregates) -> Result<StateBatch> {
    let mut rows: Vec<Carried> = Vec::new();
    let plain = Spread::default();
    let keyed = |table: &CodeTable, code: usize| table.values()[code];
    rows.extend((1..of.by_security.len()).map(|at| (SECURITY, keyed(&of.securities, at), of.by_security[at].totals, of.spreads[at])));
    rows.extend((1..of.by_participant.len()).map(|at| (PARTICIPANT, keyed(&of.participants, at), of.by_participant[at], plain)));
    rows.extend((1..of.by_hour.len()).map(|at| (HOUR, of.slots[at].start, of.by_hour[at].totals, plain)));
    rows.extend(of.by_size.iter().enumerate().map(|(at, met)| (SIZE, at as i64, met.totals, plain)));
    let integers = |value: &dyn Fn(&Carried) -> i64| -> ArrayRef { Arc::new(rows.iter().map(|row| Some(value(row))).collect::<Int64Array>()) };
    let counts = |value: &dyn Fn(&Carried) -> u64| -> ArrayRef { Arc::new(rows.iter().map(|row| Some(value(row))).collect::<UInt64Array>()) };
    let wide = |value: &dyn Fn(&Carried) -> i128| -> ArrayRef {
        Arc::new(Decimal128Array::from_iter_values(rows.iter().map(value)).with_data_type(DataType::Decimal128(38, 0)))
    };
    global(
        GROUPS,
        vec![
            ("by", Arc::new(rows.iter().map(|row| Some(row.0)).collect::<UInt8Array>())),
            ("key", integers(&|row| row.1)),
            ("orders", counts(&|row| row.2.orders)),
            ("quantities", counts(&|row| row.2.quantities)),
            ("prices", counts(&|row| row.2.prices)),
            ("quantity_sum", wide(&|row| row.2.quantity_sum)),
            ("price_sum", wide(&|row| row.2.price_sum)),
            ("price_min", integers(&|row| row.2.price_min)),
            ("price_max", integers(&|row| row.2.price_max)),
            ("squares", wide(&|row| row.3.squares.parts().0 as i128)),
            ("squares_above", counts(&|row| row.3.squares.parts().1)),
            ("first", integers(&|row| row.3.first)),
            ("last", integers(&|row| row.3.last)),
        ],
    )
}

/// Takes in the groups of another fold.
pub fn read_groups(state: &RecordBatch, into: &mut Aggregates) -> Result<()> {
    let by = state.column(0).as_primitive::<UInt8Type>();
    let [key, price_min, price_max, first, last] = [1, 7, 8, 11, 12].map(|at| state.column(at).as_primitive::<Int64Type>().values());
    let [orders, quantities, prices, above] = [2, 3, 4, 10].map(|at| state.column(at).as_primitive::<UInt64Type>().values());
    let [quantity_sum, price_sum, squares] = [5, 6, 9].map(|at| state.column(at).as_primitive::<Decimal128Type>().values());
    for row in 0..state.num_rows() {
        let totals = Totals {
            orders: orders[row],
            quantities: quantities[row],
            prices: prices[row],
            quantity_sum: quantity_sum[row],
            price_sum: price_sum[row],
            price_min: price_min[row],
            price_max: price_max[row],
        };
        match by.value(row) {
            SECURITY => {
                let code = into.security(key[row]) as usize;
                into.by_security[code].totals.merge(&totals);
                let squares = SquareSum::from_parts((squares[row] as u128, above[row]));
                into.spreads[code].merge(&Spread { squares, first: first[row], last: last[row] });
            }
            PARTICIPANT => {
                let code = into.participant(key[row]) as usize;
                into.by_participant[code].merge(&totals);
            }
            HOUR => {
                let code = into.hour_from(key[row]) as usize;
                into.by_hour[code].totals.merge(&totals);
            }
            SIZE => into.by_size[key[row] as usize].totals.merge(&totals),
            _ => return Err(Error::bug("state with groups of an unknown kind")),
        }
    }
    Ok(())
}

/// Whom the groups have met.
pub fn write_sets(of: &Aggregates) -> Result<StateBatch> {
    let mut rows: Vec<(u8, i64, Vec<u8>)> = Vec::new();
    let values = |table: &CodeTable| table.values().iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    rows.push((PARTICIPANT_VALUES, 0, values(&of.participants)));
    rows.push((SECURITY_VALUES, 0, values(&of.securities)));
    rows.extend((1..of.by_security.len()).map(|at| (SECURITY_PARTICIPANTS, of.securities.values()[at], of.by_security[at].participants.to_bytes())));
    rows.extend((1..of.by_hour.len()).map(|at| (HOUR_PARTICIPANTS, of.slots[at].start, of.by_hour[at].participants.to_bytes())));
    rows.extend((1..of.by_hour.len()).map(|at| (HOUR_SECURITIES, of.slots[at].start, of.by_hour[at].securities.to_bytes())));
    rows.extend(of.by_size.iter().enumerate().map(|(at, met)| (SIZE_PARTICIPANTS, at as i64, met.participants.to_bytes())));
    global(
        SETS,
        vec![
            ("of", Arc::new(rows.iter().map(|row| Some(row.0)).collect::<UInt8Array>())),
            ("key", Arc::new(rows.iter().map(|row| Some(row.1)).collect::<Int64Array>())),
            ("members", Arc::new(BinaryArray::from_iter_values(rows.iter().map(|row| &row.2)))),
        ],
    )
}

/// Takes in whom the groups of another fold have met.
pub fn read_sets(state: &RecordBatch, into: &mut Aggregates) -> Result<()> {
    let of = state.column(0).as_primitive::<UInt8Type>();
    let key = state.column(1).as_primitive::<Int64Type>();
    let members = state.column(2).as_binary::<i32>();
    let values =
        |row: usize| members.value(row).chunks_exact(8).map(|bytes| bytes.iter().rev().fold(0_u64, |all, byte| all << 8 | u64::from(*byte)) as i64);
    let (mut participants, mut securities) = (Vec::new(), Vec::new());
    let mut grown = 0;
    for row in 0..state.num_rows() {
        let key = key.value(row);
        match of.value(row) {
            PARTICIPANT_VALUES => participants = codes(values(row), |value| into.participant(value)),
            SECURITY_VALUES => securities = codes(values(row), |value| into.security(value)),
            SECURITY_PARTICIPANTS => {
                let code = into.security(key) as usize;
                grown += add(&mut into.by_security[code].participants, members.value(row), &participants);
            }
            HOUR_PARTICIPANTS => {
                let code = into.hour_from(key) as usize;
                grown += add(&mut into.by_hour[code].participants, members.value(row), &participants);
            }
            HOUR_SECURITIES => {
                let code = into.hour_from(key) as usize;
                grown += add(&mut into.by_hour[code].securities, members.value(row), &securities);
            }
            SIZE_PARTICIPANTS => grown += add(&mut into.by_size[key as usize].participants, members.value(row), &participants),
            _ => return Err(Error::bug("state with sets of an unknown kind")),
        }
    }
    into.note_growth(grown);
    Ok(())
}

/// The codes here for the codes there; NULL is the first in both.
fn codes(values: impl Iterator<Item = i64>, mut code: impl FnMut(i64) -> u32) -> Vec<u32> {
    values.enumerate().map(|(at, value)| if at == 0 { 0 } else { code(value) }).collect()
}

fn add(set: &mut CodeSet, members: &[u8], codes: &[u32]) -> usize {
    CodeSet::from_bytes(members).codes().filter_map(|code| codes.get(code as usize)).map(|code| set.add(*code)).sum()
}

/// Rows by date and security.
pub fn write_jobs(jobs: &Jobs, securities: &CodeTable) -> Result<StateBatch> {
    let rows: Vec<_> = jobs.iter().filter(|(_, security, _)| *security > 0).collect();
    global(
        JOBS,
        vec![
            ("day", Arc::new(rows.iter().map(|row| Some(row.0)).collect::<Int32Array>())),
            ("security", Arc::new(rows.iter().map(|row| Some(securities.values()[row.1 as usize])).collect::<Int64Array>())),
            ("rows", Arc::new(rows.iter().map(|row| Some(row.2)).collect::<UInt64Array>())),
        ],
    )
}

/// Takes in the rows by date and security of another fold.
pub fn read_jobs(state: &RecordBatch, jobs: &mut Jobs, into: &mut Aggregates) {
    let day = state.column(0).as_primitive::<Int32Type>();
    let security = state.column(1).as_primitive::<Int64Type>();
    let rows = state.column(2).as_primitive::<UInt64Type>();
    for row in 0..state.num_rows() {
        jobs.add(day.value(row), into.security(security.value(row)), rows.value(row));
    }
}
