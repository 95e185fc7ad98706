import type { DemoRules } from '../../pipeline.js';

const UNALLOCATED = "namespace IN ('Platform unallocated', 'Worker unallocated')";
/** Hours of a month of 31 days. */
const HOURS = 744;
const PODS_PER_NODE = 15;
const SUMS = {
  cpuCoreHours: 'pod_usage_cpu_core_hours',
  memoryGibHours: 'pod_usage_memory_gigabyte_hours',
  storageGibMonths: 'persistentvolumeclaim_usage_gigabyte_months',
};

/** What the demo makes and shows. */
export const demo: DemoRules = {
  // As many nodes as that many pods need, so that there is something left over; without the odd shapes, which double usage.
  generate: (folder, rows) => ({ out: folder, account: 'org_demo', rows, nodes: Math.ceil(rows / HOURS / PODS_PER_NODE) + 3, edges: false }),
  // A node whose role nobody knows has unallocated capacity under no name; it has no labels either.
  namespaces: { by: { namespace: "COALESCE(namespace, '(none)')" }, sums: SUMS, where: `(${UNALLOCATED}) IS NOT TRUE` },
  unallocated: { by: { namespace: 'namespace' }, sums: SUMS, where: UNALLOCATED },
};
