//! Order events to groups, jobs and rows of an extract.

pub mod aggregates;
pub mod codes;
mod columns;
pub mod extract;
pub mod jobs;
pub mod measured;
mod state;
pub mod totals;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Int64Array, RecordBatch};
use rowmill_core::day::Day;
use rowmill_core::{Code, Emit, Error, Fold, GLOBAL_PARTITION, InputSpec, Outlet, PhaseDone, Plan, Rejected, Result, Sealed, StateBatch, Window};
use serde_json::{Map, Value, json};

use crate::finish::groups::{NAMES, groups};
use crate::finish::jobs::{Matrix, possible};
use crate::finish::rows::Writer;
use crate::finish::types::Types;
use crate::finish::{files, groups as named};
use crate::lint::Lint;
use crate::options::Options;
use crate::tables::JOBS;
use aggregates::Aggregates;
use columns::Columns;
use extract::Rows;
use jobs::Jobs;
use measured::Measured;

/// The partition of the tables; every fold has it, because jobs without rows are written, too.
const TABLES_PARTITION: u32 = 1;
/// What a row of the table of facts is about.
const COUNTS: i64 = 0;
const MEASURES: i64 = 1;
const LINTS: i64 = 2;

/// The fold of an order log.
///
/// Groups and jobs are global: they are few, every fold may need them to decide, and they stay in memory. Rows of an extract are in
/// partitions that spill, one per date and security.
pub struct OrdersFold {
    options: Options,
    days: Option<(Day, Day)>,
    /// Bytes that groups may take before the run is given up.
    limit: u64,
    groups: Aggregates,
    jobs: Jobs,
    rows: Option<Rows>,
    lint: Option<Lint>,
    matrix: Matrix,
    types: Types,
    security_codes: Vec<u32>,
}

impl OrdersFold {
    /// An empty fold.
    pub fn new(plan: &Plan, window: &Window, input: &InputSpec) -> Result<Self> {
        let options = Options::of(plan)?;
        Ok(Self {
            days: options.days(window).map(possible),
            limit: plan.budget.memory,
            groups: Aggregates::new(options.zone_of_aggregates()?),
            jobs: Jobs::new(options.zone()?),
            rows: Rows::new(&options, input)?,
            lint: options.lint.then(|| Lint::new(input)),
            matrix: Matrix::default(),
            types: Types::default(),
            security_codes: Vec::new(),
            options,
        })
    }

    fn group_bytes(&self) -> usize {
        self.groups.resident_bytes() + self.jobs.resident_bytes(self.groups.securities.len())
    }

    /// Counts of rows, what is known of the extract's columns, and what would have been destroyed.
    fn write_facts(&self) -> Result<StateBatch> {
        let rows = self.rows.as_ref();
        let mut facts = vec![[COUNTS, self.groups.rows as i64, rows.map_or(0, |rows| rows.homeless as i64), 0]];
        facts.extend(rows.iter().flat_map(|rows| &rows.measured).map(|column| [MEASURES, column.values as i64, column.min, column.max]));
        facts.extend(self.lint.iter().flat_map(|lint| &lint.counts).map(|count| [LINTS, *count as i64, 0, 0]));
        let column = |at: usize| std::sync::Arc::new(facts.iter().map(|fact| Some(fact[at])).collect::<Int64Array>()) as arrow_array::ArrayRef;
        state::global(state::FACTS, vec![("about", column(0)), ("count", column(1)), ("min", column(2)), ("max", column(3))])
    }

    fn read_facts(&mut self, batch: &RecordBatch) {
        let [about, count, min, max] = [0, 1, 2, 3].map(|at| batch.column(at).as_primitive::<Int64Type>().values());
        let (mut column, mut narrowed) = (0, 0);
        for row in 0..batch.num_rows() {
            match about[row] {
                COUNTS => {
                    self.groups.rows += count[row] as u64;
                    self.rows.iter_mut().for_each(|rows| rows.homeless += min[row] as u64);
                }
                MEASURES => {
                    let more = Measured { values: count[row] as u64, min: min[row], max: max[row] };
                    self.rows.iter_mut().filter_map(|rows| rows.measured.get_mut(column)).for_each(|measured| measured.merge(&more));
                    column += 1;
                }
                _ => {
                    self.lint.iter_mut().filter_map(|lint| lint.counts.get_mut(narrowed)).for_each(|lost| *lost += count[row] as u64);
                    narrowed += 1;
                }
            }
        }
    }

