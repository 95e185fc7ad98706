// Documents in a table of an embedded server, and its tables emptied between two runs. See suite.mjs.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withConnection } from '../../dist/postgres/index.js';

/** Documents that are written at a time. */
const AT_ONCE = 100;

/** Makes the table of documents that the contract names, and the one that it joins; they outlive {@link emptied}. */
export async function fillTable(url, folder, items) {
  await withConnection(url, async (connection) => {
    await connection.query(`CREATE SCHEMA kept; CREATE TABLE kept.app_xml_staging (app_id bigint PRIMARY KEY, "app_XML" text)`);
    for (let at = 0; at < items.length; at += AT_ONCE) {
      const some = items.slice(at, at + AT_ONCE);
      // A column of text holds characters: what is no UTF-8 has lost its own on the way.
      const texts = await Promise.all(some.map(({ name }) => readFile(join(folder, name), 'utf8')));
      const values = [some.map(({ id }) => id), texts];
      await connection.query('INSERT INTO kept.app_xml_staging SELECT * FROM unnest($1::bigint[], $2::text[])', values);
    }
    await connection.query(`CREATE TABLE kept.application AS SELECT app_id FROM kept.app_xml_staging; ANALYZE`);
  });
}

/** Drops what a run made, and puts the table of documents where the contract looks for it. */
export async function emptied(url, hasTable) {
  const tables = [
    ['cards', 'app_xml_staging'],
    ['public', 'application'],
  ];
  const move = (from, to, name) => `ALTER TABLE IF EXISTS ${from}.${name} SET SCHEMA ${to};`;
  const away = tables.map(([schema, name]) => move(schema, 'kept', name)).join(' ');
  const back = tables.map(([schema, name]) => move('kept', schema, name)).join(' ');
  const drop = 'DROP SCHEMA IF EXISTS cards CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE SCHEMA cards;';
  await withConnection(url, (connection) => connection.query(hasTable ? `${away} ${drop} ${back}` : drop));
}
