import { type Command, InvalidArgumentError } from 'commander';
import type { AggregateFunction } from '../addon.js';
import type { DescribedFiles } from '../operators/index.js';

type Kinds = NonNullable<DescribedFiles['types']>;
type Derived = NonNullable<DescribedFiles['derive']>;

/** What is said of the input, and of the second one, as commander hands it over. */
export interface OperandFlags {
  type?: Kinds;
  derive?: Derived;
  with?: string[];
  withType?: Kinds;
  withDerive?: Derived;
}

/** Adds what every operator takes: files, how to read them, and where to write. */
export function addOperandOptions(command: Command): Command {
  return command
    .argument('<input...>', 'files to read one after the other: .csv, .csv.gz or .parquet')
    .requiredOption('--out <file>', 'file to write: .csv, .csv.gz or .parquet')
    .option('--type <column=kind>', 'read a column of a text file as integer, double or text (again for another column)', addKind)
    .option('--derive <name=column@zone>', 'make a column: the date of an instant in a zone', addDerived);
}

/** Adds the same for a second input. */
export function addWithOptions(command: Command): Command {
  return command
    .requiredOption('--with <file>', 'file to look up (again for another one)', (text: string, before?: string[]) => [...(before ?? []), text])
    .option('--with-type <column=kind>', 'as --type, for the files to look up', addKind)
    .option('--with-derive <name=column@zone>', 'as --derive, for the files to look up', addDerived);
}

/** The input as the operators take it. */
export function inputOf(paths: string[], { type, derive }: OperandFlags): DescribedFiles {
  return { paths, ...(type ? { types: type } : {}), ...(derive ? { derive } : {}) };
}

/** The second input. */
export function withOf({ with: paths = [], withType, withDerive }: OperandFlags): DescribedFiles {
  return { paths, ...(withType ? { types: withType } : {}), ...(withDerive ? { derive: withDerive } : {}) };
}

/** Names with commas between them. */
export function columns(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('names of columns with commas between them');
}

/** Whole numbers with commas between them. */
export function integers(text: string): number[] {
  const numbers = text.split(',').map((word) => (/^\s*-?[0-9]{1,15}\s*$/.test(word) ? Number(word) : Number.NaN));
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw new InvalidArgumentError('whole numbers with commas between them');
}

/** `name=function(column)`: `total=sum(quantity)`, `n=count()`, `vwap=vwap(price,quantity)`. */
export function addAggregate(text: string, before: Record<string, AggregateFunction> = {}): Record<string, AggregateFunction> {
  const [, name, call, inside = ''] = /^\s*([^=]+?)\s*=\s*(\w+)\s*\((.*)\)\s*$/.exec(text) ?? [];
  const aggregate = call === undefined ? undefined : aggregateOf(call, inside.trim() === '' ? [] : columns(inside));
  if (name !== undefined && aggregate !== undefined) return { ...before, [name]: aggregate };
  throw new InvalidArgumentError(`name=function(column), where function is one of ${[...OF_ONE, 'count', 'vwap'].join(', ')}`);
}

const OF_ONE = ['sum', 'mean', 'min', 'max', 'duration', 'first', 'last', 'firstNonNull', 'lastNonNull'] as const;

function aggregateOf(call: string, of: string[]): AggregateFunction | undefined {
  const [column, quantity, ...rest] = of;
  if (rest.length > 0) return undefined;
  if (call === 'vwap') return column !== undefined && quantity !== undefined ? { function: 'vwap', price: column, quantity } : undefined;
  if (quantity !== undefined) return undefined;
  if (call === 'count') return column === undefined ? { function: 'count' } : { function: 'count', column };
  const known = OF_ONE.find((name) => name === call);
  return known && column !== undefined ? { function: known, column } : undefined;
}

function addKind(text: string, before: Kinds = {}): Kinds {
  const [, column, kind] = /^\s*(.+?)\s*=\s*(integer|double|text)\s*$/.exec(text) ?? [];
  if (column !== undefined && (kind === 'integer' || kind === 'double' || kind === 'text')) return { ...before, [column]: kind };
  throw new InvalidArgumentError('column=integer, column=double or column=text');
}

function addDerived(text: string, before: Derived = []): Derived {
  const [, name, column, zone] = /^\s*([^=]+?)\s*=\s*(.+?)\s*@\s*(\S+)\s*$/.exec(text) ?? [];
  if (name !== undefined && column !== undefined && zone !== undefined) return [...before, { name, column, zone }];
  throw new InvalidArgumentError('name=column@zone, for example date=timestamp@Australia/Sydney');
}
