// Instruction counts beside the baseline. Imported by scripts/gauge.mjs; runs nothing itself. Types: compare.d.mts.

/** What may change without a word, in percent of the baseline's count. */
export const TOLERANCE_PERCENT = 10;

const HOW_TO_UPDATE = 'node scripts/gauge.mjs update';

export function compare(baseline, measured) {
  const names = [...new Set([...Object.keys(baseline.kernels), ...Object.keys(measured.kernels)])];
  const findings = names.map((name) => judge(name, baseline.kernels[name], measured.kernels[name]));
  const failed = findings.filter(({ verdict }) => verdict !== 'same' && verdict !== 'better');
  const better = findings.filter(({ verdict }) => verdict === 'better');
  const nothing = names.length === 0 ? ['FAILED  there is no kernel to compare'] : [];
  const lines = [
    ...nothing,
    ...findings.map(({ line }) => line),
    ...differences(baseline.made, measured.made, failed.length > 0),
    ...advice(failed, better),
  ];
  return { ok: failed.length === 0 && names.length > 0, findings, lines };
}

/** What became of one kernel. */
function judge(name, before, now) {
  if (before === undefined) return finding('unknown', name, `${shown(now)} instructions, and the baseline does not know it`);
  if (now === undefined) return finding('missing', name, `in the baseline, and nothing runs it any more`);
  if (!(Number.isSafeInteger(before) && before > 0 && Number.isSafeInteger(now) && now > 0)) {
    return finding('worse', name, `${before} -> ${now}: no counts of instructions`);
  }
  // In whole numbers, so that ten percent is not more than ten percent.
  const [change, allowed] = [(now - before) * 100, before * TOLERANCE_PERCENT];
  const verdict = change > allowed ? 'worse' : change < -allowed ? 'better' : 'same';
  return finding(verdict, name, `${shown(before)} -> ${shown(now)} instructions (${signed(change / before)})`);
}

function finding(verdict, name, text) {
  const mark = { same: 'ok    ', better: 'BETTER' }[verdict] ?? 'FAILED';
  return { name, verdict, line: `${mark}  ${name}: ${text}` };
}

/** Counts of another compiler are compared all the same: a gate that steps aside for every new one would guard nothing. */
function differences(before, now, hasFailed) {
  const different = Object.keys(before).filter((key) => before[key] !== now[key]);
  if (different.length === 0) return [];
  const list = different.map((key) => `${key} ${before[key]} -> ${now[key]}`).join(', ');
  const advice = hasFailed
    ? 'That alone may be the reason: measure the commit before with it, and where its counts are the same, update the baseline.'
    : 'The counts agree all the same.';
  return [`The baseline was made with something else: ${list}. ${advice}`];
}

function advice(failed, better) {
  const lines = [];
  if (failed.some(({ verdict }) => verdict === 'worse')) {
    lines.push(
      `More than ${TOLERANCE_PERCENT} % more instructions than the baseline. docs/performance.md, "Tracing a regression", says how to find where they are.`,
      `Where the change is meant, run \`${HOW_TO_UPDATE}\` and commit the baseline with the reason.`,
    );
  }
  const strangers = failed.filter(({ verdict }) => verdict !== 'worse');
  if (strangers.length > 0) lines.push(`Kernels came or went: run \`${HOW_TO_UPDATE}\` and commit the baseline with the change.`);
  if (better.length > 0) {
    lines.push(
      `${better.map(({ name }) => name).join(', ')}: faster. Run \`${HOW_TO_UPDATE}\` and commit the baseline with the change, or what was won can be lost unseen.`,
    );
  }
  return lines;
}

function signed(percent) {
  return `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(1)} %`;
}

function shown(count) {
  return count.toLocaleString('en-US');
}
