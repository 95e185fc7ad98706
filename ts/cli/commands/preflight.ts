import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, toPlanRequest } from '../plan-options.js';

interface PreflightFlags extends PlanOptions {
  json?: boolean;
  quiet?: boolean;
}

export function registerPreflight(program: Command): void {
  const command = program.command('preflight').description('check files, columns, database, rights, disk and memory before a run');
  addOutputOptions(addPlanOptions(command)).action(checkBeforeRun);
}

async function checkBeforeRun(words: string[], flags: PreflightFlags): Promise<void> {
  const output = new Output(flags);
  const request = toPlanRequest(words, flags);
  const [{ loadPlan }, { preflight }, { renderChecks }] = await Promise.all([
    import('../../plan/index.js'),
    import('../../run/index.js'),
    import('../render/checks.js'),
  ]);
  const { plan } = await loadPlan(request);
  const checks = await preflight({ plan });
  const ok = checks.every(({ state }) => state !== 'fail');
  output.result({ ok, checks }, () => renderChecks(checks));
  if (!ok) process.exitCode = EXIT.failed;
}
