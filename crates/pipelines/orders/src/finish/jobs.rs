//! The matrix of securities and dates, with what each had.

use std::sync::Arc;

use arrow_array::{Date32Array, Int64Array, RecordBatch, StringArray};
use rowmill_core::day::Day;
use rowmill_core::{Code, Error, Result};
use rowmill_kernels::zones::ALL_DAYS;
use serde_json::{Value, json};

use crate::fold::aggregates::Aggregates;
use crate::fold::jobs::Jobs;
use crate::options::MAX_JOBS;
use crate::tables::{JOBS, TABLES};

/// Jobs in the details of a report; those of a larger matrix are in its table only.
const MAX_LISTED: usize = 100_000;
/// Whole numbers below this are exact in JavaScript.
const SAFE: i64 = 1 << 53;

/// Securities and dates, each in the order of the jobs.
#[derive(Debug, Default)]
pub struct Matrix {
    /// Code and value.
    securities: Vec<(u32, i64)>,
    days: Vec<i32>,
}

impl Matrix {
    /// The securities and days that were asked for, else those that the data has; a security that was named twice is there once.
    ///
    /// # Errors
    /// `BUDGET_EXCEEDED` where there are too many jobs to list.
    pub fn new(named: &[i64], asked: Option<(Day, Day)>, groups: &Aggregates, jobs: &Jobs) -> Result<Self> {
        let mut securities = Vec::new();
        for security in named {
            if securities.iter().all(|(_, there)| there != security) {
                securities.push((groups.securities.find(*security), *security));
            }
        }
        if named.is_empty() {
            securities = groups.securities.sorted().into_iter().map(|code| (code, groups.securities.values()[code as usize])).collect();
        }
        let days: Vec<i32> = match asked {
            Some((start, end)) => (start.0..=end.0).collect(),
            None => jobs.days().collect(),
        };
        let many = securities.len() as u64 * days.len() as u64;
        if many > MAX_JOBS {
            let message = format!("{many} jobs: {} securities on {} dates", securities.len(), days.len());
            return Err(Error::new(Code::BudgetExceeded, message).help("Ask for fewer securities or days at a time"));
        }
        Ok(Self { securities, days })
    }

    fn iter<'a>(&'a self, jobs: &'a Jobs) -> impl Iterator<Item = (i64, i32, u64)> + 'a {
        let of_security = move |(code, security): &'a (u32, i64)| {
            let rows = move |day: i32| if *code == 0 { 0 } else { jobs.rows(day, *code) };
            self.days.iter().map(move |day| (*security, *day, rows(*day)))
        };
        self.securities.iter().flat_map(of_security)
    }

    /// How many jobs there are.
    pub fn len(&self) -> usize {
        self.securities.len() * self.days.len()
    }

    /// The jobs for a report, none where they are too many.
    pub fn listed(&self, jobs: &Jobs) -> Vec<Value> {
        if self.len() > MAX_LISTED {
            return Vec::new();
        }
        self.iter(jobs).map(|(security, day, rows)| json!({"securityCode": safe(security), "date": Day(day).to_string(), "rows": rows})).collect()
    }

    /// The rows of their table, in batches.
    pub fn batches<'a>(&'a self, jobs: &'a Jobs, dataset: &'a str) -> impl Iterator<Item = Result<RecordBatch>> + 'a {
        let mut left = self.iter(jobs).peekable();
        std::iter::from_fn(move || {
            left.peek()?;
            let rows: Vec<_> = left.by_ref().take(65_536).collect();
            let same = |text: &str| Arc::new(rows.iter().map(|_| Some(text)).collect::<StringArray>());
            let columns: Vec<arrow_array::ArrayRef> = vec![
                same(dataset),
                Arc::new(rows.iter().map(|(security, _, _)| Some(*security)).collect::<Int64Array>()),
                Arc::new(rows.iter().map(|(_, day, _)| Some(*day)).collect::<Date32Array>()),
                same("completed"),
                Arc::new(rows.iter().map(|(_, _, rows)| Some(*rows as i64)).collect::<Int64Array>()),
            ];
            let batch = RecordBatch::try_new(Arc::new(TABLES[JOBS].schema()), columns);
            Some(batch.map_err(|error| Error::bug(format!("jobs do not fit their table: {error}"))))
        })
    }
}

/// A number for JavaScript: as text where it would be rounded.
fn safe(number: i64) -> Value {
    if number.abs() < SAFE { number.into() } else { number.to_string().into() }
}

/// Days that were asked for, none beyond those that nanoseconds can tell.
pub fn possible(days: (Day, Day)) -> (Day, Day) {
    (Day(days.0.0.max(*ALL_DAYS.start())), Day(days.1.0.min(*ALL_DAYS.end())))
}
