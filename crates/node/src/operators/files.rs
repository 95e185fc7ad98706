//! The files that an operator writes: one, or one for each partition.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use rowmill_core::{Code, Error, Result};
use rowmill_emit::{CompleteFile, FileSink};
use rowmill_engine::make_folder;
use rowmill_frame::operators::Output;
use serde_json::{Value, json};

/// Files by a path in which `{column}` stands for a partition's value.
pub struct Files {
    template: String,
    columns: Vec<String>,
    open: BTreeMap<PathBuf, (Vec<String>, FileSink)>,
    complete: Vec<CompleteFile>,
}

impl Files {
    /// # Errors
    /// `PLAN_INVALID` where the path does not tell partitions apart.
    pub fn new(template: String, columns: Vec<String>) -> Result<Self> {
        match columns.iter().find(|column| !template.contains(&placeholder(column))) {
            None => Ok(Self { template, columns, open: BTreeMap::new(), complete: Vec::new() }),
            Some(column) => Err(Error::new(Code::PlanInvalid, "the path of the output does not say where a partition's value goes")
                .column("out")
                .value(&template)
                .help(format!("Write {} into it", placeholder(column)))),
        }
    }

    /// Gives all files their names.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`.
    pub fn publish(self) -> Result<Vec<Value>> {
        let publish = |file: CompleteFile| {
            let path = file.path().display().to_string();
            file.publish().map(|written| json!({ "path": path, "rows": written.rows, "bytes": written.bytes }))
        };
        self.complete.into_iter().map(publish).collect()
    }

    fn path(&self, partition: &[String]) -> Result<PathBuf> {
        let mut path = self.template.clone();
        for (column, value) in self.columns.iter().zip(partition) {
            let is_name = !matches!(value.as_str(), "" | "." | "..") && !value.contains(['/', '\\', '\0']);
            if !is_name {
                let message = "the value cannot be part of a file's name";
                return Err(Error::new(Code::DataTextInvalid, message).column(column).value(value).help("Partition by another column"));
            }
            path = path.replace(&placeholder(column), value);
        }
        Ok(PathBuf::from(path))
    }

    fn begin(&mut self, path: &Path, partition: &[String], batch: &RecordBatch) -> Result<()> {
        let is_taken = match self.open.get(path) {
            Some((known, _)) if known == partition => return Ok(()),
            Some(_) => true,
            None => self.complete.iter().any(|file| file.path() == path),
        };
        if is_taken {
            return Err(Error::new(Code::PlanInvalid, "two partitions have the same file")
                .column("out")
                .value(path.display().to_string())
                .help("Put something between the parts of the path"));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder)?;
        }
        self.open.insert(path.to_owned(), (partition.to_vec(), FileSink::create(path, batch.schema())?));
        Ok(())
    }
}

fn placeholder(column: &str) -> String {
    format!("{{{column}}}")
}

impl Output for Files {
    fn write(&mut self, partition: &[String], batch: &RecordBatch) -> Result<()> {
        let path = self.path(partition)?;
        self.begin(&path, partition, batch)?;
        match self.open.get_mut(&path) {
            Some((_, sink)) => sink.write(batch),
            None => Err(Error::bug("no file is open")),
        }
    }

    fn end_partitions(&mut self) -> Result<()> {
        for (_, sink) in std::mem::take(&mut self.open).into_values() {
            self.complete.push(sink.complete()?);
        }
        Ok(())
    }
}
