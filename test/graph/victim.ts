// Runs lineage in a process of its own, to be killed. Arguments: folder, and settings of the sink as JSON. Prints `open` when it begins.
import { makeSink, type SinkSettings } from '#ts/graph/open-sink.js';
import { dialects, runLineage } from '#ts/lineage/index.js';

dialects();
const sink = await makeSink(JSON.parse(process.argv[3] ?? '') as SinkSettings);
process.stdout.write('open\n');
await runLineage({ paths: [process.argv[2] ?? ''], dialect: 'auto', cache: null, batchFiles: 5, sink });
process.stdout.write('done\n');
