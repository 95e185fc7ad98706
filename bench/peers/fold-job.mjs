// What every peer is asked for: pod rows to one row per day, namespace, node and merged labels, with eight sums and two largest values.
//
// A peer writes (or holds) the columns of FOLD_COLUMNS: the key, `labelled` (false where the pod's labels are NULL, and then the merged ones
// are), one column per kept label key in the order of the job, the sums in core-hours and GiB-hours, and the largest values in cores and GiB.

import { filesOf } from '../month.mjs';

/** Kept besides the enabled keys. */
const VM_KEY = 'vm_kubevirt_io_name';

/** Names of the sums and largest values, as the summary has them. */
export const MEASURES = [
  'pod_usage_cpu_core_hours',
  'pod_request_cpu_core_hours',
  'pod_effective_usage_cpu_core_hours',
  'pod_limit_cpu_core_hours',
  'pod_usage_memory_gigabyte_hours',
  'pod_request_memory_gigabyte_hours',
  'pod_effective_usage_memory_gigabyte_hours',
  'pod_limit_memory_gigabyte_hours',
  'node_capacity_cpu_cores',
  'node_capacity_memory_gigabytes',
];

/** `way` is one of the peer's ways to do it; `file` is where rows go, null where they stay in memory. */
export function foldJob(plan, { threads, way, file }) {
  const tree = plan.options.input === 'daily' ? 'daily/' : '';
  const { start, end } = plan.windows[0];
  return {
    podFiles: filesOf(plan, 'pod_usage', tree),
    nodeLabelFiles: filesOf(plan, 'node_labels', tree),
    namespaceLabelFiles: filesOf(plan, 'namespace_labels', tree),
    isDaily: tree !== '',
    start,
    end: dayAfter(end),
    keys: [...plan.options.enabledKeys, VM_KEY],
    measures: MEASURES,
    threads,
    way,
    file,
  };
}

function dayAfter(day) {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
