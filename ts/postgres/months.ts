/** A calendar month as `YYYY-MM`. */
export type Month = string;

/** The month of a day `YYYY-MM-DD`. */
export function monthOf(day: string): Month {
  return day.slice(0, 7);
}

/** The month `by` months later; earlier where negative. */
export function addMonths(month: Month, by: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + (number - 1) + by;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** Every month from the first to the last, both inclusive. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}
