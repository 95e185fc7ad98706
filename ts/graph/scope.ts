import type { FileFacts } from './facts.js';
import { type NodeSaying, nodeOfText } from './merge.js';
import type { GraphScope } from './sink.js';

/** Properties of the nodes of files that say whose they are. */
export const PROJECT = 'project_id';
export const REPOSITORY = 'repository_id';

/** What a filter says of files; null where it says nothing. */
export function scopeOf({ under, project, repositories }: GraphScope): GraphScope | null {
  if (under === undefined && project === undefined && repositories === undefined) return null;
  return { ...(under && { under }), ...(project !== undefined && { project }), ...(repositories && { repositories }) };
}

/** Whether a file's name is in scope. */
export function isUnder(name: string, { under }: GraphScope): boolean {
  return under === undefined || under.some((root) => name === root || name.startsWith(`${root}/`));
}

/** Whether this is a node of a file, and the file is of the project and of one of the repositories. */
export function isOfScope({ kind, properties }: NodeSaying, { project, repositories }: GraphScope): boolean {
  if (kind !== 'File') return false;
  if (project !== undefined && properties[PROJECT] !== project) return false;
  return repositories === undefined || repositories.includes(String(properties[REPOSITORY]));
}

/** Whether only names count. */
export function isOfNames({ project, repositories }: GraphScope): boolean {
  return project === undefined && repositories === undefined;
}

/** Ids of the nodes that those of these files tell of whose nodes say that they are in scope; what names say was looked at before. */
export function idsToldIn(files: readonly FileFacts[], scope: GraphScope): string[] {
  const isOf = (texts: ReadonlySet<string>): boolean => [...texts].some((each) => isOfScope(nodeOfText(each), scope));
  const wanted = isOfNames(scope) ? files : files.filter(({ nodes }) => [...nodes.values()].some(isOf));
  return [...new Set(wanted.flatMap(({ nodes }) => [...nodes.keys()]))];
}
