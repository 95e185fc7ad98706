import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { parseWhole } from '../application-options.js';
import { interruptible } from '../interrupt.js';
import { type GraphFlags, withQueries } from '../lineage-options.js';
import { Output } from '../output.js';

interface ViewFlags extends GraphFlags {
  port?: number;
  /** False for `--no-open`. */
  open: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill lineage view`: a page on this machine that shows the graph. */
export function registerLineageView(verb: (name: string, doc: string) => Command): void {
  verb('view', 'show the graph in a browser, on this machine only; ends with Ctrl-C')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one (default: 7411)', parseWhole)
    .option('--no-open', 'do not start a browser')
    .action(view);
}

async function view(flags: ViewFlags): Promise<void> {
  const { startView } = await import('../../view/index.js');
  const output = new Output(flags);
  await interruptible(output, (signal) =>
    withQueries(
      flags,
      (line) => output.note(line),
      async (queries) => {
        await using page = await startView({ queries, ...(flags.port === undefined ? {} : { port: flags.port }) });
        output.result({ url: page.url }, () => `the graph is at ${page.url} until you press Ctrl-C`);
        if (flags.open) openBrowser(page.url);
        await aborted(signal);
      },
    ),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Where there is no browser to start, the address that was printed is enough. */
function openBrowser(url: string): void {
  const [program = '', ...words] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? ['xdg-open'];
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
