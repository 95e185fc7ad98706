// The benches of what lies around the engine, on next to no data: start-up, the seam, TypeScript, PostgreSQL. Called by smoke.mjs.

import assert from 'node:assert/strict';
import * as load from './postgres/load.mjs';
import * as crossing from './seam/crossing.mjs';
import * as startup from './startup/startup.mjs';
import * as typescript from './typescript/micro.mjs';

/** Runs each of them and wants figures that are numbers; the rows of the load are compared by the bench itself. */
export async function around() {
  const started = show(startup, await startup.measure({ rounds: 1 }));
  for (const { name, ratio } of startup.medians(started)) assert.ok(ratio > 0, `${name}: ${ratio}`);
  const crossed = show(crossing, await crossing.measure({ minTime: 0.05, rows: 5000, rounds: 1 }));
  assert.ok(crossing.shares(crossed).crossings >= 5, JSON.stringify(crossing.shares(crossed)));
  const small = show(typescript, await typescript.measure({ minTime: 0.05, files: 100, rows: 100 }));
  for (const { name, microseconds } of [...crossed.calls, ...small.calls]) assert.ok(microseconds > 0, `${name} took ${microseconds} µs`);
  const { results } = show(load, await load.measure({ rows: 20_000, rounds: 1 }));
  for (const [name, [{ seconds }]] of Object.entries(results)) assert.ok(seconds > 0, `${name} took ${seconds} s`);
}

function show({ table, panels }, sheet) {
  for (const { bars } of panels(sheet)) for (const { label, value } of bars) assert.ok(value >= 0, `${label}: ${value}`);
  process.stdout.write(`${table(sheet)}\n`);
  return sheet;
}
