import type { Plan } from '../addon.js';
import { checkDatabase } from './checks/database.js';
import { checkInput } from './checks/input.js';
import { checkMachine } from './checks/machine.js';
import { newContext } from './context.js';
import type { CheckLine } from './types.js';

/** Checks everything that a run needs, without changing anything. Failures are lines, not exceptions. */
export async function preflight({ plan }: { plan: Plan }): Promise<CheckLine[]> {
  const context = newContext(plan, [], {});
  return [...(await checkInput(context)), ...(await checkDatabase(context)), ...(await checkMachine(plan))];
}
