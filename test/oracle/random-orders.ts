/** Small order logs that are hard to aggregate: NULLs, sentinels, midnights, hour borders, changes of daylight saving. */

import { offsetNanos } from './zone-offset.js';

/** One random log and what is asked of it. */
export interface RandomOrders {
  seed: number;
  /** The log as CSV text, with all 29 columns. */
  text: string;
  /** By row number: the event's time on the clock of the filters and on that of the aggregates. */
  clocks: { row: number; filter: bigint; aggregate: bigint }[];
  options: {
    timezone: string;
    aggregateZone: string;
    hoursEnabled: boolean;
    hoursStart: number;
    hoursEnd: number;
    hourEnd: 'exclusive' | 'instant' | 'hour';
    securityCodes: number[];
    participantIds: number[];
    orderTypes: number[];
  };
  /** Both inclusive; null for all days. */
  days: { start: string; end: string } | null;
}

const HEADER =
  'order_id,exchange,timestamp,security_code,price,side,changereason,orderstatus,quantity,leavesquantity,ordertype,exchangeordertype,' +
  'national_bid,national_offer,bid,offer,participantid,preferenceonly,midtick,singlefillminimumquantity,minimumquantity,sequence,crossingkey,' +
  'totalmatchedquantity,shortsellquantity,triggercondition,timevaliditydecoded,row_num,timevalidity';
const ZONES = ['UTC', '+10:00', 'Australia/Sydney', 'Asia/Kolkata'];
const HOUR = 3_600_000_000_000n;
/** Midnights in UTC around both changes of Sydney's clock, and an ordinary week. */
const DAYS = ['2024-04-05', '2024-04-06', '2024-04-07', '2024-10-05', '2024-10-06', '2024-09-05', '2024-09-06'];

/** The log of this seed; the same every time. */
export function randomOrders(seed: number): RandomOrders {
  const random = mulberry(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const options = {
    timezone: pick(ZONES),
    aggregateZone: pick(ZONES),
    hoursEnabled: below(2) === 0,
    hoursStart: below(12),
    hoursEnd: 12 + below(12),
    hourEnd: pick(['exclusive', 'instant', 'hour'] as const),
    securityCodes: below(3) === 0 ? [110_621, 85_603] : [],
    participantIds: below(3) === 0 ? [69, 70] : [],
    orderTypes: below(4) === 0 ? [64, 2048] : [],
  };
  const lines = [HEADER];
  const clocks = [];
  for (let row = 0; row < 300; row += 1) {
    const timestamp = time(below, pick);
    clocks.push({
      row,
      filter: timestamp + offsetNanos(options.timezone, timestamp),
      aggregate: timestamp + offsetNanos(options.aggregateZone, timestamp),
    });
    const maybe = (value: number | bigint): string => (below(12) === 0 ? '' : String(value));
    const order = maybe(7_904_794_000_000_000_000n + BigInt(below(100)));
    const quantity = maybe(pick([0, -5, 1, 1000, 1001, 5000, 5001, 10_000, 50_000, 50_001, below(100_000)]));
    const security = maybe(pick([110_621, 85_603, 7, 4_000_000_000]));
    const quote = pick(['-9223372036854775808', '3330', '']);
    lines.push(
      `${order},1,${timestamp},${security},${maybe(3000 + below(1000))},1,6,1,${quantity},0,1,${pick([0, 64, 2048, 4098])},${quote},${quote},1,2,` +
        `${maybe(pick([69, 70, 71]))},0,0,0,0,${row},0,0,0,0,Current Max,${row},1309`,
    );
  }
  const days = below(2) === 0 ? null : { start: pick(['2024-04-06', '2024-09-05']), end: pick(['2024-09-06', '2024-10-06']) };
  return { seed, text: `${lines.join('\n')}\n`, clocks, options, days };
}

/** On a border of an hour or of a day, just before it, or anywhere. */
function time(below: (limit: number) => number, pick: <T>(of: readonly T[]) => T): bigint {
  const midnight = BigInt(Date.parse(`${pick(DAYS)}T00:00:00Z`)) * 1_000_000n;
  const hour = midnight + BigInt(below(24)) * HOUR;
  return pick([hour, hour - 1n, hour + HOUR / 2n, midnight + BigInt(below(86_400)) * 1_000_000_000n + BigInt(below(1_000_000_000))]);
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