    fn details(&self) -> Value {
        let counts = (0..NAMES.len()).map(|table| (NAMES[table].to_owned(), Value::from(groups(&self.groups, table).len())));
        let mut warnings = self.types.warnings.clone();
        warnings.extend(self.lint.iter().flat_map(Lint::warnings));
        let homeless = self.rows.as_ref().map_or(0, |rows| rows.homeless);
        if homeless > 0 {
            let message = format!("{homeless} rows have no timestamp or no security_code and are in no file of the extract");
            warnings.push(json!({"kind": "homeless", "rows": homeless, "message": message}));
        }
        let listed = self.matrix.listed(&self.jobs);
        if listed.len() < self.matrix.len() {
            let message = format!("{} jobs are too many to list; they are in their table", self.matrix.len());
            warnings.push(json!({"kind": "jobs", "message": message}));
        }
        json!({
            "jobs": listed,
            "rowsKept": self.groups.rows,
            "groups": Value::Object(counts.collect::<Map<_, _>>()),
            "types": self.rows.as_ref().map_or(json!({}), |rows| self.types.named(&rows.carried)),
            "warnings": warnings,
        })
    }

    fn finish_tables(&self, emit: &mut Emit<'_>) -> Result<()> {
        let writer = Writer { dataset: &self.options.dataset, double: self.options.price_is_double() };
        for table in 0..named::NAMES.len() {
            let rows = groups(&self.groups, table);
            if !rows.is_empty() {
                emit(&Outlet::Table(table), writer.batch(table, &rows)?)?;
            }
        }
        for batch in self.matrix.batches(&self.jobs, &self.options.dataset) {
            emit(&Outlet::Table(JOBS), batch?)?;
        }
        Ok(())
    }
}

impl Fold for OrdersFold {
    fn push(&mut self, _: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()> {
        let columns = Columns::of(batch)?;
        self.groups.push(&columns, &mut self.security_codes);
        done("groups");
        self.jobs.push(columns.times, &self.security_codes);
        done("jobs");
        if let Some(rows) = &mut self.rows {
            rows.push(batch)?;
            done("rows");
        }
        if let Some(lint) = &mut self.lint {
            lint.push(batch);
            done("lint");
        }
        if self.group_bytes() as u64 > self.limit {
            let message = "the groups of securities, participants and hours do not fit in memory";
            return Err(Error::new(Code::BudgetExceeded, message).help("Raise `budget.memory`, or ask for fewer days or securities at a time"));
        }
        Ok(())
    }

    fn resident_bytes(&self) -> usize {
        self.group_bytes() + self.rows.as_ref().map_or(0, Rows::resident_bytes)
    }

    fn partitions(&self) -> Vec<u32> {
        std::iter::once(TABLES_PARTITION).chain(self.rows.iter().flat_map(Rows::partitions)).collect()
    }

    /// The pieces of a single file stay together; files of their own go anywhere.
    fn family(&self, partition: u32) -> u32 {
        let single = self.rows.as_ref().is_some_and(Rows::is_single);
        if single { partition.min(extract::FIRST_PARTITION) } else { partition }
    }

    fn take(&mut self, partition: u32) -> Result<Vec<StateBatch>> {
        match (partition, &mut self.rows) {
            (GLOBAL_PARTITION, _) => Ok(vec![
                state::write_groups(&self.groups)?,
                state::write_sets(&self.groups)?,
                state::write_jobs(&self.jobs, &self.groups.securities)?,
                self.write_facts()?,
            ]),
            (TABLES_PARTITION, _) | (_, None) => Ok(Vec::new()),
            (_, Some(rows)) => rows.take_state(partition),
        }
    }

    fn absorb(&mut self, state: &StateBatch) -> Result<()> {
        match state.table {
            state::GROUPS => state::read_groups(&state.batch, &mut self.groups),
            state::SETS => state::read_sets(&state.batch, &mut self.groups),
            state::JOBS => {
                state::read_jobs(&state.batch, &mut self.jobs, &mut self.groups);
                Ok(())
            }
            state::FACTS => {
                self.read_facts(&state.batch);
                Ok(())
            }
            state::ROWS => self.rows.as_mut().map_or(Ok(()), |rows| rows.absorb(state)),
            other => Err(Error::bug(format!("state of an unknown table {other}"))),
        }
    }

    fn seal(&mut self) -> Result<Sealed> {
        if let Some(rows) = &self.rows {
            self.types = Types::decide(&self.options, &rows.carried, &rows.measured)?;
        }
        self.matrix = Matrix::new(&self.options.security_codes, self.days, &self.groups, &self.jobs)?;
        Ok(Sealed { first_day: None, details: self.details() })
    }

    fn finish(&mut self, partition: u32, emit: &mut Emit<'_>) -> Result<()> {
        if partition == TABLES_PARTITION {
            return self.finish_tables(emit);
        }
        match &mut self.rows {
            Some(rows) => files::write(rows, partition, &self.types, &self.options.extract_format, emit),
            None => Ok(()),
        }
    }

    fn rejected(&self) -> Vec<Rejected> {
        Vec::new()
    }
}
