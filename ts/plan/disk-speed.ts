import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const MEGABYTE = 1_000_000;
const SIZE = 10 * MEGABYTE;

/** No single disk is faster; a higher figure has measured a cache. */
const MOST = 3500;

/** What is assumed of a folder that cannot be written. */
const UNKNOWN = 100;

/** How fast a folder takes bytes. */
export interface DiskSpeed {
  folder: string;
  /** Megabytes (10^6 bytes) per second, at most 3500; 100 where it could not be measured. */
  megabytesPerSecond: number;
  /** Why it could not be measured. */
  error?: string;
}

/** Writes 10 MB into a folder, waits until they are on the disk, and takes them away again. Never fails. */
export async function diskSpeed(folder: string): Promise<DiskSpeed> {
  const path = join(folder, `.rowmill-disk-${process.pid}`);
  try {
    const seconds = await secondsToWrite(path, Buffer.alloc(SIZE, 'rowmill'));
    return { folder, megabytesPerSecond: Math.min(MOST, Math.round(SIZE / MEGABYTE / seconds)) };
  } catch (error) {
    return { folder, megabytesPerSecond: UNKNOWN, error: (error as Error).message };
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function secondsToWrite(path: string, bytes: Buffer): Promise<number> {
  const file = await open(path, 'wx');
  try {
    const began = performance.now();
    await file.writeFile(bytes);
    await file.sync();
    return (performance.now() - began) / 1000;
  } finally {
    await file.close();
  }
}
