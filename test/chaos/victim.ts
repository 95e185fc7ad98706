// Runs a plan in a process of its own, to be killed. Arguments: JSON of { plan, runId }.
// Prints `open` when everything is imported and each phase once it begins.
import { describe, type Plan } from '#ts/addon.js';
import { runPlan } from '#ts/run/index.js';

const { plan, runId } = JSON.parse(process.argv[2] ?? '{}') as { plan: Plan; runId: string };
describe();
process.stdout.write('open\n');
await runPlan({ plan, origins: [], runId });
process.stdout.write('done\n');
