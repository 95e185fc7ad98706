// Runs lineage in a process of its own, to be killed. Arguments: folder and URL. Prints `open` when everything is imported.
import { dialects } from '#ts/lineage/index.js';
import { runOver } from './trees.js';

dialects();
process.stdout.write('open\n');
await runOver(process.argv[2] ?? '', process.argv[3] ?? '', { batchFiles: 5, dialect: 'auto' });
process.stdout.write('done\n');
