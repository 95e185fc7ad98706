/** What version 2-0-2 of the standard asks of events, and of the facets that are written: required members, forms, and which event is which. */
const uri = { type: 'string', format: 'uri' };
const text = { type: 'string' };
const base = {
  type: 'object',
  required: ['eventTime', 'producer', 'schemaURL'],
  properties: { eventTime: { type: 'string', format: 'date-time' }, producer: uri, schemaURL: uri },
};
const facet = { type: 'object', required: ['_producer', '_schemaURL'], properties: { _producer: uri, _schemaURL: uri } };

export const STANDARD = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  oneOf: [{ $ref: '#/$defs/runEvent' }, { $ref: '#/$defs/datasetEvent' }, { $ref: '#/$defs/jobEvent' }],
  $defs: {
    base,
    facet,
    runEvent: {
      allOf: [
        { $ref: '#/$defs/base' },
        {
          required: ['run', 'job'],
          properties: {
            eventType: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
            run: { type: 'object', required: ['runId'], properties: { runId: { type: 'string', format: 'uuid' } } },
            job: { $ref: '#/$defs/job' },
            inputs: { type: 'array', items: { $ref: '#/$defs/dataset' } },
            outputs: { type: 'array', items: { $ref: '#/$defs/dataset' } },
          },
        },
      ],
    },
    job: { type: 'object', required: ['namespace', 'name'], properties: { namespace: text, name: text } },
    datasetEvent: {
      allOf: [
        { $ref: '#/$defs/base' },
        { required: ['dataset'], properties: { dataset: { $ref: '#/$defs/dataset' } }, not: { required: ['job', 'run'] } },
      ],
    },
    jobEvent: {
      allOf: [
        { $ref: '#/$defs/base' },
        {
          required: ['job'],
          not: { required: ['run'] },
          properties: {
            job: { $ref: '#/$defs/job' },
            inputs: { type: 'array', items: { $ref: '#/$defs/dataset' } },
            outputs: { type: 'array', items: { $ref: '#/$defs/dataset' } },
          },
        },
      ],
    },
    dataset: {
      type: 'object',
      required: ['namespace', 'name'],
      properties: {
        namespace: text,
        name: text,
        facets: {
          type: 'object',
          additionalProperties: { $ref: '#/$defs/facet' },
          properties: {
            schema: {
              allOf: [
                { $ref: '#/$defs/facet' },
                { properties: { fields: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: text } } } } },
              ],
            },
            datasetType: { allOf: [{ $ref: '#/$defs/facet' }, { required: ['datasetType'], properties: { datasetType: text, subType: text } }] },
            columnLineage: { allOf: [{ $ref: '#/$defs/facet' }, { $ref: '#/$defs/columnLineage' }] },
          },
        },
      },
    },
    columnLineage: {
      required: ['fields'],
      properties: {
        fields: {
          type: 'object',
          additionalProperties: {
            type: 'object',
            required: ['inputFields'],
            properties: { inputFields: { type: 'array', items: { $ref: '#/$defs/inputField' } } },
          },
        },
      },
    },
    inputField: {
      type: 'object',
      required: ['namespace', 'name', 'field'],
      properties: {
        namespace: text,
        name: text,
        field: text,
        transformations: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type'],
            properties: { type: { enum: ['DIRECT', 'INDIRECT'] }, subtype: text, description: text, masking: { type: 'boolean' } },
          },
        },
      },
    },
  },
};
