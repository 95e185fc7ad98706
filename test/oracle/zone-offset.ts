/** Distances from UTC by JavaScript's own time zones, with nothing of ours in them. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Nanoseconds that the clock of a zone is ahead of UTC at an instant. */
export function offsetNanos(zone: string, instant: bigint): bigint {
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (fixed) {
    const [, sign, hours, minutes] = fixed;
    return BigInt((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60) * 1_000_000_000n;
  }
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  const milliseconds = Number(instant / 1_000_000n);
  const name = format.formatToParts(milliseconds).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 0n : offsetNanos(name.slice(3), instant);
}
