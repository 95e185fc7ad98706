import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RowmillError } from '../errors.js';

const PAGE = new URL('../../ts/view/page/', import.meta.url);
const SCRIPTS = new URL('./page/', import.meta.url);

/** A file that the page is made of. */
export interface Asset {
  type: string;
  body: Buffer;
}

const JS = 'text/javascript; charset=utf-8';
const MODULES = ['api', 'canvas', 'detailed', 'layout', 'main', 'map', 'model', 'panel', 'search', 'theme', 'wire'];

/**
 * Everything that the page needs, by path: nothing comes from elsewhere.
 *
 * @throws RowmillError `INSTALL_ADDON_MISSING` where the libraries that draw are not installed: they are optional
 */
export async function loadAssets(): Promise<Map<string, Asset>> {
  const entries = [
    ['/', 'text/html; charset=utf-8', new URL('index.html', PAGE)],
    ['/page.css', 'text/css; charset=utf-8', new URL('page.css', PAGE)],
    ['/vendor/cytoscape.js', JS, vendor('cytoscape', 'cytoscape.min.js')],
    ['/vendor/dagre.js', JS, vendor('@dagrejs/dagre', 'dagre.min.js')],
    ...MODULES.map((name) => [`/${name}.js`, JS, new URL(`${name}.js`, SCRIPTS)] as const),
  ] as const;
  const loaded = entries.map(async ([path, type, file]) => [path, { type, body: await readFile(file) }] as const);
  return new Map(await Promise.all(loaded));
}

/** A build for browsers, beside the one that is imported. */
function vendor(name: string, file: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), file);
  } catch (error) {
    const message = `the view draws with ${name}, which is not installed`;
    const help = `It is an optional dependency: npm install ${name}, or install rowmill without --omit=optional.`;
    throw new RowmillError({ code: 'INSTALL_ADDON_MISSING', message, help, retryable: false, place: {} }, { cause: error });
  }
}
