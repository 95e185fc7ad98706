import { readFile, writeFile } from 'node:fs/promises';
import { parseDocument, stringify } from 'yaml';
import { type ContractDescription, describeContract } from '../addon.js';
import { RowmillError } from '../errors.js';

/** A contract as it is given to the engine, and what it says. */
export interface LoadedContract {
  /** JSON. */
  text: string;
  description: ContractDescription;
}

/**
 * The JSON of a contract file, which may be YAML; a byte order mark is passed over.
 *
 * @throws RowmillError `PLAN_INVALID` where it cannot be read, with line and column where it does not parse
 */
export async function readContractText(path: string): Promise<string> {
  const text = (await readText(path)).replace(/^\uFEFF/, '');
  if (/^\s*\{/.test(text)) return text;
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw invalid(path, error.message.split('\n')[0] ?? 'it is no YAML');
  return JSON.stringify(document.toJS());
}

/**
 * Reads a contract.
 *
 * @throws RowmillError `PLAN_INVALID` with all its problems
 */
export async function loadContract(path: string): Promise<LoadedContract> {
  const text = await readContractText(path);
  return { text, description: await describeContract(text) };
}

/** Writes a contract, given as JSON: as YAML where the name of the file says so. */
export async function writeContract(path: string, text: string): Promise<void> {
  await writeFile(path, /\.ya?ml$/i.test(path) ? stringify(JSON.parse(text), { lineWidth: 0 }) : text);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw invalid(path, `the contract cannot be read: ${(error as Error).message}`, error);
  }
}

function invalid(file: string, message: string, cause?: unknown): RowmillError {
  const help = 'Check the path given with --contract; the contract is YAML or JSON.';
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { file } }, { cause });
}
