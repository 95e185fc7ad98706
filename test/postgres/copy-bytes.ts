import { randomBytes } from 'node:crypto';

/** A row of the test table: period, day, namespace, amount (a whole number below 10,000). */
export type UsageRow = [periodId: number | null, day: string, namespace: string | null, amount: number | null];

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const EPOCH_MS = Date.UTC(2000, 0, 1);

/** Binary COPY bytes of these rows, made by hand, one buffer per row: the wire format is public, and this is a second opinion on it. */
export async function* copyBytes(rows: Iterable<UsageRow>): AsyncGenerator<Buffer> {
  yield SIGNATURE;
  for (const row of rows) yield tuple(row);
  yield TRAILER;
}

function tuple([periodId, day, namespace, amount]: UsageRow): Buffer {
  const fields = [
    randomBytes(16),
    periodId === null ? null : int32(periodId),
    int32((Date.parse(day) - EPOCH_MS) / 86_400_000),
    namespace === null ? null : Buffer.from(namespace),
    amount === null ? null : numeric(amount),
  ];
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return Buffer.concat([count, ...fields.flatMap((field) => (field ? [int32(field.length), field] : [int32(-1)]))]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

/** One group of four digits: number of groups, weight, sign, scale, digits. */
function numeric(value: number): Buffer {
  const words = value === 0 ? [0, 0, 0, 0] : [1, 0, value < 0 ? 0x4000 : 0, 0, Math.abs(value)];
  const buffer = Buffer.alloc(words.length * 2);
  words.forEach((word, at) => {
    buffer.writeUInt16BE(word, at * 2);
  });
  return buffer;
}
