import { existsSync } from 'node:fs';
import { after } from 'node:test';
import packed from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Where distributions put a browser; it is taken where the packed one does not start. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

let started: Promise<Browser> | null = null;
after(async () => (await started?.catch(() => null))?.close());

/** A Chromium that ends with the test file. */
function browser(): Promise<Browser> {
  started ??= launch();
  return started;
}

async function launch(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  try {
    return await chromium.launch({ executablePath: await packed.executablePath(), args: ARGS });
  } catch (error) {
    if (!installed) throw error;
    return chromium.launch({ executablePath: installed, args: ARGS });
  }
}

/** What went wrong on a page, and what it asked for. */
export interface Watched {
  page: Page;
  errors: string[];
  urls: string[];
}

/** A page of its own, which notes its errors and requests. */
export async function openPage(url: string, options: { dark?: boolean; init?: () => void } = {}): Promise<Watched> {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 }, colorScheme: options.dark ? 'dark' : 'light' });
  const page = await context.newPage();
  const [errors, urls]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => urls.push(request.url()));
  if (options.init) await page.addInitScript(options.init);
  await page.goto(url);
  await ready(page);
  return { page, errors, urls };
}

/** Waits until the picture is drawn. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('body[data-state="ready"]', { timeout: 60_000, state: 'attached' });
}
