import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Plan } from '../../addon.js';
import { readLimits } from '../../plan/hardware.js';
import { sizingOf } from '../../plan/sizing.js';
import type { CheckLine } from '../types.js';
import { bytes, fail, ok, warn } from './line.js';

/** A budget above this share of the machine leaves too little for everybody else. */
const LARGE_SHARE = 0.8;
/** Less room than this on a disk is called out, whatever the input. */
const LITTLE_ROOM = 1 << 30;

/** Memory, threads, and room on the disks that are written. */
export async function checkMachine(plan: Plan): Promise<CheckLine[]> {
  const { memoryBytes, processors } = sizingOf(readLimits());
  const lines = [memoryLine(plan.budget.memory, memoryBytes), threadsLine(plan.budget.threads, processors)];
  lines.push(await folderLine('spill folder', plan.budget.spill, plan.budget.memory, 'budget.spill'));
  if (plan.output.folder) lines.push(await folderLine('output folder', await existing(plan.output.folder), LITTLE_ROOM, 'output.folder'));
  if (plan.output.file) lines.push(await folderLine('output folder', dirname(resolve(plan.output.file)), LITTLE_ROOM, 'output.file'));
  return lines;
}

/** The folder, or the nearest one above it that is there: the rest is made by the run. */
async function existing(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere || path === dirname(path)) return path;
  }
}

function memoryLine(budget: number, limit: number): CheckLine {
  const detail = `budget ${bytes(budget)} of ${bytes(limit)}`;
  if (budget > limit) return fail('memory', detail, 'Lower budget.memory: the run would be killed.');
  if (budget > limit * LARGE_SHARE) return warn('memory', detail, 'Lower budget.memory to leave room for others.');
  return ok('memory', detail);
}

function threadsLine(threads: number, processors: number): CheckLine {
  const detail = `${threads} on ${processors} processors`;
  if (threads <= processors) return ok('threads', detail);
  return warn('threads', detail, 'More threads than processors cost memory and gain nothing. Lower budget.threads.');
}

async function folderLine(name: string, folder: string, wanted: number, setting: string): Promise<CheckLine> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${folder}: ${bytes(free)} free`;
    if (free >= wanted) return ok(name, detail);
    return warn(name, detail, `State beyond the memory budget is written here. Make room, or point ${setting} elsewhere.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(name, `${folder} cannot be written: ${reason}`, `Create the folder, change its rights, or point ${setting} elsewhere.`);
  }
}
