// Sets of column edges compared: how many were expected, found, and both.

const keysOf = (edges) => new Set(edges.map(([from, to]) => `${from} -> ${to}`));

/** `expected` and `found`: by name `{ edges }`. Differences are kept, the first of each. */
export function qualityOf(expected, found) {
  const out = { expected: 0, found: 0, both: 0, missing: [], extra: [] };
  for (const [name, { edges }] of Object.entries(expected)) {
    const wanted = keysOf(edges);
    const there = keysOf(found[name]?.edges ?? []);
    const both = [...wanted].filter((edge) => there.has(edge));
    out.expected += wanted.size;
    out.found += there.size;
    out.both += both.length;
    keep(
      out.missing,
      name,
      [...wanted].filter((edge) => !there.has(edge)),
    );
    keep(
      out.extra,
      name,
      [...there].filter((edge) => !wanted.has(edge)),
    );
  }
  return out;
}

function keep(list, name, edges) {
  for (const edge of edges) if (list.length < 400) list.push(`${name}: ${edge}`);
}

/** Statements that bear lineage, and how many yield structure; of a peer never more than bear lineage, text by text. */
export function sharesOf(own, peer) {
  const names = Object.keys(own);
  const sum = (of) => names.reduce((total, name) => total + of(name), 0);
  return {
    bearing: sum((name) => own[name].bearing),
    own: sum((name) => own[name].structured),
    peer: peer && sum((name) => Math.min(peer[name]?.structured ?? 0, own[name].bearing)),
  };
}
