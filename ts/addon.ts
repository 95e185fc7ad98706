/** The only importer of the native addon: unwraps failures and wraps handles. */

import type {
  Comparison,
  ContractDescription,
  ContractProblem,
  ContractWarning,
  CopyPiece,
  Counters,
  Description,
  DocumentOutcome,
  ExpressionDifference,
  ImportedContract,
  Inspection,
  Layer,
  ListedDocument,
  ManyDocuments,
  MapDocument,
  MapperOptions,
  Job as NativeJob,
  MappedDocuments as NativeMapped,
  DocumentMapper as NativeMapper,
  RunHandle as NativeRun,
  SpoolHandle as NativeSpool,
  Operation,
  OperationReport,
  Origin,
  Problem,
  Report,
  TargetColumn,
} from '#native';
import { ask, loadAddon, unwrap } from './answers.js';
import type { Plan } from './plan/plan-types.js';

export type {
  AggregateFunction,
  ColumnDescription,
  Comparison,
  ContractColumn,
  ContractDescription,
  ContractProblem,
  ContractTable,
  ContractWarning,
  CopyPiece,
  Counters,
  Description,
  DocumentOutcome,
  ExpressionDifference,
  Field,
  ImportedContract,
  Inspection,
  Layer,
  ListedDocument,
  ManyDocuments,
  MapDocument,
  MapperOptions,
  OperandFiles,
  OperationReport,
  Origin,
  PipelineDescription,
  Report,
  SourceDescription,
  TableDescription,
  Target,
  TargetColumn,
  Unit,
} from '#native';
export type { Plan, Window } from './plan/plan-types.js';

/** One window of a plan to run. `window` counts from 0. */
export type Job = NativeJob;

/** A plan with the origin of each of its values, or everything that is wrong with what was asked. */
export type Resolution = { plan: Plan; origins: Origin[]; problems?: undefined } | { problems: Problem[]; plan?: undefined };

/** One window of a plan whose files are to be looked at. `window` counts from 0. */
export type InspectRequest = Omit<Job, 'target'>;

/** A Parquet file to make of a table's COPY stream. */
export interface SpoolRequest {
  pipeline: string;
  table: string;
  path: string;
  /** The columns of the stream, in its order. */
  columns: TargetColumn[];
}

/** Two Parquet files with rows of the same table. */
export interface CompareRequest {
  left: string;
  right: string;
  pipeline: string;
  table: string;
  /** Largest relative difference that counts as equal. */
  tolerance: number;
  /** Samples to keep at most. */
  samples: number;
}

/** Sums of some columns of a Parquet file, by others. */
export interface RollupRequest {
  path: string;
  by: string[];
  sums: string[];
}

/** What the generated types say of the exports. */
type Native = typeof import('#native');

let loaded: Native | null = null;
let open = 0;

/** Loaded on first use: `--help` and `--version` must not pay for it. */
function native(): Native {
  loaded ??= loadAddon<Native>('#native', 'build:addon');
  return loaded;
}

/** Handles that were opened and not closed; a test that leaves one behind fails. */
export function openHandles(): number {
  return open;
}

/** What this build knows: codes, plan fields, pipelines with their inputs and tables. */
export function describe(): Description {
  return unwrap(native().describe());
}

/**
 * Merges layers of raw values, lowest priority first, into one plan or all the problems they have.
 *
 * @throws RowmillError `INSTALL_ADDON_MISSING`
 */
export async function resolvePlan(layers: Layer[]): Promise<Resolution> {
  // The generated type of a plan is narrower than the wire's: choices are words there and texts here.
  return (await ask(() => native().resolvePlan(layers))) as Resolution;
}

/** Reads the footers of these files: what would be read, pruned and missing. */
export function inspect(request: InspectRequest): Promise<Inspection> {
  return ask(() => native().inspect(request));
}

/** One window's run. Close it, also after a failure. */
export class RunHandle implements AsyncDisposable {
  readonly #handle: NativeRun;
  #closed: Promise<void> | null = null;

