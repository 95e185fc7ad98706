import { readFraction } from '../run/fractions.js';
import type { Progress } from '../run/index.js';
import type { Sample } from '../run/monitor-types.js';
import type { Output } from './output.js';
import { bytes, count, duration, rate } from './render/quantities.js';

/** Milliseconds between two lines where nobody watches a bar. */
const LINE_EVERY_MS = 5000;

/** A bar moves by parts of the window's input: a single large file moves it too. */
const BAR_STEPS = 1000;

/** Shows how far a run has come. */
export interface ProgressView {
  onProgress(progress: Progress): void;
  /** Takes what the monitor saw, for the next line. */
  onSample(sample: Sample): void;
  /** Takes the bar away; safe to call twice. */
  stop(): void;
}

/** A bar on a terminal, a line every few seconds in a pipe, nothing under `--quiet` and `--json`. */
export async function progressView(output: Output): Promise<ProgressView> {
  if (output.isSilent) return { onProgress: () => undefined, onSample: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bar() : lines(output);
}

function lines(output: Output): ProgressView {
  let lastMs = performance.now();
  let sample: Sample | null = null;
  return {
    onSample(seen) {
      sample = seen;
    },
    onProgress(progress) {
      const now = performance.now();
      if (now - lastMs < LINE_EVERY_MS) return;
      lastMs = now;
      output.note(progressLine(progress, sample));
    },
    stop: () => undefined,
  };
}

async function bar(): Promise<ProgressView> {
  const { default: progress } = await import('cli-progress');
  const format = '{bar} {percentage}% | {line}';
  const shown = new progress.SingleBar({ format, hideCursor: true, clearOnComplete: true, stream: process.stderr }, progress.Presets.shades_classic);
  let isStarted = false;
  let sample: Sample | null = null;
  return {
    onSample(seen) {
      sample = seen;
    },
    onProgress(now) {
      const done = Math.round(BAR_STEPS * readFraction(now.counters, now.bytesTotal));
      const payload = { line: progressLine(now, sample) };
      if (!isStarted) shown.start(BAR_STEPS, done, payload);
      isStarted = true;
      shown.update(done, payload);
    },
    stop() {
      if (isStarted) shown.stop();
      isStarted = false;
    },
  };
}

/** One line on where a run stands; with what the monitor saw, where there was a sample. */
export function progressLine(progress: Progress, sample: Sample | null = null): string {
  const { window, windows, start, end, phase, counters, bytesLoaded, seconds } = progress;
  const where = windows > 1 ? `window ${window}/${windows} (${start} to ${end}), ` : '';
  const parts = [
    `${counters.filesDone}/${counters.filesTotal} files`,
    `${count(counters.rowsRead)} rows`,
    ...(seconds > 0 ? [`${rate(counters.rowsRead / seconds)} rows/s`, `${bytes(Math.round(counters.bytesRead / seconds))}/s`] : []),
    ...(counters.spilledBytes > 0 ? [`${bytes(counters.spilledBytes)} spilled`] : []),
    ...(phase === 'compute' ? [] : [`${bytes(bytesLoaded)} sent`]),
    ...(sample ? monitored(sample, phase) : []),
    duration(seconds),
  ];
  return `${where}${phase}: ${parts.join(', ')}`;
}

/** Memory, workers, and the time that reading will still take. */
function monitored({ memory, workers, etaSec }: Sample, phase: Progress['phase']): string[] {
  const left = etaSec !== null && phase === 'compute' ? [`${duration(etaSec)} left`] : [];
  return [`${bytes(memory.rssBytes)} in memory`, `${workers} ${workers === 1 ? 'worker' : 'workers'}`, ...left];
}
