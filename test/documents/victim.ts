// Runs documents in a process of its own, to be killed. Argument: JSON of the options. Prints `open`, then a line for each batch.
// With a second argument it waits for a line before it begins.
import { once } from 'node:events';
import { type ApplicationsOptions, runApplications } from '#ts/documents/index.js';

const options = JSON.parse(process.argv[2] ?? '{}') as ApplicationsOptions;
process.stdout.write('open\n');
if (process.argv[3] === 'waiting') {
  await once(process.stdin, 'data');
  process.stdin.pause();
}
const report = await runApplications(options, { onProgress: ({ counts }) => process.stdout.write(`${JSON.stringify(counts)}\n`) });
process.stdout.write(`${JSON.stringify(report)}\n`);
