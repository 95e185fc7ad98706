import { Command } from 'commander';
import { registerCompare } from './commands/compare.js';
import { registerConfig } from './commands/config.js';
import { registerDemo } from './commands/demo.js';
import { registerGenerate } from './commands/generate.js';
import { registerPreflight } from './commands/preflight.js';
import { registerResume } from './commands/resume.js';
import { registerRun } from './commands/run.js';
import { registerSchema } from './commands/schema.js';
import { registerStatus } from './commands/status.js';
import { registerVerify } from './commands/verify.js';
import { VERSION } from './flags.js';

const EXITS = `
Exit codes: 0 done, 1 failed (or a check found something), 2 wrong usage or plan, 3 done with rejected rows, 130 interrupted (resumable).
Settings of a plan: --plan FILE, environment variables ROWMILL_*, flags; docs/plan.md lists them.`;

/** The command line as a whole. Commands load what they need when they run: help and version cost nothing. */
export function buildProgram(): Command {
  const program = new Command('rowmill')
    .description('Grinds raw usage files into the tables people query in PostgreSQL.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help says what there is)')
    .addHelpText('after', EXITS);
  for (const register of [
    registerDemo,
    registerRun,
    registerPreflight,
    registerVerify,
    registerCompare,
    registerStatus,
    registerResume,
    registerConfig,
    registerGenerate,
    registerSchema,
  ]) {
    register(program);
  }
  return program;
}
