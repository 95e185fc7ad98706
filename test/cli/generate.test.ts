import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../unit/folder.js';
import { rowmill } from './program.js';

test('generate applications writes documents and tells how many rows they make', async (t) => {
  const out = join(folderWith(t, {}), 'made');
  const settings = ['--documents', '20', '--shape', 'staged', '--product', 'lending', '--faults', '0.5', '--fault-kinds', 'truncated', 'noContact'];
  const { code, out: text, err } = await rowmill(['generate', 'applications', '--out', out, ...settings, '--json']);
  assert.equal(code, 0, err);
  const totals = JSON.parse(text) as { documents: number; faults: Record<string, number>; items: { name: string; bytes: number }[] };
  assert.equal(totals.documents, 20);
  assert.deepEqual(Object.keys(totals.faults).sort(), ['noContact', 'truncated']);
  for (const { name, bytes } of totals.items) assert.equal(readFileSync(join(out, name)).length, bytes);
  assert.ok(existsSync(join(out, 'totals.json')));
});

test('generate applications refuses a share that is none, and a fault that it does not know', async (t) => {
  const out = join(folderWith(t, {}), 'made');
  const refused = await rowmill(['generate', 'applications', '--out', out, '--faults', '2']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /a share from 0 to 1/);
  const unknown = await rowmill(['generate', 'applications', '--out', out, '--fault-kinds', 'sleepy']);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.err, /truncated/);
});
