import type { DocumentMapper, DocumentOutcome, MappedDocuments } from '../addon.js';
import {
  type Connection,
  change,
  type DocumentRange,
  emptyStaging,
  insertLog,
  type LoggedDocument,
  type LogLine,
  type LogRun,
  loadDocuments,
  readLoadedIds,
  readLog,
  type StagedTable,
  type TableName,
} from '../postgres/index.js';
import type { Gate } from './gate.js';
import type { FullOptions } from './options.js';
import { mappedParts, type Part } from './parts.js';
import type { Scratch, Scratches } from './scratch.js';
import { cancelled } from './session.js';
import type { Claim, ClaimedDocument, DocumentSource } from './source.js';
import { type BatchResult, emptyResult, note, type Tally } from './tally.js';
import type { FailedDocument, FailureStage } from './types.js';

/** What all batches of a run share. */
export interface RunContext {
  options: FullOptions;
  retry: 'failed' | 'none';
  absorbForeign: boolean;
  tables: readonly StagedTable[];
  log: TableName;
  logRun: LogRun;
  /** The server's time when the run began. */
  since: string;
  source: DocumentSource;
  mapper: DocumentMapper;
  tally: Tally;
  gates: { claim: Gate; near: Gate; map: Gate; load: Gate };
  /** Memory for documents of a table, and for rows in COPY bytes. */
  scratches: { documents: Scratches; rows: Scratches };
  /** Ids of documents that were loaded, where they are remembered. */
  loadedIds: Set<string> | null;
  /** Keys of batches whose commit was not answered: they may be in the log. */
  unanswered: Set<string>;
  signal: AbortSignal;
}

/** A document that is tried, and how many times it was before. */
export interface Wanted extends ClaimedDocument {
  attempts: number;
}

/**
 * Loads claimed documents inside the open transaction and commits it.
 *
 * @returns what the batch came to; nothing is counted yet
 */
export async function loadBatch(context: RunContext, connection: Connection, claim: Claim): Promise<BatchResult> {
  const { tally, source, gates, signal, scratches } = context;
  const beganMs = performance.now();
  const result = emptyResult(context.tables.length);
  result.done += claim.gone;
  const wanted = await tally.timed('claim', () => sift(context, connection, claim.mine, result));
  const finished = new Set(claim.mine.map(({ key }) => key));
  let leave: (() => void) | null = null;
  try {
    for await (const part of mappedParts(context, connection, wanted)) {
      if (leave) await emptyStaging(connection, context.tables);
      leave ??= await gates.load.enter();
      const load = (scratch: Scratch): Promise<void> => loadPart(context, connection, part, scratch, result, finished);
      await tally.timed('load', () => scratches.rows.lend(load));
    }
    leave ??= await gates.load.enter();
    await tally.timed('load', async () => {
      await source.done(connection, [...finished]);
      if (signal.aborted) throw cancelled();
      for (const { key } of claim.mine) context.unanswered.add(key);
      await change(connection, 'committing a batch', 'COMMIT');
      for (const { key } of claim.mine) context.unanswered.delete(key);
    });
  } finally {
    leave?.();
  }
  for (const id of result.loadedIds) context.loadedIds?.add(id);
  result.seconds = (performance.now() - beganMs) / 1000;
  return result;
}

/** Leaves out what the log has settled. It is read after the claim: whoever had the document before has committed by now. */
async function sift(context: RunContext, connection: Connection, claimed: readonly ClaimedDocument[], result: BatchResult): Promise<Wanted[]> {
  const { log, source, since, logRun } = context;
  const keys = claimed.map(({ key }) => key);
  const known = new Map((await readLog(connection, { log, by: source.by, keys, since, runId: logRun.runId })).map((line) => [line.key, line]));
  const wanted: Wanted[] = [];
  for (const document of claimed) {
    const logged = known.get(document.key);
    if (!logged || !isSettled(context, logged)) wanted.push({ ...document, attempts: logged?.attempts ?? 0 });
    else if (logged.own && logged.loaded && context.unanswered.delete(document.key)) result.loaded += 1;
    else result.done += 1;
  }
  return wanted;
}

function isSettled({ retry, options }: RunContext, { loaded, attempts, recent }: LoggedDocument): boolean {
  return loaded || recent || retry === 'none' || attempts >= options.attempts;
}

