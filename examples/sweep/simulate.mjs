// Sweeps against everything that rested on the other side. Every order has one pool of shares, whichever side of a match it is on.

const SWEEP = 2048n;

/**
 * Matches sweeps in the order in which they came.
 *
 * A sweep may take what reality left unfilled of it. It meets orders of the other side of its book that came while it was there, in the order in which
 * they came, each for what is left of its pool, at the midpoint of the market when that order came.
 */
export function simulate(orders) {
  const pools = new Map(orders.map((order) => [order.key, poolOf(order)]));
  const books = byBookAndSide(orders);
  const turns = orders.filter(isSweep).sort(byArrival);
  const found = turns.map((sweep) => matchesOf(sweep, books, pools));
  // What is left of a sweep shows at the end: later ones may take of it.
  const summary = turns.map((sweep, at) => summaryOf(sweep, found[at], pools));
  return { summary, matches: found.flat() };
}

export function isSweep({ type }) {
  return type === SWEEP;
}

/** What a sweep has left in reality, in whichever role; all of any other order. */
export function poolOf(order) {
  const shares = isSweep(order) ? order.leaves : order.quantity;
  return shares > 0n ? shares : 0n;
}

/** The middle of the market: of the quotes at that moment, else of what the order itself was told; null where neither has both sides. */
export function midpointOf({ quoted, own }) {
  const sides = [quoted, own].find(([bid, offer]) => bid !== null && offer !== null);
  return sides === undefined ? null : Number(sides[0] + sides[1]) / 2;
}

function matchesOf(sweep, books, pools) {
  const found = [];
  const others = books.get(`${sweep.book}/${3n - sweep.side}`) ?? [];
  for (let at = firstSince(others, sweep.from); at < others.length; at += 1) {
    const other = others[at];
    const remaining = pools.get(sweep.key);
    if (remaining === 0n || (sweep.to !== null && other.timestamp > sweep.to)) break;
    const quantity = least(remaining, pools.get(other.key));
    const price = midpointOf(other);
    if (other.key === sweep.key || quantity === 0n || price === null) continue;
    pools.set(sweep.key, remaining - quantity);
    pools.set(other.key, pools.get(other.key) - quantity);
    found.push({
      incoming_orderid: other.id,
      sweep_orderid: sweep.id,
      timestamp: other.timestamp,
      matched_quantity: quantity,
      price,
      orderbookid: sweep.security,
    });
  }
  return found;
}

/** Where the orders begin that came at this time or later; at the first one for a time that is not known. */
function firstSince(orders, time) {
  let [low, high] = [0, time === null ? 0 : orders.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (orders[middle].timestamp < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function summaryOf(order, matches, pools) {
  const available = poolOf(order);
  const matched = sum(matches.map((match) => match.matched_quantity));
  const remaining = pools.get(order.key);
  const value = matches.reduce((total, match) => total + match.price * Number(match.matched_quantity), 0);
  return {
    order,
    matches,
    orderid: order.id,
    timestamp: order.timestamp,
    side: order.side,
    quantity: available,
    matched_quantity: matched,
    taken_quantity: available - matched - remaining,
    remaining_quantity: remaining,
    fill_ratio: available === 0n ? 0 : Number(matched) / Number(available),
    num_matches: matches.length,
    fill_status: matched === 0n ? 'Unfilled' : matched >= available ? 'Fully Filled' : 'Partially Filled',
    avg_price: matched === 0n ? null : value / Number(matched),
    total_value: value,
    orderbookid: order.security,
  };
}

function byBookAndSide(orders) {
  const books = new Map();
  for (const order of [...orders].sort(byArrival)) {
    const name = `${order.book}/${order.side}`;
    if (!books.has(name)) books.set(name, []);
    books.get(name).push(order);
  }
  return books;
}

function byArrival(left, right) {
  return compare(left.timestamp, right.timestamp) || compare(left.sequence, right.sequence) || compare(left.key, right.key);
}

function compare(left, right) {
  return left < right ? -1 : Number(left > right);
}

function least(left, right) {
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no BigInt.
  return left < right ? left : right;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0n);
}
