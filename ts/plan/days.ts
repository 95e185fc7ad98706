/** The days of a plan that asks for none: the first and the last that there are. */
const ALL_DAYS = { start: '0001-01-01', end: '9999-12-31' } as const;

/** Whether a window is all there is. */
export function isAllDays({ start, end }: { start: string; end: string }): boolean {
  return start === ALL_DAYS.start && end === ALL_DAYS.end;
}

/** The days of a window for people: `2025-10-01 to 2025-10-31`, or `all days`. */
export function showDays({ start, end }: { start: string; end: string }): string {
  return isAllDays({ start, end }) ? 'all days' : `${start} to ${end}`;
}