async function loadPart(
  context: RunContext,
  connection: Connection,
  { documents, mapped }: Part,
  scratch: Scratch,
  result: BatchResult,
  finished: Set<string>,
): Promise<void> {
  const outcomes = mapped.outcomes();
  const refused = await refusals(context, connection, outcomes);
  const rows = mapped.rows();
  const loaded = await loadDocuments(connection, {
    tables: context.tables,
    rows: { documents: documents.length, rows: (table) => rows[table] ?? 0, copy: (table, range) => copied(mapped, table, range, scratch) },
    without: [...refused.keys()],
    absorbForeign: context.absorbForeign,
    reveal: context.options.revealValues,
  });
  const lines: LogLine[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const document = documents[at];
    if (!document) continue;
    const refusal = refused.get(at) ?? loaded.faults.get(at) ?? faultOf(outcome);
    // Another process may want it: it stays on the list.
    if (refusal === 'outside') finished.delete(document.key);
    const line = settle(context, document, outcome, refusal, result);
    if (line) lines.push(line);
  }
  for (const [table, count] of loaded.rows.entries()) result.rows[table] = (result.rows[table] ?? 0) + count;
  result.splits += loaded.splits;
  await insertLog(connection, context.log, context.logRun, lines);
}

/** COPY bytes of a table; they are valid until the next ones are asked for. */
async function copied(mapped: MappedDocuments, table: number, { first, last }: DocumentRange, scratch: Scratch): Promise<Buffer> {
  const length = await mapped.copy(table, first, last, scratch.buffer);
  if (length > scratch.buffer.length) await mapped.copy(table, first, last, scratch.atLeast(length));
  return scratch.buffer.subarray(0, length);
}

/** Counts a document, and answers with its line of the log; null for one that has none. */
function settle(
  context: RunContext,
  document: Wanted,
  outcome: DocumentOutcome,
  refusal: Fault | 'outside' | null,
  result: BatchResult,
): LogLine | null {
  result.bytes += outcome.bytes;
  if (refusal === 'outside') {
    result.outside += 1;
    return null;
  }
  if (outcome.status === 'blank') {
    result.blank += 1;
    return null;
  }
  const line = lineOf(context, document, outcome);
  if (!refusal) {
    result.loaded += 1;
    if (context.loadedIds && line.appId !== null) result.loadedIds.push(line.appId);
    note(result.notes, outcome);
    return line;
  }
  result.failed.push({ id: line.appId, source: line.source, ...refusal, attempts: line.attempts });
  return { ...line, failure: `${refusal.stage}: ${refusal.reason}` };
}

function lineOf({ source }: RunContext, { key, attempts }: Wanted, { documentId }: DocumentOutcome): LogLine {
  const isTable = source.by === 'app_id';
  return { appId: isTable ? key : documentId, documentId, source: isTable ? source.name : key, failure: null, attempts: attempts + 1 };
}

type Fault = Pick<FailedDocument, 'stage' | 'reason'>;

function faultOf({ status, stage, reason, place }: DocumentOutcome): Fault | null {
  if (status !== 'failed') return null;
  const said = reason ?? 'it cannot be read';
  const at = place?.line === undefined ? '' : `line ${place.line}${place.column === undefined ? '' : `, column ${place.column}`}`;
  // The scanner says it itself.
  return { stage: (stage ?? 'parsing') as FailureStage, reason: at === '' || said.includes(`(${at})`) ? said : `${at}: ${said}` };
}

/** The fault of a document with an id that was loaded. */
function repeated({ tables }: RunContext): Fault {
  const base = tables[0]?.spec;
  const from = base?.columns.find(({ name }) => name === base.primaryKey[0])?.from;
  return { stage: 'constraint_violation', reason: `another document with the same id${from ? ` (${from})` : ''} was loaded; remove one of the two` };
}

/** Documents of files that are mapped and not wanted: only now their ids are known. */
async function refusals(context: RunContext, connection: Connection, outcomes: readonly DocumentOutcome[]): Promise<Map<number, Fault | 'outside'>> {
  const refused = new Map<number, Fault | 'outside'>();
  if (context.source.by === 'app_id') return refused;
  const ids = outcomes.flatMap(({ documentId }) => documentId ?? []);
  const seen = context.loadedIds ?? new Set(await readLoadedIds(connection, context.log, { among: ids }));
  const here = new Set<string>();
  for (const [at, { documentId, status }] of outcomes.entries()) {
    if (documentId === null) continue;
    if (!isInside(context.options, BigInt(documentId))) refused.set(at, 'outside');
    else if (status === 'mapped') {
      if (seen.has(documentId) || here.has(documentId)) refused.set(at, repeated(context));
      here.add(documentId);
    }
  }
  return refused;
}

function isInside({ firstId, lastId, shards, shard }: FullOptions, id: bigint): boolean {
  if (shards !== null && shard !== null) return id % BigInt(shards) === BigInt(shard);
  return (firstId === null || id >= BigInt(firstId)) && (lastId === null || id <= BigInt(lastId));
}
