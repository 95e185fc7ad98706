/** Contenders in processes of their own, in turns: CPU and peak memory are a process's own, and what a machine does meanwhile hits all alike. */

import { fork, spawn } from 'node:child_process';
import { RowmillError } from '../errors.js';
import type { ContenderFailure } from './child.js';
import type { Measured } from './measured.js';

/** Something to measure. */
export interface Contender {
  name: string;
  /** Module that calls `serve`, or a script of `program` that reads its job from standard input and prints a `Measured`. */
  script: string;
  /** Program that runs the script; Node with a message channel where absent. */
  program?: string;
  env?: Record<string, string>;
  job: object;
  /** Whether it is there for its rows alone: then it takes part in the round that does not count, and in no other. */
  onlyChecked?: boolean;
}

export interface Turns {
  contenders: readonly Contender[];
  /** Rounds that count, from 1; one more comes first, to warm the page cache and to be checked. */
  rounds: number;
  /** Sees the answers of the round that does not count; throws where they disagree, and then no time is shown. */
  check?(answers: Record<string, Measured>): Promise<void> | void;
  /** Told of each run before it begins. Round 0 does not count. */
  onTurn?(contender: string, round: number): void;
  /** Ends the contender at hand, and with it the turns, in an `AbortError`. */
  signal?: AbortSignal;
}

/** What each contender cost, round by round, by name. Each round begins with another contender. */
export async function takeTurns({ contenders, rounds, check, onTurn, signal }: Turns): Promise<Record<string, Measured[]>> {
  const first: Record<string, Measured> = {};
  for (const contender of contenders) {
    onTurn?.(contender.name, 0);
    first[contender.name] = await runOnce(contender, signal);
  }
  await check?.(first);
  const counted = contenders.filter(({ onlyChecked }) => !onlyChecked);
  const results = new Map<string, Measured[]>(counted.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of [...counted.slice(round % counted.length), ...counted.slice(0, round % counted.length)]) {
      onTurn?.(contender.name, round);
      results.get(contender.name)?.push(await runOnce(contender, signal));
    }
  }
  return Object.fromEntries(results);
}

/** One run of one contender in a process of its own. */
export function runOnce(contender: Contender, signal?: AbortSignal): Promise<Measured> {
  const ending = signal ? { signal } : {};
  return contender.program === undefined ? inNode(contender, ending) : inProgram(contender, contender.program, ending);
}

type Reply = { answer: Measured; failure?: undefined } | { answer?: undefined; failure: ContenderFailure };

function inNode({ name, script, env, job }: Contender, ending: { signal?: AbortSignal }): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [], ...ending });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${name} ended without an answer (${signal ?? code})`)));
    child.once('message', (reply) => {
      const { answer, failure } = reply as Reply;
      if (failure === undefined) resolve(answer);
      else reject(failure.known ? new RowmillError(failure.known) : new Error(`${name} failed: ${failure.text}`));
    });
    child.send(job);
  });
}

function inProgram({ name, script, env, job }: Contender, program: string, ending: { signal?: AbortSignal }): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [script], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'], ...ending });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(said) as Measured);
      else reject(new Error(`${name} failed (${signal ?? code})`));
    });
    child.stdin.end(JSON.stringify(job));
  });
}
