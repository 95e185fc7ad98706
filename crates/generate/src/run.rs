//! The work, cut into jobs that do not depend on each other.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rowmill_core::day::Day;
use rowmill_core::{Code, Error, Result};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::columns::ColumnSpec;
use crate::files::{FileWriter, write_failed};
use crate::label_rows::{self, Owner};
use crate::layout::{Place, Report};
use crate::plan::plan;
use crate::spec::{FilePer, OpenShiftSpec};
use crate::totals::{ClusterTotals, InputTotals, Totals, Units};
use crate::{pod_rows, storage_rows};

/// One kind of file of one cluster over one day or one month.
#[derive(Clone, Debug)]
struct Job {
    cluster: usize,
    report: Report,
    daily: bool,
    days: Vec<Day>,
}

/// Generates the data and writes, besides the files, `plan.json` and `totals.json` in a folder for each cluster.
///
/// Fails with `PLAN_INVALID` where a setting is out of range, and with `SINK_FILE_FAILED` where a file cannot be written or the
/// folder holds data already (old and new files would be read as one).
pub fn openshift(spec: &OpenShiftSpec) -> Result<Totals> {
    spec.check()?;
    let data = spec.out.join("data");
    if data.exists() {
        return Err(Error::new(Code::SinkFileFailed, "the folder holds data already")
            .file(data.to_string_lossy())
            .help("Generate into another folder, or remove this one first."));
    }
    let clusters: Vec<Cluster> = (0..spec.clusters).map(|index| Cluster::new(spec, index)).collect::<Result<_>>()?;
    let jobs = jobs(spec, &clusters);
    let done = run_all(spec, &clusters, &jobs)?;
    let mut units = vec![Units::default(); clusters.len()];
    let mut totals: Vec<ClusterTotals> = clusters.iter().map(|cluster| blank_totals(spec, cluster)).collect();
    for (job, (files, sums)) in jobs.iter().zip(done) {
        units[job.cluster].add(&sums);
        totals[job.cluster].inputs.entry(job.report.input(job.daily).into()).or_default().add(files);
    }
    for ((cluster, totals), units) in clusters.iter().zip(&mut totals).zip(&units) {
        totals.pod_totals = units.pod_totals();
        totals.storage_totals = units.storage_totals();
        write_cluster(spec, cluster, totals)?;
    }
    Ok(summed(totals))
}

fn jobs(spec: &OpenShiftSpec, clusters: &[Cluster]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (index, cluster) in clusters.iter().enumerate() {
        for month in &cluster.hours.months {
            let days: Vec<Day> = (month.0..=month.end_of_month().0).map(Day).collect();
            let spans: Vec<Vec<Day>> = match spec.files.per {
                FilePer::Month => vec![days],
                FilePer::Day => days.into_iter().map(|day| vec![day]).collect(),
            };
            for days in spans {
                for report in Report::ALL {
                    let kinds: &[bool] = if spec.files.daily { &[false, true] } else { &[false] };
                    jobs.extend(kinds.iter().map(|daily| Job { cluster: index, report, daily: *daily, days: days.clone() }));
                }
            }
        }
    }
    jobs
}

type Done = (InputTotals, Units);

/// Runs the jobs on the spec's threads; the results are in the order of the jobs. After a failure no further job begins.
fn run_all(spec: &OpenShiftSpec, clusters: &[Cluster], jobs: &[Job]) -> Result<Vec<Done>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<Done>>>> = Mutex::new(vec![None; jobs.len()]);
    let poisoned = || Error::bug("a thread of the generator panicked");
    std::thread::scope(|scope| {
        for _ in 0..spec.threads.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at) else { return };
                    let result = run_job(spec, &clusters[job.cluster], job, at);
                    if result.is_err() {
                        next.store(jobs.len(), Ordering::Relaxed);
                    }
                    if let Ok(mut results) = results.lock() {
                        results[at] = Some(result);
                    }
                }
            });
        }
    });
    let results = results.into_inner().map_err(|_| poisoned())?;
    let failed = results.iter().flatten().find_map(|result| result.as_ref().err().cloned());
    match failed {
        Some(error) => Err(error),
        None => results.into_iter().map(|result| result.ok_or_else(poisoned)?).collect(),
    }
}

