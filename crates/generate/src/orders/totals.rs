//! What a generated log holds: answers to check a run with.

use std::collections::BTreeMap;

use rowmill_core::day::Day;
use serde::Serialize;

use super::clock::instant;
use super::events::{Event, PARTICIPANT, QUANTITY, SECURITY, TIMESTAMP};

/// Events and the sum of their quantities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventTotals {
    /// Events.
    pub rows: u64,
    /// Sum of their quantities.
    pub quantity: i64,
}

impl EventTotals {
    fn add(&mut self, quantity: Option<i64>) {
        self.rows += 1;
        self.quantity += quantity.unwrap_or(0);
    }
}

/// What was written, and what a run over it must find.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrdersTotals {
    /// Files of events.
    pub files: Vec<String>,
    /// Events.
    pub rows: u64,
    /// Sum of all quantities.
    pub quantity: i64,
    /// By security code.
    pub securities: BTreeMap<i64, EventTotals>,
    /// By participant; events without one are left out.
    pub participants: BTreeMap<i64, EventTotals>,
    /// By date in Sydney.
    pub dates: BTreeMap<Day, EventTotals>,
    /// A selection of a few, and what it finds.
    pub selection: Selection,
}

/// Five securities, one date, trading hours and one participant.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    /// Security codes: every fortieth, five at most.
    pub securities: Vec<i64>,
    /// The date, in Sydney: the middle one.
    pub date: String,
    /// The participant.
    pub participant: i64,
    /// Events of these from 10:00 to before 16:00 in Sydney.
    pub found: EventTotals,
    /// First and last instant of the trading hours, half-open.
    #[serde(skip)]
    hours: (i64, i64),
}

const HOUR: i64 = 3_600_000_000_000;

impl OrdersTotals {
    pub(super) fn new(securities: &[i64], participants: &[i64], days: &[Day]) -> Self {
        let day = days[days.len() / 2];
        let selection = Selection {
            securities: securities.iter().step_by((securities.len() / 5).max(1)).take(5).copied().collect(),
            date: day.to_string(),
            participant: participants.iter().copied().find(|code| *code == 69).unwrap_or(participants[0]),
            found: EventTotals::default(),
            hours: (instant(day, 10 * HOUR), instant(day, 16 * HOUR)),
        };
        Self { selection, ..Self::default() }
    }

    pub(super) fn add(&mut self, event: &Event) {
        let quantity = event.get(QUANTITY);
        self.rows += 1;
        self.quantity += quantity.unwrap_or(0);
        let security = event.values[SECURITY];
        self.securities.entry(security).or_default().add(quantity);
        self.dates.entry(event.day).or_default().add(quantity);
        let Some(participant) = event.get(PARTICIPANT) else { return };
        self.participants.entry(participant).or_default().add(quantity);
        let selection = &mut self.selection;
        let time = event.values[TIMESTAMP];
        if participant == selection.participant && (selection.hours.0..selection.hours.1).contains(&time) && selection.securities.contains(&security)
        {
            selection.found.add(quantity);
        }
    }
}
