//! Batches to row groups.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, FieldRef, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Type;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnDescPtr;

use super::chunk::{ChunkWriter, compression};
use super::decimals::Decimals;
use super::texts::Texts;

/// A row group is written out when it takes this much memory, because all of it is held until then.
const ROW_GROUP_BYTES: usize = 8 << 20;
/// Rows taken at once, so that one large batch does not outgrow the row group.
const SLICE_ROWS: usize = 8_192;

/// Gathers rows of flat columns and writes them out in row groups.
///
/// Decimals and texts, most of what there is, are encoded here: their library form is one piece of memory per decimal and one look-up
/// per text, twice the work of making the rows. Every other column goes the library's way.
pub(super) struct RowGroups<W: Write + Send> {
    file: SerializedFileWriter<W>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    chunks: ChunkWriter,
    columns: Vec<Column>,
}

enum Column {
    Decimals(Decimals),
    Texts(Texts),
    Other(Box<ArrowColumnWriter>),
}

impl<W: Write + Send> RowGroups<W> {
    /// A file for batches of this schema; a text column also takes dictionaries of texts.
    pub fn new(out: W, schema: SchemaRef) -> Result<Self, ParquetError> {
        let mut properties = WriterProperties::builder()
            .set_compression(compression()?)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        let root = ArrowSchemaConverter::new().convert(&schema)?.root_schema_ptr();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let file = SerializedFileWriter::new(out, root, Arc::new(properties))?;
        let factory = ArrowRowGroupWriterFactory::new(&file, schema.clone());
        Ok(Self { file, factory, schema, chunks: ChunkWriter::new()?, columns: Vec::new() })
    }

    /// Takes the rows of a batch.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        for first in (0..batch.num_rows()).step_by(SLICE_ROWS) {
            let slice = batch.slice(first, SLICE_ROWS.min(batch.num_rows() - first));
            if self.columns.is_empty() {
                self.columns = self.new_columns()?;
            }
            for ((column, field), array) in self.columns.iter_mut().zip(self.schema.fields()).zip(slice.columns()) {
                column.append(field, array)?;
            }
            if self.columns.iter().map(Column::memory).sum::<usize>() >= ROW_GROUP_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Writes what is gathered and the footer, and gives the file back.
    pub fn into_inner(mut self) -> Result<W, ParquetError> {
        self.flush()?;
        self.file.into_inner()
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let described = self.file.schema_descr().columns().to_vec();
        let mut group = self.file.next_row_group()?;
        for (column, described) in std::mem::take(&mut self.columns).into_iter().zip(&described) {
            match column {
                Column::Decimals(decimals) => self.chunks.append(described, decimals.chunk(), &mut group)?,
                Column::Texts(texts) => self.chunks.append(described, texts.chunk(), &mut group)?,
                Column::Other(writer) => writer.close()?.append_to_row_group(&mut group)?,
            }
        }
        group.close().map(drop)
    }

    fn new_columns(&self) -> Result<Vec<Column>, ParquetError> {
        let writers = self.factory.create_column_writers(self.file.flushed_row_groups().len())?;
        let described = self.file.schema_descr().columns();
        if described.len() != self.schema.fields().len() {
            return Err(ParquetError::NYI("columns that hold columns".into()));
        }
        let column = |((field, described), writer): ((&FieldRef, &ColumnDescPtr), _)| match field.data_type() {
            DataType::Decimal128(..) if described.physical_type() == Type::FIXED_LEN_BYTE_ARRAY => {
                Column::Decimals(Decimals::new(described.type_length().unsigned_abs() as usize))
            }
            DataType::Utf8 => Column::Texts(Texts::default()),
            _ => Column::Other(Box::new(writer)),
        };
        Ok(self.schema.fields().iter().zip(described).zip(writers).map(column).collect())
    }
}

impl Column {
    fn append(&mut self, field: &FieldRef, array: &ArrayRef) -> Result<(), ParquetError> {
        let taken = match self {
            Self::Decimals(decimals) => decimals.append(array),
            Self::Texts(texts) => texts.append(array),
            Self::Other(writer) => {
                compute_leaves(field, array)?.iter().try_for_each(|leaf| writer.write(leaf))?;
                true
            }
        };
        if taken { Ok(()) } else { Err(ParquetError::General(format!("the column {} came as {}", field.name(), array.data_type()))) }
    }

