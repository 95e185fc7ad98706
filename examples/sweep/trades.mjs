// Real trades of sweeps beside the simulated ones: how much, at what price, when.

import { mean, median } from './statistics.mjs';

/** Orders that have traded, in reality or in the simulation. */
export function compareTrades(summary, trades) {
  const rows = summary.flatMap((row) => comparisonOf(row, trades.get(row.order.dayKey)));
  return { trade_level_comparison: rows, trade_accuracy_summary: [accuracyOf(rows)] };
}

function comparisonOf({ order, matches, matched_quantity, avg_price, num_matches }, trade) {
  if (trade === undefined && matches.length === 0) return [];
  const real = Number(trade?.total_quantity_filled ?? 0n);
  const simulated = Number(matched_quantity);
  const realPrice = trade?.vwap ?? null;
  // Matches are in the order of time.
  const seconds = trade && matches.length > 0 ? Number(matches[0].timestamp - trade.first_trade_time) / 1e9 : null;
  const priceError = realPrice && avg_price !== null ? Math.abs((avg_price - realPrice) / realPrice) * 100 : null;
  const trades = Number(trade?.num_trades ?? 0n);
  const row = {
    orderid: order.id,
    real_quantity: real,
    simulated_quantity: simulated,
    quantity_accuracy_pct: real === 0 ? 0 : (simulated / real) * 100,
    real_price: realPrice,
    simulated_price: avg_price,
    price_error_pct: priceError,
    real_trades: trades,
    simulated_trades: num_matches,
    time_difference_sec: seconds,
  };
  return [{ ...row, match_status: statusOf(row), accuracy_score: scoreOf(row) }];
}

/** A difference that is not known is not small. */
function statusOf({ real_quantity, simulated_quantity, price_error_pct, time_difference_sec }) {
  const quantity = (Math.abs(simulated_quantity - real_quantity) / Math.max(real_quantity, 1)) * 100;
  const price = price_error_pct ?? Number.POSITIVE_INFINITY;
  const seconds = Math.abs(time_difference_sec ?? Number.POSITIVE_INFINITY);
  if (quantity < 5 && price < 1 && seconds < 1) return 'EXACT_MATCH';
  if (quantity < 10 && price < 5) return 'CLOSE_MATCH';
  return quantity < 25 ? 'PARTIAL_MATCH' : 'POOR_MATCH';
}

/** 0 to 100: quantity 40, price 30, number of trades 20, time 10. What is not known scores nothing. */
function scoreOf({ real_quantity, simulated_quantity, price_error_pct, real_trades, simulated_trades, time_difference_sec }) {
  const price = price_error_pct === null ? 0 : Math.max(0, 1 - price_error_pct / 100);
  const time = time_difference_sec === null ? 0 : Math.max(0, 1 - Math.abs(time_difference_sec) / 10);
  const part = (simulated, real) => Math.min(simulated / Math.max(real, 1), 1);
  return 40 * part(simulated_quantity, real_quantity) + 30 * price + 20 * part(simulated_trades, real_trades) + 10 * time;
}

function accuracyOf(rows) {
  const errors = rows.map((row) => row.price_error_pct).filter((error) => error !== null);
  const squares = rows.filter((row) => row.price_error_pct !== null).map((row) => (row.simulated_price - row.real_price) ** 2);
  const scores = rows.map((row) => row.accuracy_score);
  const counted = (status) => rows.filter((row) => row.match_status === status).length;
  return {
    orders: rows.length,
    real_quantity: rows.reduce((total, row) => total + row.real_quantity, 0),
    simulated_quantity: rows.reduce((total, row) => total + row.simulated_quantity, 0),
    price_error_pct_mean: mean(errors),
    price_error_pct_median: median(errors),
    price_rmse: Math.sqrt(mean(squares)),
    exact_matches: counted('EXACT_MATCH'),
    close_matches: counted('CLOSE_MATCH'),
    partial_matches: counted('PARTIAL_MATCH'),
    poor_matches: counted('POOR_MATCH'),
    accuracy_score_mean: mean(scores),
    accuracy_score_median: median(scores),
  };
}
