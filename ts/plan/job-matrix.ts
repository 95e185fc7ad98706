/** Which securities and days are asked for. */
export interface JobSelection {
  /** Empty for all that there are. */
  securityCodes: readonly number[];
  /** First day `YYYY-MM-DD`; null where no days are asked for. */
  start: string | null;
  /** Last day, inclusive. */
  end: string | null;
  /** Every day that there is. */
  allDates: boolean;
}

/** What the input has; absent where nobody has looked. */
export interface Available {
  securityCodes?: readonly number[] | undefined;
  dates?: readonly string[] | undefined;
}

/** One security on one day. */
export type MatrixEntry = readonly [securityCode: number, date: string];

/**
 * Every security with every day: the securities asked for, else those that there are; the days that there are where all are asked for and they
 * are known, else every day of the calendar from start to end (weekends too), else those that there are. Security by security; what is listed
 * twice is there twice. What is asked for is not checked against what there is.
 */
export function jobMatrix({ securityCodes, start, end, allDates }: JobSelection, available: Available = {}): MatrixEntry[] {
  const securities = securityCodes.length > 0 ? securityCodes : (available.securityCodes ?? []);
  const asked = start !== null && end !== null ? daysBetween(start, end) : null;
  const dates = (allDates ? available.dates : undefined) ?? asked ?? available.dates ?? [];
  return securities.flatMap((security) => dates.map((date) => [security, date] as const));
}

function daysBetween(start: string, end: string): string[] {
  const days: string[] = [];
  const last = Date.parse(`${end}T00:00:00Z`);
  for (const day = new Date(`${start}T00:00:00Z`); day.getTime() <= last; day.setUTCDate(day.getUTCDate() + 1)) {
    days.push(day.toISOString().slice(0, 10));
  }
  return days;
}
