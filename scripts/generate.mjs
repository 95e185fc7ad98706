// Writes every file that is generated from what the addon says of itself (`describe()`): plan schema and types, flags, error codes,
// reference pages. Run by people after a plan field, an error code or a pipeline changed, and by scripts/test, which wants no difference:
//   node scripts/build-addon.mjs && node scripts/generate.mjs

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errorCodes, errorsPage } from './generate/errors.mjs';
import { flags } from './generate/flags.mjs';
import { planPage } from './generate/plan-page.mjs';
import { planTypes } from './generate/plan-types.mjs';
import { schema } from './generate/schema.mjs';
import { ROOT } from './toolchain.mjs';

const answer = createRequire(import.meta.url)(join(ROOT, 'ts', 'native', 'index.cjs')).describe();
if (answer.failure) throw new Error(answer.failure.message);
const description = answer.ok;

const FILES = {
  'ts/plan/schema.json': schema,
  'ts/plan/plan-types.ts': planTypes,
  'ts/cli/flags.ts': flags,
  'ts/error-codes.ts': errorCodes,
  'docs/plan.md': planPage,
  'docs/errors.md': errorsPage,
};

for (const [path, make] of Object.entries(FILES)) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), make(description));
}
