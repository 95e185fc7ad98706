//! The numbers of pod rows as the sums take them.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use rowmill_core::Result;

use super::numbers::Numbers;
use crate::openshift::inputs::{CAPACITY, HOURLY_POD_SUMS, NODE_CAPACITY, POD_NUMBERS, POD_SUMS};

/// A column with NaN for NULL.
type Amounts<'a> = Cow<'a, [f64]>;

/// The effective usages among the eight sums, and the usage and the request that they come from where they are missing.
const EFFECTIVE: [(usize, usize, usize); 2] = [(2, 0, 1), (6, 4, 5)];

/// The number columns of a batch of pods as the file has them.
pub struct PodNumbers<'a> {
    /// The eight sums by day, all but the effective usages by hour.
    sums: Vec<Numbers<'a>>,
    /// Largest capacity of the node, in cores and in bytes.
    node: [Numbers<'a>; 2],
    /// Capacity of the node over the hour; not by day.
    interval: Option<[Numbers<'a>; 2]>,
}

/// The same, ready to be added: NaN where there is nothing to add.
pub struct PodAmounts<'a> {
    pub sums: [Amounts<'a>; 8],
    pub capacity_cores: Amounts<'a>,
    pub capacity_bytes: Amounts<'a>,
    /// Core-seconds and byte-seconds.
    pub interval_capacity: Option<(Amounts<'a>, Amounts<'a>)>,
}

impl<'a> PodNumbers<'a> {
    pub fn of(batch: &'a RecordBatch, hourly: bool) -> Result<Self> {
        let names: &[&'static str] = if hourly { &HOURLY_POD_SUMS } else { &POD_SUMS };
        let sums = names.iter().enumerate().map(|(at, name)| Numbers::of(batch, POD_NUMBERS + at, name)).collect::<Result<_>>()?;
        let node = POD_NUMBERS + names.len();
        let interval = hourly.then(|| Numbers::pair(batch, node + 2, CAPACITY)).transpose()?;
        Ok(Self { sums, node: Numbers::pair(batch, node, NODE_CAPACITY)?, interval })
    }

    /// Removes hourly rows that the anomaly filter drops (COST-032): every column but the capacity in cores is guarded.
    pub fn drop_anomalous(&self, rows: &mut Vec<u32>) {
        if let Some(interval) = &self.interval {
            self.sums.iter().chain(interval).chain([&self.node[1]]).for_each(|column| column.drop_anomalous(rows));
        }
    }

    /// Checks the numbers that rows use and makes of them what is added. Those of rows without a group matter for the capacity of the
    /// interval only.
    pub fn amounts(&self, rows: &[u32], has_group: impl Fn(u32) -> bool, one_side_is_enough: bool) -> Result<PodAmounts<'a>> {
        let grouped = || rows.iter().copied().filter(|row| has_group(*row));
        let checked = |column: &Numbers<'a>| column.checked(grouped());
        let sums = self.sums.iter().map(checked).collect::<Result<Vec<_>>>()?;
        let sums = if self.interval.is_some() { of_hours(sums) } else { of_days(sums, one_side_is_enough) };
        let interval = |[cores, bytes]: &[Numbers<'a>; 2]| Ok((cores.checked(rows.iter().copied())?, bytes.checked(rows.iter().copied())?));
        Ok(PodAmounts {
            sums,
            capacity_cores: checked(&self.node[0])?,
            capacity_bytes: checked(&self.node[1])?,
            interval_capacity: self.interval.as_ref().map(interval).transpose()?,
        })
    }
}

/// The eight sums of hourly rows: the effective usage is the larger side (COST-030), and a missing number counts as 0, so that an
/// all-missing sum is 0 and not NULL (COST-031).
fn of_hours(sums: Vec<Amounts<'_>>) -> [Amounts<'_>; 8] {
    let has_nulls = sums.iter().any(|column| matches!(column, Cow::Owned(_)));
    let mut sums = sums.into_iter();
    let mut next = || sums.next().unwrap_or_default();
    let [[cpu_usage, cpu_request, cpu_limit], [usage, request, limit]] = [[next(), next(), next()], [next(), next(), next()]];
    let effective = [larger(&cpu_usage, &cpu_request), larger(&usage, &request)];
    let [cpu_effective, memory_effective] = effective.map(Cow::Owned);
    let sums = [cpu_usage, cpu_request, cpu_effective, cpu_limit, usage, request, memory_effective, limit];
    if has_nulls { sums.map(or_zero) } else { sums }
}

/// The eight sums of daily rows: a missing effective usage comes from its two sides (COST-022, COST-C06).
fn of_days(sums: Vec<Amounts<'_>>, one_side_is_enough: bool) -> [Amounts<'_>; 8] {
    let mut sums = sums.into_iter();
    let mut sums: [Amounts<'_>; 8] = std::array::from_fn(|_| sums.next().unwrap_or_default());
    for (effective, usage, request) in EFFECTIVE {
        if matches!(sums[effective], Cow::Owned(_)) {
            let filled = sums[effective].iter().zip(sums[usage].iter().zip(sums[request].iter())).map(|(stored, (usage, request))| match stored {
                stored if !stored.is_nan() => *stored,
                _ if one_side_is_enough || !(usage.is_nan() || request.is_nan()) => usage.max(*request),
                _ => f64::NAN,
            });
            sums[effective] = filled.collect();
        }
    }
    sums
}

/// The larger of two, or the one that is there.
fn larger(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left.max(*right)).collect()
}

/// Only a column with NULLs, or one made of such, is owned.
fn or_zero(amounts: Amounts<'_>) -> Amounts<'_> {
    match amounts {
        Cow::Borrowed(values) => Cow::Borrowed(values),
        Cow::Owned(values) => values.into_iter().map(|value| if value.is_nan() { 0.0 } else { value }).collect(),
    }
}
