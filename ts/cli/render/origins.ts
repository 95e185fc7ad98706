import type { Origin } from '../../addon.js';
import { table } from './table.js';

/** A value longer than this is cut; `--json` has it whole. */
const WIDEST = 60;

/** Each setting with its value and where it came from; passwords are not shown. */
export function renderOrigins(origins: readonly Origin[]): string {
  return table([['setting', 'value', 'from'], ...origins.map(({ path, value, origin }) => [path, shown(path, value), origin])]);
}

function shown(path: string, value: unknown): string {
  const text = path === 'database.url' ? withoutPassword(String(value)) : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** A connection URL that can be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/]*):[^/]*@/, '$1:…@').replace(/([?&]password=)[^&]*/, '$1…');
}
