/** The program: reads the arguments, runs a command, and turns whatever happens into an exit code. */

import { CommanderError } from 'commander';
import { RowmillError } from '../errors.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { ignoreClosedPipes, Output } from './output.js';
import { buildProgram } from './program.js';

/** Runs one command; the answer is the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await (await buildProgram(argv)).parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Commander has printed its message already; help and version end this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    report(error, argv.includes('--json'));
    return exitCodeOf(error);
  }
}

function report(error: unknown, json: boolean): void {
  const output = new Output({ json });
  if (error instanceof RowmillError) {
    output.failure(error, error.toString());
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const failure = { code: 'BUG_INTERNAL', message: error instanceof Error ? error.message : String(error), retryable: false, place: {} };
  output.failure(failure, `BUG_INTERNAL: ${text}\nThis is a fault of rowmill. Please report it with the command and the plan.`);
}

ignoreClosedPipes();
process.exitCode = await main(process.argv.slice(2));
