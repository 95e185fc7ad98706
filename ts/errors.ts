import type { ErrorCode } from './error-codes.js';

/** Where something is: as much of it as is known. */
export interface Place {
  /** Path or URI of the file. */
  file?: string;
  /** Row group of a Parquet file, from 0. */
  rowGroup?: number;
  /** Line of a text file, from 1. */
  line?: number;
  /** Row in the file, or in the row group where that is known; from 0. */
  row?: number;
  /** Column name, or dotted path of a plan field. */
  column?: string;
  /** The offending value, cut to 200 characters. */
  value?: string;
}

/** One thing that is wrong with a plan. */
export interface Problem {
  /** Dotted path of the field, with `[index]` inside lists. */
  path: string;
  message: string;
  /** The value given; null where nothing was. */
  value: unknown;
  /** What is allowed instead; empty where there is nothing to say. */
  allowed: string;
  /** Where the value came from; empty where nothing was given. */
  origin: string;
}

/** A failure as data, as it crosses the seam and as `--json` prints it. */
export interface Failure {
  code: ErrorCode;
  /** One sentence on what happened, without place and help. */
  message: string;
  /** What to do next. */
  help?: string | undefined;
  /** Whether running the same thing again may succeed with nothing changed. */
  retryable: boolean;
  place: Place;
  /** For `PLAN_INVALID`: everything that is wrong with the plan. */
  problems?: Problem[] | undefined;
}

/** Every failure that rowmill reports: who, where, and what to do next. */
export class RowmillError extends Error {
  override readonly name = 'RowmillError';
  readonly code: ErrorCode;
  readonly help: string | undefined;
  readonly retryable: boolean;
  readonly place: Place;
  readonly problems: readonly Problem[];

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.code = failure.code;
    this.help = failure.help;
    this.retryable = failure.retryable;
    this.place = failure.place;
    this.problems = failure.problems ?? [];
  }

  /** The same failure as plain data. */
  toJSON(): Failure {
    const { code, message, help, retryable, place, problems } = this;
    return { code, message, ...(help ? { help } : {}), retryable, place, ...(problems.length > 0 ? { problems: [...problems] } : {}) };
  }

  /** `CODE: message (place). help`, with one line per problem of a plan. */
  override toString(): string {
    const place = describePlace(this.place);
    const head = `${this.code}: ${this.message}${place ? ` (${place})` : ''}${this.help ? `. ${this.help}` : ''}`;
    return [head, ...this.problems.map((problem) => `  ${describeProblem(problem)}`)].join('\n');
  }
}

/** A place in words, empty where nothing is known. */
export function describePlace(place: Place): string {
  const parts = [
    place.file,
    place.rowGroup === undefined ? undefined : `row group ${place.rowGroup}`,
    place.line === undefined ? undefined : `line ${place.line}`,
    place.row === undefined ? undefined : `row ${place.row}`,
    place.column === undefined ? undefined : `column ${place.column}`,
    place.value === undefined ? undefined : `value ${JSON.stringify(place.value)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** A problem of a plan on one line: path, message, what is allowed, origin. */
export function describeProblem(problem: Problem): string {
  const path = problem.path ? `${problem.path}: ` : '';
  const allowed = problem.allowed ? `; allowed: ${problem.allowed}` : '';
  const origin = problem.origin ? ` (from ${problem.origin})` : '';
  return `${path}${problem.message}${allowed}${origin}`;
}
