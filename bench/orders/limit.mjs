// What bounds a reader of text: the bytes through a pipe end (`cat`), or their newlines counted (`wc -l`). Prints what it cost as a contender does.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Ticks of the clock by which the kernel counts the CPU time of processes that ended; the same on every Linux. */
const TICKS = 100;

const { program, args } = JSON.parse(readFileSync(0, 'utf8'));
const began = performance.now();
const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
let peakRssBytes = 0;
child.stdout.on('data', (chunk) => {
  said += chunk;
});
const look = setInterval(() => {
  peakRssBytes = Math.max(peakRssBytes, peakOf(child.pid));
}, 5);
child.once('close', (code) => {
  clearInterval(look);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(JSON.stringify({ seconds, cpuSeconds: cpuOfChildren(), rssBeforeBytes: 0, peakRssBytes, details: { said: said.trim() } }));
});

function cpuOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** 0 of a process that is not there any more. */
function peakOf(pid) {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
