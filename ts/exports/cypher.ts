/** A question in Cypher, ready to be pasted. */
export interface NamedQuery {
  name: string;
  /** What it answers. */
  doc: string;
  text: string;
}

const ALONG = ['FLOWS_TO', 'WRITES_TO', 'INFLUENCES'];
const AGAINST = ['READS_FROM', 'DERIVES', 'ALIAS_OF', 'CALLS', 'ATTACHED_TO', 'DEPENDS_ON', 'IMPORTS'];
const KEPT = "all(r IN relationships(p) WHERE r.status <> 'rejected')";

/** Questions to a graph that is kept in Neo4j, about a node where one is needed; without an id, the parameter `$id` stands for it. */
export function cypherQueries(id?: string, depth = 10): NamedQuery[] {
  const node = id === undefined ? '$id' : `'${id.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const start = `(n:Entity {id: ${node}})`;
  // A way may take edges of both kinds: a procedure reads one table and writes another.
  const reach = (
    along: 'startNode' | 'endNode',
    against: 'startNode' | 'endNode',
  ): string => `MATCH p = ${start}-[:${[...ALONG, ...AGAINST].join('|')}*1..${depth}]-(m:Entity)
WHERE ${KEPT}
  AND all(i IN range(0, length(p) - 1) WHERE
    (type(relationships(p)[i]) IN ${listOf(ALONG)} AND ${along}(relationships(p)[i]) = nodes(p)[i]) OR
    (type(relationships(p)[i]) IN ${listOf(AGAINST)} AND ${against}(relationships(p)[i]) = nodes(p)[i]))
RETURN m.id AS id, m.name AS name, labels(m) AS labels, min(length(p)) AS depth
ORDER BY depth, name, id`;
  return [
    { name: 'upstream', doc: 'What feeds a node, as far as so many steps.', text: reach('endNode', 'startNode') },
    { name: 'downstream', doc: 'What a node feeds.', text: reach('startNode', 'endNode') },
    {
      name: 'impact',
      doc: 'Tables and views with a column that a change of a column, or of any column of a table, reaches.',
      text: `MATCH ${start}
OPTIONAL MATCH (n)-[:CONTAINS]->(own:Column)
WITH n, collect(own) + n AS starts
UNWIND starts AS s
MATCH p = (s)-[:FLOWS_TO*1..${depth}]->(c:Column)<-[:CONTAINS]-(asset:Entity)
WHERE ${KEPT} AND asset <> n
RETURN asset.name, collect(DISTINCT c.name) AS columns, min(length(p)) - 1 AS depth
ORDER BY depth, asset.name`,
    },
    ...ABOUT_ALL,
  ];
}

function listOf(words: readonly string[]): string {
  return `[${words.map((word) => `'${word}'`).join(', ')}]`;
}

const ABOUT_ALL: readonly NamedQuery[] = [
  {
    name: 'orphans',
    doc: 'Tables and views that nothing reads, writes or derives from.',
    text: `MATCH (n:Entity)
WHERE (n:Table OR n:View OR n:MaterializedView OR n:DataAsset)
  AND NOT EXISTS { (n)-[:READS_FROM|DERIVES|WRITES_TO|ALIAS_OF]-() }
RETURN n.name, labels(n) AS labels ORDER BY n.name`,
  },
  {
    name: 'pending-reviews',
    doc: 'Edges that wait for a review, the most doubtful first.',
    text: `MATCH (a:Entity)-[r {status: 'pending_review'}]->(b:Entity)
RETURN a.name, type(r) AS type, b.name, r.source AS source, r.confidence AS confidence
ORDER BY confidence, a.name, b.name`,
  },
  {
    name: 'unresolved',
    doc: 'Column edges whose source is a star that could not be expanded, or one of several tables.',
    text: `MATCH (a:Column)-[r:FLOWS_TO]->(b:Column)
WHERE r.confidence < 1 OR a.name = '*'
RETURN a.name, b.name, r.confidence AS confidence ORDER BY confidence, b.name`,
  },
  {
    name: 'most-used',
    doc: 'The objects that most others read.',
    text: `MATCH (n:Entity)<-[r:READS_FROM|DERIVES]-(reader:Entity)
WHERE r.status <> 'rejected'
RETURN n.name, count(DISTINCT reader) AS readers ORDER BY readers DESC, n.name LIMIT 25`,
  },
  {
    name: 'files-of-tables',
    doc: 'Which files define and mention each table and view.',
    text: `MATCH (f:File)-[r:DEFINES|MENTIONS]->(n:Entity)
WHERE n:Table OR n:View OR n:MaterializedView OR n:DataAsset
RETURN n.name, type(r) AS how, collect(DISTINCT f.path) AS files ORDER BY n.name, how`,
  },
  {
    name: 'counts',
    doc: 'How many nodes of each kind there are.',
    text: `MATCH (n:Entity)
RETURN [label IN labels(n) WHERE label <> 'Entity'] AS kind, count(*) AS nodes ORDER BY nodes DESC`,
  },
];

/** The questions as a text of Cypher, each with its name above it. */
export function* toCypher(queries: readonly NamedQuery[]): Generator<string> {
  for (const { name, doc, text } of queries) yield `// ${name}: ${doc}\n${text};\n\n`;
}
