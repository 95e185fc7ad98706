// What peers of the orders pipeline are asked: seven tables over all events of a log, or over a selection of them.
//
// Times are whole nanoseconds in UTC and groups are whole numbers throughout, since that is the cheapest for everyone: dates are days since 1970,
// hours of a date the nanoseconds at which they begin, sizes their position in SIZES.

/** Columns of a log in their order. */
export const COLUMNS = [
  'order_id exchange timestamp security_code price side changereason orderstatus quantity leavesquantity ordertype exchangeordertype',
  'national_bid national_offer bid offer participantid preferenceonly midtick singlefillminimumquantity minimumquantity sequence crossingkey',
  'totalmatchedquantity shortsellquantity triggercondition timevaliditydecoded row_num timevalidity',
].flatMap((names) => names.split(' '));

/** The column of texts; all others are whole numbers. */
export const TEXT = 'timevaliditydecoded';
/** What the tables are made of. */
export const NEEDED = ['order_id', 'timestamp', 'security_code', 'participantid', 'quantity', 'price'];
/** Whole numbers of 32 bits; the others have 64. */
export const NARROW = ['security_code', 'participantid'];

/** Sizes in their order, and the quantity up to which each reaches. */
export const SIZES = ['<1K', '1K-5K', '5K-10K', '10K-50K', '>50K'];
export const SIZE_BORDERS = [0, 1000, 5000, 10_000, 50_000];

export const DAY = 86_400_000_000_000;
export const HOUR = 3_600_000_000_000;

/** Tables by the name of their file: what rows are grouped by, and the statistics, each `[name, function, column]`. */
export const TABLES = (() => {
  const quantity = [
    ['total_orders', 'count', 'order_id'],
    ['quantity_sum', 'sum', 'quantity'],
    ['quantity_mean', 'mean', 'quantity'],
  ];
  const price = ['mean', 'min', 'max'].map((name) => [`price_${name}`, name, 'price']);
  const participants = ['participantid_nunique', 'distinct', 'participantid'];
  const securities = ['security_code_nunique', 'distinct', 'security_code'];
  const series = [
    ['order_count', 'count', 'order_id'],
    ['quantity_sum', 'sum', 'quantity'],
    ['quantity_avg', 'mean', 'quantity'],
    ['price_avg', 'mean', 'price'],
  ];
  const ends = ['min', 'max'].map((name) => [`timestamp_${name}`, name, 'timestamp']);
  return {
    aggregation_by_security: { by: 'security_code', values: [...quantity, ['quantity_std', 'std', 'quantity'], ...price, participants, ...ends] },
    aggregation_by_date: { by: 'date', values: [...quantity, ...price, participants, securities] },
    aggregation_by_participant: { by: 'participantid', values: [...quantity, ...price, securities] },
    aggregation_by_time_of_day: { by: 'hour', values: [...quantity, ...price, participants] },
    aggregation_by_order_size: { by: 'size_bucket', values: [...quantity, ...price, participants] },
    timeseries_hourly: { by: 'timestamp_hour', values: series },
    timeseries_daily: {
      by: 'date',
      values: [...series, ['participant_count', 'distinct', 'participantid'], ['security_count', 'distinct', 'security_code']],
    },
  };
})();

/** The job of a peer; `selection` is null where all events are asked for, `out` the folder for a Parquet file per table. */
export function ordersJob({ file, selection, threads, way, out }) {
  return {
    file,
    selection,
    threads,
    way,
    out,
    columns: COLUMNS,
    text: TEXT,
    narrow: NARROW,
    needed: NEEDED,
    borders: SIZE_BORDERS,
    day: DAY,
    hour: HOUR,
    tables: TABLES,
  };
}
