//! Files that get their names together.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema, SchemaRef};
use rowmill_core::plan::FileFormat;
use rowmill_core::{Code, Error, Result, TableSpec};
use rowmill_emit::{CompleteFile, FileSink, ParquetSink, sync_folder};

use super::{FileRows, only_table};

/// Files that are waited for at once until they are on disk: their threads do nothing but wait.
const WAITS_AT_ONCE: usize = 16;

/// The files of one kind: of the tables, or beside them.
pub(super) struct Files {
    folder: Option<PathBuf>,
    tables: Vec<TableFile>,
    open: Option<Open>,
    complete: Vec<CompleteFile>,
}

/// How the rows of a table become those of its file.
struct TableFile {
    path: PathBuf,
    schema: SchemaRef,
    /// Positions of the file's columns among the carried ones.
    columns: Vec<usize>,
}

/// The file that is being written.
struct Open {
    path: PathBuf,
    sink: FileSink,
}

impl Files {
    /// The only table of a pipeline, all of its columns, in one Parquet file, whatever its name ends with.
    pub(super) fn single(path: &Path, specs: &'static [TableSpec]) -> Result<Self> {
        let schema = Arc::new(only_table(specs)?.schema());
        let columns = (0..schema.fields().len()).collect();
        let sink = FileSink::Parquet(Box::new(ParquetSink::create(path, schema.clone())?));
        let table = TableFile { path: path.to_owned(), schema, columns };
        Ok(Self { folder: None, tables: vec![table], open: Some(Open { path: path.to_owned(), sink }), complete: Vec::new() })
    }

    /// A file per table, with the columns that files have.
    pub(super) fn folder(folder: &Path, format: FileFormat, specs: &'static [TableSpec]) -> Result<Self> {
        make_folder(folder)?;
        let table = |spec: &TableSpec| {
            let carried: Vec<_> = spec.carried().collect();
            let columns: Vec<usize> = (0..carried.len()).filter(|at| carried[*at].in_file.is_some()).collect();
            let field = |at: &usize| Field::new(carried[*at].in_file.unwrap_or_default(), carried[*at].sql.arrow(), true);
            let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
            TableFile { path: folder.join(format!("{}{}", spec.file, format.ending())), schema, columns }
        };
        Self { folder: None, tables: specs.iter().map(table).collect(), open: None, complete: Vec::new() }.begun()
    }

    /// Files that a pipeline names itself.
    pub(super) fn beside(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(Path::to_owned), tables: Vec::new(), open: None, complete: Vec::new() }
    }

    /// Opens the first table's file at once: a place that cannot be written is to be known before the work is done.
    fn begun(mut self) -> Result<Self> {
        if let Some(TableFile { path, schema, .. }) = self.tables.first() {
            self.open = Some(Open { path: path.clone(), sink: FileSink::create(path, schema.clone())? });
        }
        Ok(self)
    }

    /// Appends rows to the file of a table.
    pub(super) fn write_table(&mut self, table: usize, batch: &RecordBatch) -> Result<()> {
        let file = self.tables.get(table).ok_or_else(|| Error::bug(format!("rows of a table {table} without a file")))?;
        let columns = file.columns.iter().map(|at| batch.column(*at).clone()).collect();
        // A text may come in a dictionary; the file's schema says text.
        let fields = file
            .schema
            .fields()
            .iter()
            .zip(&columns)
            .map(|(field, column): (_, &arrow_array::ArrayRef)| Arc::new(field.as_ref().clone().with_data_type(column.data_type().clone())));
        let narrowed =
            RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns).map_err(|error| Error::bug(error.to_string()))?;
        let (path, schema) = (file.path.clone(), file.schema.clone());
        self.write(&path, schema, &narrowed)
    }

    /// Appends rows to a file beside the tables.
    pub(super) fn write_file(&mut self, name: &str, batch: &RecordBatch) -> Result<()> {
        let folder = self.folder.as_deref().ok_or_else(|| {
            Error::new(Code::PlanInvalid, "the run writes files beside its tables, and has no folder for them")
                .column("output.folder")
                .help("Set output.folder (--out-dir FOLDER)")
        })?;
        if Path::new(name).components().any(|component| !matches!(component, Component::Normal(_))) {
            return Err(Error::bug(format!("a file with the name {name}")));
        }
        let path = folder.join(name);
        if self.open.as_ref().is_none_or(|open| open.path != path) {
            make_folder(path.parent().unwrap_or(folder))?;
        }
        self.write(&path, batch.schema(), batch)
    }

    fn write(&mut self, path: &Path, schema: SchemaRef, batch: &RecordBatch) -> Result<()> {
        if self.open.as_ref().is_none_or(|open| open.path != path) {
            self.close()?;
            self.open = Some(Open { path: path.to_owned(), sink: FileSink::create(path, schema)? });
        }
        match &mut self.open {
            Some(open) => open.sink.write(batch),
            None => Err(Error::bug("no file is open")),
        }
    }

    fn close(&mut self) -> Result<()> {
        if let Some(open) = self.open.take() {
            self.complete.push(open.sink.complete()?);
        }
        Ok(())
    }

    /// Completes all files, those of tables without rows too, and gives them their names.
    pub(super) fn publish(mut self) -> Result<Vec<FileRows>> {
        self.close()?;
        for TableFile { path, schema, .. } in &self.tables {
            if self.complete.iter().all(|complete| complete.path() != path) {
                self.complete.push(FileSink::create(path, schema.clone())?.complete()?);
            }
        }
        publish(self.complete)
    }
}

/// Gives files their names when all of them are on disk.
fn publish(files: Vec<CompleteFile>) -> Result<Vec<FileRows>> {
    together(&files, CompleteFile::sync)?;
    let mut folders = BTreeSet::new();
    let mut published = Vec::with_capacity(files.len());
    for file in files {
        let folder = file.path().parent().filter(|folder| !folder.as_os_str().is_empty());
        folders.insert(folder.unwrap_or(Path::new(".")).to_owned());
        let path = file.path().display().to_string();
        let written = file.rename()?;
        published.push(FileRows { path, rows: written.rows, bytes: written.bytes });
    }
    together(&folders.into_iter().collect::<Vec<_>>(), |folder| {
        sync_folder(folder);
        Ok(())
    })?;
    Ok(published)
}

/// Waits for many things at once, since a disk does many in the time of a few; answers the first error that came.
fn together<T: Sync>(things: &[T], wait: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
            wait(thing)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..things.len().min(WAITS_AT_ONCE)).map(|_| scope.spawn(work)).collect();
        waiting.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(Error::bug("a thread that waits for the disk panicked"))))
    })
}

/// Makes a folder, and those above it, where they are missing.
///
/// # Errors
/// `SINK_FILE_FAILED` where that is not possible.
pub fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::new(Code::SinkFileFailed, format!("cannot make the folder: {error}"))
            .file(folder.display().to_string())
            .help("Check its name and the rights to the folder that it is to be in")
    })
}
