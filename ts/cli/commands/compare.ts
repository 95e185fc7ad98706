import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exit-codes.js';
import { PIPELINES } from '../flags.js';
import { Output } from '../output.js';
import { addOutputOptions, pipelineNamed } from '../plan-options.js';

interface CompareFlags {
  database?: string;
  pipeline: string;
  table?: string;
  tolerance: number;
  samples: number;
  json?: boolean;
  quiet?: boolean;
}

export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('compare two result sets, row by row')
    .argument('<left>', 'a .parquet file, or schema.table')
    .argument('<right>', 'a .parquet file, or schema.table')
    .option('--database <url>', 'database of the tables (default: DATABASE_URL)')
    .option('--pipeline <name>', 'pipeline whose table the rows are of', (text) => pipelineNamed([text]), PIPELINES[0]?.name ?? '')
    .option('--table <name>', 'table of the pipeline that the rows are of; needed where it has several')
    .option('--tolerance <fraction>', 'largest relative difference that counts as equal: 0.0001 or 0.01%', parseTolerance, 0.0001)
    .option('--samples <n>', 'differing rows of each kind to show at most', parseSamples, 20);
  addOutputOptions(command).action(compare);
}

async function compare(left: string, right: string, flags: CompareFlags): Promise<void> {
  const output = new Output(flags);
  const [{ compareSets }, { renderComparison }] = await Promise.all([import('../../run/index.js'), import('../render/comparison.js')]);
  const url = flags.database ?? process.env.ROWMILL_DATABASE_URL ?? process.env.DATABASE_URL;
  const { pipeline, table, tolerance, samples } = flags;
  const named = table === undefined ? {} : { table };
  const comparison = await compareSets({ left, right, pipeline, ...named, tolerance, samples, ...(url ? { url } : {}) });
  const ok = comparison.onlyLeft + comparison.onlyRight + comparison.different === 0;
  output.result({ ok, ...comparison }, () => renderComparison(comparison, tolerance));
  if (!ok) process.exitCode = EXIT.failed;
}

/** A fraction, or the same in percent. */
export function parseTolerance(text: string): number {
  const match = /^\s*([0-9]*\.?[0-9]+(?:e-?[0-9]+)?)\s*(%?)\s*$/i.exec(text);
  const tolerance = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (tolerance >= 0 && tolerance <= 1) return tolerance;
  throw new InvalidArgumentError('a fraction from 0 to 1, or a percentage such as 0.01%');
}

function parseSamples(text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number');
}
