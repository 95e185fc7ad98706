//! Settings to conditions on columns, compiled once.

use std::ops::{Range, RangeInclusive};

use rowmill_core::{FilterTerm, Result, Test, Window};
use rowmill_kernels::zones::{ALL_DAYS, NS_PER_DAY, NS_PER_HOUR};

use crate::options::{HourEnd, Options};
use crate::sources::column;

/// Names of the filters, in the order in which they are applied where the plan does not say otherwise.
pub const NAMES: [&str; 5] = ["date", "security", "participant", "orderType", "hours"];

/// The conditions that a row must meet, in the order in which they are counted; only those that are set.
///
/// `position` says where a column is in the input.
pub fn terms(options: &Options, window: &Window, position: impl Fn(&str) -> usize) -> Result<Vec<FilterTerm>> {
    let named = |name: &&&str| options.filter_order.iter().any(|first| first == **name);
    let first = options.filter_order.iter().filter_map(|name| NAMES.into_iter().find(|known| known == name));
    let order: Vec<&'static str> = first.chain(NAMES.iter().filter(|name| !named(name)).copied()).collect();
    let mut terms = Vec::new();
    for name in order {
        let dated = terms.iter().any(|term: &FilterTerm| term.name == "date");
        let (of, test) = match name {
            "date" => (column::TIME, dates(options, window)?),
            "security" => (column::SECURITY, listed(&options.security_codes)),
            "participant" => (column::PARTICIPANT, listed(&options.participant_ids)),
            "orderType" => (column::ORDER_TYPE, listed(&options.order_types)),
            _ => (column::TIME, hours(options, window, dated)?),
        };
        terms.extend(test.map(|test| FilterTerm { name, column: position(of), test }));
    }
    Ok(terms)
}

fn listed(values: &[i64]) -> Option<Test> {
    (!values.is_empty()).then(|| Test::one_of(values.to_vec()))
}

fn dates(options: &Options, window: &Window) -> Result<Option<Test>> {
    let Some(days) = days(options, window) else { return Ok(None) };
    Ok(Some(Test::ranges(options.zone()?.ranges(days, 0..NS_PER_DAY))))
}

/// Hours of the days asked for where those alone are left to look at, else of every day that nanoseconds can tell: 213,506 ranges,
/// 3.4 MB, and 18 steps to find one.
fn hours(options: &Options, window: &Window, dated: bool) -> Result<Option<Test>> {
    if !options.hours_enabled {
        return Ok(None);
    }
    let days = days(options, window).filter(|_| dated).unwrap_or(ALL_DAYS);
    Ok(Some(Test::ranges(options.zone()?.ranges(days, trading(options)))))
}

fn days(options: &Options, window: &Window) -> Option<RangeInclusive<i32>> {
    options.days(window).map(|(start, end)| start.0.max(*ALL_DAYS.start())..=end.0.min(*ALL_DAYS.end()))
}

/// Nanoseconds of the local day; none of the forms goes past its end.
fn trading(options: &Options) -> Range<i64> {
    let end = options.hours_end * NS_PER_HOUR;
    let end = match options.hour_end {
        HourEnd::Exclusive => end,
        HourEnd::Instant => end + 1,
        HourEnd::Hour => end + NS_PER_HOUR,
    };
    options.hours_start * NS_PER_HOUR..end.min(NS_PER_DAY)
}
