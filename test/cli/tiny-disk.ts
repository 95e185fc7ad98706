import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A disk that is soon full, or the reason why there is none here. */
export type TinyDisk = { folder: string; reason?: undefined } | { reason: string };

/** Mounts a disk of this size, such as `8m`, until the test file ends. */
export function tinyDisk(size: string): TinyDisk {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0777`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    rmdirSync(folder);
    return { reason: 'mounting a small disk needs root' };
  }
  after(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  });
  return { folder };
}
