import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Layer } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type CsvRow, readCsv } from './csv-table.js';

/** What `params.json` of a case holds. */
interface CaseParams {
  schema: string;
  account: string;
  source: string;
  cluster_id: string;
  cluster_alias?: string | null;
  report_period_id: number;
  start_date: string;
  end_date: string;
  year: string;
  month: string;
}

const REQUIRED = ['account', 'source', 'cluster_id', 'report_period_id', 'start_date', 'end_date'] as const;

/**
 * A run as a folder: `params.json`, look-up tables under `pg/`, and input under `data/parquet/`.
 *
 * The days are taken as they stand, nothing is read from a database, and roles of nodes are those of `pg/nodes.csv` only: the folder
 * alone decides the result. A look-up file that is absent is an empty table.
 *
 * @throws RowmillError `PLAN_INVALID` naming the file and what is wrong in it
 */
export async function caseLayer(folder: string): Promise<Layer> {
  const root = resolve(folder);
  const params = await readParams(join(root, 'params.json'));
  const keys = await readCsv(join(root, 'pg', 'enabled_tag_keys.csv'), ['key', 'enabled', 'provider_type']);
  const categories = await readCsv(join(root, 'pg', 'cost_category_namespace.csv'), ['namespace', 'cost_category_id']);
  const nodes = await readCsv(join(root, 'pg', 'nodes.csv'), ['node', 'resource_id', 'node_role']);
  return {
    origin: `case ${folder}`,
    values: {
      pipeline: 'cost openshift',
      source: { root, layout: 'koku', account: params.account, id: params.source },
      window: { start: params.start_date, end: params.end_date, split: false },
      database: { schema: params.schema },
      openshift: {
        clusterId: params.cluster_id,
        clusterAlias: params.cluster_alias,
        reportPeriodId: params.report_period_id,
        alignStart: false,
        lookups: 'plan',
        enabledKeys: keys.filter(isEnabled).map((row) => row.key),
        categories: categories.map((row) => ({ namespace: row.namespace, id: row.cost_category_id })),
        nodes: nodes.map((row) => ({ node: row.node, resourceId: row.resource_id, role: row.node_role })),
        deriveNodes: false,
      },
    },
  };
}

function isEnabled(row: CsvRow): boolean {
  return row.provider_type === 'OCP' && ['true', 't', '1'].includes(row.enabled?.toLowerCase() ?? '');
}

async function readParams(path: string): Promise<CaseParams> {
  let params: Partial<CaseParams> | null;
  try {
    params = JSON.parse(await readFile(path, 'utf8')) as Partial<CaseParams> | null;
  } catch (error) {
    throw invalid(path, `the case's parameters cannot be read: ${(error as Error).message}`, error);
  }
  const missing = REQUIRED.filter((name) => params?.[name] === undefined);
  if (!params || missing.length > 0) throw invalid(path, `the case's parameters lack ${missing.join(', ')}`);
  refuseOtherMonth(path, params as CaseParams);
  return params as CaseParams;
}

/** Input lies in the folder of the first day's month; another month in `params.json` would be read by nobody. */
function refuseOtherMonth(path: string, { start_date, year, month }: CaseParams): void {
  if (year === undefined || month === undefined) return;
  const said = `${year}-${String(month).padStart(2, '0')}`;
  if (said !== String(start_date).slice(0, 7)) throw invalid(path, `year and month say ${said}, but start_date is ${start_date}`);
}

function invalid(file: string, message: string, cause?: unknown): RowmillError {
  const help = 'A case folder holds params.json, pg/*.csv and data/parquet/; docs/case-folder.md describes them.';
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { file } }, { cause });
}
