import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { Layer } from '../addon.js';
import { RowmillError } from '../errors.js';

/**
 * Reads a plan file, YAML or JSON (which YAML contains).
 *
 * @throws RowmillError `PLAN_INVALID` where it cannot be read, with line and column where it does not parse, or is no mapping
 */
export async function readPlanFile(path: string): Promise<Layer> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(path), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw invalid(path, `line ${line}, column ${col}: ${error.message}`, 'Correct the file; `rowmill config init` writes one to start from.');
  }
  const values: unknown = document.toJS();
  if (values === null) return { origin: `file ${path}`, values: {} };
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw invalid(path, 'a plan file holds a mapping of settings', '`rowmill config init` writes one to start from.');
  }
  return { origin: `file ${path}`, values: values as Record<string, unknown> };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw invalid(path, `the plan file cannot be read: ${(error as Error).message}`, 'Check the path given with --plan.', error);
  }
}

function invalid(file: string, message: string, help: string, cause?: unknown): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { file } }, { cause });
}
