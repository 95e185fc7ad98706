//! What kernels read: small months in several shapes, from the project's own generator with its fixed seed.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use rowmill_core::{Code, Error, GLOBAL_PARTITION, InputSpec, Result, StateBatch};
use rowmill_generate::{OpenShiftSpec, openshift};
use rowmill_read::{BatchLimit, ParquetFile};
use serde_json::{Value, json};

use crate::month::Month;

/// Rows of a batch, as the plan has it where nothing is set.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// A folder with a month of every shape in [`shapes`].
pub(crate) struct Data {
    folder: PathBuf,
}

/// The name of each month and what it has besides the generator's defaults.
fn shapes() -> [(&'static str, Value); 5] {
    let month = |order: &str, daily: bool| json!({"per": "month", "order": order, "daily": daily});
    let plain = json!({"per": "month", "daily": false, "dictionary": false});
    [
        // As operators write it: a file a day, all inputs.
        ("days", json!({"rows": 60_000, "nodes": 12})),
        ("hour", json!({"rows": 60_000, "files": month("hour", true)})),
        ("pod", json!({"rows": 60_000, "files": month("pod", false)})),
        ("shuffled", json!({"rows": 60_000, "files": month("shuffled", false)})),
        // Every row has a text of its own, and files have no dictionaries.
        ("plain", json!({"rows": 20_000, "labels": {"distinct": 1_000_000, "perRow": true}, "files": plain})),
    ]
}

impl Data {
    /// Writes the months into a folder that must not be there yet.
    ///
    /// # Errors
    /// Those of the generator.
    pub(crate) fn generate(folder: &str) -> Result<()> {
        for (name, mut shape) in shapes() {
            shape["out"] = Path::new(folder).join(name).to_string_lossy().into();
            let spec: OpenShiftSpec = serde_json::from_value(shape).map_err(|error| Error::bug(error.to_string()))?;
            openshift(&spec)?;
        }
        Ok(())
    }

    /// The months that [`Data::generate`] wrote here.
    ///
    /// # Errors
    /// `PLAN_INVALID` where there is no such folder.
    pub(crate) fn at(folder: &str) -> Result<Self> {
        let missing = || Error::new(Code::PlanInvalid, "there is no generated data").file(folder).help("Make it: gauge data FOLDER");
        if Path::new(folder).join("days").is_dir() { Ok(Self { folder: folder.into() }) } else { Err(missing()) }
    }

    /// A place for what a kernel writes.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The month of this name, for one thread. `input` is `hourly` or `daily`.
    pub(crate) fn month(&self, name: &str, input: &str) -> Result<Month> {
        let input = format!("openshift.input={input}");
        let spill = format!("budget.spill={}", self.folder.to_string_lossy());
        let settings = [input.as_str(), spill.as_str(), "budget.threads=1", "budget.memory=4GiB"];
        Month::open(&self.folder.join(name).to_string_lossy(), settings.into_iter())
    }
}

/// The month decoded: batches with the positions of their inputs, in the order in which a run folds them.
pub(crate) fn batches(month: &Month, wanted: impl Fn(&InputSpec) -> bool) -> Result<Vec<(usize, RecordBatch)>> {
    let mut batches = Vec::new();
    for (position, input) in month.inputs()?.iter().enumerate().filter(|(_, input)| wanted(input)) {
        for unit in month.units.iter().filter(|unit| unit.input == input.name) {
            let read = read(month, &unit.uri, input)?;
            batches.extend(read.into_iter().map(|batch| (position, batch)));
        }
    }
    if batches.is_empty() { Err(Error::bug("a kernel without rows")) } else { Ok(batches) }
}

/// Every batch of a file.
pub(crate) fn read(month: &Month, uri: &str, input: &InputSpec) -> Result<Vec<RecordBatch>> {
    let window = month.window()?;
    let file = ParquetFile::open(uri)?;
    let plan = file.plan(input, window.start, window.end)?;
    let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
    let limit = BatchLimit { rows: BATCH_ROWS, bytes: 64 << 20 };
    file.batches(&plan, &groups, limit)?.map(|batch| Ok(batch?.batch)).collect()
}

/// All the state of a month, as a fold gives it away: the global partition first.
pub(crate) fn states(month: &Month) -> Result<Vec<StateBatch>> {
    let mut fold = month.fold()?;
    for (input, batch) in batches(month, |_| true)? {
        fold.push(input, &batch, &mut |_| {})?;
    }
    let mut states = fold.take(GLOBAL_PARTITION)?;
    for partition in fold.partitions() {
        states.extend(fold.take(partition)?);
    }
    Ok(states)
}

/// The rows of a state.
pub(crate) fn finished(month: &Month, states: &[StateBatch]) -> Result<Vec<RecordBatch>> {
    let mut fold = month.fold()?;
    let (global, days): (Vec<_>, Vec<_>) = states.iter().partition(|state| state.partition == GLOBAL_PARTITION);
    global.into_iter().try_for_each(|state| fold.absorb(state))?;
    fold.seal()?;
    let mut rows = Vec::new();
    for day in days.chunk_by(|left, right| left.partition == right.partition) {
        day.iter().try_for_each(|state| fold.absorb(state))?;
        fold.finish(day[0].partition, &mut |_, batch| {
            rows.push(batch);
            Ok(())
        })?;
    }
    Ok(rows)
}
