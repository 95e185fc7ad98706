import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RowmillError } from '../errors.js';
import { type CentrepointMetrics, centrepointMetrics } from '../pipelines/orders/centrepoint.js';
import { loadPlan } from '../plan/index.js';
import { type RunReport, runPlan, type Watch } from '../run/index.js';

/** Endings of the file that is written; the longer of two that fit is meant. */
const FORMATS = ['csv.gz', 'csv', 'parquet'] as const;

export interface CentrepointOptions extends Watch {
  /** An order log (`.csv`, `.csv.gz`, `.parquet`), or a folder of them. */
  input: string;
  /** The file to write; its ending says the form: `.csv`, `.csv.gz` or `.parquet`. An existing one is replaced. */
  out: string;
  /** Worker threads; the processors available where absent. */
  threads?: number;
  /** Memory for the whole process in bytes; a quarter of what the machine or container has where absent. */
  memoryBytes?: number;
}

/**
 * Extracts the orders of participant 69 in the hours 10 to 16 (to the end of that hour, ten hours ahead of UTC), in the order of the input, with each
 * integer column in the narrowest type that holds it. The same as a run of `orders` with the preset `legacy-centrepoint`, into one file.
 *
 * Reads no settings from the environment. The file is written whole or not at all.
 *
 * @throws RowmillError `PLAN_INVALID` for another ending; and what a run throws
 */
export async function extractCentrepointOrders({ input, out, threads, memoryBytes, ...watch }: CentrepointOptions): Promise<CentrepointMetrics> {
  const format = formatOf(out);
  const folder = dirname(resolve(out));
  await mkdir(folder, { recursive: true });
  // Beside the result, so that the last step is a rename: nobody ever sees half a file.
  const scratch = await mkdtemp(join(folder, '.rowmill-'));
  try {
    const flags = {
      'source.root': input,
      'output.folder': scratch,
      'orders.extractFormat': format,
      ...(threads === undefined ? {} : { 'budget.threads': threads }),
      ...(memoryBytes === undefined ? {} : { 'budget.memory': memoryBytes }),
    };
    const loaded = await loadPlan({ pipeline: 'orders', preset: 'legacy-centrepoint', env: {}, flags });
    const report = await runPlan({ ...loaded, ...watch });
    await rename(extractOf(report, scratch, format), resolve(out));
    return centrepointMetrics(report);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function formatOf(out: string): (typeof FORMATS)[number] {
  const format = FORMATS.find((each) => out.endsWith(`.${each}`));
  if (format) return format;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `Unknown format: ${out}`,
    help: `The file's name ends in one of: ${FORMATS.map((each) => `.${each}`).join(', ')}.`,
    retryable: false,
    place: { column: 'out', value: out },
  });
}

/** The one file that is no table. */
function extractOf(report: RunReport, folder: string, format: string): string {
  const path = join(folder, `orders.${format}`);
  if (report.files.some((file) => resolve(file.path) === path)) return path;
  throw new RangeError('the run has written no extract');
}
