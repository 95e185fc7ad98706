import { Command } from 'commander';
import { VERSION } from './flags.js';

const EXITS = `
Exit codes: 0 done, 1 failed (or a check found something), 2 wrong usage or plan, 3 done with rejected rows or failed documents, 130 interrupted (resumable).
Settings of a plan: --plan FILE, environment variables ROWMILL_*, flags; docs/plan.md lists them.`;

type Register = (program: Command) => void;

/** Where each verb is, in the order of the help. Every file that is loaded takes about a millisecond, asked for or not. */
const VERBS: ReadonlyMap<string, (argv: readonly string[]) => Promise<Register>> = new Map([
  ['demo', async () => (await import('./commands/demo.js')).registerDemo],
  ['run', registrarOfRun],
  ['orders', async () => (await import('./commands/orders.js')).registerOrders],
  ['operate', async () => (await import('./commands/operate.js')).registerOperate],
  ['preflight', async () => (await import('./commands/preflight.js')).registerPreflight],
  ['verify', async () => (await import('./commands/verify.js')).registerVerify],
  ['compare', async () => (await import('./commands/compare.js')).registerCompare],
  ['status', async () => (await import('./commands/status.js')).registerStatus],
  ['resume', async () => (await import('./commands/resume.js')).registerResume],
  ['config', async () => (await import('./commands/config.js')).registerConfig],
  ['generate', async () => (await import('./commands/generate.js')).registerGenerate],
  ['schema', async () => (await import('./commands/schema.js')).registerSchema],
  ['contract', async () => (await import('./commands/contract.js')).registerContract],
  ['baseline', async () => (await import('./commands/baseline.js')).registerBaseline],
  ['lineage', async () => (await import('./commands/lineage.js')).registerLineage],
  ['cache', async () => (await import('./commands/cache.js')).registerCache],
  ['bench', async () => (await import('./commands/bench.js')).registerBench],
]);

/**
 * The command line as far as these arguments need it: the one verb that they begin with, none for the version, and all for everything else
 * (help, a misspelt verb). Commands load what they need when they run.
 */
export async function buildProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('rowmill')
    .description('Grinds raw usage files into the tables people query in PostgreSQL.')
    .version(VERSION)
    .exitOverride()
    // A word that is a command ends the options of the one before it: both may have options of the same name.
    .enablePositionalOptions()
    .showHelpAfterError('(--help says what there is)')
    .addHelpText('after', EXITS);
  for (const register of await Promise.all(verbsFor(argv).map((load) => load(argv)))) register(program);
  return program;
}

function verbsFor([first = '']: readonly string[]): ((argv: readonly string[]) => Promise<Register>)[] {
  if (first === '--version' || first === '-V') return [];
  const named = VERBS.get(first);
  return named ? [named] : [...VERBS.values()];
}

/** `run`, with the commands below it where they may be meant: by their names, and in help. */
async function registrarOfRun(argv: readonly string[]): Promise<Register> {
  const { registerRun } = await import('./commands/run.js');
  const isMeant = (name: string): boolean => argv[0] !== 'run' || argv.some((word) => [name, '--help', '-h'].includes(word));
  const below: ((run: Command) => void)[] = [];
  if (isMeant('applications')) below.push((await import('./commands/applications.js')).registerApplications);
  if (isMeant('lineage')) below.push((await import('./commands/run-lineage.js')).registerRunLineage);
  return (program) => {
    const run = registerRun(program);
    for (const register of below) register(run);
  };
}