fn run_job(spec: &OpenShiftSpec, cluster: &Cluster, job: &Job, number: usize) -> Result<Done> {
    let place = Place {
        root: spec.out.clone(),
        layout: spec.layout,
        account: spec.account.clone(),
        source: cluster.source(),
        report: job.report,
        daily: job.daily,
        day: job.days[0],
        whole_month: spec.files.per == FilePer::Month,
        manifest: number as u64 + 1,
    };
    let mut out = FileWriter::new(&spec.files, place, &columns(spec, cluster, job))?;
    let mut units = Units::default();
    for day in &job.days {
        match (job.report, job.daily) {
            (Report::Pods, false) => units.add(&pod_rows::write_hours(cluster, *day, spec.files.order, spec.node_role, &mut out)?),
            (Report::Pods, true) => pod_rows::write_day(cluster, *day, spec.node_role, &mut out)?,
            (Report::Storage, false) => units.add(&storage_rows::write_hours(cluster, *day, &mut out)?),
            (Report::Storage, true) => storage_rows::write_day(cluster, *day, &mut out)?,
            (Report::NodeLabels, false) => label_rows::write_hours(Owner::Nodes, cluster, *day, &mut out)?,
            (Report::NodeLabels, true) => label_rows::write_day(Owner::Nodes, cluster, *day, &mut out)?,
            (Report::NamespaceLabels, false) => label_rows::write_hours(Owner::Namespaces, cluster, *day, &mut out)?,
            (Report::NamespaceLabels, true) => label_rows::write_day(Owner::Namespaces, cluster, *day, &mut out)?,
        }
    }
    Ok((out.finish()?, units))
}

fn columns(spec: &OpenShiftSpec, cluster: &Cluster, job: &Job) -> Vec<ColumnSpec> {
    match (job.report, job.daily) {
        (Report::Pods, false) => pod_rows::hourly_columns(cluster, spec.node_role),
        (Report::Pods, true) => pod_rows::daily_columns(cluster),
        (Report::Storage, daily) => storage_rows::columns(cluster, daily),
        (Report::NodeLabels, daily) => Owner::Nodes.columns(cluster, daily),
        (Report::NamespaceLabels, daily) => Owner::Namespaces.columns(cluster, daily),
    }
}

fn blank_totals(spec: &OpenShiftSpec, cluster: &Cluster) -> ClusterTotals {
    ClusterTotals {
        cluster_id: cluster.name(),
        source_id: cluster.source(),
        plan: spec.out.join(cluster.name()).join("plan.json").to_string_lossy().into_owned(),
        pods: cluster.pod_count(),
        claims: cluster.volumes,
        ..ClusterTotals::default()
    }
}

fn write_cluster(spec: &OpenShiftSpec, cluster: &Cluster, totals: &ClusterTotals) -> Result<()> {
    let folder = spec.out.join(cluster.name());
    std::fs::create_dir_all(&folder).map_err(|error| write_failed(&folder, &error))?;
    let totals = serde_json::to_value(totals).map_err(|error| Error::bug(error.to_string()))?;
    for (name, value) in [("plan.json", plan(spec, cluster)), ("totals.json", totals)] {
        write_json(&folder.join(name), &value)?;
    }
    Ok(())
}

fn write_json(path: &std::path::Path, value: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::bug(error.to_string()))?;
    std::fs::write(path, text + "\n").map_err(|error| write_failed(path, &error))
}

fn summed(clusters: Vec<ClusterTotals>) -> Totals {
    let mut all = InputTotals::default();
    let mut hourly_pod_rows = 0;
    for cluster in &clusters {
        cluster.inputs.values().for_each(|input| all.add(*input));
        hourly_pod_rows += cluster.inputs.get(Report::Pods.input(false)).map_or(0, |input| input.rows);
    }
    Totals { files: all.files, rows: all.rows, bytes: all.bytes, hourly_pod_rows, clusters }
}
