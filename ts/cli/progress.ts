import type { Progress } from '../run/index.js';
import type { Output } from './output.js';
import { bytes, count, duration, rate } from './render/quantities.js';

/** Milliseconds between two lines where nobody watches a bar. */
const LINE_EVERY_MS = 5000;

/** Shows how far a run has come. */
export interface ProgressView {
  onProgress(progress: Progress): void;
  /** Takes the bar away; safe to call twice. */
  stop(): void;
}

/** A bar on a terminal, a line every few seconds in a pipe, nothing under `--quiet` and `--json`. */
export async function progressView(output: Output): Promise<ProgressView> {
  if (output.isSilent) return { onProgress: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar() : lines(output);
}

function lines(output: Output): ProgressView {
  let lastMs = performance.now();
  return {
    onProgress(progress) {
      const now = performance.now();
      if (now - lastMs < LINE_EVERY_MS) return;
      lastMs = now;
      output.note(progressLine(progress));
    },
    stop: () => undefined,
  };
}

async function bar(): Promise<ProgressView> {
  const { default: progress } = await import('cli-progress');
  const format = '{bar} {percentage}% | {line}';
  const shown = new progress.SingleBar({ format, hideCursor: true, clearOnComplete: true, stream: process.stderr }, progress.Presets.shades_classic);
  let isStarted = false;
  return {
    onProgress(now) {
      const { filesTotal, filesDone } = now.counters;
      const payload = { line: progressLine(now) };
      if (!isStarted) shown.start(Math.max(1, filesTotal), filesDone, payload);
      isStarted = true;
      shown.setTotal(Math.max(1, filesTotal));
      shown.update(filesDone, payload);
    },
    stop() {
      if (isStarted) shown.stop();
      isStarted = false;
    },
  };
}

/** One line on where a run stands. */
export function progressLine({ window, windows, start, end, phase, counters, bytesLoaded, seconds }: Progress): string {
  const where = windows > 1 ? `window ${window}/${windows} (${start} to ${end}), ` : '';
  const files = `${counters.filesDone}/${counters.filesTotal} files, ${count(counters.rowsRead)} rows`;
  const speed = seconds > 0 ? `, ${rate(counters.rowsRead / seconds)} rows/s` : '';
  const spilled = counters.spilledBytes > 0 ? `, ${bytes(counters.spilledBytes)} spilled` : '';
  const loaded = phase === 'compute' ? '' : `, ${bytes(bytesLoaded)} sent`;
  return `${where}${phase}: ${files}${speed}${spilled}${loaded}, ${duration(seconds)}`;
}
