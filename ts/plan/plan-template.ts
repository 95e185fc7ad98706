import type { Field, PipelineDescription } from '../addon.js';

/** Width of comments in a plan file. */
const WIDTH = 110;

/** Required by the pipeline as a whole, though no field of theirs says so: a file to start from has them filled in. */
const SUGGESTED = new Set(['source.account', 'source.id', 'window.month', 'database.url']);

/**
 * A commented plan file in YAML: what must be set, with sample values, and everything else as a comment with its default.
 */
export function planTemplate(pipeline: PipelineDescription, commonFields: readonly Field[]): string {
  const lines = [
    '# yaml-language-server: $schema=./rowmill.schema.json',
    '# Completion and checks in editors: rowmill schema --out rowmill.schema.json',
    `# ${pipeline.about}`,
  ];
  let section = '';
  for (const field of [...commonFields, ...pipeline.fields]) {
    const [head, ...rest] = field.path.split('.');
    if (rest.length > 0 && head !== section) {
      section = head ?? '';
      lines.push('', `${section}:`);
    }
    lines.push(...entry(field, rest.length > 0 ? rest.join('.') : field.path, rest.length > 0 ? '  ' : '', pipeline.name));
  }
  return `${lines.join('\n')}\n`;
}

function entry(field: Field, name: string, pad: string, pipeline: string): string[] {
  const isSet = field.required || SUGGESTED.has(field.path);
  const value = field.path === 'pipeline' ? JSON.stringify(pipeline) : isSet ? field.example : (field.default ?? field.example);
  const note = !isSet && field.default === null ? [`${pad}# No default; an example:`] : [];
  return ['', ...wrap(field.doc, `${pad}# `), ...note, `${pad}${isSet ? '' : '# '}${name}: ${value}`];
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
