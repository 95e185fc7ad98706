// TypeScript types of a plan, as given and as normalised. Called by scripts/generate.mjs.

import { MARK, quote, tree, typeName } from './text.mjs';

export function planTypes({ commonFields, pipelines }) {
  return `// ${MARK}

/** Days of one month that are replaced together. */
export interface Window {
  /** First day, \`YYYY-MM-DD\`. */
  start: string;
  /** Last day, inclusive. */
  end: string;
  /** Year of the input partition, \`YYYY\`. */
  year: string;
  /** Month of the input partition, \`MM\`. */
  month: string;
}

/** A normalised plan: every value checked, every default filled in. Made by \`resolvePlan\` only. */
export interface Plan ${normalised(commonFields)}

${pipelines.map(pipelineTypes(commonFields)).join('\n')}
/** A plan as given: any part of it, as each layer may add some. */
export type PlanInput = ${pipelines.map(({ name }) => `${typeName(name)}PlanInput`).join(' | ')};
`;
}

/** The normalised plan holds days instead of a month, the windows they make, and the pipeline's own section as \`options\`. */
function normalised(fields) {
  const members = tree(fields.filter(({ path }) => path !== 'window.month'));
  members.set('windows', { doc: 'The same days, cut at month ends; each is loaded in one transaction.', type: 'Window[]' });
  members.set('options', { doc: "The pipeline's own settings, by name without their section.", type: 'Record<string, unknown>' });
  return block(members, 0, (field) => {
    if (field.type) return { optional: false, type: field.type };
    const always = field.required || field.default !== null || field.path === 'window.start' || field.path === 'window.end';
    return { optional: false, type: `${typeOf(field, true)}${always ? '' : ' | null'}` };
  });
}

function pipelineTypes(commonFields) {
  return ({ name, fields }) => {
    const own = tree(fields.map((field) => ({ ...field, path: field.path.slice(field.path.indexOf('.') + 1) })));
    const options = block(own, 0, (field) => ({ optional: !field.required && field.default === null, type: typeOf(field, true) }));
    const input = block(tree([...commonFields, ...fields]), 0, (field) => ({
      optional: true,
      type: field.path === 'pipeline' ? quote(name) : typeOf(field, false),
    }));
    const type = typeName(name);
    return `/** What \`options\` of a normalised plan for \`${name}\` holds. */
export interface ${type}Options ${options}

/** A plan file for \`${name}\`. */
export interface ${type}PlanInput ${input}
`;
  };
}

function block(members, depth, describe) {
  const pad = '  '.repeat(depth + 1);
  const lines = [];
  for (const [name, member] of members) {
    if (member instanceof Map) {
      const inner = block(member, depth + 1, describe);
      const allOptional = [...member.values()].every((field) => !(field instanceof Map) && describe(field).optional);
      lines.push(`${pad}${name}${allOptional ? '?' : ''}: ${inner};`);
    } else {
      const { optional, type } = describe(member);
      lines.push(`${pad}/** ${member.doc} */`, `${pad}${name}${optional ? '?' : ''}: ${type};`);
    }
  }
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

function typeOf(field, isNormalised) {
  switch (field.kind) {
    case 'flag':
      return 'boolean';
    case 'integer':
    case 'number':
      return 'number';
    case 'bytes':
      return isNormalised ? 'number' : 'number | string';
    case 'choice':
      return field.of.map(quote).join(' | ');
    case 'integerOrAuto':
      return "number | 'auto'";
    case 'integers':
      return 'number[]';
    case 'texts':
      return 'string[]';
    case 'textMap':
      return isNormalised ? 'Record<string, string[]>' : 'Record<string, string | string[]>';
    case 'records':
      return `{ ${field.of.map((inner) => recordMember(inner, isNormalised)).join('; ')} }[]`;
    default:
      return 'string';
  }
}

/** The addon fills what a record leaves out with null. */
function recordMember(field, isNormalised) {
  const type = typeOf(field, isNormalised);
  if (field.required) return `${field.path}: ${type}`;
  return isNormalised ? `${field.path}: ${type} | null` : `${field.path}?: ${type} | null`;
}
