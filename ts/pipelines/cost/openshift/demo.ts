import type { DemoRules } from '../../pipeline.js';

const UNALLOCATED = "namespace IN ('Platform unallocated', 'Worker unallocated')";
const SUMS = {
  cpuCoreHours: 'pod_usage_cpu_core_hours',
  memoryGibHours: 'pod_usage_memory_gigabyte_hours',
  storageGibMonths: 'persistentvolumeclaim_usage_gigabyte_months',
};

/** What the demo makes and shows. */
export const demo: DemoRules = {
  generate: (folder, rows) => ({ out: folder, account: 'org_demo', rows }),
  // A node whose role nobody knows has unallocated capacity under no name; it has no labels either.
  namespaces: { by: { namespace: "COALESCE(namespace, '(none)')" }, sums: SUMS, where: `(${UNALLOCATED}) IS NOT TRUE` },
  unallocated: { by: { namespace: 'namespace' }, sums: SUMS, where: UNALLOCATED },
};
