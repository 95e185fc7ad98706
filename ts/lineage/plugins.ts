import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RowmillError } from '../errors.js';
import { MemoryGraph } from '../graph/memory.js';
import type { GraphEdge, GraphNode } from '../graph/model.js';
import type { TreeFile } from './tree.js';

/** What identifies a node: `['data_asset', 'sales.orders']`, `['column', 'sales.orders', 'total']`, or words of one's own. */
export type NodeKey = readonly [string, ...string[]];

export interface PluginNode {
  key: NodeKey;
  /** `Table`, `View`, `Column`, ... */
  kind: string;
  name: string;
  properties?: Record<string, unknown>;
}

export interface PluginEdge {
  from: NodeKey;
  /** `READS_FROM`, `FLOWS_TO`, ... */
  type: string;
  to: NodeKey;
  /** 0 to 1. Default: 1. */
  confidence?: number;
  properties?: Record<string, unknown>;
}

/** What a file says: SQL that is read as that of a file, or nodes and edges. */
export type PluginAnswer = { statements: readonly string[] } | { nodes: readonly PluginNode[]; edges: readonly PluginEdge[] };

/** Reads files of some endings. */
export interface InputPlugin {
  /** Endings in lower case, each with its dot; not those that rowmill reads itself. */
  extensions: readonly string[];
  /** What a file says; what it throws fails this file only. */
  read(path: string, text: string): PluginAnswer | Promise<PluginAnswer>;
}

/** What a plugin made of a file. */
export type PluginReading = { text: string } | { graph: MemoryGraph } | { failure: string };

const OWN = ['.sql', '.ddl', '.py', '.json'];

/** Files that plugins read, by their endings. */
export class Plugins {
  readonly #byExtension = new Map<string, InputPlugin>();
  readonly #separator: string;
  readonly #maxFileBytes: number;

  /** @throws RowmillError `PLAN_INVALID` for an ending that two plugins want, or that rowmill reads itself */
  constructor(plugins: readonly InputPlugin[], options: { idScheme: 'separated' | 'legacy'; maxFileBytes: number }) {
    this.#separator = options.idScheme === 'separated' ? '\u001f' : '';
    this.#maxFileBytes = options.maxFileBytes;
    for (const plugin of plugins) {
      for (const ending of plugin.extensions) {
        if (OWN.includes(ending)) throw refuse(`a plugin wants ${ending}, which is read without one`, ending);
        if (this.#byExtension.has(ending)) throw refuse(`two plugins want ${ending}`, ending);
        this.#byExtension.set(ending, plugin);
      }
    }
  }

  /** Whether a file of this name is read by a plugin. */
  handles(name: string): boolean {
    return this.#byExtension.has(extname(name).toLowerCase());
  }

  async read({ path, name }: TreeFile): Promise<PluginReading> {
    try {
      const { size } = await stat(path);
      if (size > this.#maxFileBytes) return { failure: `the file has ${size} bytes, more than ${this.#maxFileBytes}` };
      const bytes = await readFile(path);
      const answer = await this.#byExtension.get(extname(name).toLowerCase())?.read(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      if (!answer) return { failure: 'the plugin answered nothing' };
      if ('statements' in answer) return { text: answer.statements.map((statement) => `${statement}\n;\n`).join('') };
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { graph: this.#graph(name, sha256, answer.nodes, answer.edges) };
    } catch (error) {
      return { failure: `the plugin failed: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  #graph(file: string, sha256: string, nodes: readonly PluginNode[], edges: readonly PluginEdge[]): MemoryGraph {
    const madeNodes = nodes.map(({ key, kind, name, properties = {} }): GraphNode => ({ file, id: this.#id(key), kind, name, properties }));
    const madeEdges = edges.map(({ from, type, to, confidence = 1, properties = {} }): GraphEdge => {
      return { file, from: this.#id(from), type, to: this.#id(to), source: 'plugin', confidence, status: 'approved', properties };
    });
    return new MemoryGraph({ nodes: madeNodes, edges: madeEdges }, [{ name: file, sha256 }]);
  }

  #id(key: NodeKey): string {
    return createHash('sha256').update(key.join(this.#separator)).digest('hex');
  }
}

/**
 * Loads plugins: ES modules whose default export is a plugin, or a list of them.
 *
 * @throws RowmillError `INPUT_FORMAT_INVALID` for a module that cannot be loaded, or exports something else
 */
export async function loadPlugins(files: readonly string[]): Promise<InputPlugin[]> {
  const plugins: InputPlugin[] = [];
  for (const file of files) {
    const loaded: unknown = await import(pathToFileURL(resolve(file)).href).then(
      (module: { default?: unknown }) => module.default,
      (cause) => {
        throw notLoaded(file, `the plugin cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`);
      },
    );
    const list = Array.isArray(loaded) ? loaded : [loaded];
    if (!list.every(isPlugin)) throw notLoaded(file, 'the module exports no plugin');
    plugins.push(...list);
  }
  return plugins;
}

function isPlugin(value: unknown): value is InputPlugin {
  const { extensions, read } = (value ?? {}) as Partial<InputPlugin>;
  return Array.isArray(extensions) && extensions.every((each) => /^\.[a-z0-9]+$/.test(each)) && typeof read === 'function';
}

function notLoaded(file: string, message: string): RowmillError {
  const help = "Let its default export be { extensions: ['.xyz'], read: (path, text) => ({ statements: [] }) }.";
  return new RowmillError({ code: 'INPUT_FORMAT_INVALID', message, help, retryable: false, place: { file } });
}

function refuse(message: string, value: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help: 'Let each plugin have endings of its own.', retryable: false, place: { value } });
}
