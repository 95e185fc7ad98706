//! What order logs to generate.

use std::path::PathBuf;

use rowmill_core::day::Day;
use rowmill_core::{Code, Error, Result};
use serde::Deserialize;

/// Most securities and participants: their codes are drawn from so many.
const MOST_CODES: u32 = 4_000;

/// A log of order events to generate. Every field but `out` has a default; unknown fields are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrdersSpec {
    /// Folder to write to; created where missing. It must not hold order files already.
    pub out: PathBuf,
    /// The same seed and settings give the same bytes.
    #[serde(default = "one")]
    pub seed: u64,
    /// Events, from 1; not looked at where `bytes` is given.
    #[serde(default = "rows")]
    pub rows: u64,
    /// Bytes of CSV text of the events, instead of `rows`: as many rows as are at least so many bytes.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// Securities, 1 to 4000; a few have most of the events.
    #[serde(default = "securities")]
    pub securities: u32,
    /// Participants, 1 to 4000; with 30 or more, 69 is among them.
    #[serde(default = "participants")]
    pub participants: u32,
    /// First day, `YYYY-MM-DD` in Sydney; weekends have no events.
    #[serde(default = "start")]
    pub start: Day,
    /// Last day, inclusive.
    #[serde(default = "end")]
    pub end: Day,
    /// How files are written.
    #[serde(default)]
    pub format: OrdersFormat,
    /// Files of events, from 1, each with its part of them in the order of time.
    #[serde(default = "one_small")]
    pub files: u32,
    /// Percent of events that lack a quantity, a price or a participant.
    #[serde(default)]
    pub null_percent: u32,
    /// Whether files of trades, quotes, sessions, securities and participants that go with the events are written too.
    #[serde(default)]
    pub companions: bool,
}

/// How files of events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum OrdersFormat {
    /// CSV text.
    #[default]
    #[serde(rename = "csv")]
    Csv,
    /// CSV text, compressed with gzip.
    #[serde(rename = "csv.gz")]
    CsvGzip,
    /// Parquet.
    #[serde(rename = "parquet")]
    Parquet,
}

impl OrdersFormat {
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::CsvGzip => "csv.gz",
            Self::Parquet => "parquet",
        }
    }
}

impl OrdersSpec {
    /// The trading days, or what is wrong with the first setting that is out of range.
    pub(super) fn check(&self) -> Result<Vec<Day>> {
        let checks = [
            ("rows", self.rows.to_string(), (1..=1_000_000_000_000).contains(&self.rows), "1 to 1000000000000"),
            ("bytes", format!("{:?}", self.bytes), self.bytes.is_none_or(|bytes| bytes > 0), "at least 1"),
            ("securities", self.securities.to_string(), (1..=MOST_CODES).contains(&self.securities), "1 to 4000"),
            ("participants", self.participants.to_string(), (1..=MOST_CODES).contains(&self.participants), "1 to 4000"),
            ("files", self.files.to_string(), (1..=10_000).contains(&self.files), "1 to 10000"),
            ("nullPercent", self.null_percent.to_string(), self.null_percent <= 100, "0 to 100"),
            ("start", self.start.to_string(), self.start.civil().0 >= 2009 && self.start.civil().0 < 2100, "a day from 2009 to 2099"),
            ("end", self.end.to_string(), self.end >= self.start && self.end.civil().0 < 2100, "a day from start to 2099"),
        ];
        for (field, value, good, allowed) in checks {
            if !good {
                return Err(Error::new(Code::PlanInvalid, format!("{field} must be {allowed}")).column(field).value(value));
            }
        }
        // 1970-01-01 was a Thursday.
        let days: Vec<Day> = (self.start.0..=self.end.0).map(Day).filter(|day| (day.0 + 3).rem_euclid(7) < 5).collect();
        if days.is_empty() {
            return Err(Error::new(Code::PlanInvalid, "there is no weekday from start to end").column("end").value(self.end.to_string()));
        }
        Ok(days)
    }
}

fn one() -> u64 {
    1
}

fn one_small() -> u32 {
    1
}

fn rows() -> u64 {
    100_000
}

fn securities() -> u32 {
    200
}

fn participants() -> u32 {
    100
}

fn start() -> Day {
    Day(19_971)
}

fn end() -> Day {
    Day(19_978)
}
