import { clearRoots, describeUrl, withConnection } from '../postgres/index.js';
import { loadContract } from './contract-file.js';
import { type ApplicationsOptions, fullOptions } from './options.js';
import { placesOf, prepareTables } from './places.js';
import { runApplications } from './run-applications.js';
import { type Advice, adviceOn, type Spread, spreadOf } from './spread.js';

/** What a baseline is asked for, besides the run itself. */
export interface BaselineOptions {
  /** How many runs. Default: 10. */
  runs?: number | undefined;
  /** Says that all rows of the contract's tables and of its log may be deleted before each run. Without it nothing is begun. */
  clear: boolean;
  /** What was measured before. */
  compareWith?: Baseline | undefined;
  /** Told after each run. */
  onRun?: ((run: BaselineRun, number: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** One run of a baseline. */
export interface BaselineRun {
  seconds: number;
  documentsPerMinute: number;
  loaded: number;
  failed: number;
  rows: number;
  peakRssBytes: number;
}

/** Runs under the same conditions, and what they say together. */
export interface Baseline {
  kind: 'rowmill baseline of applications';
  measuredAt: string;
  contract: string;
  source: string;
  target: string;
  settings: Record<string, unknown>;
  documentsPerMinute: Spread;
  runs: BaselineRun[];
  comparison?: Advice;
}

/**
 * Runs the same documents several times into tables that are emptied before each, and says how fast it was and how far that can be trusted.
 *
 * The tables are emptied by deleting from those that hang off nothing: foreign keys delete the rest. The first run is measured like all others.
 *
 * @throws RangeError where `clear` was not given, or fewer than two runs were asked for
 */
export async function baselineApplications(options: ApplicationsOptions, baseline: BaselineOptions): Promise<Baseline> {
  const { runs = 10, clear, compareWith, onRun, signal } = baseline;
  if (!clear) throw new RangeError("a baseline deletes all rows of the contract's tables and of its log before each run; say so with `clear`");
  if (!(runs >= 2)) throw new RangeError('a baseline needs two runs or more');
  const measured: BaselineRun[] = [];
  let about: Pick<Baseline, 'contract' | 'source' | 'settings'> | null = null;
  for (let number = 1; number <= runs; number += 1) {
    await clearTables(options);
    const report = await runApplications(options, { signal });
    const { seconds, documentsPerMinute, counts, rows, peakRssBytes } = report;
    const run = { seconds, documentsPerMinute, loaded: counts.loaded, failed: counts.failed, rows, peakRssBytes };
    measured.push(run);
    about = { contract: report.contract, source: report.source, settings: report.settings };
    onRun?.(run, number);
  }
  const spread = spreadOf(measured.map(({ documentsPerMinute }) => documentsPerMinute));
  return {
    kind: 'rowmill baseline of applications',
    measuredAt: new Date().toISOString(),
    contract: about?.contract ?? '',
    source: about?.source ?? '',
    target: describeUrl(options.database),
    settings: about?.settings ?? {},
    documentsPerMinute: spread,
    runs: measured,
    ...(compareWith ? { comparison: adviceOn(compareWith.documentsPerMinute, spread) } : {}),
  };
}

async function clearTables(options: ApplicationsOptions): Promise<void> {
  const full = fullOptions(options);
  const contract = await loadContract(full.contract);
  const places = placesOf(contract.description, full);
  await withConnection(full.database, async (connection) => {
    await prepareTables(connection, full, contract, places);
    const roots = places.tables.filter(({ spec }) => spec.parent === null).map(({ target }) => target);
    await clearRoots(connection, roots, places.log);
  });
}
