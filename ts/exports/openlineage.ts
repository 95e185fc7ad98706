import { createHash } from 'node:crypto';
import type { StoredEdge, StoredNode } from '../graph/model.js';
import { compare, type GraphPart } from './part.js';

const SPEC = 'https://openlineage.io/spec';
const PRODUCER = 'urn:rowmill:lineage';
/** What a kind of `FLOWS_TO` is called there. */
const SUBTYPES: Readonly<Record<string, string>> = { identity: 'IDENTITY', star: 'IDENTITY', aggregate: 'AGGREGATION' };
const TYPES: Readonly<Record<string, string>> = { View: 'VIEW', MaterializedView: 'VIEW', Table: 'TABLE', DataAsset: 'TABLE' };

export interface OpenLineageOptions {
  /** Time of the events. */
  at: Date;
  /** Namespace of datasets and jobs: for catalogues to match, that of the database, such as `postgres://host:5432`. Default: rowmill. */
  namespace?: string;
  /** `static`: what there is, without runs. `runs`: each job as if it had run once, for catalogues that take nothing else. Default: static. */
  events?: 'static' | 'runs';
}

interface Dataset {
  node: StoredNode;
  columns: StoredNode[];
  /** Edges that feed its columns, or decide what gets into them. */
  flows: StoredEdge[];
}

interface Job {
  name: string;
  inputs: Set<string>;
  outputs: Set<string>;
}

interface Held {
  nodes: Map<string, StoredNode>;
  datasets: Map<string, Dataset>;
  /** Asset of a column, by the column's id. */
  owners: Map<string, string>;
  jobs: Map<string, Job>;
}

/**
 * The graph as events of OpenLineage 2-0-2, one JSON document on each line, ascending by name. Static events are a DatasetEvent for each table and view, with its
 * columns and what feeds them, and a JobEvent for each view, filled table, procedure and trigger; runs are two RunEvents, START and COMPLETE, for each of these.
 * Holds tables, columns and flows. Edges that a reviewer rejected are left out.
 */
export async function* toOpenLineage(part: GraphPart, options: OpenLineageOptions): AsyncGenerator<string> {
  const held = await hold(part);
  const writer = new Writer(held, options);
  const jobs = [...held.jobs].toSorted(([a, { name: left }], [b, { name: right }]) => compare(left, right) || compare(a, b)).map(([, job]) => job);
  if (options.events === 'runs') {
    for (const job of jobs) for (const event of writer.runEvents(job)) yield `${JSON.stringify(event)}\n`;
    return;
  }
  const datasets = [...held.datasets.values()].toSorted((a, b) => compare(a.node.fullName, b.node.fullName) || compare(a.node.id, b.node.id));
  for (const dataset of datasets) yield `${JSON.stringify(writer.datasetEvent(dataset))}\n`;
  for (const job of jobs) yield `${JSON.stringify(writer.jobEvent(job))}\n`;
}

async function hold(part: GraphPart): Promise<Held> {
  const held: Held = { nodes: new Map(), datasets: new Map(), owners: new Map(), jobs: new Map() };
  for await (const node of part.nodes()) {
    if (node.kind in TYPES) held.datasets.set(node.id, { node, columns: [], flows: [] });
    if (node.kind in TYPES || ['Column', 'FunctionOrProcedure', 'Trigger'].includes(node.kind)) held.nodes.set(node.id, node);
  }
  const flows: StoredEdge[] = [];
  for await (const edge of part.edges()) {
    if (edge.status === 'rejected' || !held.nodes.has(edge.from) || !held.nodes.has(edge.to)) continue;
    if (edge.type === 'FLOWS_TO' || edge.type === 'INFLUENCES') flows.push(edge);
    else keep(held, edge);
  }
  for (const edge of flows) held.datasets.get(held.owners.get(edge.to) ?? '')?.flows.push(edge);
  return held;
}

function keep(held: Held, edge: StoredEdge): void {
  const { from, type, to } = edge;
  const [start, end] = [held.nodes.get(from), held.nodes.get(to)];
  if (!start || !end) return;
  if (type === 'CONTAINS') {
    held.owners.set(to, from);
    held.datasets.get(from)?.columns.push(end);
  } else if (type === 'READS_FROM' || type === 'DERIVES') {
    if (!held.datasets.has(to)) return;
    const job = jobOf(held, start);
    job.inputs.add(to);
    if (held.datasets.has(from)) job.outputs.add(from);
  } else if (type === 'WRITES_TO' && held.datasets.has(to)) jobOf(held, start).outputs.add(to);
}

/** What fills a table or view is a job of the same name: no statement has one of its own. */
function jobOf(held: Held, { id, fullName }: StoredNode): Job {
  const known = held.jobs.get(id) ?? { name: fullName, inputs: new Set<string>(), outputs: new Set<string>() };
  held.jobs.set(id, known);
  return known;
}

