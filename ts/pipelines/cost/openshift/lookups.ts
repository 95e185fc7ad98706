import type { Plan } from '../../../addon.js';
import type { PlannedLookup } from '../../pipeline.js';

/** Tables that cost management keeps beside the summary, and the settings they fill. */
export function lookups(plan: Plan): PlannedLookup[] {
  const cluster = { columns: ['cluster_id'], value: String(plan.options.clusterId) };
  const provider = plan.source.id ? [{ columns: ['provider_id', 'provider'], value: plan.source.id }] : [];
  return [
    {
      field: 'openshift.enabledKeys',
      option: 'enabledKeys',
      shape: 'texts',
      replaces: [],
      table: {
        table: 'reporting_enabledtagkeys',
        columns: [{ name: 'key', column: 'key', kind: 'text' }],
        filters: [
          { columns: ['enabled'], value: 'true' },
          { columns: ['provider_type'], value: 'OCP' },
        ],
        orderBy: 'key',
      },
    },
    {
      field: 'openshift.categories',
      option: 'categories',
      shape: 'records',
      replaces: [],
      table: {
        table: 'reporting_ocp_cost_category_namespace',
        columns: [
          { name: 'namespace', column: 'namespace', kind: 'text' },
          { name: 'id', column: 'cost_category_id', kind: 'integer' },
        ],
        filters: [],
        orderBy: 'namespace',
      },
    },
    {
      field: 'openshift.nodes',
      option: 'nodes',
      shape: 'records',
      replaces: [],
      table: {
        table: 'reporting_ocp_nodes',
        columns: [
          { name: 'node', column: 'node', kind: 'text' },
          { name: 'resourceId', column: 'resource_id', kind: 'textOrNull' },
          { name: 'role', column: 'node_role', kind: 'textOrNull' },
        ],
        filters: [],
        orderBy: 'node',
      },
    },
    {
      field: 'openshift.reportPeriods',
      option: 'reportPeriods',
      shape: 'records',
      replaces: ['reportPeriodId'],
      table: {
        table: 'reporting_ocpusagereportperiod',
        columns: [
          { name: 'month', column: 'report_period_start', kind: 'month' },
          { name: 'id', column: 'id', kind: 'integer' },
        ],
        filters: [cluster, ...provider],
        orderBy: 'id',
      },
    },
  ];
}
