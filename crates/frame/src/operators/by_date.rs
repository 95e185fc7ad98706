//! The rows of one date, or of the latest one there is.

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, BooleanArray, Date32Array, RecordBatch};
use arrow_schema::DataType;
use arrow_select::filter::filter_record_batch;
use rowmill_core::day::Day;
use rowmill_core::{Code, Error, Result};
use rowmill_kernels::zones::Zone;
use serde::Deserialize;

use super::column::{integers, named, unsuitable};
use super::derive::{dates, zone_named};
use super::{Done, Input, Needs, Output, fault};
use crate::columns::Texts;

/// Keeps the rows of a date. Where there are none, and that is wanted, those of the latest date that the input has, be it before or after.
///
/// A row whose date is NULL is never kept. Reads the input twice where it falls back, and holds a batch.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ByDate {
    /// The column with the date: dates or texts `YYYY-MM-DD`; instants where there is a zone.
    pub column: String,
    /// The date that is wanted.
    pub date: Day,
    /// The zone whose date of an instant counts; absent where the column holds dates.
    #[serde(default)]
    pub zone: Option<String>,
    /// Whether the latest date stands in for one that has no rows.
    #[serde(default)]
    pub or_latest: bool,
}

impl ByDate {
    /// What the input must have.
    pub fn needs(&self) -> Needs {
        let column = vec![self.column.clone()];
        let (numbers, others) = if self.zone.is_some() { (column, Vec::new()) } else { (Vec::new(), column) };
        Needs { all: true, numbers, others }
    }

    /// # Errors
    /// `DATA_VALUE_INVALID` for a text that is no date; `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, `PLAN_INVALID` for a zone, and what
    /// reading and writing fail with.
    pub fn run(&self, input: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        let zone = self.zone.as_deref().map(zone_named).transpose()?;
        let mut done = Done::default();
        out.write(&[], &RecordBatch::new_empty(input.schema.clone()))?;
        let mut latest = None;
        input.each(|batch| {
            let dates = self.dates(batch, zone.as_ref())?;
            latest = latest.max(dates.iter().flatten().max());
            done.rows_read += batch.num_rows() as u64;
            keep(batch, &dates, self.date, &mut done, out)
        })?;
        done.date = (done.rows_written > 0).then(|| self.date.to_string());
        if let (0, true, Some(latest)) = (done.rows_written, self.or_latest, latest) {
            input.each(|batch| keep(batch, &self.dates(batch, zone.as_ref())?, Day(latest), &mut done, out))?;
            done.date = Some(Day(latest).to_string());
        }
        out.end_partitions()?;
        Ok(done)
    }

    fn dates(&self, batch: &RecordBatch, zone: Option<&Zone>) -> Result<Date32Array> {
        if let Some(zone) = zone {
            return Ok(dates(zone, &integers(batch, &self.column)?));
        }
        let array = named(batch, &self.column)?;
        match array.data_type() {
            DataType::Date32 => Ok(array.as_primitive::<Date32Type>().clone()),
            DataType::Utf8 => {
                let texts = Texts::of(&self.column, array)?;
                (0..batch.num_rows()).map(|row| texts.get(row).map(|text| self.parsed(text)).transpose()).collect()
            }
            other => Err(unsuitable(&self.column, other, "a date or a text; or a zone, for instants,")),
        }
    }

    fn parsed(&self, text: &str) -> Result<i32> {
        Day::parse(text.trim()).map(|day| day.0).ok_or_else(|| {
            Error::new(Code::DataValueInvalid, "the value is not a date as 2024-09-05")
                .column(&self.column)
                .value(text)
                .help("Correct the value; where the column holds instants, say in which zone")
        })
    }
}

fn keep(batch: &RecordBatch, dates: &Date32Array, wanted: Day, done: &mut Done, out: &mut dyn Output) -> Result<()> {
    let mask: BooleanArray = dates.iter().map(|date| Some(date == Some(wanted.0))).collect();
    let kept = filter_record_batch(batch, &mask).map_err(fault)?;
    done.rows_written += kept.num_rows() as u64;
    if kept.num_rows() > 0 { out.write(&[], &kept) } else { Ok(()) }
}
