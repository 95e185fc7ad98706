import type { Command } from 'commander';
import type { AggregateFunction, OperationReport } from '../../addon.js';
import { addAggregate, addOperandOptions, addWithOptions, columns, inputOf, integers, type OperandFlags, withOf } from '../operand-options.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

type Operators = typeof import('../../operators/index.js');

/** Flags of every operator; columns are lists already. */
interface OperateFlags extends OperandFlags {
  out: string;
  json?: boolean;
  quiet?: boolean;
}

interface KeyFlags extends OperateFlags {
  key: string[];
  withKey?: string[];
  partition?: string[];
  order: string[];
}

type GroupFlags = OperateFlags & { by: string[]; aggregate: Record<string, AggregateFunction>; order?: string[] };
type DateFlags = OperateFlags & { column: string; date: string; zone?: string; orLatest?: boolean };
type AsOfFlags = KeyFlags & { time: string; withTime?: string; withOrder?: string[]; take: string[]; prefix?: string };
type LifeFlags = OperateFlags & {
  key?: string[];
  partition?: string[];
  time?: string;
  reason?: string;
  leaves?: string;
  exit?: number[];
  exitWhenNothingLeft?: number[];
};

export function registerOperate(program: Command): void {
  const operate = program.command('operate').description('one operator on files of any kind: keep, group, pick or look up rows');
  semiJoin(operate);
  groupBy(operate);
  pickRow(operate, 'first');
  pickRow(operate, 'last');
  byDate(operate);
  asOf(operate);
  bookLifetime(operate);
}

/** Lets the operator work when the command runs, and prints what it has done. */
function runs<Flags extends OperateFlags>(
  command: Command,
  work: (operators: Operators, paths: string[], flags: Flags) => Promise<OperationReport>,
): void {
  addOutputOptions(command).action(async (paths: string[], flags: Flags) => {
    const [operators, { renderOperation }] = await Promise.all([import('../../operators/index.js'), import('../render/operation.js')]);
    const report = await work(operators, paths, flags);
    new Output(flags).result(report, () => renderOperation(report));
  });
}

/** The options that were given, without those that were not. */
function given<Options extends object>(options: Options): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Options]: Exclude<Options[Name], undefined> };
}

function semiJoin(operate: Command): void {
  const command = addOperandOptions(operate.command('semi-join').description('keep the rows whose key is in other files'));
  addWithOptions(command)
    .requiredOption('--key <columns>', 'key columns', columns)
    .option('--with-key <columns>', 'key columns of the files to look up (default: --key)', columns)
    .option('--partition <columns>', 'columns of those files; each row goes to the file of its key there: --out "{date}/{security}.csv"', columns);
  runs<KeyFlags>(command, (operators, paths, flags) => {
    const { key, withKey, partition, out } = flags;
    return operators.semiJoin(given({ input: inputOf(paths, flags), with: withOf(flags), key, withKey, partition, out }));
  });
}

function groupBy(operate: Command): void {
  const command = addOperandOptions(operate.command('group-by').description('one row per key: sums, means, counts, first and last values'))
    .requiredOption('--by <columns>', 'key columns', columns)
    .requiredOption('--aggregate <name=function(column)>', 'what to say of each key (again for another one)', addAggregate)
    .option('--order <columns>', 'order for first, last, firstNonNull and lastNonNull (default: that of the input)', columns);
  runs<GroupFlags>(command, (operators, paths, flags) => {
    const { by, aggregate, order, out } = flags;
    return operators.groupBy(given({ input: inputOf(paths, flags), by, aggregates: aggregate, order, out }));
  });
}

function pickRow(operate: Command, end: 'first' | 'last'): void {
  const command = addOperandOptions(operate.command(`${end}-row`).description(`the ${end} row of each key, whole`))
    .requiredOption('--key <columns>', 'key columns', columns)
    .requiredOption('--order <columns>', 'columns of numbers, the most important first', columns);
  runs<KeyFlags>(command, (operators, paths, flags) => {
    const options = { input: inputOf(paths, flags), key: flags.key, order: flags.order, out: flags.out };
    return end === 'first' ? operators.firstRow(options) : operators.lastRow(options);
  });
}

function byDate(operate: Command): void {
  const command = addOperandOptions(operate.command('by-date').description('the rows of one date, or of the latest there is'))
    .requiredOption('--column <name>', 'column with the date')
    .requiredOption('--date <date>', 'the date, YYYY-MM-DD')
    .option('--zone <zone>', 'the column holds instants: nanoseconds, whose date in this zone counts')
    .option('--or-latest', 'where the date has no rows, those of the latest date there is');
  runs<DateFlags>(command, (operators, paths, flags) => {
    const { column, date, zone, orLatest, out } = flags;
    return operators.byDate(given({ input: inputOf(paths, flags), column, date, zone, orLatest, out }));
  });
}

function asOf(operate: Command): void {
  const command = addOperandOptions(operate.command('as-of').description('beside each row, what other files said last'));
  addWithOptions(command)
    .requiredOption('--key <columns>', 'key columns', columns)
    .option('--with-key <columns>', 'key columns of the files to look up (default: --key)', columns)
    .requiredOption('--time <column>', 'time of a row')
    .option('--with-time <column>', 'time of the rows to look up (default: --time)')
    .option('--with-order <columns>', 'columns that decide between rows of the same time', columns)
    .requiredOption('--take <columns>', 'columns to put beside each row', columns)
    .option('--prefix <text>', 'what their names begin with');
  runs<AsOfFlags>(command, (operators, paths, flags) => {
    const { key, withKey, time, withTime, withOrder, take, prefix, out } = flags;
    return operators.asOf(given({ input: inputOf(paths, flags), with: withOf(flags), key, withKey, time, withTime, withOrder, take, prefix, out }));
  });
}

function bookLifetime(operate: Command): void {
  const command = addOperandOptions(operate.command('book-lifetime').description('from when to when each order was in the book'))
    .option('--key <columns>', 'key columns (default: order_id)', columns)
    .option('--partition <columns>', 'columns that orders of one book on one day have in common', columns)
    .option('--time <column>', 'time of an event (default: timestamp)')
    .option('--reason <column>', 'why an event happened (default: changereason)')
    .option('--leaves <column>', 'how much is left (default: leavesquantity)')
    .option('--exit <reasons>', 'reasons by which an order leaves (default: cancelled and purged)', integers)
    .option('--exit-when-nothing-left <reasons>', 'reasons by which it leaves if nothing is left (default: traded)', integers);
  runs<LifeFlags>(command, (operators, paths, flags) => {
    const { key, partition, time, reason, leaves, exit, exitWhenNothingLeft, out } = flags;
    const options = { key, partition, time, reason, leaves, exits: exit, exitsWhenNothingLeft: exitWhenNothingLeft };
    return operators.bookLifetime({ ...given(options), input: inputOf(paths, flags), out });
  });
}
