//! Sums by key, over any number of batches.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use polars_core::prelude::{Column, DataFrame, NamedFrom, Series, SortMultipleOptions};
use rowmill_core::{Code, Error, Result};

use crate::columns::{Texts, column, days, doubles, integers};
use crate::groups::fault;

/// Partial groups that may wait before they are rolled up once more.
const PENDING_ROWS: usize = 1 << 15;

/// The column that stands for all rows where there is no key to group by.
const EVERYTHING: &str = "everything";

/// Groups all rows by the columns `by` and sums the columns `sums`.
///
/// Keys may be text, date, integer or timestamp (which becomes milliseconds since 1970-01-01); NULL is a key like any other, and comes last. Sums are Float64 whatever was summed
/// (decimals or doubles): NULLs are skipped, and a group of nothing but NULLs has the sum NULL. The rows are sorted by the keys
/// in the order of `by`, texts by code point. Without keys there is one row, or none where there is no input. The memory used
/// follows the number of groups, not of rows.
///
/// # Errors
/// What the batches fail with; `SINK_TABLE_MISMATCH` for a column that is missing or of another kind.
pub fn rollup(batches: &mut dyn Iterator<Item = Result<RecordBatch>>, by: &[&str], sums: &[&str]) -> Result<RecordBatch> {
    let mut rolling = Rolling { by, sums, kinds: Vec::new(), partial: None, compact: 0 };
    for batch in batches {
        rolling.add(&batch?)?;
    }
    rolling.finish()
}

/// What a key column is outside of polars, where a date is a plain number.
#[derive(Clone, Copy, PartialEq)]
enum KeyKind {
    Text,
    Date,
    Int32,
    Int64,
}

impl KeyKind {
    fn of(name: &str, data_type: &DataType) -> Result<Self> {
        match data_type {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => Ok(Self::Text),
            DataType::Date32 => Ok(Self::Date),
            DataType::Int32 => Ok(Self::Int32),
            DataType::Int64 | DataType::Timestamp(..) => Ok(Self::Int64),
            other => {
                let message = format!("cannot group by a column of type {other}");
                Err(Error::new(Code::SinkTableMismatch, message).column(name).help("Group by text, date, timestamp or integer columns."))
            }
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Date => DataType::Date32,
            Self::Int32 => DataType::Int32,
            Self::Int64 => DataType::Int64,
        }
    }
}

/// Rolled-up rows so far. Every sum travels with the number of values in it, since polars makes 0 of a sum of nothing.
struct Rolling<'a> {
    by: &'a [&'a str],
    sums: &'a [&'a str],
    kinds: Vec<KeyKind>,
    partial: Option<DataFrame>,
    compact: usize,
}

impl Rolling<'_> {
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let kinds = self.by.iter().map(|name| KeyKind::of(name, column(batch, name)?.data_type())).collect::<Result<Vec<_>>>()?;
        if self.kinds.is_empty() {
            self.kinds = kinds;
        } else if let Some(at) = (0..kinds.len()).find(|at| kinds[*at] != self.kinds[*at]) {
            return Err(Error::new(Code::SinkTableMismatch, "the column changes its type between batches").column(self.by[at]));
        }
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let rolled = self.group(&self.frame(batch)?)?;
        let partial = match self.partial.take() {
            None => rolled,
            Some(before) => before.vstack(&rolled).map_err(fault)?,
        };
        // Rolling up again only once the rows have doubled keeps the total work linear.
        if partial.height() > (2 * self.compact).max(PENDING_ROWS) {
            let compacted = self.group(&partial)?;
            self.compact = compacted.height();
            self.partial = Some(compacted);
        } else {
            self.partial = Some(partial);
        }
        Ok(())
    }

    fn key_names(&self) -> Vec<String> {
        if self.by.is_empty() { vec![EVERYTHING.into()] } else { (0..self.by.len()).map(|at| format!("key{at}")).collect() }
    }

    fn sum_names(&self) -> Vec<String> {
        (0..self.sums.len()).flat_map(|at| [format!("sum{at}"), format!("count{at}")]).collect()
    }

    fn frame(&self, batch: &RecordBatch) -> Result<DataFrame> {
        let mut columns = Vec::new();
        for ((name, alias), kind) in self.by.iter().zip(self.key_names()).zip(&self.kinds) {
            columns.push(key_column(batch, name, &alias, *kind)?);
        }
        if self.by.is_empty() {
            columns.push(Column::from(Series::new(EVERYTHING.into(), vec![0i64; batch.num_rows()])));
        }
        for (name, names) in self.sums.iter().zip(self.sum_names().chunks(2)) {
            let values = doubles(name, column(batch, name)?)?;
            let counts: Vec<f64> = values.iter().map(|value| f64::from(value.is_some())).collect();
            columns.push(Column::from(Series::new(names[0].as_str().into(), values)));
            columns.push(Column::from(Series::new(names[1].as_str().into(), counts)));
        }
        DataFrame::new_infer_height(columns).map_err(fault)
    }

    #[expect(deprecated, reason = "the replacement is the lazy engine, which costs minutes of build time for the same sums")]
    fn group(&self, frame: &DataFrame) -> Result<DataFrame> {
        let (keys, sums) = (self.key_names(), self.sum_names());
        let mut rolled = frame.group_by_stable(&keys).map_err(fault)?.select(&sums).sum().map_err(fault)?;
        rolled.set_column_names(&[keys, sums].concat()).map_err(fault)?;
        Ok(rolled)
    }

    fn finish(self) -> Result<RecordBatch> {
        let kinds = if self.kinds.is_empty() { vec![KeyKind::Text; self.by.len()] } else { self.kinds.clone() };
        let keys = self.by.iter().zip(&kinds).map(|(name, kind)| Field::new(*name, kind.arrow(), true));
        let sums = self.sums.iter().map(|name| Field::new(*name, DataType::Float64, true));
        let schema = Arc::new(Schema::new(keys.chain(sums).collect::<Vec<_>>()));
        let Some(partial) = &self.partial else { return Ok(RecordBatch::new_empty(schema)) };
        let names = self.key_names();
        let order = SortMultipleOptions::default().with_nulls_last(true);
        let rolled = self.group(partial)?.sort(&names, order).map_err(fault)?;
        let mut arrays = Vec::new();
        for (name, kind) in names.iter().zip(&kinds) {
            arrays.push(key_array(&rolled, name, *kind)?);
        }
        for names in self.sum_names().chunks(2) {
            arrays.push(sum_array(&rolled, &names[0], &names[1])?);
        }
        RecordBatch::try_new(schema, arrays).map_err(|error| Error::bug(format!("rolled-up columns do not fit: {error}")))
    }
}