    fn memory(&self) -> usize {
        match self {
            Self::Decimals(decimals) => decimals.memory(),
            Self::Texts(texts) => texts.memory(),
            Self::Other(writer) => writer.memory_size(),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int32Type;
    use arrow_array::{Array, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, StringArray};
    use arrow_schema::{Field, Schema};
    use bytes::Bytes;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    const ROWS: i128 = 20_000;

    fn decimals(precision: u8, values: impl Fn(i128) -> Option<i128>) -> ArrayRef {
        Arc::new((0..ROWS).map(values).collect::<Decimal128Array>().with_precision_and_scale(precision, 3).unwrap())
    }

    fn texts(values: impl Fn(i128) -> Option<String>) -> ArrayRef {
        Arc::new((0..ROWS).map(values).collect::<StringArray>())
    }

    fn coded(values: impl Fn(i128) -> Option<String>) -> ArrayRef {
        let values: Vec<Option<String>> = (0..ROWS).map(values).collect();
        Arc::new(values.iter().map(Option::as_deref).collect::<DictionaryArray<Int32Type>>())
    }

    /// Every way in which values and NULLs lie in a column, of every kind that is encoded here, beside some that are not.
    fn columns() -> Vec<ArrayRef> {
        let large = 10i128.pow(28);
        vec![
            decimals(33, |row| Some(row * large - row * row)),
            decimals(33, |row| (row % 3 != 0).then_some(-row * 7)),
            decimals(33, |row| (row % 1000 > 7).then_some(row / 5000)),
            decimals(33, |_| Some(-large)),
            decimals(33, |_| None),
            decimals(20, |row| Some(row << 50)),
            decimals(10, |row| (row % 2 == 0).then_some(row)),
            texts(|row| (row % 5 != 0).then(|| format!("{:x}", row * 0x9E37_79B9))),
            texts(|_| Some(String::new())),
            texts(|_| None),
            coded(|row| (row % 7 != 0).then(|| format!("é{}", row / 300))),
            coded(|row| Some("x".repeat((row % 100) as usize))),
            coded(|_| None),
            Arc::new(DictionaryArray::new(
                (0..ROWS as i32).map(|row| row % 2).collect::<Int32Array>(),
                Arc::new(StringArray::from(vec![None, Some("a")])),
            )),
            Arc::new((0..ROWS as i32).map(|row| (row % 4 != 0).then_some(row)).collect::<Int32Array>()),
            Arc::new((0..ROWS as i32).map(Some).collect::<Date32Array>()),
            Arc::new((0..ROWS).map(|row| Some(row % 2 == 0)).collect::<BooleanArray>()),
        ]
    }

    /// The schema of a table: texts are texts, dictionaries or not.
    fn schema(columns: &[ArrayRef], nullable: bool) -> SchemaRef {
        let kind = |column: &ArrayRef| match column.data_type() {
            DataType::Dictionary(_, value) => value.as_ref().clone(),
            other => other.clone(),
        };
        Arc::new(Schema::new(columns.iter().zip(0..).map(|(column, at)| Field::new(format!("c{at}"), kind(column), nullable)).collect::<Vec<_>>()))
    }

    fn batch(columns: &[ArrayRef]) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.iter().zip(0..).map(|(column, at)| (format!("c{at}"), column.clone(), true))).unwrap()
    }

    /// Writes cuts of the rows, each a slice with an offset, and reads them all back.
    fn round_trip(columns: &[ArrayRef], nullable: bool) -> Vec<RecordBatch> {
        let whole = batch(columns);
        let mut groups = RowGroups::new(Vec::new(), schema(columns, nullable)).unwrap();
        let mut first = 0;
        for length in [1, 0, 6, 4_099, 9_000, 6_894] {
            groups.write(&whole.slice(first, length)).unwrap();
            first += length;
        }
        assert_eq!(first as i128, ROWS);
        let file = Bytes::from(groups.into_inner().unwrap());
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().with_batch_size(ROWS as usize).build().unwrap();
        reader.map(Result::unwrap).collect()
    }

    fn plain(column: &ArrayRef) -> ArrayRef {
        match column.as_dictionary_opt::<Int32Type>() {
            Some(coded) => Arc::new(coded.downcast_dict::<StringArray>().unwrap().into_iter().collect::<StringArray>()),
            None => column.clone(),
        }
    }

    #[test]
    fn what_is_written_reads_back_whatever_the_values_and_cuts() {
        let columns = columns();
        let [read] = &round_trip(&columns, true)[..] else { panic!("rows of one size") };
        assert_eq!(read.schema(), schema(&columns, true));
        for (at, (expected, found)) in columns.iter().zip(read.columns()).enumerate() {
            assert_eq!(&plain(expected), found, "column {at}");
        }
    }

    #[test]
    fn columns_without_nulls_need_no_levels() {
        let columns: Vec<ArrayRef> = columns().into_iter().filter(|column| column.logical_null_count() == 0).collect();
        assert!(columns.len() > 5);
        let [read] = &round_trip(&columns, false)[..] else { panic!("rows of one size") };
        assert_eq!(read.columns().to_vec(), columns.iter().map(plain).collect::<Vec<_>>());
    }

    #[test]
    fn a_column_of_another_type_than_announced_is_refused() {
        let columns = [texts(|_| Some("a".into()))];
        let mut groups = RowGroups::new(Vec::new(), schema(&columns, true)).unwrap();
        let error = groups.write(&batch(&[decimals(33, Some)])).unwrap_err();
        assert!(error.to_string().contains("c0") && error.to_string().contains("Decimal128"), "{error}");
    }
}
