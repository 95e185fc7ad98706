// Seven tables of orders by nodejs-polars: polars_orders.py by its way `frame`, as far as its interface goes. A process of its own.

import { join } from 'node:path';
import pl from 'nodejs-polars';
import { serve } from '../../dist/bench/child.js';

serve(async (job) => async () => {
  const rows = scan(job).collectSync({ engine: 'streaming' });
  for (const [name, about] of Object.entries(job.tables)) table(job, rows, about).writeParquet(join(job.out, `${name}.parquet`));
  return { file: job.out };
});

function scan({ file, columns, text, narrow, needed, selection }) {
  const type = (name) => (name === text ? pl.Utf8 : narrow.includes(name) ? pl.Int32 : pl.Int64);
  const schema = Object.fromEntries(columns.map((name) => [name, type(name)]));
  const rows = pl.scanCSV(file, { schema });
  if (!selection) return rows.select(...needed);
  const [time, security, participant] = ['timestamp', 'security_code', 'participantid'].map((name) => pl.col(name));
  return rows
    .filter(
      time
        .gtEq(whole(selection.from))
        .and(time.lt(whole(selection.before)))
        .and(security.isIn(selection.securities))
        .and(participant.eq(pl.lit(selection.participant))),
    )
    .select(...needed);
}

function table(job, rows, { by, values }) {
  const frame = by === 'size_bucket' ? rows.filter(pl.col('quantity').gt(pl.lit(0))) : rows;
  return frame
    .withColumns(group(job, by).alias('group'))
    .groupBy('group')
    .agg(...values.map(statistic))
    .rename({ group: by });
}

/** Divisions of whole numbers give doubles here: an instant is taken apart by what remains of it. */
function group({ day, hour, borders }, by) {
  const [time, quantity] = [pl.col('timestamp'), pl.col('quantity')];
  const begin = (unit) => time.sub(time.modulo(whole(unit)));
  const groups = {
    date: () => begin(day),
    hour: () => time.modulo(whole(day)).sub(time.modulo(whole(hour))),
    timestamp_hour: () => begin(hour),
    size_bucket: () =>
      borders
        .slice(1)
        .map((border) => quantity.gt(pl.lit(border)).cast(pl.Int32))
        .reduce((sum, each) => sum.add(each)),
  };
  return (groups[by] ?? (() => pl.col(by)))();
}

/** An instant is beyond what a JavaScript number holds, and a literal without a sign would make doubles of both. */
function whole(digits) {
  return pl.lit(BigInt(digits)).cast(pl.Int64);
}

function statistic([name, does, column]) {
  const value = pl.col(column);
  const functions = { distinct: 'nUnique' };
  return value[functions[does] ?? does]().alias(name);
}
