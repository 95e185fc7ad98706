import { createHash } from 'node:crypto';
import { ASSET_KINDS } from '../graph/model.js';

/** A node of a graph that was made before files said what they tell. */
export interface OldNode {
  /** The server's own name of the node. */
  element: string;
  id: string;
  kind: string;
  name: string;
  path: string | null;
  sourceFile: string | null;
  logic: string | null;
  /** Names of what contains it. */
  owners: string[];
  /** The server's names of columns that it generates. */
  targets: string[];
}

/** What a node's id is to be; null where its parts are not known, and the id it has stays. */
export interface NewId {
  node: OldNode;
  id: string | null;
}

const ASSETS: ReadonlySet<string> = new Set(ASSET_KINDS);

/** SHA-256 of the parts, with nothing between them (`''`), or with the separator that keeps (`ab`, `c`) and (`a`, `bc`) apart. */
function hashOf(parts: readonly string[], between: '' | '\u001f'): string {
  return createHash('sha256').update(parts.join(between)).digest('hex');
}

/** Ids that one thing had and has. */
interface Ids {
  /** As older graphs made it, of names as they were written, and in lower case. */
  old: string[];
  separated: string;
}

/**
 * New ids of all nodes: columns are found by the names of their assets, transformations by their columns. An id that its parts do not explain stays.
 *
 * @param isCaseSensitive whether names that differ in case are different ones; otherwise ids are of names in lower case
 */
export function newIds(nodes: readonly OldNode[], isCaseSensitive: boolean): NewId[] {
  const fold = (name: string): string => (isCaseSensitive ? name : name.toLowerCase());
  const known = new Map<string, Ids>();
  const idOf = (node: OldNode, candidates: readonly Ids[]): string | null => {
    const found = candidates.find(({ old, separated }) => separated === node.id || old.includes(node.id));
    if (found) known.set(node.element, found);
    return found?.separated ?? null;
  };
  const rest = nodes.filter(({ kind }) => kind !== 'Transformation').map((node): NewId => ({ node, id: idOf(node, candidatesOf(node, fold)) }));
  const steps = nodes
    .filter(({ kind }) => kind === 'Transformation')
    .map(
      (node): NewId => ({
        node,
        id: idOf(
          node,
          node.targets.flatMap((target) => stepIds(node, known.get(target))),
        ),
      }),
    );
  return [...rest, ...steps];
}

function stepIds({ logic, name }: OldNode, target: Ids | undefined): Ids[] {
  if (!target) return [];
  const text = logic ?? name;
  const old = [...target.old, target.separated].map((id) => hashOf(['transformation', text, id], ''));
  return [{ old, separated: hashOf(['transformation', text, target.separated], '\u001f') }];
}

function candidatesOf(node: OldNode, fold: (name: string) => string): Ids[] {
  const { kind, name, path, sourceFile, owners } = node;
  if (ASSETS.has(kind)) return [idsOf([['data_asset'], ['materialized_view']], [name], fold)];
  if (kind === 'Column') return owners.map((owner) => idsOf([['column']], [owner, name], fold));
  if (kind === 'FunctionOrProcedure') return [idsOf([['function'], ['procedure']], [name], fold)];
  if (kind === 'Trigger' || kind === 'Synonym') return [idsOf([[kind.toLowerCase()]], [name], fold)];
  if (kind === 'File') return [path, name].flatMap((each) => (each === null ? [] : idsOf([['file']], [each], asIs)));
  if (kind === 'Module') return [idsOf([['module']], [name], asIs)];
  if (sourceFile === null) return [];
  if (kind === 'JsonDocument') return [idsOf([['json_doc']], [sourceFile], asIs)];
  if (kind === 'JsonKey') return [idsOf([['json_key']], [sourceFile, name], asIs)];
  return kind === 'Class' || kind === 'Function' ? [idsOf([[kind.toLowerCase()]], [name, sourceFile], asIs)] : [];
}

function asIs(name: string): string {
  return name;
}

/** The first of the words is the one that ids are made of now. */
function idsOf(words: readonly (readonly string[])[], names: readonly string[], fold: (name: string) => string): Ids {
  const lower = names.map((name) => name.toLowerCase());
  const old = words.flatMap((word) => [names, lower].map((each) => hashOf([...word, ...each], '')));
  return { old, separated: hashOf([...(words[0] ?? []), ...names.map(fold)], '\u001f') };
}
