// Our side: a tree for each dialect, one thread, parse and column lineage to graphs kept nowhere. The job: { texts: [{ name, dialect, path }] }.

import { serve } from '../../../dist/bench/child.js';
import { LineageTree } from '../../../dist/lineage/tree.js';
import { OPTIONS } from './own-edges.mjs';

serve(async ({ texts }) => {
  const dialects = [...new Set(texts.map(({ dialect }) => dialect))];
  const trees = await Promise.all(dialects.map((dialect) => LineageTree.open({ ...OPTIONS, dialect })));
  return async () => {
    const details = { files: 0, edges: 0, structured: 0 };
    for (const [at, tree] of trees.entries()) {
      await tree.read(texts.filter(({ dialect }) => dialect === dialects[at]).map(({ name, path }) => ({ name, path })));
      for (;;) {
        const some = (await tree.resolve(250)).files();
        if (some.length === 0) break;
        details.files += some.length;
        for (const { edges, structured } of some) {
          details.edges += edges;
          details.structured += structured;
        }
      }
    }
    return details;
  };
});
