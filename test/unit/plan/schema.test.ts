import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describe } from '#ts/addon.js';

interface Schema {
  properties?: Record<string, Schema>;
  description?: string;
  $defs?: Record<string, Schema>;
}

test('the schema has every setting of every pipeline, each with its meaning', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../../ts/plan/schema.json', import.meta.url), 'utf8')) as Schema;
  const plans = Object.values(schema.$defs ?? {});
  const { commonFields, pipelines } = describe();
  assert.equal(plans.length, pipelines.length);
  for (const [index, { fields }] of pipelines.entries()) {
    for (const { path, doc } of [...commonFields, ...fields]) {
      const found = path.split('.').reduce<Schema | undefined>((at, name) => at?.properties?.[name], plans[index]);
      assert.equal(found?.description, doc, path);
    }
  }
});
