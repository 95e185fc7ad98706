// Draws a flame graph of what `perf script` prints. Run by people who look for where time goes; how, says docs/performance.md:
//   perf script -i FILE --no-inline -F comm,tid,time,event,ip,sym | node scripts/flame-graph.mjs "TITLE" > picture.svg
// A box is a function, as wide as its part of all samples, upon the one that called it; the colour says whose code it is. Inlined functions
// are part of whoever they were inlined into, and what the operating system does is one box. Callers above the first function of ours, which
// start a thread, are left out.

import { readFileSync } from 'node:fs';

const WIDTH = 1200;
const MARGIN = 10;
const ROW = 17;
const HEADER = 52;
/** Narrower boxes are left out, in parts of the whole. */
const LEAST = 0.002;
/** Room for a letter of the font, in pixels. */
const LETTER = 6.2;

/** Whose code a function is: the first that fits. */
const OWNERS = [
  { name: 'pipeline', colour: '#e8743b', of: /\browmill_cost\b/ },
  { name: 'kernels', colour: '#f2a54a', of: /\browmill_kernels\b/ },
  { name: 'engine, read, emit', colour: '#f6cf71', of: /\browmill_/ },
  { name: 'Parquet and Arrow', colour: '#7eb6d9', of: /\b(parquet|arrow_\w+|arrow)::/ },
  { name: 'codecs', colour: '#9dd3a8', of: /\b(snap|zstd\w*)::|\bZSTD_|\bHUF_|\bFSE_/ },
  { name: 'Rust, C library, kernel', colour: '#c9c9c9', of: /./ },
];

/** Where the operating system takes over; what it does is one box. */
const INTO_KERNEL = /^(asm_|entry_SYSCALL)/;

const [title = 'Where the time goes'] = process.argv.slice(2);
const root = tree(stacks(readFileSync(0, 'utf8')));
if (root.samples === 0) {
  process.stderr.write('there is no sample in the input: is it what `perf script` printed?\n');
  process.exitCode = 1;
} else process.stdout.write(drawing(root, title));

/** One list of functions per sample, the outermost first. */
function stacks(text) {
  return text
    .split('\n\n')
    .map((sample) => [...sample.matchAll(/^\s+[0-9a-f]+ (.+)$/gm)].map(([, name]) => name.trim()).reverse())
    .filter((stack) => stack.length > 0)
    .map((stack) => {
      const first = stack.findIndex((name) => name.includes('rowmill_'));
      const kernel = stack.findIndex((name) => INTO_KERNEL.test(name));
      return first < 0 ? ['outside a run'] : stack.slice(first, kernel < 0 ? undefined : kernel + 1);
    });
}

function tree(samples) {
  const root = box('all');
  for (const stack of samples) {
    root.samples += 1;
    let at = root;
    for (const name of stack) {
      if (!at.upon.has(name)) at.upon.set(name, box(name));
      at = at.upon.get(name);
      at.samples += 1;
    }
  }
  return root;
}

function box(name) {
  return { name, samples: 0, upon: new Map() };
}

function drawing(root, title) {
  const boxes = [...placed(root, 0, 0, root.samples)];
  const depth = Math.max(...boxes.map((box) => box.depth)) + 1;
  const height = HEADER + depth * ROW + MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="18" font-size="13">${escaped(title)} (${root.samples} samples)</text>`,
    ...legend(),
    ...boxes.map((box) => shape(box, root.samples, height)),
    '</svg>',
  ].join('\n')}\n`;
}

/** Every box that is wide enough, with its place: the widest first among those with the same caller. */
function* placed(node, depth, start, all) {
  if (node.samples / all < LEAST) return;
  yield { name: node.name, samples: node.samples, depth, start };
  let from = start;
  for (const child of [...node.upon.values()].sort((left, right) => right.samples - left.samples)) {
    yield* placed(child, depth + 1, from, all);
    from += child.samples;
  }
}

function shape({ name, samples, depth, start }, all, height) {
  const scale = (WIDTH - 2 * MARGIN) / all;
  const [x, width, y] = [MARGIN + start * scale, samples * scale, height - MARGIN - (depth + 1) * ROW];
  const letters = Math.floor((width - 4) / LETTER);
  const label = short(name);
  const text = letters < 3 ? '' : label.length <= letters ? label : `${label.slice(0, letters - 1)}…`;
  const tip = `${name}: ${((samples / all) * 100).toFixed(1)} %`;
  return [
    `<g><title>${escaped(tip)}</title>`,
    `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${owner(name).colour}" stroke="#fff" stroke-width="0.5"/>`,
    text ? `<text x="${(x + 2).toFixed(1)}" y="${y + 12}">${escaped(text)}</text></g>` : '</g>',
  ].join('');
}

function legend() {
  let x = MARGIN;
  return OWNERS.map(({ name, colour }) => {
    const entry = `<rect x="${x}" y="28" width="12" height="12" fill="${colour}"/><text x="${x + 16}" y="38">${name}</text>`;
    x += 34 + name.length * LETTER;
    return entry;
  });
}

function owner(name) {
  return OWNERS.find(({ of }) => of.test(name));
}

/** Type and function without their paths and type arguments: `<a::B<C> as d::E>::f` is `B::f`. */
function short(name) {
  let plain = name.replace(/^<(.+?) as .+>::/, '$1::').replace(/<impl (?:.+ for )?([^>]+)>/g, '$1');
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/<[^<>]*>/g, '');
  }
  return plain
    .replace(/^[<&]+/, '')
    .split('::')
    .filter((part) => part !== '' && part !== '{{closure}}')
    .slice(-2)
    .join('::');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