fn key_column(batch: &RecordBatch, name: &str, alias: &str, kind: KeyKind) -> Result<Column> {
    let array = column(batch, name)?;
    let series = match kind {
        KeyKind::Text => {
            let texts = Texts::of(name, array)?;
            let values: Vec<Option<&str>> = (0..batch.num_rows()).map(|row| texts.get(row)).collect();
            Series::new(alias.into(), values)
        }
        KeyKind::Date => Series::new(alias.into(), days(name, array)?.iter().map(|day| day.map(i64::from)).collect::<Vec<_>>()),
        KeyKind::Int32 | KeyKind::Int64 => Series::new(alias.into(), integers(name, array)?),
    };
    Ok(Column::from(series))
}

fn key_array(frame: &DataFrame, name: &str, kind: KeyKind) -> Result<ArrayRef> {
    let series = frame.column(name).map_err(fault)?.as_materialized_series();
    if kind == KeyKind::Text {
        return Ok(Arc::new(series.str().map_err(fault)?.iter().collect::<StringArray>()));
    }
    let numbers = series.i64().map_err(fault)?.iter();
    // What came in as 32 bits goes out as 32 bits.
    Ok(match kind {
        KeyKind::Date => Arc::new(numbers.map(|number| number.map(|number| number as i32)).collect::<Date32Array>()),
        KeyKind::Int32 => Arc::new(numbers.map(|number| number.map(|number| number as i32)).collect::<Int32Array>()),
        _ => Arc::new(numbers.collect::<Int64Array>()),
    })
}

