//! Rows of labels of nodes and namespaces.

use std::sync::Arc;

use rowmill_core::Result;
use rowmill_core::day::Day;

use crate::cluster::{Cluster, ROLES};
use crate::columns::{ColumnSpec, Source};
use crate::files::FileWriter;
use crate::hours::{HOUR_MS, Period};

/// Whose labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Nodes,
    Namespaces,
}

impl Owner {
    pub(crate) fn columns(self, cluster: &Cluster, daily: bool) -> Vec<ColumnSpec> {
        let owner = match self {
            Owner::Nodes => [("node", Source::Code(Arc::clone(&cluster.node_names))), ("node_labels", Source::Text)],
            Owner::Namespaces => [("namespace", Source::Code(Arc::clone(&cluster.namespace_names))), ("namespace_labels", Source::Text)],
        };
        let period = [("report_period_start", Source::Time), ("report_period_end", Source::Time)];
        let start = ("interval_start", Source::Time);
        if daily {
            owner.into_iter().chain([start]).chain(period).collect()
        } else {
            period.into_iter().chain([start, ("interval_end", Source::Time)]).chain(owner).collect()
        }
    }

    fn count(self, cluster: &Cluster) -> usize {
        match self {
            Owner::Nodes => cluster.nodes.len(),
            Owner::Namespaces => cluster.namespaces.len(),
        }
    }

    /// The labels at an hour: `None` where there is no row, `Some(None)` where they are NULL.
    fn labels(self, cluster: &Cluster, index: usize, hour: u64) -> Option<Option<String>> {
        let day = cluster.hours.day(hour).0;
        let afternoon = cluster.edges && cluster.hours.of_clock(hour) >= 12;
        match self {
            Owner::Nodes => {
                let node = cluster.nodes.get(index).filter(|node| node.is_there(hour))?;
                let (name, role) = (&node.name, ROLES[node.role]);
                // On some afternoons the third node is moved to another tier.
                let tier = if afternoon && index == 2 && day % 7 == 3 { "silver" } else { "gold" };
                Some(Some(format!(
                    "{{\"kubernetes_io_hostname\": \"{name}\", \"kubernetes_io_arch\": \"amd64\", \"node_role_kubernetes_io\": \"{role}\", \"tier\": \"{tier}\"}}"
                )))
            }
            Owner::Namespaces => Some(match index {
                5 if cluster.edges => None,
                6 => Some("{}".into()),
                4 if afternoon && day % 5 == 2 => Some("{\"team\": \"team-4\", \"env\": \"changed\"}".into()),
                index => Some(format!("{{\"team\": \"team-{index}\", \"env\": \"shared\"}}")),
            }),
        }
    }
}

/// Writes the hourly rows of a day.
pub(crate) fn write_hours(owner: Owner, cluster: &Cluster, day: Day, out: &mut FileWriter) -> Result<()> {
    let period = Period::of(day);
    for hour in cluster.hours.of_day(day) {
        for index in 0..owner.count(cluster) {
            let Some(labels) = owner.labels(cluster, index, hour) else { continue };
            let columns = &mut out.columns;
            let at_ms = cluster.hours.at_ms(hour);
            period.push(columns);
            columns.time(at_ms);
            columns.time(at_ms + HOUR_MS - 1000);
            columns.code(Some(index as i32));
            columns.text(labels.as_deref());
            out.row_done()?;
        }
    }
    Ok(())
}

/// Writes the daily rows of a day: one for each distinct label text.
pub(crate) fn write_day(owner: Owner, cluster: &Cluster, day: Day, out: &mut FileWriter) -> Result<()> {
    let period = Period::of(day);
    let mut seen: Vec<Option<String>> = Vec::new();
    for index in 0..owner.count(cluster) {
        seen.clear();
        for labels in cluster.hours.of_day(day).filter_map(|hour| owner.labels(cluster, index, hour)) {
            if !seen.contains(&labels) {
                seen.push(labels);
            }
        }
        for labels in &seen {
            let columns = &mut out.columns;
            columns.code(Some(index as i32));
            columns.text(labels.as_deref());
            columns.time(i64::from(day.0) * 24 * HOUR_MS);
            period.push(columns);
            out.row_done()?;
        }
    }
    Ok(())
}
