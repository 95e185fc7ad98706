// The reference page of plan settings. Called by scripts/generate.mjs.

import { allowed, MARK } from './text.mjs';

export function planPage({ commonFields, pipelines }) {
  return [
    `<!-- ${MARK} -->`,
    '',
    '# Plan settings',
    '',
    'A plan is put together from layers; a later one wins, setting by setting: defaults, the machine (memory, threads, spill folder), a preset',
    '(`--preset`), the case folder (`--case`), the plan file (`--plan`, YAML or JSON), the environment, flags. `rowmill config show` prints each value with where it came from,',
    'and `rowmill config check` all the problems of a plan at once. `DATABASE_URL` is read as `database.url` where `ROWMILL_DATABASE_URL` is not set.',
    '',
    '## Every pipeline',
    '',
    ...commonFields.flatMap(entry),
    ...pipelines.flatMap((pipeline) => [`## ${pipeline.name}`, '', pipeline.about, '', ...pipeline.fields.flatMap(entry), ...inputs(pipeline)]),
  ].join('\n');
}

function entry(field) {
  return [
    `### \`${field.path}\``,
    '',
    field.doc,
    '',
    `- takes: ${allowed(field)}`,
    field.required ? '- required' : `- default: ${field.default === null ? 'none' : `\`${field.default}\``}`,
    ...(field.flag ? [`- flag: \`--${field.flag}\``] : []),
    `- environment: \`${field.env}\``,
    `- example: \`${field.example}\``,
    ...(field.kind === 'records' ? field.of.map((inner) => `- \`${inner.path}\`: ${inner.doc} Takes ${allowed(inner)}.`) : []),
    '',
  ];
}

function inputs({ name, sources }) {
  return [
    `### Inputs of ${name}`,
    '',
    'Names for `source.paths`, with the path template of each layout below `source.root`.',
    '',
    ...sources.flatMap(({ name: input, doc, layouts }) => [
      `- \`${input}\`: ${doc}`,
      ...Object.entries(layouts).map(([layout, template]) => `  - ${layout}: \`${template}\``),
    ]),
    '',
  ];
}
