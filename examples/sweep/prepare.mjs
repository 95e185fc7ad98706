// From files of any size to the few rows that a simulation needs: one of each order that sweeps can meet, one of each traded order.

import { join } from 'node:path';
import { asOf, bookLifetime, firstRow, groupBy, lastRow, loadPlan, runPlan, semiJoin } from 'rowmill';
import { readTable } from './tables.mjs';

/** The order types of the dark book; 2048 is the sweep. */
const TYPES = [64, 256, 2048, 4096, 4098];

/** An order is one order in one book on one day: what is left of it the next day is another row. */
const KEY = ['date', 'security_code', 'order_id'];
const ZONE = 'Australia/Sydney';
const ORDER = ['timestamp', 'sequence'];

/** What to say of the trades of an order. */
const TRADES = {
  total_quantity_filled: { function: 'sum', column: 'quantity' },
  avg_execution_price: { function: 'mean', column: 'tradeprice' },
  vwap: { function: 'vwap', price: 'tradeprice', quantity: 'quantity' },
  first_trade_time: { function: 'min', column: 'tradetime' },
  last_trade_time: { function: 'max', column: 'tradetime' },
  num_trades: { function: 'count' },
};

/** @param {{ orders: string, trades: string, nbbo: string, folder: string }} files */
export async function prepare({ orders, trades, nbbo, folder }) {
  const at = (name) => join(folder, name);
  const events = await extract(orders, at('extract'));
  const input = { paths: events, derive: [{ name: 'date', column: 'timestamp', zone: ZONE }] };
  // The files have the date as text.
  const types = { date: 'text' };
  await firstRow({ input, key: KEY, order: ORDER, out: at('orders_before_matching.csv') });
  await lastRow({ input, key: KEY, order: ORDER, out: at('orders_after_matching.csv') });
  await bookLifetime({ input, key: 'order_id', partition: ['date', 'security_code'], out: at('last_execution_time.csv') });
  await asOf({
    input: { paths: at('orders_before_matching.csv'), types },
    key: 'security_code',
    time: 'timestamp',
    with: nbbo,
    withKey: 'orderbookid',
    withOrder: 'sequence',
    take: ['bidprice', 'offerprice'],
    prefix: 'nbbo_',
    out: at('orders_quoted.csv'),
  });
  await semiJoin({ input: trades, key: 'orderid', with: events, withKey: 'order_id', out: at('cp_trades_matched.csv.gz') });
  const matched = { paths: at('cp_trades_matched.csv.gz'), derive: [{ name: 'date', column: 'tradetime', zone: ZONE }] };
  await groupBy({ input: matched, by: ['date', 'orderid'], aggregates: TRADES, out: at('cp_trades_aggregated.csv') });
  const aggregated = readTable(at('cp_trades_aggregated.csv')).map((row) => [`${row.date}/${row.orderid}`, row]);
  return { orders: joined(at), trades: new Map(aggregated) };
}

/** The events of the five types, by the pipeline itself. */
async function extract(log, folder) {
  const flags = {
    'source.root': log,
    'output.folder': folder,
    'orders.orderTypes': TYPES,
    'orders.extract': 'single',
    'orders.extractFormat': 'csv',
  };
  await runPlan(await loadPlan({ pipeline: 'orders', env: {}, flags }));
  return join(folder, 'orders.csv');
}

/** First state with its quote, last state and lifetime of each order. All of them have the keys in the same order, but nothing here relies on it. */
function joined(at) {
  const keyOf = (row) => KEY.map((name) => row[name]).join('/');
  const byKey = (name) => new Map(readTable(at(name)).map((row) => [keyOf(row), row]));
  const last = byKey('orders_after_matching.csv');
  const lives = byKey('last_execution_time.csv');
  return readTable(at('orders_quoted.csv')).map((first) => orderOf(keyOf(first), first, last.get(keyOf(first)), lives.get(keyOf(first))));
}

function orderOf(key, first, last, life) {
  return {
    key,
    dayKey: `${first.date}/${first.order_id}`,
    id: first.order_id,
    book: `${first.date}/${first.security_code}`,
    security: first.security_code,
    type: first.exchangeordertype,
    side: first.side,
    timestamp: first.timestamp,
    sequence: first.sequence ?? 0n,
    quantity: first.quantity ?? 0n,
    quoted: [first.nbbo_bidprice, first.nbbo_offerprice],
    own: [first.bid, first.offer],
    leaves: last?.leavesquantity ?? 0n,
    traded: last?.totalmatchedquantity ?? 0n,
    from: life?.first_execution_time ?? null,
    to: life?.last_execution_time ?? null,
  };
}
