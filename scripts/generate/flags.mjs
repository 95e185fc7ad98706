// The command line's flags as data, so that --help loads no addon. Called by scripts/generate.mjs.

import { MARK, quote } from './text.mjs';

const HEAD = `/** A plan field that has a flag. */
export interface PlanFlag {
  /** Name without dashes. */
  flag: string;
  /** Dotted path of the field. */
  path: string;
  /** Whether it is given without a value. */
  isSwitch: boolean;
  /** Placeholder of the value in help. */
  value: string;
  doc: string;
  /** Default as people read it; empty where there is none. */
  default: string;
}

/** A pipeline as the command line knows it. */
export interface PipelineFlags {
  name: string;
  about: string;
  flags: readonly PlanFlag[];
}
`;

const VALUES = {
  integer: 'n',
  number: 'n',
  bytes: 'size',
  day: 'day',
  month: 'month',
  uuid: 'uuid',
  integerOrAuto: 'n|auto',
  integers: 'list',
  texts: 'list',
  records: 'json',
  textMap: 'json',
};

export function flags({ commonFields, pipelines, version }) {
  const blocks = pipelines.map(
    (pipeline) => `  {
    name: ${quote(pipeline.name)},
    about: ${quote(pipeline.about)},
    flags: [
${list([...commonFields, ...pipeline.fields])}
    ],
  },`,
  );
  return `// ${MARK}

/** Version of the package. */
export const VERSION = ${quote(version)};

${HEAD}
export const PIPELINES: readonly PipelineFlags[] = [
${blocks.join('\n')}
];
`;
}

function list(fields) {
  return fields
    .filter(({ flag }) => flag !== '')
    .map(
      (field) => `      {
        flag: ${quote(field.flag)},
        path: ${quote(field.path)},
        isSwitch: ${field.kind === 'flag'},
        value: ${quote(placeholder(field))},
        doc: ${quote(field.doc)},
        default: ${quote(field.default === null ? '' : String(JSON.parse(field.default)))},
      },`,
    )
    .join('\n');
}

function placeholder(field) {
  return field.kind === 'choice' ? field.of.join('|') : (VALUES[field.kind] ?? 'text');
}
