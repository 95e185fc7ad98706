//! Names of folders and files.

use std::path::PathBuf;

use rowmill_core::day::Day;

use crate::spec::Layout;

/// The kinds of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    Pods,
    Storage,
    NodeLabels,
    NamespaceLabels,
}

impl Report {
    pub(crate) const ALL: [Report; 4] = [Report::Pods, Report::Storage, Report::NodeLabels, Report::NamespaceLabels];

    /// Name of the input that a plan knows it by.
    pub(crate) fn input(self, daily: bool) -> &'static str {
        match (self, daily) {
            (Report::Pods, true) => "pod_daily",
            (Report::Pods, false) => "pod_hourly",
            (Report::Storage, true) => "storage_daily",
            (Report::Storage, false) => "storage_hourly",
            (Report::NodeLabels, true) => "node_labels_daily",
            (Report::NodeLabels, false) => "node_labels_hourly",
            (Report::NamespaceLabels, true) => "namespace_labels_daily",
            (Report::NamespaceLabels, false) => "namespace_labels_hourly",
        }
    }

    fn koku(self) -> &'static str {
        match self {
            Report::Pods => "pod_usage",
            Report::Storage => "storage_usage",
            Report::NodeLabels => "node_labels",
            Report::NamespaceLabels => "namespace_labels",
        }
    }
}

/// Where the files of one job go.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    pub(crate) layout: Layout,
    pub(crate) account: String,
    pub(crate) source: String,
    pub(crate) report: Report,
    pub(crate) daily: bool,
    /// First day of the files.
    pub(crate) day: Day,
    /// Whether they span the whole month of `day`.
    pub(crate) whole_month: bool,
    /// Number of the payload that they came with.
    pub(crate) manifest: u64,
}

impl Place {
    /// Path of file number `index`, from 0.
    pub(crate) fn path(&self, index: u64) -> PathBuf {
        let (year, month, day) = self.day.civil();
        let report = self.report.koku();
        let (source, account) = (&self.source, &self.account);
        let folder = match self.layout {
            Layout::Koku => {
                let daily = if self.daily { "daily/" } else { "" };
                format!("data/parquet/{daily}{account}/OCP/{report}/source={source}/year={year:04}/month={month:02}")
            }
            Layout::Poc => {
                let daily = if self.daily { "_daily" } else { "" };
                format!("data/{account}/OCP/source={source}/year={year:04}/month={month:02}/day={day:02}/openshift_{report}_line_items{daily}")
            }
        };
        let daily = if self.daily { "_daily" } else { "" };
        let span = if self.whole_month { format!("{year:04}-{month:02}") } else { self.day.to_string() };
        self.root.join(folder).join(format!("{report}.{span}.{}.0{daily}_{index}.parquet", self.manifest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(layout: Layout, daily: bool, whole_month: bool) -> String {
        let day = Day::from_civil(2025, 2, 9).expect("a day");
        let (account, source) = ("org".to_owned(), "s".to_owned());
        let place = Place { root: "r".into(), layout, account, source, report: Report::Storage, daily, day, whole_month, manifest: 7 };
        place.path(3).to_string_lossy().into_owned()
    }

    #[test]
    fn paths_follow_the_layout() {
        assert_eq!(
            path(Layout::Koku, true, false),
            "r/data/parquet/daily/org/OCP/storage_usage/source=s/year=2025/month=02/storage_usage.2025-02-09.7.0_daily_3.parquet"
        );
        assert_eq!(
            path(Layout::Koku, false, true),
            "r/data/parquet/org/OCP/storage_usage/source=s/year=2025/month=02/storage_usage.2025-02.7.0_3.parquet"
        );
        assert_eq!(
            path(Layout::Poc, true, false),
            "r/data/org/OCP/source=s/year=2025/month=02/day=09/openshift_storage_usage_line_items_daily/storage_usage.2025-02-09.7.0_daily_3.parquet"
        );
    }
}
