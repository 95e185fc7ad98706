// Summary rows into PostgreSQL: rowmill beside psql's \copy of the very same bytes into the same table, in turns. See bench/README.md.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { blankSheet, footing, markdownTable, median, range, runOnce } from '../../dist/bench/index.js';
import { publish } from '../publish.mjs';
import { checksum, laidOut, quotedNames, withServer } from './prepared.mjs';
import { psqlCopy, psqlVersion } from './psql.mjs';

const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));
const PSQL = 'psql \\copy of the file';
const STREAM = 'pg-copy-streams of the file';
const BARE = 'rowmill, bytes at hand';
const ENCODING = 'rowmill, encoding meanwhile';
const OVER_OLD_ROWS = 'rowmill, the whole load over old rows';
const CONTENDERS = [PSQL, STREAM, BARE, ENCODING, 'rowmill, the whole load', OVER_OLD_ROWS];

/**
 * Measures the writing of one month's rows.
 *
 * `rows` are hourly pod rows of the input; about a nineteenth as many are written.
 */
export async function measure({ rows, rounds, threads = 2 }) {
  const psql = psqlVersion();
  const command = `node bench/postgres/load.mjs --rows ${rows} --rounds ${rounds} --threads ${threads}`;
  const sheet = blankSheet({ name: `postgres-load-${rows}`, title: 'Summary rows into PostgreSQL', command, rounds, threads });
  if (psql === null) sheet.notes.push('There is no psql here: ratios are to pg-copy-streams, sending the same file.');
  return withServer({ rows, threads }, async ({ job, found }) => {
    const names = CONTENDERS.filter((name) => name !== PSQL || psql !== null);
    const { postgresql, ...data } = found;
    const versions = { ...sheet.versions, postgresql, ...(psql ? { psql } : {}) };
    return { ...sheet, versions, data: { hourlyPodRows: rows, ...data }, base: names[0], results: await inTurns(names, job, found.rowsOut, rounds) };
  });
}

/** The round before the first is not counted: it warms every cache, and its rows are compared. */
async function inTurns(names, job, rows, rounds) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  const contents = new Map();
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      await laidOut(job, { isFull: name === OVER_OLD_ROWS });
      const measured = await (name === PSQL ? psqlOf(job) : runOnce({ name, script: SCRIPT, job: { ...job, contender: name } }));
      if (measured.details.rowsOut !== rows) throw new Error(`${name} wrote ${measured.details.rowsOut} rows, expected ${rows}`);
      if (round === 0) contents.set(name, await checksum(job));
      else results[name].push(measured);
    }
    if (round === 0) mustAgree(contents);
  }
  return results;
}

function psqlOf({ url, target, bytesFile }) {
  return psqlCopy({ url, ...quotedNames(target), file: bytesFile });
}

function mustAgree(contents) {
  const [[first, expected]] = contents;
  for (const [name, found] of contents) {
    if (found !== expected) throw new Error(`the rows of '${name}' are ${found}, those of '${first}' ${expected}: no time counts`);
  }
}

/** Medians of one contender; figures that it does not tell are left out. */
function mediansOf({ results, base, data }, name) {
  const of = (contender, figure) => {
    const figures = results[contender].map(figure).filter((value) => value !== undefined && value !== null);
    return figures.length > 0 ? median(figures) : null;
  };
  const seconds = of(name, (measured) => measured.seconds);
  return {
    seconds,
    spread: range(results[name].map((measured) => measured.seconds)),
    ratio: seconds / of(base, (measured) => measured.seconds),
    rowsPerSecond: data.rowsOut / seconds,
    bytesPerSecond: data.bytes / seconds,
    serverCpu: of(name, ({ details }) => details.serverCpuSeconds),
    clientCpu: of(name, (measured) => measured.cpuSeconds),
    encodeCpu: of(name, ({ details }) => details.cpu?.find(({ phase }) => phase === 'encode')?.seconds),
  };
}

/** The sheet as text. */
export function table(sheet) {
  const fixed = (value) => (value === null ? '' : value.toFixed(2));
  const lines = Object.keys(sheet.results).map((name) => {
    const { seconds, spread, ratio, rowsPerSecond, bytesPerSecond, serverCpu, clientCpu } = mediansOf(sheet, name);
    return [
      name,
      seconds.toFixed(2),
      `${spread.least.toFixed(2)} to ${spread.largest.toFixed(2)}`,
      ratio.toFixed(2),
      Math.round(rowsPerSecond).toLocaleString('en'),
      (bytesPerSecond / 2 ** 20).toFixed(1),
      fixed(serverCpu),
      fixed(clientCpu),
    ];
  });
  const { rowsOut, bytes } = sheet.data;
  return [
    `# ${sheet.title}`,
    `${rowsOut.toLocaleString('en')} rows, ${(bytes / 2 ** 20).toFixed(1)} MiB, into the same empty table with its partitions and indexes.`,
    markdownTable(['contender', 's', 's, range', 'ratio', 'rows/s', 'MiB/s', 'server CPU s', 'client CPU s'], lines),
    encodingLine(sheet),
    footing(sheet),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What encoding adds, in CPU: wall seconds hide it behind the server where a second core is free. */
function encodingLine(sheet) {
  const { encodeCpu } = mediansOf(sheet, ENCODING);
  const { seconds } = mediansOf(sheet, BARE);
  return `Encoding takes ${encodeCpu.toFixed(3)} CPU s, ${((100 * encodeCpu) / seconds).toFixed(1)} % of the ${seconds.toFixed(2)} s that writing takes without it.`;
}

/** The sheet as bars. */
export function panels(sheet) {
  const bars = Object.keys(sheet.results).map((name) => {
    const { seconds } = mediansOf(sheet, name);
    return { label: name, value: seconds, text: `${seconds.toFixed(2)} s`, isOwn: name.startsWith('rowmill') };
  });
  return [{ heading: `seconds for ${sheet.data.rowsOut.toLocaleString('en')} rows`, bars }];
}

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1900000' },
      rounds: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
    },
  });
  const sheet = await measure({ rows: Number(values.rows), rounds: Number(values.rounds), threads: Number(values.threads) });
  await publish(sheet, { text: table(sheet), panels: panels(sheet) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