  constructor(handle: NativeRun) {
    this.#handle = handle;
    open += 1;
  }

  /**
   * The next piece of COPY bytes; null once the run is finished, and for a target that is no COPY when everything is written.
   *
   * Tables come in ascending order, each of them, and the pieces of one are a complete stream from header to trailer, also without rows.
   */
  next(): Promise<CopyPiece | null> {
    return ask(() => this.#handle.next());
  }

  /** What was counted so far; cheap enough to ask for several times a second. */
  counters(): Counters {
    return this.#handle.counters();
  }

  /** What was found out; complete once {@link next} has answered null. */
  report(): Report {
    return this.#handle.report();
  }

  /** How many workers may run at the same time, from 1 to the threads of the plan; those beyond it rest between batches. */
  setWorkers(count: number): void {
    this.#handle.setWorkers(count);
  }

  /** Asks the run to stop; {@link next} then fails with `RUN_CANCELLED`. */
  cancel(): void {
    this.#handle.cancel();
  }

  /** Stops the run's threads and frees its memory and its spilled files. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= closing(this.#handle);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A writer of COPY bytes from PostgreSQL into a Parquet file. Close it, also after a failure. */
export class SpoolHandle implements AsyncDisposable {
  readonly #handle: NativeSpool;
  #closed: Promise<void> | null = null;

  constructor(handle: NativeSpool) {
    this.#handle = handle;
    open += 1;
  }

  /** Takes the next piece of the stream, cut anywhere. */
  async write(bytes: Buffer): Promise<void> {
    await ask(() => this.#handle.write(bytes));
  }

  /** Ends the file and says how many rows it has. */
  finish(): Promise<{ rows: number }> {
    return ask(() => this.#handle.finish());
  }

  /** Frees what it holds; an unfinished file is removed. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= closing(this.#handle);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Counted down before the first await, so that closing twice counts once. */
async function closing(handle: { close(): Promise<unknown> }): Promise<void> {
  open -= 1;
  await handle.close();
}

/** Starts one window's run; its threads begin to read at once. */
export async function openRun(job: Job): Promise<RunHandle> {
  return new RunHandle(await ask(() => native().openRun(job)));
}

/** Starts a Parquet file that takes the rows of a table as PostgreSQL's binary COPY sends them. */
export async function openSpool(request: SpoolRequest): Promise<SpoolHandle> {
  return new SpoolHandle(await ask(() => native().openSpool(request)));
}

/** Compares two Parquet files of the same table, row by row. */
export function compare(request: CompareRequest): Promise<Comparison> {
  return ask(() => native().compare(request));
}

/** Sums columns of a Parquet file by others; for small results only, as every row becomes an object. */
export function rollup(request: RollupRequest): Promise<{ rows: Record<string, unknown>[] }> {
  return ask(() => native().rollup(request));
}

/** Applies an operator to files, and writes a file or one for each partition. */
export function operate(operation: Operation): Promise<OperationReport> {
  return ask(() => native().operate(operation));
}

/** Writes a seeded log of order events and answers with its known totals. */
export function generateOrders(spec: Record<string, unknown>): Promise<Record<string, unknown>> {
  return ask(() => native().generateOrders(spec));
}

/** Writes seeded documents of applications and answers with what is known of them. */
export function generateApplications(spec: Record<string, unknown>): Promise<Record<string, unknown>> {
  return ask(() => native().generateApplications(spec));
}

/** Writes a seeded month of input and answers with its known totals. */
export function generate(spec: Record<string, unknown>): Promise<Record<string, unknown>> {
  return ask(() => native().generate(spec));
}

/** Everything that is wrong with a contract, given as JSON; nothing for a sound one. */
export async function contractProblems(contract: string): Promise<ContractProblem[]> {
  return (await ask(() => native().checkContract(contract))).problems;
}

/**
 * What a contract, given as JSON, reads and writes.
 *
 * @throws RowmillError `PLAN_INVALID` with all problems of the contract
 */
export function describeContract(contract: string): Promise<ContractDescription> {
  return ask(() => native().describeContract(contract));
}

/** What a sound contract, given as JSON, does, in words. */
export function explainContract(contract: string): Promise<string> {
  return ask(() => native().explainContract(contract));
}

/** What is allowed in a sound contract, given as JSON, and probably not meant. */
export function lintContract(contract: string): Promise<ContractWarning[]> {
  return ask(() => native().lintContract(contract));
}

/** The expressions of a sound contract, given as JSON, that both dialects read differently in these documents of files. */
export function compareExpressions(contract: string, documents: MapDocument[], reveal: boolean): Promise<ExpressionDifference[]> {
  return ask(() => native().compareExpressions(contract, documents, reveal));
}

/** A contract of ours of a contract of old, given as JSON, or everything that keeps it from being one. */
export function importContract(contract: string, name: string): Promise<ImportedContract> {
  return ask(() => native().importContract(contract, name));
}

/** Statements that make the tables of a contract, given as JSON, in a schema; null for the contract's own. */
export function contractDdl(contract: string, schema: string | null): Promise<string[]> {
  return ask(() => native().contractDdl(contract, schema));
}

/** Documents of a list that are handed over at a time. */
const LISTED_AT_ONCE = 1000;

/**
 * The documents of files, some at a time: each file one, each member of an archive one, or with `many` each element that is one.
 *
 * @throws RowmillError `INPUT_FILE_UNREADABLE`, `INPUT_FORMAT_INVALID`
 */
export async function* listDocuments(paths: string[], many: ManyDocuments | null): AsyncGenerator<ListedDocument[]> {
  const list = await ask(() => native().listDocuments({ paths, many }));
  for (;;) {
    const page = await ask(() => list.next(LISTED_AT_ONCE));
    if (page.length === 0) return;
    yield page;
  }
}

/** A contract that is ready to map documents. Holds no thread and no file between two calls: it needs no closing. */
export class DocumentMapper {
  readonly #mapper: NativeMapper;

  constructor(mapper: NativeMapper) {
    this.#mapper = mapper;
  }

  /** Maps documents, as those from place `first` of a batch. Those without a path are ranges of `bytes`, which must not change meanwhile. */
  async map(documents: MapDocument[], bytes: Buffer | null, first = 0): Promise<MappedDocuments> {
    return new MappedDocuments(await ask(() => this.#mapper.map(documents, bytes, first)));
  }
}

/** What documents became: outcomes, and rows as COPY bytes. */
export class MappedDocuments {
  readonly #mapped: NativeMapped;

  constructor(mapped: NativeMapped) {
    this.#mapped = mapped;
  }

  /** In the order of the documents. They are handed out once. */
  outcomes(): DocumentOutcome[] {
    return this.#mapped.outcomes();
  }

  /** Takes in the documents that follow in the batch; the other one is empty then. */
  append(other: MappedDocuments): void {
    this.#mapped.append(other.#mapped);
  }

  /** Memory that the rows take. */
  bytes(): number {
    return this.#mapped.bytes();
  }

  /** Rows of each table, in the order of the contract. */
  rows(): number[] {
    return this.#mapped.rows();
  }

  /** Frees what it holds at once; forgotten, it is freed when it is collected. */
  free(): void {
    this.#mapped.free();
  }

  /**
   * Writes the binary COPY bytes of a table's rows of some documents (both ends inclusive), which begin with the document's place in the batch, into
   * `into`, and answers with how many there are. Where they do not fit, nothing is written.
   */
  copy(table: number, first: number, last: number, into: Buffer): Promise<number> {
    return ask(() => this.#mapped.copy(table, first, last, into));
  }
}

/**
 * Makes a contract, given as JSON, ready.
 *
 * @throws RowmillError `PLAN_INVALID` with all problems of the contract
 */
export async function openMapper(contract: string, options: MapperOptions): Promise<DocumentMapper> {
  return new DocumentMapper(await ask(() => native().openMapper(contract, options)));
}
