// Writes files of long texts to a graph in a process of its own, one transaction each, and then keeps it open until its input ends. Argument: settings of
// the sink as JSON. Prints `held` when all is written.
import { once } from 'node:events';
import { makeSink, type SinkSettings } from '#ts/graph/open-sink.js';
import { LONG_FILES, longTexts } from './made-up.js';

const sink = await makeSink(JSON.parse(process.argv[2] ?? '') as SinkSettings);
await sink.open();
const source = longTexts();
for (let at = 0; at < LONG_FILES; at += 1) await sink.write(source, at, at + 1, 'r1');
process.stdout.write('held\n');
process.stdin.resume();
await once(process.stdin, 'end');
await sink.close();
