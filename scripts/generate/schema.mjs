// JSON Schema of a plan file, for editors. Called by scripts/generate.mjs.

import { MARK, tree, typeName } from './text.mjs';

/**
 * Nothing is required at the top: what a file leaves out, another layer may give. Values are what a file should hold; the addon takes
 * a few more spellings (numbers as texts, lists as one text), which are for the environment and for flags.
 */
export function schema({ commonFields, pipelines }) {
  const plans = Object.fromEntries(pipelines.map((pipeline) => [typeName(pipeline.name), planOf(pipeline, commonFields)]));
  const document = {
    $comment: MARK,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'rowmill plan',
    anyOf: Object.keys(plans).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: plans,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function planOf({ name, about, fields }, commonFields) {
  const plan = section(tree([...commonFields, ...fields]));
  plan.properties.pipeline = { ...plan.properties.pipeline, const: name };
  return { description: about, ...plan };
}

function section(members) {
  const properties = Object.fromEntries([...members].map(([name, member]) => [name, member instanceof Map ? section(member) : fieldOf(member)]));
  return { type: 'object', properties, additionalProperties: false };
}

function fieldOf(field) {
  return {
    description: field.doc,
    ...shapeOf(field),
    ...(field.default === null ? {} : { default: JSON.parse(field.default) }),
    examples: [JSON.parse(field.example)],
  };
}

function shapeOf(field) {
  switch (field.kind) {
    case 'text':
      return { type: 'string', minLength: 1 };
    case 'anyText':
      return { type: 'string' };
    case 'flag':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return { type: field.kind, minimum: field.min, maximum: field.max };
    case 'bytes':
      return {
        anyOf: [
          { type: 'integer', minimum: field.min },
          { type: 'string', pattern: '^\\s*[0-9]+(\\.[0-9]+)?\\s*([kKmMgGtT]([iI]?[bB])?|[bB])?\\s*$' },
        ],
      };
    case 'day':
      return { type: 'string', format: 'date' };
    case 'month':
      return { type: 'string', pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' };
    case 'uuid':
      return { type: 'string', format: 'uuid' };
    case 'choice':
      return { enum: field.of };
    case 'integerOrAuto':
      return { anyOf: [{ type: 'integer', minimum: field.min, maximum: field.max }, { const: 'auto' }] };
    case 'integers':
      return { type: 'array', items: { type: 'integer', minimum: field.min, maximum: field.max } };
    case 'texts':
      return { type: 'array', items: { type: 'string' } };
    case 'textMap':
      return { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } };
    case 'records':
      return { type: 'array', items: recordOf(field.of) };
    default:
      throw new Error(`no schema for the kind ${field.kind}`);
  }
}

function recordOf(fields) {
  const required = fields.filter((field) => field.required).map(({ path }) => path);
  return { ...section(tree(fields)), required };
}
