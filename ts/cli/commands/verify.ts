import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, toPlanRequest } from '../plan-options.js';
import { progressView } from '../progress.js';

interface VerifyFlags extends PlanOptions {
  baseline?: string;
  table?: string;
  strict?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function registerVerify(program: Command): void {
  const command = program.command('verify').description('compare the rows in the database with a baseline, or with a recomputation');
  addPlanOptions(command)
    .option('--baseline <set>', 'a .parquet file, or schema.table in the database; recomputed from the input where absent')
    .option('--table <name>', 'the only table to check (default: all of the pipeline)')
    .option('--strict', 'differences on days that are not complete count as failures too');
  addOutputOptions(command).action(verify);
}

async function verify(words: string[], flags: VerifyFlags): Promise<void> {
  const output = new Output(flags);
  const request = toPlanRequest(words, flags);
  const [{ loadPlan }, { verifyPlan }, { renderVerify }, view] = await Promise.all([
    import('../../plan/index.js'),
    import('../../run/index.js'),
    import('../render/comparison.js'),
    progressView(output),
  ]);
  const { plan } = await loadPlan(request);
  const { baseline, table, strict } = flags;
  const narrowed = { ...(baseline === undefined ? {} : { baseline }), ...(table === undefined ? {} : { table }), ...(strict ? { strict } : {}) };
  const given = { plan, tolerance: plan.verify.tolerance, ...narrowed };
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const report = await interruptible(output, (signal) => verifyPlan({ ...given, ...watch, signal })).finally(view.stop);
  output.result(report, () => renderVerify(report));
  if (!report.ok) process.exitCode = EXIT.failed;
}
