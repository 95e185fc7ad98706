//! Later readings of a side: the values of a few rows, found by their position.

use arrow_array::{Array, RecordBatch};
use rowmill_core::day::Day;
use rowmill_core::{Code, Column, Error, Result, SqlType, TableSpec};
use serde_json::{Map, Value};

use super::digest::measures;
use super::json::canonical;
use super::{Batches, decimal_text};
use crate::columns::{Texts, amounts, column, days, integers};

/// The measures of some rows, `width` values a row.
pub struct Amounts {
    width: usize,
    values: Vec<Option<i128>>,
}

impl Amounts {
    /// Reads the rows at the ascending positions `wanted`.
    pub fn read(batches: Batches, spec: &TableSpec, wanted: &[u32]) -> Result<Self> {
        let columns: Vec<&Column> = measures(spec).collect();
        let width = columns.len();
        let mut values = vec![None; width * wanted.len()];
        visit(batches, wanted, |batch, rows, first| {
            for (at, measure) in columns.iter().enumerate() {
                let all = amounts(measure.name, column(batch, measure.name)?)?;
                for (nth, row) in rows.iter().enumerate() {
                    values[(first + nth) * width + at] = all[*row];
                }
            }
            Ok(())
        })?;
        Ok(Self { width, values })
    }

    #[cfg(test)]
    pub fn of(rows: &[&[Option<i128>]]) -> Self {
        Self { width: rows.first().map_or(0, |row| row.len()), values: rows.concat() }
    }

    /// Measures of the `nth` row wanted.
    pub fn row(&self, nth: usize) -> &[Option<i128>] {
        &self.values[nth * self.width..][..self.width]
    }
}

/// Reads the key columns of the rows at the ascending positions `wanted`, one JSON object a row.
pub fn keys(batches: Batches, spec: &TableSpec, wanted: &[u32]) -> Result<Vec<Map<String, Value>>> {
    let mut found = vec![Map::new(); wanted.len()];
    visit(batches, wanted, |batch, rows, first| {
        for key in spec.carried().filter(|column| column.key) {
            let array = column(batch, key.name)?;
            for (nth, row) in rows.iter().enumerate() {
                found[first + nth].insert(key.name.to_owned(), shown(key, array.slice(*row, 1).as_ref())?);
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// The only value of a one-row array, as text.
fn shown(key: &Column, array: &dyn Array) -> Result<Value> {
    let text = match key.sql {
        SqlType::Integer | SqlType::Bigint | SqlType::TimestampTz => integers(key.name, array)?[0].map(|number| number.to_string()),
        SqlType::Date => days(key.name, array)?.iter().next().flatten().map(|day| Day(day).to_string()),
        SqlType::Numeric { .. } | SqlType::Double => amounts(key.name, array)?[0].map(decimal_text),
        SqlType::Jsonb => Texts::of(key.name, array)?.get(0).map(canonical).transpose()?.map(|value| value.to_string()),
        SqlType::Uuid | SqlType::Varchar { .. } | SqlType::Text => Texts::of(key.name, array)?.get(0).map(str::to_owned),
    };
    Ok(text.map_or(Value::Null, Value::from))
}

/// Calls `take` for each batch that has wanted rows, with these rows of the batch and the place of the first in `wanted`.
fn visit(batches: Batches, wanted: &[u32], mut take: impl FnMut(&RecordBatch, &[usize], usize) -> Result<()>) -> Result<()> {
    let (mut start, mut done) = (0usize, 0usize);
    for batch in batches {
        if done == wanted.len() {
            return Ok(());
        }
        let batch = batch?;
        let end = start + batch.num_rows();
        let rows: Vec<usize> = wanted[done..].iter().map(|row| *row as usize).take_while(|row| *row < end).map(|row| row - start).collect();
        if !rows.is_empty() {
            take(&batch, &rows, done)?;
            done += rows.len();
        }
        start = end;
    }
    if done < wanted.len() {
        let message = "a side has fewer rows than when it was read first";
        return Err(Error::new(Code::InputChanged, message).help("Compare again when nothing writes to it."));
    }
    Ok(())
}
