//! The rows of the window, daily and with their labels parsed.

use std::collections::BTreeSet;

use super::labels::{LabelSets, Labels, filtered, kept_keys, partners};
use super::like::like;
use super::nodes::{Roles, roles};
use super::rollup::{DAY_MS, daily_pods, daily_storage, plausible_pods};
use super::rows::{Input, LabelRow, Month, PodRow, StorageRow};
use super::rules::Rules;

/// What the three kinds of rows are made from.
pub(super) struct Scope<'a> {
    pub(super) month: &'a Month,
    pub(super) rules: Rules,
    /// Daily pod rows of the window, of all nodes.
    pub(super) pods: Vec<PodRow>,
    /// Hourly pod rows of the window, of all nodes, for capacity.
    pub(super) hours: Vec<PodRow>,
    /// Daily volume rows of the window.
    pub(super) storage: Vec<StorageRow>,
    pub(super) roles: Roles,
    keys: BTreeSet<String>,
    node_labels: LabelSets,
    namespace_labels: LabelSets,
}

impl<'a> Scope<'a> {
    pub(super) fn new(month: &'a Month) -> Result<Self, String> {
        let rules = Rules::of(month);
        let (pods, hours, storage) = match month.input {
            Input::Daily => (month.pods_daily.clone(), month.pods_hourly.clone(), month.storage.clone()),
            Input::Hourly => {
                let hours = plausible_pods(&month.pods_hourly);
                (daily_pods(&hours), hours, daily_storage(&month.storage_hourly))
            }
        };
        let mut days = i64::from(month.start.0)..=i64::from(month.end.0);
        let day = |at_ms: i64| at_ms.div_euclid(DAY_MS);
        if month.align_start {
            let first = pods.iter().map(|row| day(row.at_ms)).filter(|day| days.contains(day)).min();
            days = first.unwrap_or(*days.start())..=*days.end();
        }
        let pods: Vec<PodRow> = pods.into_iter().filter(|row| days.contains(&day(row.at_ms))).collect();
        let labels = |rows: &[LabelRow]| rows.iter().filter(|row| days.contains(&day(row.at_ms))).cloned().collect::<Vec<_>>();
        let (node_labels, namespace_labels) = (labels(&month.node_labels), labels(&month.namespace_labels));
        let keys = kept_keys(&month.enabled_keys, &rules);
        Ok(Self {
            month,
            rules,
            hours: hours.into_iter().filter(|row| days.contains(&day(row.at_ms))).collect(),
            storage: storage.into_iter().filter(|row| days.contains(&day(row.at_ms))).collect(),
            roles: roles(month, &pods, &node_labels),
            node_labels: label_sets(&node_labels, &keys, &rules)?,
            namespace_labels: label_sets(&namespace_labels, &keys, &rules)?,
            pods,
            keys,
        })
    }

    /// A label text as a filtered map.
    pub(super) fn filtered(&self, text: Option<&str>) -> Result<Option<Labels>, String> {
        filtered(text, &self.keys, &self.rules)
    }

    /// The label sets that a row of this node is combined with; never empty.
    pub(super) fn node_partners(&self, day: i32, node: Option<&str>) -> Vec<Labels> {
        partners(&self.node_labels, day, node, &self.rules)
    }

    /// The label sets that a row of this namespace is combined with; never empty.
    pub(super) fn namespace_partners(&self, day: i32, namespace: Option<&str>) -> Vec<Labels> {
        partners(&self.namespace_labels, day, namespace, &self.rules)
    }

    /// The categories that a row of this namespace is combined with; never empty.
    pub(super) fn categories(&self, namespace: Option<&str>) -> Vec<Option<i32>> {
        let matching = |pattern: &str| namespace.is_some_and(|namespace| like(pattern, namespace, self.rules.like_escape));
        let ids: Vec<Option<i32>> = self.month.categories.iter().filter(|(pattern, _)| matching(pattern)).map(|(_, id)| Some(*id)).collect();
        match ids.iter().max() {
            None => vec![None],
            Some(largest) if self.rules.one_category => vec![*largest],
            Some(_) => ids,
        }
    }
}

/// Day of a row, in days since 1970-01-01.
pub(super) fn day_of(at_ms: i64) -> i32 {
    at_ms.div_euclid(DAY_MS) as i32
}

fn label_sets(rows: &[LabelRow], keys: &BTreeSet<String>, rules: &Rules) -> Result<LabelSets, String> {
    let mut sets = LabelSets::new();
    for row in rows {
        let labels = filtered(row.labels.as_deref(), keys, rules)?;
        if let Some(name) = &row.name {
            sets.entry((day_of(row.at_ms), name.clone())).or_default().insert(labels);
        }
    }
    Ok(sets)
}
