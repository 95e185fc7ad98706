// Each sweep as it was, beside each sweep as it might have been: by what was left of it, and by its size.

import { deviation, mean, median, pairedTTest } from './statistics.mjs';

const METRICS = ['matched_quantity', 'fill_ratio', 'num_matches'];

/** @param {Map<string, Record<string, unknown>>} trades the real trades by day and order */
export function compareOrders(summary, trades) {
  const rows = summary.map((row) => comparisonOf(row, trades.get(row.order.dayKey)));
  return {
    sweep_order_comparison: rows,
    sweep_group_summary: summaries(rows, 'group'),
    sweep_size_analysis: summaries(rows, 'size'),
    sweep_statistical_tests: tests(rows),
  };
}

function comparisonOf({ order, ...simulated }, trade) {
  const real = {
    matched_quantity: Number(order.traded),
    fill_ratio: order.quantity === 0n ? 0 : Number(order.traded) / Number(order.quantity),
    num_matches: Number(trade?.num_trades ?? 0n),
  };
  const row = { orderid: order.id, orderbookid: order.security, group: groupOf(order), size: sizeOf(simulated.quantity) };
  for (const metric of METRICS) {
    const value = Number(simulated[metric]);
    Object.assign(row, { [`real_${metric}`]: real[metric], [`simulated_${metric}`]: value, [`${metric}_diff`]: value - real[metric] });
  }
  return row;
}

/** By the last state. Where it does not say, nothing is left. */
function groupOf({ leaves, traded }) {
  if (leaves <= 0n) return '1 fully filled';
  return traded > 0n ? '2 partially filled' : '3 unfilled';
}

function sizeOf(available) {
  if (available <= 500n) return 'Small';
  return available <= 2000n ? 'Medium' : 'Large';
}

function summaries(rows, by) {
  return groups(rows, by).map(([name, members]) => {
    const summary = { [by]: name, orders: members.length };
    for (const metric of METRICS) {
      const differences = members.map((row) => row[`${metric}_diff`]);
      const share = (test) => (100 * differences.filter(test).length) / members.length;
      Object.assign(summary, {
        [`real_${metric}_sum`]: total(members, `real_${metric}`),
        [`simulated_${metric}_sum`]: total(members, `simulated_${metric}`),
        [`${metric}_diff_mean`]: mean(differences),
        [`${metric}_diff_median`]: median(differences),
        [`${metric}_diff_std`]: deviation(differences),
        [`${metric}_better_pct`]: share((difference) => difference > 0),
        [`${metric}_worse_pct`]: share((difference) => difference < 0),
        [`${metric}_same_pct`]: share((difference) => difference === 0),
      });
    }
    return summary;
  });
}

/** Overall, by group, by size, and by both. */
function tests(rows) {
  const both = rows.map((row) => ({ ...row, both: `${row.group} × ${row.size}` }));
  const scopes = [['overall', rows], ...groups(rows, 'group'), ...groups(rows, 'size'), ...groups(both, 'both')];
  return scopes.flatMap(([scope, members]) => METRICS.flatMap((metric) => testOf(scope, members, metric)));
}

/** Nothing where either side has the same value throughout: there is nothing to test then. */
function testOf(scope, members, metric) {
  const [simulated, real] = ['simulated', 'real'].map((kind) => members.map((row) => row[`${kind}_${metric}`]));
  const result = deviation(simulated) > 0 && deviation(real) > 0 ? pairedTTest(simulated, real) : null;
  return result === null ? [] : [{ scope, metric, ...result, significant_5pct: result.p < 0.05, significant_1pct: result.p < 0.01 }];
}

function groups(rows, by) {
  const found = new Map();
  for (const row of rows) {
    if (!found.has(row[by])) found.set(row[by], []);
    found.get(row[by]).push(row);
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1));
}

function total(rows, name) {
  return rows.reduce((sum, row) => sum + row[name], 0);
}