fn sum_array(frame: &DataFrame, sum: &str, count: &str) -> Result<ArrayRef> {
    let read = |name: &str| Ok::<_, Error>(frame.column(name).map_err(fault)?.as_materialized_series().clone());
    let (sums, counts) = (read(sum)?, read(count)?);
    let pairs = sums.f64().map_err(fault)?.iter().zip(counts.f64().map_err(fault)?.iter());
    Ok(Arc::new(pairs.map(|(sum, count)| sum.filter(|_| count.is_some_and(|count| count > 0.0))).collect::<Float64Array>()))
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
    use arrow_array::{
        Array, Decimal128Array, DictionaryArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
    };

    use super::*;

    fn batch(days: Vec<Option<i32>>, names: Vec<Option<&str>>, amounts: Vec<Option<i128>>, doubles: Vec<Option<f64>>) -> RecordBatch {
        let numbers: Vec<i32> = (0..names.len() as i32).map(|number| number % 2).collect();
        let names: DictionaryArray<Int32Type> = names.into_iter().collect();
        let amounts = Decimal128Array::from(amounts).with_precision_and_scale(33, 15).expect("a decimal");
        RecordBatch::try_from_iter([
            ("day", Arc::new(Date32Array::from(days)) as ArrayRef),
            ("name", Arc::new(names)),
            ("amount", Arc::new(amounts)),
            ("double", Arc::new(Float64Array::from(doubles))),
            ("number", Arc::new(Int32Array::from(numbers))),
        ])
        .expect("a batch")
    }

    const UNIT: i128 = 1_000_000_000_000_000;

    fn two_batches() -> Vec<Result<RecordBatch>> {
        let first = batch(
            vec![Some(2), Some(1), None],
            vec![Some("b"), None, Some("a")],
            vec![Some(UNIT), None, Some(3 * UNIT)],
            vec![Some(0.5), None, None],
        );
        let second = batch(
            vec![Some(1), Some(2), None, Some(1)],
            vec![None, Some("b"), Some("a"), Some("é")],
            vec![None, Some(UNIT / 2), None, None],
            vec![None, Some(1.0), Some(f64::MAX), Some(0.0)],
        );
        vec![Ok(first), Ok(second)]
    }

    #[test]
    fn null_keys_are_a_group_and_null_measures_are_skipped() {
        let rolled = rollup(&mut two_batches().into_iter(), &["day", "name"], &["amount", "double"]).expect("rows");
        let days: Vec<Option<i32>> = rolled.column(0).as_primitive::<Date32Type>().iter().collect();
        let names: Vec<Option<&str>> = rolled.column(1).as_string::<i32>().iter().collect();
        let amounts: Vec<Option<f64>> = rolled.column(2).as_primitive::<Float64Type>().iter().collect();
        let doubles: Vec<Option<f64>> = rolled.column(3).as_primitive::<Float64Type>().iter().collect();
        assert_eq!(days, [Some(1), Some(1), Some(2), None]);
        assert_eq!(names, [Some("é"), None, Some("b"), Some("a")]);
        assert_eq!(amounts, [None, None, Some(1.5), Some(3.0)]);
        assert_eq!(doubles, [Some(0.0), None, Some(1.5), Some(f64::MAX)]);
    }

    #[test]
    fn integer_keys_keep_their_width_and_no_key_is_one_row() {
        let rolled = rollup(&mut two_batches().into_iter(), &["number"], &["amount"]).expect("rows");
        assert_eq!(rolled.column(0).as_primitive::<Int32Type>().values(), &[0, 1]);
        let all = rollup(&mut two_batches().into_iter(), &[], &["amount"]).expect("a row");
        assert_eq!((all.num_rows(), all.column(0).as_primitive::<Float64Type>().value(0)), (1, 4.5));
    }

    #[test]
    fn timestamps_of_any_unit_become_milliseconds() {
        let columns: [ArrayRef; 4] = [
            Arc::new(TimestampSecondArray::from(vec![Some(-1), None, Some(-1)])),
            Arc::new(TimestampMillisecondArray::from(vec![Some(-1_000), None, Some(-1_000)])),
            Arc::new(TimestampMicrosecondArray::from(vec![Some(-1_000_000), None, Some(-999_001)])),
            Arc::new(TimestampNanosecondArray::from(vec![Some(-1_000_000_000), None, Some(-999_000_001)])),
        ];
        for column in columns {
            let schema = Schema::new(vec![Field::new("at", column.data_type().clone(), true)]);
            let batch = RecordBatch::try_new(Arc::new(schema), vec![column]).expect("a batch");
            let rolled = rollup(&mut [Ok(batch)].into_iter(), &["at"], &[]).expect("rows");
            assert_eq!(rolled.column(0).as_primitive::<Int64Type>().iter().collect::<Vec<_>>(), [Some(-1_000), None]);
        }
    }

    #[test]
    fn no_batches_give_no_rows() {
        let rolled = rollup(&mut std::iter::empty(), &["day"], &["amount"]).expect("no rows");
        assert_eq!((rolled.num_rows(), rolled.num_columns()), (0, 2));
        assert_eq!(rolled.column(1).data_type(), &DataType::Float64);
    }

    #[test]
    fn many_batches_are_rolled_up_as_they_come() {
        let mut batches = (0..40).map(|part| {
            let names: Vec<String> = (0..4_000).map(|row| format!("name {}", (row + part * 1_000) % 7_000)).collect();
            let names = names.iter().map(|name| Some(name.as_str())).collect();
            Ok(batch(vec![Some(1); 4_000], names, vec![Some(UNIT); 4_000], vec![None; 4_000]))
        });
        let rolled = rollup(&mut batches, &["name"], &["amount", "double"]).expect("rows");
        assert_eq!(rolled.num_rows(), 7_000);
        assert_eq!(rolled.column(1).as_primitive::<Float64Type>().iter().flatten().sum::<f64>(), 160_000.0);
        assert_eq!(rolled.column(2).null_count(), 7_000);
    }

    #[test]
    fn a_missing_column_and_an_unsuitable_key_are_refused() {
        let missing = rollup(&mut two_batches().into_iter(), &["day"], &["absent"]).expect_err("no such column");
        assert_eq!((missing.code(), missing.place().column.as_deref()), (Code::SinkTableMismatch, Some("absent")));
        let unsuitable = rollup(&mut two_batches().into_iter(), &["double"], &["amount"]).expect_err("a double is no key");
        assert_eq!(unsuitable.code(), Code::SinkTableMismatch);
    }
}
