/** What may stand in an array without quotes; `null` may not. */
const PLAIN = /^(?!null$)[\w./+-]+$/i;

/** An array as PostgreSQL reads it. The client's own way makes half a dozen texts of each element. */
export function arrayText(values: readonly (string | number | null)[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: string | number | null): string | number {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || PLAIN.test(value)) return value;
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
