import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FEATURES, KEY_NAMES, KEYS } from '#ts/lineage/index.js';
import { METRIC_NAMES } from '#ts/metrics/index.js';

test('the page on running lineage has every setting with its variable and meaning, every feature and every metric', () => {
  const page = readFileSync('docs/lineage-operations.md', 'utf8');
  for (const name of KEY_NAMES) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    for (const variable of KEYS[name].env) assert.ok(row.includes(`\`${variable}\``), `${name}: ${variable}`);
    assert.ok(row.endsWith(`| ${KEYS[name].doc} |`), name);
  }
  for (const name of [...FEATURES, ...METRIC_NAMES]) assert.ok(page.includes(`\`${name}\``), name);
});
