//! Files as the input of an operator.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rowmill_core::{Code, ColumnKind, Error, Result};
use rowmill_frame::Batches;
use rowmill_frame::operators::{Input, LocalDate, Needs};
use rowmill_read::{BatchLimit, Table, Wanted};
use serde::Deserialize;

/// What is in memory of a file at a time.
const LIMIT: BatchLimit = BatchLimit { rows: 8192, bytes: 8 << 20 };

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireSource {
    paths: Vec<String>,
    #[serde(default)]
    types: BTreeMap<String, Kind>,
    #[serde(default)]
    derive: Vec<LocalDate>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Text,
    Integer,
    Double,
}

/// Files that are read one after the other, with the columns of the first.
#[derive(Clone)]
pub struct Source {
    name: String,
    paths: Vec<String>,
    wanted: Wanted,
    derive: Vec<LocalDate>,
    schema: SchemaRef,
}

impl Source {
    /// Looks at the first file.
    pub fn open(wire: WireSource, needs: Needs) -> Result<Self> {
        let first = wire.paths.first().cloned();
        let first = first.ok_or_else(|| Error::new(Code::PlanInvalid, "there is no input file").column("paths").help("Name at least one"))?;
        let name = if wire.paths.len() == 1 { first.clone() } else { format!("{first} and {} more", wire.paths.len() - 1) };
        let wanted = wanted(&wire, needs);
        let schema = Table::open(&first, &wanted, LIMIT)?.schema();
        let mut source = Self { name, paths: wire.paths, wanted, derive: wire.derive, schema };
        // The others are to have the columns of the first, in whatever order.
        source.wanted.columns = Some(source.schema.fields().iter().map(|field| field.name().clone()).collect());
        Ok(source)
    }

    /// Hands out the files as an operator reads them.
    pub fn as_input<T>(&self, work: impl FnOnce(&Input<'_>) -> Result<T>) -> Result<T> {
        let derived = |schema: SchemaRef, derive: &LocalDate| derive.schema(&schema);
        let schema = self.derive.iter().try_fold(self.schema.clone(), derived)?;
        work(&Input { name: &self.name, schema, open: &|| self.batches() })
    }

    fn batches(&self) -> Result<Batches> {
        let source = self.clone();
        let makers = self.derive.iter().map(LocalDate::maker).collect::<Result<Vec<_>>>()?;
        let files = self.paths.clone().into_iter().flat_map(move |path| source.file(&path));
        Ok(Box::new(files.map(move |batch| makers.iter().try_fold(batch?, |batch, make| make(&batch)))))
    }

    fn file(&self, path: &str) -> Batches {
        let table = match Table::open(path, &self.wanted, LIMIT) {
            Ok(table) => table,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let (path, schema) = (path.to_owned(), self.schema.clone());
        Box::new(table.map(move |batch| batch.map_err(helpful).and_then(|batch| arranged(&batch, &schema).map_err(|error| error.file(&path)))))
    }
}

/// Columns of the files: those that an operator needs, without the ones that are made, and those that they are made of.
fn wanted(wire: &WireSource, needs: Needs) -> Wanted {
    let is_made = |name: &String| wire.derive.iter().any(|derive| derive.name == *name);
    let numbers = needs.numbers.into_iter().chain(wire.derive.iter().map(|derive| derive.column.clone())).filter(|name| !is_made(name));
    let mut kinds: BTreeMap<String, ColumnKind> = numbers.map(|name| (name, ColumnKind::Integer)).collect();
    let others = needs.others.into_iter().filter(|name| !is_made(name));
    let columns: BTreeSet<String> = kinds.keys().cloned().chain(others).collect();
    for (name, kind) in &wire.types {
        let kind = match kind {
            Kind::Text => ColumnKind::Text,
            Kind::Integer => ColumnKind::Integer,
            Kind::Double => ColumnKind::Double,
        };
        kinds.insert(name.clone(), kind);
    }
    Wanted { columns: (!needs.all).then_some(columns), kinds }
}

/// The batch with its columns as the first file has them.
fn arranged(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    if batch.schema() == *schema {
        return Ok(batch.clone());
    }
    let column = |field: &arrow_schema::FieldRef| {
        let found = batch.column_by_name(field.name()).filter(|column| column.data_type() == field.data_type()).cloned();
        found.ok_or_else(|| {
            Error::new(Code::InputColumnType, format!("the column does not have the type {} that it has in the first file", field.data_type()))
                .column(field.name())
                .help("Write both files with the same types, or say how the column is to be read")
        })
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| Error::bug(error.to_string()))
}

/// Operators leave no record out, so a bad one has one remedy less.
fn helpful(error: Error) -> Error {
    match error.code() {
        Code::DataValueInvalid => error.help("Correct the value, or say that the column is to be read as text or double"),
        Code::DataRecordInvalid => error.help("Correct the record: it must have the fields of the header, and end its quotes on its line"),
        Code::DataTextInvalid => error.help("Write the file again with the text in UTF-8"),
        _ => error,
    }
}
