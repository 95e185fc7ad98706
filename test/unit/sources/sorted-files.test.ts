import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sortedFiles } from '#ts/sources/index.js';
import { folderWith } from '../folder.js';

function folderOf(t: TestContext, names: readonly string[]): string {
  return folderWith(t, Object.fromEntries(names.map((name) => [name, ''])));
}

async function found(folder: string, paths: readonly string[], namesAtOnce?: number): Promise<string[]> {
  const files: string[] = [];
  const absolute = paths.map((path) => join(folder, path));
  for await (const page of sortedFiles(absolute, ['.xml', '.zip'], namesAtOnce)) {
    for (const file of page) files.push(file.slice(folder.length + 1));
  }
  return files;
}

const NAMES = ['a.xml', 'a/z.xml', 'a/b/c.zip', 'a-b/x.xml', 'b.txt', 'c.XML', '.hidden/x.xml', '_part/y.xml', 'd/_x.xml', 'a/b/c/d/e.xml', 'e.xml'];
const SORTED = ['a-b/x.xml', 'a.xml', 'a/b/c.zip', 'a/b/c/d/e.xml', 'a/z.xml', 'c.XML', 'e.xml'];

test('files of a folder come in the order of their whole paths, however few names are held at a time', async (t) => {
  const folder = folderOf(t, NAMES);
  for (const namesAtOnce of [1, 2, 3, 5, undefined]) assert.deepEqual(await found(folder, ['.'], namesAtOnce), SORTED, String(namesAtOnce));
  assert.deepEqual(SORTED, [...SORTED].sort());
});

test('a folder with many names is listed in pieces and in order', async (t) => {
  const names = Array.from({ length: 500 }, (_, at) => `${(at * 7919) % 500}.xml`);
  const folder = folderOf(t, names);
  assert.deepEqual(await found(folder, ['.'], 17), names.sort());
});

test('a glob names files at any depth, each once', async (t) => {
  const folder = folderOf(t, NAMES);
  for (const namesAtOnce of [1, undefined]) {
    assert.deepEqual(await found(folder, ['**/*.xml'], namesAtOnce), ['a-b/x.xml', 'a.xml', 'a/b/c/d/e.xml', 'a/z.xml', 'e.xml']);
    assert.deepEqual(await found(folder, ['**/a*/**/*.xml'], namesAtOnce), ['a-b/x.xml', 'a/b/c/d/e.xml', 'a/z.xml']);
    assert.deepEqual(await found(folder, ['a/**'], namesAtOnce), ['a/b/c.zip', 'a/b/c/d/e.xml', 'a/z.xml']);
    assert.deepEqual(await found(folder, ['a/*/c.zip'], namesAtOnce), ['a/b/c.zip']);
    assert.deepEqual(await found(folder, ['_part/*.xml', '.hidden/*'], namesAtOnce), ['.hidden/x.xml', '_part/y.xml']);
  }
});

test('several paths are one list in order, without what is named twice', async (t) => {
  const folder = folderOf(t, NAMES);
  assert.deepEqual(await found(folder, ['e.xml', 'a', 'b.txt', 'a/z.xml', 'a/b', 'nowhere', 'e.xml']), [
    'a/b/c.zip',
    'a/b/c/d/e.xml',
    'a/z.xml',
    'b.txt',
    'e.xml',
  ]);
});

test('a link to a folder is followed, and one that leads nowhere is a file', async (t) => {
  const folder = folderOf(t, ['real/x.xml', 'set/y.xml']);
  symlinkSync(join(folder, 'real'), join(folder, 'set', 'link'));
  symlinkSync(join(folder, 'gone'), join(folder, 'set', 'lost.xml'));
  assert.deepEqual(await found(folder, ['set']), ['set/link/x.xml', 'set/lost.xml', 'set/y.xml']);
});
