//! Columns that follow from others.

use std::sync::Arc;

use arrow_array::{Date32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use rowmill_core::{Code, Error, Result};
use rowmill_kernels::zones::{Slot, Zone};
use serde::Deserialize;

use super::column::{batch_of, integers};

/// One more column: the date that clocks in a zone show at the instants of another one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalDate {
    /// Its name, which no other column has.
    pub name: String,
    /// Instants: nanoseconds since 1970-01-01 of UTC, or timestamps.
    pub column: String,
    /// UTC, a fixed offset as `+10:00`, or an IANA name.
    pub zone: String,
}

impl LocalDate {
    /// The columns of a batch with this one behind them.
    ///
    /// # Errors
    /// `PLAN_INVALID` where there is a column of its name.
    pub fn schema(&self, schema: &SchemaRef) -> Result<SchemaRef> {
        if schema.field_with_name(&self.name).is_ok() {
            let message = "the column that is to be made has the name of one that is there";
            return Err(Error::new(Code::PlanInvalid, message).column(&self.name).help("Choose another name"));
        }
        let fields = schema.fields().iter().cloned().chain([Arc::new(Field::new(&self.name, DataType::Date32, true))]);
        Ok(Arc::new(Schema::new(fields.collect::<Vec<_>>())))
    }

    /// Adds the column to batches; NULL where there is no instant.
    ///
    /// # Errors
    /// `PLAN_INVALID` for a zone that nobody knows.
    pub fn maker(&self) -> Result<impl Fn(&RecordBatch) -> Result<RecordBatch> + use<>> {
        let zone = zone_named(&self.zone)?;
        let Self { name, column, .. } = self.clone();
        Ok(move |batch: &RecordBatch| {
            let dates = dates(&zone, &integers(batch, &column)?);
            let schema = batch.schema();
            let old = schema.fields().iter().zip(batch.columns()).map(|(field, array)| (field.name().clone(), array.clone()));
            batch_of(old.chain([(name.clone(), Arc::new(dates) as _)]).collect())
        })
    }
}

/// # Errors
/// `PLAN_INVALID` for a zone that nobody knows.
pub(super) fn zone_named(name: &str) -> Result<Zone> {
    Zone::parse(name).ok_or_else(|| {
        Error::new(Code::PlanInvalid, "there is no such time zone")
            .column("zone")
            .value(name)
            .help("Say UTC, an offset as +10:00, or a name as Australia/Sydney")
    })
}

/// Local dates of instants.
pub(super) fn dates(zone: &Zone, instants: &arrow_array::Int64Array) -> Date32Array {
    let mut slot = Slot::NONE;
    let mut date = |instant: i64| {
        if !slot.holds(instant) {
            slot = zone.date(instant);
        }
        slot.day
    };
    instants.iter().map(|instant| instant.map(&mut date)).collect()
}
