import type { Plan, Window } from '../../../addon.js';
import type { PipelineRules } from '../../pipeline.js';
import { demo } from './demo.js';
import { lookups } from './lookups.js';

interface Period {
  month: string;
  id: number;
}

/** Running the daily summary of OpenShift usage. */
export const openshift: PipelineRules = {
  name: 'cost openshift',
  lookups,
  demo,
  hourly: { input: 'pod_hourly', column: 'interval_start' },
  lookupChoice: (plan) => plan.options.lookups as 'auto' | 'plan' | 'database',
  skip(plan, window, fromDatabase) {
    // Where the database keeps report periods, a month without one is a month nobody asked to be summarised.
    if (!fromDatabase.has('openshift.reportPeriods') || periodOf(plan, window) !== null) return null;
    return `${plan.database.schema}.reporting_ocpusagereportperiod has no report period of cluster ${plan.options.clusterId} for ${window.year}-${window.month}`;
  },
  owned(plan, window) {
    const id = periodOf(plan, window);
    if (id !== null) return { report_period_id: id };
    // Without a period, rows of other clusters have none either: the cluster and its source tell them apart.
    return { report_period_id: null, cluster_id: String(plan.options.clusterId), source_uuid: plan.source.id };
  },
};

/** The report period of a window; null where there is none. */
function periodOf(plan: Plan, window: Window): number | null {
  const periods = (plan.options.reportPeriods ?? []) as Period[];
  const month = `${window.year}-${window.month}`;
  return periods.find((period) => period.month === month)?.id ?? (plan.options.reportPeriodId as number | undefined) ?? null;
}
