import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayText } from '#ts/postgres/array-text.js';
import { freshDatabase, sql } from './support.js';

test('arrays of any texts arrive as they are', async () => {
  const texts = ['/a/b-1.xml', 'a b', '', 'null', 'NULL', null, '{}', 'a,b', '"', '\\', '\\"', "it's", 'ö€😀', '\n\t', 'x!y#12', ' '];
  const url = await freshDatabase();
  assert.deepEqual(await sql(url, 'SELECT $1::text[] AS texts', [arrayText(texts)]), [{ texts }]);
  assert.deepEqual(await sql(url, 'SELECT $1::integer[] AS numbers', [arrayText([1, -2, null])]), [{ numbers: [1, -2, null] }]);
  assert.deepEqual(await sql(url, 'SELECT $1::bigint[] AS none', [arrayText([])]), [{ none: [] }]);
});
