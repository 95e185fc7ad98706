// What dark sweeps could have had: simulates the sweep orders of a log against everything that rested on the other side, and compares with what
// really happened. docs/sweep.md walks through it. Needs the built package:
//   rowmill generate orders --out day --rows 20000 --securities 5 --start 2024-09-05 --end 2024-09-05 --companions
//   node examples/sweep/sweep.mjs day --out result

import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareOrders } from './compare.mjs';
import { prepare } from './prepare.mjs';
import { simulate } from './simulate.mjs';
import { writeTable } from './tables.mjs';
import { compareTrades } from './trades.mjs';

/**
 * Simulates and compares; every table becomes a CSV file in `out`.
 *
 * @param {{ orders: string, trades: string, nbbo: string, out: string }} files an order log and what goes with it; a folder to write to
 */
export async function sweep({ orders, trades, nbbo, out }) {
  mkdirSync(out, { recursive: true });
  const day = await prepare({ orders, trades, nbbo, folder: out });
  const simulation = simulate(day.orders);
  const comparison = compareOrders(simulation.summary, day.trades);
  const tables = {
    simulation_order_summary: simulation.summary.map(({ order: _order, matches: _matches, ...row }) => row),
    simulation_match_details: simulation.matches,
    ...comparison,
    ...compareTrades(simulation.summary, day.trades),
  };
  for (const [name, rows] of Object.entries(tables)) writeTable(join(out, `${name}.csv`), rows);
  return { orders: day.orders.length, sweeps: simulation.summary.length, matches: simulation.matches.length, tables: Object.keys(tables) };
}

async function main() {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  const [folder] = positionals;
  if (folder === undefined || values.out === undefined) throw new Error('node sweep.mjs <folder of a generated day> --out <folder>');
  const log = readdirSync(folder).find((name) => /^orders.*\.(csv|csv\.gz|parquet)$/.test(name));
  if (log === undefined) throw new Error(`there is no order log in ${folder}`);
  const files = { orders: join(folder, log), trades: join(folder, 'trades.csv'), nbbo: join(folder, 'nbbo.csv') };
  process.stdout.write(`${JSON.stringify(await sweep({ ...files, out: resolve(values.out) }), null, 2)}\n`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