/** Makes events of what is held. */
class Writer {
  readonly #held: Held;
  readonly #namespace: string;
  readonly #at: string;

  constructor(held: Held, { at, namespace = 'rowmill' }: OpenLineageOptions) {
    this.#held = held;
    this.#namespace = namespace;
    this.#at = at.toISOString();
  }

  datasetEvent(dataset: Dataset): object {
    return { ...this.#base('DatasetEvent'), dataset: this.#described(dataset) };
  }

  jobEvent({ name, inputs, outputs }: Job): object {
    const job = { namespace: this.#namespace, name };
    return { ...this.#base('JobEvent'), job, inputs: this.#named(inputs), outputs: this.#named(outputs) };
  }

  /** A run of its own for each job and time: the same export again is the same run. */
  runEvents({ name, inputs, outputs }: Job): object[] {
    const run = { runId: uuidOf(`${this.#namespace}\0${name}\0${this.#at}`) };
    const job = { namespace: this.#namespace, name };
    const base = { ...this.#base('RunEvent'), run, job };
    return [
      { ...base, eventType: 'START', inputs: this.#named(inputs), outputs: this.#named(outputs) },
      { ...base, eventType: 'COMPLETE', inputs: this.#all(inputs), outputs: this.#all(outputs) },
    ];
  }

  #described(dataset: Dataset): object {
    const facets = { schema: this.#schema(dataset), datasetType: this.#type(dataset), ...this.#lineage(dataset) };
    return { namespace: this.#namespace, name: dataset.node.fullName, facets };
  }

  #all(ids: ReadonlySet<string>): object[] {
    const datasets = [...ids].flatMap((id) => this.#held.datasets.get(id) ?? []);
    return datasets.toSorted((a, b) => compare(a.node.fullName, b.node.fullName)).map((dataset) => this.#described(dataset));
  }

  #base(kind: string): object {
    return { eventTime: this.#at, producer: PRODUCER, schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/${kind}` };
  }

  #named(ids: ReadonlySet<string>): object[] {
    const names = [...ids].flatMap((id) => this.#held.datasets.get(id)?.node.fullName ?? []);
    return names.toSorted(compare).map((name) => ({ namespace: this.#namespace, name }));
  }

  #schema({ columns }: Dataset): object {
    const fields = columns.map(({ name }) => name).toSorted(compare);
    return { ...facet('SchemaDatasetFacet', '1-1-1'), fields: fields.map((name) => ({ name })) };
  }

  #type({ node }: Dataset): object {
    const more = node.kind === 'MaterializedView' ? { subType: 'MATERIALIZED' } : {};
    return { ...facet('DatasetTypeDatasetFacet', '1-0-0'), datasetType: TYPES[node.kind], ...more };
  }

  #lineage({ flows }: Dataset): object {
    const fields = [...grouped(flows)].map(([to, edges]) => [this.#held.nodes.get(to)?.name ?? '', { inputFields: this.#inputs(edges) }] as const);
    if (fields.length === 0) return {};
    const sorted = Object.fromEntries(fields.toSorted(([a], [b]) => compare(a, b)));
    return { columnLineage: { ...facet('ColumnLineageDatasetFacet', '1-2-0'), fields: sorted } };
  }

  #inputs(edges: readonly StoredEdge[]): object[] {
    const inputs = edges.flatMap((edge) => {
      const [field, table] = [this.#held.nodes.get(edge.from), this.#held.datasets.get(this.#held.owners.get(edge.from) ?? '')];
      if (!field || !table) return [];
      return [{ namespace: this.#namespace, name: table.node.fullName, field: field.name, transformations: [transformationOf(edge)] }];
    });
    return inputs.toSorted((a, b) => compare(a.name, b.name) || compare(a.field, b.field));
  }
}

function transformationOf({ type, properties }: StoredEdge): object {
  if (type === 'INFLUENCES') return { type: 'INDIRECT', subtype: 'CONDITIONAL' };
  const kind = typeof properties.kind === 'string' ? properties.kind : 'expression';
  return { type: 'DIRECT', subtype: SUBTYPES[kind] ?? 'TRANSFORMATION', description: kind };
}

function facet(name: string, version: string): object {
  return { _producer: PRODUCER, _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${name}` };
}

function grouped(edges: readonly StoredEdge[]): Map<string, StoredEdge[]> {
  const groups = new Map<string, StoredEdge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.to);
    if (group) group.push(edge);
    else groups.set(edge.to, [edge]);
  }
  return groups;
}

/** A UUID that is made of a text, of version 8: by a rule of one's own. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
