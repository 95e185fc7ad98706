//! Which inputs a run reads, and which of their columns.

use std::collections::BTreeMap;

use rowmill_core::{Code, ColumnKind, Error, InputColumn, InputSpec, Result};

use super::options::InputMode;
use super::sources::name;

/// What an input means to the fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pods by day.
    PodDaily,
    /// Node capacity by hour, where pods come by day.
    Capacity,
    /// Pods and node capacity by hour.
    PodHourly,
    /// Volume claims by day.
    StorageDaily,
    /// Volume claims by hour.
    StorageHourly,
    /// Labels of nodes.
    NodeLabels,
    /// Labels of namespaces.
    NamespaceLabels,
}

const fn text(name: &'static str) -> InputColumn {
    InputColumn::new(name, ColumnKind::Text)
}

const fn double(name: &'static str) -> InputColumn {
    InputColumn::new(name, ColumnKind::Double)
}

/// The time column of every input.
const TIME_NAME: &str = "interval_start";
const TIME: InputColumn = InputColumn::new(TIME_NAME, ColumnKind::Timestamp);

/// Sums of pods, in the order of the fold's accumulators.
pub const POD_SUMS: [&str; 8] = [
    "pod_usage_cpu_core_seconds",
    "pod_request_cpu_core_seconds",
    "pod_effective_usage_cpu_core_seconds",
    "pod_limit_cpu_core_seconds",
    "pod_usage_memory_byte_seconds",
    "pod_request_memory_byte_seconds",
    "pod_effective_usage_memory_byte_seconds",
    "pod_limit_memory_byte_seconds",
];

/// Those of hourly rows: their effective usage is worked out (COST-030).
pub const HOURLY_POD_SUMS: [&str; 6] = [POD_SUMS[0], POD_SUMS[1], POD_SUMS[3], POD_SUMS[4], POD_SUMS[5], POD_SUMS[7]];

/// Largest capacity of the node of a pod, behind the sums.
pub const NODE_CAPACITY: [&str; 2] = ["node_capacity_cpu_cores", "node_capacity_memory_bytes"];

/// Position of the first number column of pods: behind the time and the texts.
pub const POD_NUMBERS: usize = 1 + POD_TEXTS.len();

const POD_TEXTS: [&str; 5] = ["namespace", "node", "resource_id", "pod_labels", "node_role"];

/// The last column of pods, read only where there are volumes: nothing else asks which pod a row is of.
const POD: InputColumn = text("pod");

/// Node capacity of an interval: behind the other numbers in [`Role::PodHourly`], the last columns of [`Role::Capacity`].
pub const CAPACITY: [&str; 2] = ["node_capacity_cpu_core_seconds", "node_capacity_memory_byte_seconds"];

/// Sums of volumes, the last columns of [`Role::StorageDaily`] and of [`Role::StorageHourly`].
pub const VOLUME_SUMS: [&str; 3] =
    ["persistentvolumeclaim_capacity_byte_seconds", "volume_request_storage_byte_seconds", "persistentvolumeclaim_usage_byte_seconds"];

const STORAGE: [InputColumn; 13] = [
    TIME,
    text("namespace"),
    text("pod"),
    text("persistentvolumeclaim"),
    text("persistentvolume"),
    text("storageclass"),
    text("csi_volume_handle"),
    text("persistentvolume_labels"),
    text("persistentvolumeclaim_labels"),
    double("persistentvolumeclaim_capacity_bytes"),
    double(VOLUME_SUMS[0]),
    double(VOLUME_SUMS[1]),
    double(VOLUME_SUMS[2]),
];

impl Role {
    /// The role that an input of this name has in a run that reads it.
    pub fn of(spec: &InputSpec) -> Option<Self> {
        Some(match spec.name {
            name::POD_DAILY => Self::PodDaily,
            name::POD_HOURLY if spec.columns.len() == Self::Capacity.columns().len() => Self::Capacity,
            name::POD_HOURLY => Self::PodHourly,
            name::STORAGE_DAILY => Self::StorageDaily,
            name::STORAGE_HOURLY => Self::StorageHourly,
            name::NODE_LABELS_DAILY | name::NODE_LABELS_HOURLY => Self::NodeLabels,
            name::NAMESPACE_LABELS_DAILY | name::NAMESPACE_LABELS_HOURLY => Self::NamespaceLabels,
            _ => return None,
        })
    }

    /// The columns it reads, in the order in which the fold takes them.
    pub fn columns(self) -> Vec<InputColumn> {
        let pods = |sums: &[&'static str]| {
            let numbers: Vec<_> = sums.iter().copied().chain(NODE_CAPACITY).map(double).collect();
            [TIME].into_iter().chain(POD_TEXTS.map(text)).chain(numbers)
        };
        match self {
            Self::PodDaily => pods(&POD_SUMS).chain([POD]).collect(),
            Self::PodHourly => pods(&HOURLY_POD_SUMS).chain(CAPACITY.map(double)).chain([POD]).collect(),
            Self::Capacity => [TIME, text("node")].into_iter().chain(CAPACITY.map(double)).collect(),
            Self::StorageDaily | Self::StorageHourly => STORAGE.to_vec(),
            Self::NodeLabels => vec![TIME, text("node"), text("node_labels")],
            Self::NamespaceLabels => vec![TIME, text("namespace"), text("namespace_labels")],
        }
    }

