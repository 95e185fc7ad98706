import type { ApplicationsPlan, ApplicationsProgress, ApplicationsReport, Baseline, BaselineRun } from '../../documents/index.js';
import { bytes, count, duration } from './quantities.js';
import { table } from './table.js';

/** Failures that are shown one by one. */
const FAILURES_SHOWN = 20;

/** What a run of documents did, for people. */
export function renderApplications(report: ApplicationsReport): string {
  const { counts, tables, stageSeconds: stages } = report;
  const left = Object.entries({ blank: counts.blank, 'done before': counts.done, 'out of range': counts.outside, elsewhere: counts.elsewhere });
  const rows = tables.map(({ name, rows: written }) => [name, count(written)]);
  return [
    `${count(counts.loaded)} documents loaded, ${count(counts.failed)} failed${left
      .filter(([, value]) => value > 0)
      .map(([name, value]) => `, ${count(value)} ${name}`)
      .join('')}`,
    table([['table', 'rows'], ...rows], [false, true]),
    ...failureLines(report),
    ...qualityLines(report),
    `${count(counts.taken)} documents (${bytes(report.bytes)}) in ${duration(report.seconds)}: ${count(report.documentsPerMinute)} documents/min; ` +
      `peak memory ${bytes(report.peakRssBytes)}`,
    `seconds: claim ${stages.claim.toFixed(2)}, fetch ${stages.fetch.toFixed(2)}, map ${stages.map.toFixed(2)}, load ${stages.load.toFixed(2)}` +
      `${report.splits > 0 ? `; ${count(report.splits)} splits` : ''}${report.retries > 0 ? `; ${count(report.retries)} retries` : ''}`,
    `run ${report.runId} into ${report.target}`,
  ].join('\n');
}

function failureLines({ failures, counts }: ApplicationsReport): string[] {
  const shown = failures
    .slice(0, FAILURES_SHOWN)
    .map(({ id, source, stage, reason }) => `failed ${id ?? '(no id)'} (${source}): ${stage}: ${reason}`);
  return counts.failed > shown.length ? [...shown, `and ${count(counts.failed - shown.length)} more failures (the log has them all)`] : shown;
}

function qualityLines({ quality, warnings }: ApplicationsReport): string[] {
  const named = (kinds: Record<string, number>): string =>
    Object.entries(kinds)
      .map(([kind, times]) => `${count(times)} ${kind}`)
      .join(', ');
  return [
    ...(quality.documents > 0 ? [`left out of ${count(quality.documents)} documents: ${named(quality.kinds)}`] : []),
    ...(Object.keys(warnings).length > 0 ? [`warnings: ${named(warnings)}`] : []),
  ];
}

/** One line on how far a run is. */
export function applicationsLine({ counts, rows, expected, seconds }: ApplicationsProgress): string {
  const of = expected === null ? '' : `/${count(expected)}`;
  const failed = counts.failed > 0 ? `, ${count(counts.failed)} failed` : '';
  const rate = seconds > 0 ? (counts.taken * 60) / seconds : 0;
  return `${count(counts.taken + counts.done)}${of} documents${failed}, ${count(rows)} rows, ${count(rate)} documents/min, ${duration(seconds)}`;
}

/** What a run would look at. */
export function renderDryRun({ documents, source, missingTables, settings }: ApplicationsPlan): string {
  const tables =
    missingTables.length === 0 ? '' : `; tables that are missing${settings.createTables ? ' and would be made' : ''}: ${missingTables.join(', ')}`;
  return `${count(documents)} documents of ${source}${tables}`;
}

/** That, with settings and tables. */
export function renderApplicationsPlan(plan: ApplicationsPlan): string {
  const { contract, schema, settings } = plan;
  const rows = contract.tables.map(({ name, columns, primaryKey, parent, onRepeat }) => [
    `${schema}.${name}`,
    columns.length,
    primaryKey.join(', '),
    parent?.table ?? '',
    onRepeat,
  ]);
  const chosen = Object.entries(settings).filter(([name]) => name !== 'database' && name !== 'source');
  return [
    renderDryRun(plan),
    table([['table', 'columns', 'key', 'parent', 'on repeat'], ...rows]),
    `log: ${schema}.${contract.log}`,
    table(chosen.map(([name, value]) => [name, value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)])),
  ].join('\n');
}

/** One run of a baseline. */
export function baselineLine(run: BaselineRun, number: number, runs: number): string {
  return `run ${number}/${runs}: ${count(run.documentsPerMinute)} documents/min (${count(run.loaded)} loaded, ${count(run.failed)} failed, ${duration(run.seconds)})`;
}

/** What a baseline measured, for people. */
export function renderBaseline({ documentsPerMinute: spread, comparison, contract, source }: Baseline): string {
  return [
    `${contract} from ${source}: ${count(spread.median)} ± ${count(spread.standardDeviation)} documents/min (median ± standard deviation of ${spread.runs} runs)`,
    `mean ${count(spread.mean)}, least ${count(spread.least)}, largest ${count(spread.largest)}; variation ${spread.variationPercent.toFixed(1)} %: ${spread.confidence} confidence`,
    ...(comparison ? [`${comparison.advice}: ${comparison.reason}`] : []),
  ].join('\n');
}
