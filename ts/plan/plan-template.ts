import type { Field, PipelineDescription } from '../addon.js';
import { byPath, nested, type Settings } from './settings.js';

/** Width of comments in a plan file. */
const WIDTH = 110;

/** Required by the pipeline as a whole, though no field of theirs says so: a file to start from has them filled in. */
const SUGGESTED = new Set(['source.account', 'source.id', 'window.month', 'database.url']);

/** Of these, what a pipeline that takes every day there is does not need. */
const NEEDED_BY_MONTHS = new Set(['source.account', 'source.id', 'window.month']);

/** What a file to start from has beside sample values. */
export interface TemplateOptions {
  /** Settings that are filled in, by section or by dotted path. */
  settings?: Settings;
  /** Lines for the head of the file. */
  notes?: readonly string[];
}

/**
 * A commented plan file in YAML: what must be set, with sample values, what was given, and everything else as a comment with its default.
 */
export function planTemplate(pipeline: PipelineDescription, commonFields: readonly Field[], options: TemplateOptions = {}): string {
  const lines = [
    '# yaml-language-server: $schema=./rowmill.schema.json',
    '# Completion and checks in editors: rowmill schema --out rowmill.schema.json',
    `# ${pipeline.about}`,
    ...(options.notes ?? []).flatMap((note) => wrap(note, '# ')),
  ];
  const fields = [...commonFields, ...pipeline.fields];
  const given = byPath(options.settings ?? {}, fields);
  let section = '';
  for (const field of fields) {
    const [head, ...rest] = field.path.split('.');
    if (rest.length > 0 && head !== section) {
      section = head ?? '';
      lines.push('', `${section}:`);
    }
    const [name, pad] = rest.length > 0 ? [rest.join('.'), '  '] : [field.path, ''];
    lines.push(...entry(field, name, pad, valueText(field, pipeline, given)));
  }
  return `${lines.join('\n')}\n`;
}

/** The same as plain settings, without comments and defaults: what must be set, with sample values, and what was given. */
export function planStart(pipeline: PipelineDescription, commonFields: readonly Field[], options: TemplateOptions = {}): Settings {
  const fields = [...commonFields, ...pipeline.fields];
  const given = byPath(options.settings ?? {}, fields);
  return nested(
    fields.flatMap((field) => {
      const text = valueText(field, pipeline, given);
      return text === null ? [] : [[field.path, JSON.parse(text) as unknown] as const];
    }),
  );
}

/** The value that a file to start from sets, as JSON text; null where it leaves the default. */
function valueText(field: Field, { name, windowing }: PipelineDescription, given: ReadonlyMap<string, unknown>): string | null {
  if (given.has(field.path)) return JSON.stringify(given.get(field.path));
  if (field.path === 'pipeline') return JSON.stringify(name);
  const isSuggested = SUGGESTED.has(field.path) && !(windowing === 'whole' && NEEDED_BY_MONTHS.has(field.path));
  return field.required || isSuggested ? field.example : null;
}

function entry(field: Field, name: string, pad: string, value: string | null): string[] {
  const note = value === null && field.default === null ? [`${pad}# No default; an example:`] : [];
  return ['', ...wrap(field.doc, `${pad}# `), ...note, `${pad}${value === null ? '# ' : ''}${name}: ${value ?? field.default ?? field.example}`];
}

function wrap(text: string, prefix: string): string[] {
  const lines: string[] = [];
  let line = prefix;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line !== prefix) {
      lines.push(line.trimEnd());
      line = prefix;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
