// The golden set of the kernel as texts: what is known of tables, and the column edges that the rules give.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../crates/pipelines/lineage/tests/golden', import.meta.url));

/** `{ name, rule, dialect, text, known, edges }`; edges as pairs of full names in lower case, constants left out. */
export function goldenCases() {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  return files.sort().flatMap((file) => casesOf(basename(file, '.sql'), readFileSync(join(FOLDER, file), 'utf8')));
}

function casesOf(rule, text) {
  const cases = [];
  let open = null;
  for (const line of text.split('\n')) {
    const header = open === null ? line.match(/^-- ([a-z]+): (.*)$/) : null;
    if (header) {
      open = { name: `${rule}/${cases.length}.sql`, rule, title: header[2], dialect: header[1], text: '', known: {}, edges: [] };
      cases.push(open);
    } else if (open && line.startsWith('-: ')) {
      const [, table, columns] = line.match(/^-: (.*)\((.*)\)$/);
      open.known[table] = columns.split(',').map((column) => column.trim());
    } else if (open && line.startsWith('--=')) {
      open.edges = line.slice(3).split('; ').flatMap(edgeOf);
      open = null;
    } else if (open) {
      open.text += `${line}\n`;
    }
  }
  return cases;
}

/** `s.a -> t.b cast ambiguous`: names may hold spaces, kinds and marks do not. */
function edgeOf(entry) {
  const found = entry.match(/^(.+) -> (.+?) (?:constant|identity|star|cast|expression|aggregate|window)(?: unresolved)?(?: ambiguous)?$/);
  return found && found[1].trim() !== '()' ? [[found[1].trim().toLowerCase(), found[2].toLowerCase()]] : [];
}
