import type { StoredEdge, StoredNode } from '../graph/model.js';
import type { GraphPart } from './part.js';

/** What an export says of itself. */
export interface ExportMetadata {
  /** When it was made. */
  at: Date;
  /** Which database the graph is in, without secrets; null where that is not to be said. */
  database: string | null;
  runId: string | null;
  projectId: string | null;
}

/** The graph as one JSON document, a node or an edge on each line. Holds none of them. */
export async function* toJson(part: GraphPart, metadata: ExportMetadata): AsyncGenerator<string> {
  yield `{"metadata":${JSON.stringify(await describe(part, metadata))},\n"nodes":[`;
  yield* listed(part.nodes(), ({ id, kind, name, fullName, properties }) => ({
    id,
    labels: ['Entity', kind],
    properties: { ...properties, name, full_name: fullName },
  }));
  yield '],\n"relationships":[';
  yield* listed(part.edges(), (edge) => ({ source: edge.from, target: edge.to, type: edge.type, properties: edgeProperties(edge) }));
  yield ']}\n';
}

/** The graph as pictures want it: links name their ends by place in the list of nodes. Holds the ids of all nodes; leaves out edges that end at none. */
export async function* toVisualisation(part: GraphPart, metadata: ExportMetadata): AsyncGenerator<string> {
  const places = new Map<string, number>();
  yield `{"metadata":${JSON.stringify(await describe(part, metadata))},\n"nodes":[`;
  yield* listed(part.nodes(), (node) => {
    places.set(node.id, places.size);
    return visibleNode(node);
  });
  yield '],\n"links":[';
  yield* listed(part.edges(), (edge) => {
    const [source, target] = [places.get(edge.from), places.get(edge.to)];
    if (source === undefined || target === undefined) return null;
    return { source, target, type: edge.type, status: edge.status, confidence: edge.confidence };
  });
  yield ']}\n';
}

function visibleNode({ id, kind, fullName }: StoredNode): object {
  return { id, label: fullName, kind };
}

/** All that is said of an edge, flat; what every edge has counts before what a file added. */
export function edgeProperties({ source, confidence, status, properties }: StoredEdge): Record<string, unknown> {
  return { ...properties, source, confidence, status };
}

async function* listed<T>(items: AsyncIterable<T>, shape: (item: T) => object | null): AsyncGenerator<string> {
  let lead = '\n';
  for await (const item of items) {
    const shaped = shape(item);
    if (shaped === null) continue;
    yield `${lead}${JSON.stringify(shaped)}`;
    lead = ',\n';
  }
}

async function describe(part: GraphPart, { at, database, runId, projectId }: ExportMetadata): Promise<object> {
  return { export_timestamp: at.toISOString(), database, statistics: await part.stats(), run_id: runId, project_id: projectId };
}
