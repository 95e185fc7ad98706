/** Values that fill the places of a template. */
export interface TemplateValues {
  account: string | null;
  source: string | null;
  /** `YYYY` */
  year: string;
  /** `MM` */
  month: string;
}

/**
 * A path template with its values filled in, as segments between slashes; `**` and `*` are left for {@link matches}.
 *
 * Values are taken as text: a `*` in an account is that character and no pattern.
 *
 * @throws RangeError naming a place that is unknown or has no value
 */
export function expandTemplate(template: string, values: TemplateValues): Segment[] {
  return template
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .map((segment) => parseSegment(segment, template, values));
}

/** A segment of a pattern: a plain name, `**` (any number of folders), or a pattern over one name. */
export type Segment = { kind: 'name'; name: string } | { kind: 'folders' } | { kind: 'pattern'; pattern: RegExp; text: string };

function parseSegment(segment: string, template: string, values: TemplateValues): Segment {
  if (segment === '**') return { kind: 'folders' };
  let source = '';
  let text = '';
  let plain = true;
  for (const [part] of segment.matchAll(/\{[^}]*\}|\*+|[^{*]+|\{/g)) {
    const isPlace = part.startsWith('{') && part.endsWith('}');
    const value = isPlace ? placeValue(part.slice(1, -1), template, values) : part;
    text += value;
    if (!isPlace && part.startsWith('*')) {
      plain = false;
      source += '[^/]*';
    } else source += value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return plain ? { kind: 'name', name: text } : { kind: 'pattern', pattern: new RegExp(`^${source}$`, 's'), text };
}

function placeValue(place: string, template: string, values: TemplateValues): string {
  const known: Record<string, string | null> = {
    account: values.account,
    source: values.source,
    year: values.year,
    month: values.month,
    m: String(Number(values.month)),
  };
  const value = known[place];
  if (value) return value;
  if (place in known)
    throw new RangeError(`the template ${template} needs source.${place === 'source' ? 'id' : place}, which the plan does not have`);
  throw new RangeError(`the template ${template} has an unknown place {${place}}; known are {account}, {source}, {year}, {month} and {m}`);
}

/** The pattern as people read it, with values filled in. */
export function showSegments(segments: readonly Segment[]): string {
  return segments.map((segment) => (segment.kind === 'name' ? segment.name : segment.kind === 'folders' ? '**' : segment.text)).join('/');
}
