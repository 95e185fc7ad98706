/** Types into which a described type may be written, by the part of the name before any parenthesis. */
const SUITABLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['uuid', ['uuid']],
  ['integer', ['integer', 'bigint']],
  ['varchar', ['character varying', 'text']],
  ['text', ['text', 'character varying']],
  ['date', ['date']],
  ['numeric', ['numeric']],
  ['jsonb', ['jsonb']],
]);

/** The part of a type before its length or precision: `numeric(33,15)` is `numeric`. */
export function baseType(type: string): string {
  return type.replace(/\(.*\)/, '').trim();
}

/** The types that a column described as `ddl` may have in an existing table. */
export function suitableTypes(ddl: string): readonly string[] {
  return SUITABLE.get(baseType(ddl)) ?? [baseType(ddl)];
}

/** Whether every value of a column described as `ddl` can be sent to a column of this catalog type. */
export function isSuitable(ddl: string, catalogType: string): boolean {
  return suitableTypes(ddl).includes(baseType(catalogType));
}