    fn spec(self, name: &'static str) -> InputSpec {
        InputSpec { time_column: Some(TIME_NAME), ..InputSpec::new(name, self.columns()) }
    }
}

/// Chooses the inputs of a run.
///
/// Pods come from daily files where there are any (or where the plan says so), and then volumes and labels do too: a table that has
/// no daily files is absent (COST-010). Where pods come from hourly files, each other table is read by day where it has daily files
/// (unless the plan says hourly), else by hour.
///
/// # Errors
/// `INPUT_MISSING` where there is nothing that pods could come from.
pub fn choose(mode: InputMode, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>> {
    let has = |name: &str| found.get(name).is_some_and(|files| *files > 0);
    let daily_pods = match mode {
        InputMode::Daily => true,
        InputMode::Hourly => false,
        InputMode::Auto => has(name::POD_DAILY),
    };
    if daily_pods && !has(name::POD_DAILY) {
        return Err(missing(name::POD_DAILY, "there are no daily pod files"));
    }
    if !daily_pods && !has(name::POD_HOURLY) {
        return Err(missing(name::POD_HOURLY, "there are no pod files, neither daily nor hourly"));
    }
    let mut inputs = Vec::new();
    if daily_pods {
        inputs.push(Role::PodDaily.spec(name::POD_DAILY));
        inputs.push(Role::Capacity.spec(name::POD_HOURLY));
    } else {
        inputs.push(Role::PodHourly.spec(name::POD_HOURLY));
    }
    let takes_daily = |daily: &str| daily_pods || (has(daily) && mode != InputMode::Hourly);
    let (storage, name) = match takes_daily(name::STORAGE_DAILY) {
        true => (Role::StorageDaily, name::STORAGE_DAILY),
        false => (Role::StorageHourly, name::STORAGE_HOURLY),
    };
    if has(name) {
        inputs.push(storage.spec(name));
    } else {
        inputs[0].columns.retain(|column| column.name != POD.name);
    }
    let labels = [
        (Role::NodeLabels, name::NODE_LABELS_DAILY, name::NODE_LABELS_HOURLY),
        (Role::NamespaceLabels, name::NAMESPACE_LABELS_DAILY, name::NAMESPACE_LABELS_HOURLY),
    ];
    inputs.extend(labels.map(|(role, daily, hourly)| role.spec(if takes_daily(daily) { daily } else { hourly })));
    Ok(inputs)
}

fn missing(input: &str, message: &str) -> Error {
    Error::new(Code::InputMissing, message)
        .column(input)
        .help("Check source.root, source.layout, source.account, source.id and the window; --dry-run lists the paths that were looked at.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(mode: InputMode, found: &[&str]) -> Result<Vec<(&'static str, Role)>> {
        let found = found.iter().map(|name| ((*name).to_owned(), 1)).collect();
        Ok(choose(mode, &found)?.iter().map(|spec| (spec.name, Role::of(spec).expect("a role"))).collect())
    }

    #[test]
    fn daily_files_are_taken_where_there_are_any() {
        let all = [name::POD_DAILY, name::POD_HOURLY, name::STORAGE_DAILY, name::STORAGE_HOURLY, name::NODE_LABELS_DAILY];
        let chosen = names(InputMode::Auto, &all).expect("inputs");
        let roles: Vec<Role> = chosen.iter().map(|(_, role)| *role).collect();
        assert_eq!(roles, [Role::PodDaily, Role::Capacity, Role::StorageDaily, Role::NodeLabels, Role::NamespaceLabels]);
        let roles: Vec<Role> = names(InputMode::Hourly, &all).expect("inputs").iter().map(|(_, role)| *role).collect();
        assert_eq!(roles, [Role::PodHourly, Role::StorageHourly, Role::NodeLabels, Role::NamespaceLabels]);
        let mixed = names(InputMode::Auto, &[name::POD_HOURLY, name::STORAGE_DAILY]).expect("inputs");
        assert_eq!(mixed[..2], [(name::POD_HOURLY, Role::PodHourly), (name::STORAGE_DAILY, Role::StorageDaily)]);
        assert_eq!(mixed[2], (name::NODE_LABELS_HOURLY, Role::NodeLabels));
    }

    #[test]
    fn pod_names_are_read_where_there_are_volumes() {
        for (pods, storage) in [(name::POD_DAILY, name::STORAGE_DAILY), (name::POD_HOURLY, name::STORAGE_HOURLY)] {
            for (found, is_read) in [(vec![pods], false), (vec![pods, storage], true)] {
                let found = found.iter().map(|name| ((*name).to_owned(), 1)).collect();
                let inputs = choose(InputMode::Auto, &found).expect("inputs");
                assert_eq!(inputs[0].columns.iter().any(|column| column.name == "pod"), is_read, "{found:?}");
                assert_eq!(Role::of(&inputs[0]), names(InputMode::Auto, &[pods]).ok().map(|inputs| inputs[0].1));
            }
        }
    }

    #[test]
    fn no_pods_is_an_error_that_names_the_input() {
        for (mode, found) in [(InputMode::Auto, name::STORAGE_DAILY), (InputMode::Daily, name::POD_HOURLY), (InputMode::Hourly, name::POD_DAILY)] {
            assert_eq!(names(mode, &[found]).map_err(|error| error.code()), Err(Code::InputMissing));
        }
    }
}
