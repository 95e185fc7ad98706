/** Native addons and their answers: loads the first, and makes values or a {@link RowmillError} of the latter. */

import { createRequire } from 'node:module';
import type { ErrorCode } from './error-codes.js';
import { type Place, RowmillError } from './errors.js';

/** A failure as an addon tells it. */
interface WireFailure {
  code: string;
  message: string;
  help: string | null;
  retryable: boolean;
  place: Place;
}

type AnyAnswer = { ok: unknown; failure?: undefined } | { ok?: undefined; failure: WireFailure };

/** The value in an answer of this type. */
type Ok<Answer> = Answer extends { ok: infer Value; failure?: undefined } ? Value : never;

/**
 * Loads the addon that package.json imports under this name; `script` builds it from source.
 *
 * @throws RowmillError `INSTALL_ADDON_MISSING`
 */
export function loadAddon<Native>(name: string, script: string): Native {
  try {
    return createRequire(import.meta.url)(name) as Native;
  } catch (error) {
    throw new RowmillError(
      {
        code: 'INSTALL_ADDON_MISSING',
        message: `the native addon does not load on ${process.platform}-${process.arch}: ${error instanceof Error ? error.message : String(error)}`,
        help: `Install rowmill again without --no-optional, or build the addon with \`npm run ${script}\`.`,
        retryable: false,
        place: {},
      },
      { cause: error },
    );
  }
}

/** The value of an answer, or its failure thrown. */
export function unwrap<Answer extends AnyAnswer>(answer: Answer): Ok<Answer> {
  if (answer.failure) throw fromWire(answer.failure);
  return answer.ok as Ok<Answer>;
}

/** The codes are generated from the same list that Rust takes them from, so the text is one of them. */
function fromWire({ code, message, help, retryable, place }: WireFailure): RowmillError {
  return new RowmillError({ code: code as ErrorCode, message, help: help ?? undefined, retryable, place });
}

/** Awaits an answer. An error that is not an answer is a panic or a refused argument: our own fault, and it says so. */
export async function ask<Answer extends AnyAnswer>(call: () => Promise<Answer>): Promise<Ok<Answer>> {
  let answer: Answer;
  try {
    answer = await call();
  } catch (error) {
    throw bug(error);
  }
  return unwrap(answer);
}

/** What is thrown and not ours, as a failure of ours. */
function bug(error: unknown): RowmillError {
  if (error instanceof RowmillError) return error;
  return new RowmillError(
    {
      code: 'BUG_INTERNAL',
      message: error instanceof Error ? error.message : String(error),
      help: 'This is a fault of rowmill. Please report it with the command and the plan.',
      retryable: false,
      place: {},
    },
    { cause: error },
  );
}
