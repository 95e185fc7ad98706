/** Bars as SVG, readable on light and on dark ground: the ground is left out, and all colours are of middling brightness. */

import { type Comparison, mediansOf } from './comparison.js';

export interface Panel {
  heading: string;
  bars: Bar[];
}

export interface Bar {
  label: string;
  /** From 0. The longest bar of a panel fills it. */
  value: number;
  /** What stands behind the bar. */
  text: string;
  /** Ours, and what we are compared with. */
  isOwn: boolean;
}

/** Pixels. */
const WIDTH = 760;
const ROOM_FOR_TEXT = 150;
const PER_LETTER = 6.6;
const LINE = 22;
const COLOURS = { own: '#d9772b', other: '#5b8bb5', text: '#7d8590' };

/** Panels of bars, one below the other. */
export function picture(title: string, panels: readonly Panel[]): string {
  const lines: string[] = [];
  let y = 26;
  lines.push(text(0, y, title, 'bold 15px'));
  const from = Math.min(WIDTH / 2, 10 + PER_LETTER * Math.max(...panels.flatMap(({ bars }) => bars.map(({ label }) => label.length)), 0));
  for (const { heading, bars } of panels) {
    y += 2 * LINE;
    lines.push(text(0, y - 6, heading, 'bold 12px'));
    const longest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
    for (const bar of bars) {
      lines.push(...drawn(bar, { longest, from, y }));
      y += LINE;
    }
  }
  const height = y + 12;
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`;
  return [frame, `<title>${escaped(title)}</title>`, ...lines, '</svg>', ''].join('\n');
}

/** `longest` fills the panel, which begins `from` the left and `y` from the top. */
function drawn({ label, value, text: behind, isOwn }: Bar, { longest, from, y }: { longest: number; from: number; y: number }): string[] {
  const width = Math.max(1, ((WIDTH - from - ROOM_FOR_TEXT) * value) / longest);
  const colour = isOwn ? COLOURS.own : COLOURS.other;
  return [
    text(0, y + 15, label, '12px'),
    `<rect x="${from.toFixed(0)}" y="${y + 3}" width="${width.toFixed(1)}" height="${LINE - 6}" rx="2" fill="${colour}"/>`,
    text(from + width + 6, y + 15, behind, '12px'),
  ];
}

function text(x: number, y: number, words: string, font: string): string {
  return `<text x="${x.toFixed(0)}" y="${y}" fill="${COLOURS.text}" style="font:${font} system-ui,sans-serif">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** CPU seconds and peak memory of a comparison's contenders, as two panels. */
export function comparisonPanels(comparison: Comparison): Panel[] {
  const medians = mediansOf(comparison);
  const panel = (heading: string, value: (of: (typeof medians)[number]) => number, digits: number): Panel => ({
    heading: `${comparison.label}: ${heading}`,
    bars: medians.map((of) => ({
      label: of.contender,
      value: value(of),
      text: value(of).toFixed(digits),
      isOwn: of.contender.startsWith('rowmill'),
    })),
  });
  return [panel('CPU seconds', (of) => of.cpuSeconds, 2), panel('peak memory, MiB', (of) => of.peakRssBytes / 2 ** 20, 0)];
}
