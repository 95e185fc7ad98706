//! A generated month, end to end: files to rows on the engine's road.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow_schema::SchemaRef;
use rowmill_core::plan::{Layer, Problem, Window, resolve};
use rowmill_core::{Code, Error, Fold, InputSpec, Pipeline, Plan, Result, Unit};
use rowmill_emit::TargetColumn;
use rowmill_engine::{Counters, Job, Run, Tables, Target};
use rowmill_registry::PIPELINES;
use serde_json::{Map, Value};

use crate::arguments::Arguments;

/// A month of one cluster, ready to run any number of times.
pub(crate) struct Month {
    pipeline: &'static dyn Pipeline,
    plan: Plan,
    /// Its files, by input and name.
    pub(crate) units: Vec<Unit>,
}

impl Month {
    /// Takes up what the generator wrote for its first cluster; `settings` are `path=value` and go before its plan's own.
    ///
    /// # Errors
    /// `PLAN_INVALID` where there is no such plan or a setting is wrong; `INPUT_FILE_UNREADABLE` where folders cannot be listed.
    pub(crate) fn open<'a>(folder: &str, settings: impl Iterator<Item = &'a str>) -> Result<Self> {
        let file = Path::new(folder).join("cluster-001/plan.json");
        let invalid = |message: String| Error::new(Code::PlanInvalid, message).file(file.to_string_lossy());
        let text = std::fs::read_to_string(&file).map_err(|error| invalid(format!("cannot read the plan that `generate` writes: {error}")))?;
        let written: Map<String, Value> = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        let mut given = Map::from_iter([("source.root".to_owned(), Value::from(folder))]);
        for setting in settings {
            let (path, value) = setting.split_once('=').ok_or_else(|| invalid(format!("`{setting}` is not of the form path=value")))?;
            given.insert(path.to_owned(), value.into());
        }
        let layers = [Layer { origin: "file".into(), values: written }, Layer { origin: "settings".into(), values: given }];
        let problems = |problems: Vec<Problem>| {
            invalid(
                problems.iter().map(|problem| format!("{}: {} ({})", problem.path, problem.message, problem.allowed)).collect::<Vec<_>>().join("; "),
            )
        };
        let plan = resolve(PIPELINES, &layers).map_err(problems)?.plan;
        let known = PIPELINES.iter().find(|pipeline| pipeline.name() == plan.pipeline);
        let pipeline = *known.ok_or_else(|| Error::bug("a plan of no pipeline"))?;
        let units = units(pipeline, &plan)?;
        Ok(Self { pipeline, plan, units })
    }

    /// Runs the first window; the answer is what the engine counted.
    ///
    /// # Errors
    /// Those of the run.
    pub(crate) fn run(&self, target: Target) -> Result<Counters> {
        let run = Run::start(Job { pipeline: self.pipeline, plan: self.plan.clone(), window: 0, units: self.units.clone(), target })?;
        while run.next()?.is_some() {}
        Ok(run.counters())
    }

    /// The inputs that a run reads.
    ///
    /// # Errors
    /// `INPUT_MISSING` where pods are.
    pub(crate) fn inputs(&self) -> Result<Vec<InputSpec>> {
        self.pipeline.inputs(&self.plan, &found(&self.units))
    }

    /// The days of a run.
    ///
    /// # Errors
    /// `BUG_INTERNAL` where the plan has none.
    pub(crate) fn window(&self) -> Result<&Window> {
        self.plan.windows.first().ok_or_else(|| Error::bug("a plan without a window"))
    }

    /// An empty fold of a run.
    ///
    /// # Errors
    /// Those of the pipeline.
    pub(crate) fn fold(&self) -> Result<Box<dyn Fold>> {
        self.pipeline.fold(&self.plan, self.window()?, &self.inputs()?)
    }

    /// The schema of finished rows.
    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::new(self.pipeline.tables()[0].schema())
    }

    /// The columns of the table that COPY would write to.
    pub(crate) fn copy_columns(&self) -> Vec<TargetColumn> {
        let written = self.pipeline.tables()[0].columns.iter().filter(|column| column.written);
        written.map(|column| TargetColumn { name: column.name.into(), sql_type: column.sql.ddl() }).collect()
    }

    /// A target by its word: `nowhere`, `decode`, `copy` (to memory and away), or the path of a Parquet file.
    pub(crate) fn target(&self, word: &str) -> Target {
        match word {
            "nowhere" => Target::of(Tables::Discard),
            "decode" => Target::of(Tables::Decode),
            "copy" => Target::of(Tables::Copy(vec![self.copy_columns()])),
            path => Target::of(Tables::Parquet(PathBuf::from(path))),
        }
    }
}

/// What `gauge month` prints: a line a run, wall seconds first, then CPU seconds by phase.
pub(crate) fn report(folder: &str, arguments: &Arguments) -> Result<String> {
    let month = Month::open(folder, arguments.all("set"))?;
    let mut text = String::new();
    for _ in 0..arguments.times()? {
        let began = Instant::now();
        let counters = month.run(month.target(arguments.last("target").unwrap_or("nowhere")))?;
        let cpu: f64 = counters.cpu.iter().map(|phase| phase.seconds).sum();
        let phases: String = counters.cpu.iter().map(|phase| format!("  {} {:.3}", phase.phase, phase.seconds)).collect();
        let seconds = began.elapsed().as_secs_f64();
        // Writing to a text does not fail.
        let _ = writeln!(text, "{seconds:.3} s  cpu {cpu:.3}  rows {} -> {}{phases}", counters.rows_read, counters.rows_out);
    }
    Ok(text)
}

/// The files of the plan's first window that the run's inputs want, by name of the input.
fn units(pipeline: &dyn Pipeline, plan: &Plan) -> Result<Vec<Unit>> {
    let window = plan.windows.first().ok_or_else(|| Error::bug("a plan without a window"))?;
    let mut units = Vec::new();
    for source in pipeline.sources() {
        let template = source.layouts.iter().find(|(layout, _)| *layout == plan.source.layout).map_or("", |(_, template)| *template);
        let folder = template
            .trim_end_matches("/**/*.parquet")
            .replace("{account}", plan.source.account.as_deref().unwrap_or_default())
            .replace("{source}", plan.source.id.as_deref().unwrap_or_default())
            .replace("{year}", &window.year)
            .replace("{month}", &window.month);
        let files = files(&Path::new(&plan.source.root).join(folder))?;
        units.extend(files.into_iter().map(|(uri, size)| Unit { input: source.name.into(), uri, size, version: String::new(), range: None }));
    }
    let wanted = pipeline.inputs(plan, &found(&units))?;
    units.retain(|unit| wanted.iter().any(|input| input.name == unit.input));
    Ok(units)
}

/// How many files there are of each input.
fn found(units: &[Unit]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    units.iter().for_each(|unit| *found.entry(unit.input.clone()).or_default() += 1);
    found
}

/// Paths and sizes of the files in a folder, in the order of their names; of a folder that is not there, none.
fn files(folder: &Path) -> Result<Vec<(String, u64)>> {
    let unreadable =
        |error: std::io::Error| Error::new(Code::InputUnreadable, format!("cannot list the folder: {error}")).file(folder.to_string_lossy());
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        files.push((entry.path().to_string_lossy().into_owned(), entry.metadata().map_err(unreadable)?.len()));
    }
    files.sort();
    Ok(files)
}
