import { type Failure, RowmillError } from '../errors.js';

type Meaning = Pick<Failure, 'code' | 'retryable' | 'help'>;

const BUSY: Meaning = {
  code: 'SINK_DATABASE_BUSY',
  retryable: true,
  help: 'One process at a time writes the file of a graph. Wait for the other one, or give this one a file of its own.',
};
const NO_GRAPH: Meaning = {
  code: 'INPUT_FORMAT_INVALID',
  retryable: false,
  help: 'Name a file that rowmill made, or one that is not there yet.',
};
const UNUSABLE: Meaning = {
  code: 'SINK_FILE_FAILED',
  retryable: false,
  help: 'Check that the folder is there and may be written.',
};
const FULL: Meaning = {
  code: 'SINK_DISK_FULL',
  retryable: false,
  help: 'Free some space and run again: what was written stays, and the rest follows.',
};
const OTHER: Meaning = {
  code: 'SINK_WRITE_FAILED',
  retryable: false,
  help: 'The transaction was rolled back; what the graph held before is unchanged.',
};

/** The engine has no codes: what its messages say, the first that fits. */
const BY_MESSAGE: readonly (readonly [RegExp, Meaning])[] = [
  [/could not set lock|checkpoint is in progress/i, BUSY],
  [/no space left/i, FULL],
  [/not a valid .* database file|cannot be a directory|storage version|table \w+ does not exist/i, NO_GRAPH],
  [/cannot open file|permission denied|read-only file system/i, UNUSABLE],
];

/**
 * The failure of an engine's error.
 *
 * @param doing what it happened at, as the beginning of a sentence
 */
export function ladybugError(error: unknown, doing: string, file: string): RowmillError {
  if (error instanceof RowmillError) return error;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const meaning = BY_MESSAGE.find(([pattern]) => pattern.test(line))?.[1] ?? OTHER;
  return new RowmillError({ ...meaning, message: `${doing}: ${line.slice(0, 500)}`, place: { file } }, { cause: error });
}
