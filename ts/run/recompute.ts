import { join } from 'node:path';
import { openSpool, type TableDescription, type Target, type Unit } from '../addon.js';
import type { RunContext } from './context.js';
import type { FilledPlan } from './lookups.js';
import { carriedColumns } from './result-set.js';
import { TableStreams } from './table-streams.js';
import { type OpenWindow, withEngine } from './window.js';

/** The rows of a window, computed anew. */
export interface Recomputed {
  /** Parquet file of each table, by its name. */
  files: ReadonlyMap<string, string>;
  /** First day with rows, where the input begins later than the window. */
  firstDay: string | null;
}

/** Computes every table of a window into a folder: what a run would write, in files of the tables' own columns. */
export async function recompute(context: RunContext, filled: FilledPlan, index: number, units: Unit[], folder: string): Promise<Recomputed> {
  const { tables } = context;
  const files = new Map(tables.map(({ name }) => [name, join(folder, `${name}.computed.parquet`)]));
  const [only, ...others] = files.values();
  const target: Target = only && others.length === 0 ? { kind: 'parquet', path: only } : { kind: 'copy', tables: tables.map(copied) };
  return withEngine(context, index, { plan: filled.plan, units, target }, async (open) => {
    if (target.kind === 'parquet') await open.handle.next();
    else await spoolAll(context, open, files);
    return { files, firstDay: open.handle.report().firstDay };
  });
}

function copied(table: TableDescription): { columns: { name: string; type: string }[] } {
  return { columns: carriedColumns(table) };
}

/** A folder's files have the names that people know; a comparison wants the tables', and those are in the COPY streams. */
async function spoolAll({ plan, tables }: RunContext, { handle }: OpenWindow, files: ReadonlyMap<string, string>): Promise<void> {
  const streams = new TableStreams(await handle.next(), () => handle.next());
  for (const [index, table] of tables.entries()) {
    const path = files.get(table.name) ?? '';
    const spool = await openSpool({ pipeline: plan.pipeline, table: table.name, path, columns: carriedColumns(table) });
    try {
      for await (const bytes of streams.of(index)) await spool.write(bytes);
      await spool.finish();
    } finally {
      await spool.close();
    }
  }
}
