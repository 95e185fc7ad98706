//! The rows themselves, kept by the file that they will be in.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use rowmill_core::{Code, ColumnKind, Error, InputSpec, Result, StateBatch};
use rowmill_kernels::codes::TextColumn;
use rowmill_kernels::zones::{ALL_DAYS, Slot, Zone};

use super::columns::integers;
use super::measured::{Measured, measure};
use super::state::{ROWS, batch};
use crate::options::{Extract, Options};
use crate::sources::{Declared, column};

/// The first partition of an extract; the one before is that of the tables.
pub const FIRST_PARTITION: u32 = 2;
/// Securities of a date are told apart by this many bits of their code; those that share them are finished together.
const SECURITY_BITS: u32 = 14;
/// A single extract is finished in pieces of its input: 4 MiB of a CSV file, or 4 Mi rows of a Parquet file.
const PIECE_BITS: u32 = 22;
/// Bits for the pieces of one file, 1 TiB of it; what is behind that is in the last piece.
const PIECES_BITS: u32 = 18;
/// Bits of a position that are inside one file.
const FILE_BITS: u32 = 44;

/// A column of the extract.
#[derive(Clone, Debug)]
pub struct Carried {
    pub name: String,
    pub declared: Declared,
    /// Where it is in the input.
    position: usize,
}

/// Rows of one partition.
#[derive(Debug, Default)]
struct Part {
    cells: Vec<Cells>,
    positions: Int64Builder,
}

#[derive(Debug)]
enum Cells {
    Integers(Int64Builder),
    Doubles(Float64Builder),
    Texts(StringBuilder),
}

impl Cells {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Double => Self::Doubles(Float64Builder::new()),
            ColumnKind::Text => Self::Texts(StringBuilder::new()),
            ColumnKind::Integer | ColumnKind::Timestamp => Self::Integers(Int64Builder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Integers(cells) => Arc::new(cells.finish()),
            Self::Doubles(cells) => Arc::new(cells.finish()),
            Self::Texts(cells) => Arc::new(cells.finish()),
        }
    }
}

/// Rows of an extract, by partition.
#[derive(Debug)]
pub struct Rows {
    pub carried: Vec<Carried>,
    pub measured: Vec<Measured>,
    /// Rows without a date or a security, which have no file to be in.
    pub homeless: u64,
    zone: Zone,
    single: bool,
    parts: BTreeMap<u32, Part>,
    bytes: usize,
    now: Slot,
    places: Vec<(u32, u32)>,
    scratch: Vec<i64>,
}

impl Rows {
    /// No rows; `None` where the plan wants no extract.
    pub fn new(options: &Options, input: &InputSpec) -> Result<Option<Self>> {
        if options.extract == Extract::Off {
            return Ok(None);
        }
        let carried = options.columns().into_iter().map(|(name, declared)| {
            let position = input.columns.iter().position(|column| column.name == name.as_str());
            let position = position.ok_or_else(|| Error::bug(format!("the extract's column {name} is not read")))?;
            Ok(Carried { name, declared, position })
        });
        let carried = carried.collect::<Result<Vec<_>>>()?;
        Ok(Some(Self {
            measured: vec![Measured::default(); carried.len()],
            carried,
            homeless: 0,
            zone: options.zone()?,
            single: options.extract == Extract::Single,
            parts: BTreeMap::new(),
            bytes: 0,
            now: Slot::NONE,
            places: Vec::new(),
            scratch: Vec::new(),
        }))
    }

