//! The groups of each table, in its order.

use std::collections::BTreeMap;

use crate::fold::aggregates::{Aggregates, Met, SIZES};
use crate::fold::codes::CodeSet;
use crate::fold::totals::{Spread, Totals};

/// A row of a table, before its statistics are worked out.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Security, participant, day, hour of the day, instant in nanoseconds, or position of the size.
    pub key: i64,
    pub totals: Totals,
    pub spread: Spread,
    pub participants: i64,
    pub securities: i64,
}

/// Names of the aggregates, by table.
pub const NAMES: [&str; 7] = ["by_security", "by_date", "by_participant", "by_time_of_day", "by_order_size", "hourly_ts", "daily_ts"];

/// The groups of a table, ascending.
pub fn groups(of: &Aggregates, table: usize) -> Vec<Group> {
    match table {
        0 => by_security(of),
        2 => by_participant(of),
        3 => merged(of, |at| of.slots[at].hour.into()),
        4 => by_size(of),
        5 => merged(of, |at| hour_start(of, at)),
        _ => merged(of, |at| of.slots[at].day.into()),
    }
}

fn by_security(of: &Aggregates) -> Vec<Group> {
    let group = |code: u32| {
        let met = &of.by_security[code as usize];
        Group {
            key: of.securities.values()[code as usize],
            totals: met.totals,
            spread: of.spreads[code as usize],
            participants: met.participants.count(),
            securities: 1,
        }
    };
    of.securities.sorted().into_iter().map(group).collect()
}

/// Whom a participant met is the other side of whom the securities met.
fn by_participant(of: &Aggregates) -> Vec<Group> {
    let mut securities = vec![0; of.participants.len()];
    for met in &of.by_security[1..] {
        met.participants.codes().for_each(|code| securities[code as usize] += 1);
    }
    let group = |code: u32| Group {
        key: of.participants.values()[code as usize],
        totals: of.by_participant[code as usize],
        participants: 1,
        securities: securities[code as usize],
        ..Group::default()
    };
    of.participants.sorted().into_iter().map(group).collect()
}

fn by_size(of: &Aggregates) -> Vec<Group> {
    let sizes = of.by_size.iter().take(SIZES.len()).enumerate().filter(|(_, met)| met.totals.quantities > 0);
    sizes.map(|(size, met)| group(size as i64, met)).collect()
}

/// An hour that clocks were set in is in pieces, each of which begins where the clocks were set.
fn hour_start(of: &Aggregates, at: usize) -> i64 {
    of.slots[at].start
}

/// The hours, put together by what they are part of.
fn merged(of: &Aggregates, key: impl Fn(usize) -> i64) -> Vec<Group> {
    let mut groups = BTreeMap::<i64, Met>::new();
    for (at, hour) in of.by_hour.iter().enumerate().skip(1) {
        let met = groups.entry(key(at)).or_default();
        met.totals.merge(&hour.totals);
        met.participants.merge(&hour.participants);
        met.securities.merge(&hour.securities);
    }
    groups.into_iter().map(|(key, met)| group(key, &met)).collect()
}

fn group(key: i64, met: &Met) -> Group {
    let count = |set: &CodeSet| set.count();
    Group { key, totals: met.totals, spread: Spread::default(), participants: count(&met.participants), securities: count(&met.securities) }
}
