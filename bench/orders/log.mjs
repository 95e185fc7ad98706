// A generated log of orders, verified by another engine than ours, and plans to run it with.

import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateOrders } from '../../dist/addon.js';
import { resolved, sourcesOf, withDuckDB } from '../month.mjs';
import { COLUMNS, HOUR } from '../peers/orders-job.mjs';

/**
 * Generates a log of so many `rows` (or `bytes`), verifies it, calls `work` with it, and removes it.
 *
 * `work` gets `{ folder, file, bytes, rows, found, selection }`: a folder for results, the log, what was found true of it, and a selection of a few of
 * its events with the number that it finds.
 */
export async function withLog(size, work) {
  const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), 'rowmill-bench-'));
  try {
    const totals = await generateOrders({ out: join(folder, 'log'), ...size });
    const [file] = totals.files;
    const { bytes } = { bytes: statSync(file).size };
    const found = await verified(file, totals, bytes);
    mkdirSync(join(folder, 'results'));
    return await work({ folder: join(folder, 'results'), file, bytes, rows: totals.rows, found, selection: await selectionOf(totals.selection) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Instants as digits: they are beyond what a JavaScript number holds. */
async function selectionOf({ securities, date, participant, found }) {
  const [hours] = await withDuckDB((query) => query(`SELECT epoch_ns(timezone('Australia/Sydney', TIMESTAMP '${date} 10:00'))::VARCHAR AS "from"`));
  return { securities, date, participant, from: hours.from, before: String(BigInt(hours.from) + 6n * BigInt(HOUR)), rows: found.rows };
}

/** The first rows are looked at whole; that all rows are there is told by the size and by every contender's counts. */
async function verified(file, { rows, securities, participants, dates, selection }, bytes) {
  const types = COLUMNS.map((name) => `'${name}': 'VARCHAR'`);
  const read = `read_csv('${file}', columns = {${types}}, header = true, auto_detect = false)`;
  const [shape] = await withDuckDB((query) =>
    query(`SELECT max(length(order_id))::INT AS "digitsOfIds", count(DISTINCT exchangeordertype)::INT AS "orderTypes",
      avg((national_bid = '-9223372036854775808')::INT)::FLOAT AS "withoutNationalBid" FROM (FROM ${read} LIMIT 100000)`),
  );
  const [hottest] = Object.values(securities)
    .map((each) => each.rows / rows)
    .sort((left, right) => right - left);
  return {
    rows,
    bytesPerRow: Number((bytes / rows).toFixed(1)),
    securities: Object.keys(securities).length,
    'part of the most traded': Number(hottest.toFixed(3)),
    participants: Object.keys(participants).length,
    dates: Object.keys(dates).length,
    ...shape,
    selection,
  };
}

/** The plan and inputs of a run over a log; the aggregates are those of UTC dates and hours. */
export async function ordersRun({ file }, { threads, selection, memory }) {
  const wanted = selection && {
    window: { start: selection.date, end: selection.date },
    orders: { securityCodes: selection.securities, participantIds: [selection.participant], hoursEnabled: true },
  };
  const values = {
    pipeline: 'orders',
    source: { root: file },
    budget: { threads, ...(memory ? { memory } : {}) },
    ...wanted,
    orders: { aggregateZone: 'UTC', ...wanted?.orders },
  };
  const plan = await resolved([{ origin: 'bench', values }]);
  return { plan, sources: sourcesOf(plan) };
}