    /// Takes in a batch: its columns as the input has them, then the positions of its rows.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        let positions = integers(batch, batch.num_columns() - 1)?;
        self.place(batch, positions)?;
        let places = std::mem::take(&mut self.places);
        let columns = self.carried.iter().map(|carried| batch.column(carried.position).clone()).collect::<Vec<_>>();
        for (at, column) in columns.iter().enumerate() {
            self.measured[at].merge(&measure(column, places.iter().map(|(_, row)| *row as usize)));
        }
        for of_part in places.chunk_by(|left, right| left.0 == right.0) {
            self.append(of_part[0].0, &columns, positions, of_part.iter().map(|(_, row)| *row as usize))?;
        }
        self.places = places;
        Ok(())
    }

    /// Sorts the rows of a batch by their partition.
    fn place(&mut self, batch: &RecordBatch, positions: &Int64Array) -> Result<()> {
        self.places.clear();
        if self.single {
            for (row, position) in positions.values().iter().enumerate() {
                self.places.push((piece(*position)?, row as u32));
            }
        } else {
            let (times, securities) = (integers(batch, 1)?, integers(batch, 2)?);
            for row in 0..batch.num_rows() {
                if times.is_null(row) || securities.is_null(row) {
                    self.homeless += 1;
                    continue;
                }
                let time = times.value(row);
                if !self.now.holds(time) {
                    self.now = self.zone.date(time);
                }
                self.places.push((job(self.now.day, securities.value(row)), row as u32));
            }
        }
        self.places.sort_by_key(|(partition, _)| *partition);
        Ok(())
    }

    fn append(&mut self, partition: u32, columns: &[ArrayRef], positions: &Int64Array, rows: impl Iterator<Item = usize> + Clone) -> Result<()> {
        let part = self.parts.entry(partition).or_default();
        if part.cells.is_empty() {
            part.cells = self.carried.iter().map(|carried| Cells::new(carried.declared.kind())).collect();
            self.bytes += part.cells.len() * size_of::<Cells>() * 2;
        }
        let mut count = 0;
        for row in rows.clone() {
            part.positions.append_value(positions.value(row));
            count += 1;
        }
        // Builders grow by doubling, so they hold at most twice what is in them.
        self.bytes += count * (part.cells.len() + 1) * 18;
        for (cells, column) in part.cells.iter_mut().zip(columns) {
            match cells {
                Cells::Integers(cells) => {
                    let values = column.as_primitive::<Int64Type>();
                    match values.null_count() {
                        0 => {
                            self.scratch.clear();
                            self.scratch.extend(rows.clone().map(|row| values.values()[row]));
                            cells.append_slice(&self.scratch);
                        }
                        // A column that the file lacks.
                        nulls if nulls == values.len() => cells.append_nulls(count),
                        _ => rows.clone().for_each(|row| cells.append_option(values.is_valid(row).then(|| values.value(row)))),
                    }
                }
                Cells::Doubles(cells) => {
                    let values = column.as_primitive::<Float64Type>();
                    rows.clone().for_each(|row| cells.append_option(values.is_valid(row).then(|| values.value(row))));
                }
                Cells::Texts(cells) => {
                    let texts = TextColumn::of(column)?;
                    for row in rows.clone() {
                        let text = texts.get(row);
                        self.bytes += text.map_or(0, str::len) * 2;
                        cells.append_option(text);
                    }
                }
            }
        }
        Ok(())
    }

    /// The partitions that have rows.
    pub fn partitions(&self) -> impl Iterator<Item = u32> {
        self.parts.keys().copied()
    }

    /// The rows of a partition, which are then forgotten: the extract's columns, then the positions.
    pub fn take(&mut self, partition: u32) -> Result<Option<RecordBatch>> {
        let Some(mut part) = self.parts.remove(&partition) else { return Ok(None) };
        let positions = part.positions.finish();
        let names = self.carried.iter().map(|carried| carried.name.as_str());
        let mut columns: Vec<(&str, ArrayRef)> = names.zip(part.cells.iter_mut().map(Cells::finish)).collect();
        let texts: usize = columns.iter().filter_map(|(_, column)| column.as_string_opt::<i32>()).map(|texts| texts.value_data().len()).sum();
        let held = positions.len() * (columns.len() + 1) * 18 + texts * 2 + columns.len() * size_of::<Cells>() * 2;
        self.bytes = if self.parts.is_empty() { 0 } else { self.bytes.saturating_sub(held) };
        columns.push(("#position", Arc::new(positions)));
        batch(columns).map(Some)
    }

    /// The same, as state.
    pub fn take_state(&mut self, partition: u32) -> Result<Vec<StateBatch>> {
        let rows = self.take(partition)?;
        Ok(rows.map(|batch| StateBatch { table: ROWS, partition, batch }).into_iter().collect())
    }

    /// Takes in rows of a partition that another fold gave away.
    pub fn absorb(&mut self, state: &StateBatch) -> Result<()> {
        let positions = integers(&state.batch, state.batch.num_columns() - 1)?;
        let columns = &state.batch.columns()[..state.batch.num_columns() - 1];
        self.append(state.partition, columns, positions, 0..state.batch.num_rows())
    }

    /// The local date of an instant.
    pub fn day(&self, time: i64) -> i32 {
        self.zone.date(time).day
    }

    /// Whether there is one file only.
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.bytes + (self.places.capacity() + self.scratch.capacity()) * 8
    }
}

/// Dates in order; the securities of one by the lower bits of their codes.
fn job(day: i32, security: i64) -> u32 {
    let day = (day - ALL_DAYS.start()) as u32;
    FIRST_PARTITION + (day << SECURITY_BITS | (security as u32 & ((1 << SECURITY_BITS) - 1)))
}

/// Pieces of the input in order.
fn piece(position: i64) -> Result<u32> {
    let (file, inside) = (position >> FILE_BITS, position & ((1 << FILE_BITS) - 1));
    if !(0..(1 << (32 - PIECES_BITS)) - 1).contains(&file) {
        let help = "Use `orders.extract: partitioned`, or fewer and larger files";
        return Err(Error::new(Code::BudgetExceeded, format!("a single extract takes {} files at most", (1 << (32 - PIECES_BITS)) - 1)).help(help));
    }
    let piece = (inside >> PIECE_BITS).min((1 << PIECES_BITS) - 1);
    Ok(FIRST_PARTITION + (file << PIECES_BITS | piece) as u32)
}

/// The columns of the extract by which its rows are put into files.
pub const PLACED_BY: [&str; 2] = [column::TIME, column::SECURITY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_in_the_order_of_dates_and_of_positions() {
        assert_eq!(job(*ALL_DAYS.start(), 0), FIRST_PARTITION);
        assert!(job(19_000, i64::MAX) < job(19_001, 0) && job(19_000, 110_621) != job(19_000, 110_622));
        assert!(job(*ALL_DAYS.end(), -1) > job(19_001, -1));
        let place = |file: i64, offset: i64| piece(file << FILE_BITS | offset).unwrap();
        assert_eq!(place(0, 0), FIRST_PARTITION);
        assert!(place(0, 1 << 23) > place(0, 5) && place(1, 0) > place(0, (1 << FILE_BITS) - 1));
        assert_eq!(piece(16_383 << FILE_BITS).unwrap_err().code(), Code::BudgetExceeded);
    }
}
