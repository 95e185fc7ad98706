// One contender, one process: CPU and peak memory are a process's own, so two contenders must not share one.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Runs a script that ends in {@link answerMeasured} and gives back what it answered. */
export async function runChild(script, job) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(job)], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/**
 * Runs the work of this process and prints what it cost: wall seconds and CPU seconds (user and system, all threads) of the work alone,
 * resident memory before it (runtime and libraries) and the largest of the whole process.
 */
export async function answerMeasured(prepare) {
  const work = await prepare(JSON.parse(process.argv[2]));
  const rssBeforeBytes = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const found = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakRssBytes = peakRss();
  process.stdout.write(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, rssBeforeBytes, peakRssBytes, ...found }));
}

/**
 * On Linux the largest of this program alone: `maxRSS` there starts from the size of the process that started this one, which has generated a
 * month, and made every small contender look as large as that.
 */
function peakRss() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
