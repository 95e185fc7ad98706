import type { WireDetails, WireFailure, WireGraph, WireNode, WireReview, WireStats } from './wire.js';

const token = document.querySelector<HTMLMetaElement>('meta[name="rowmill-token"]')?.content ?? '';

export interface Around {
  id: string;
  direction: string;
  depth: string;
  includeRejected: boolean;
}

export const stats = (): Promise<WireStats> => get('/api/stats');
export const overview = (): Promise<WireGraph> => get('/api/overview');
export const search = (text: string): Promise<WireNode[]> => get('/api/search', { q: text });
export const details = (id: string): Promise<WireDetails> => get('/api/node', { id });

export function around({ id, direction, depth, includeRejected }: Around): Promise<WireGraph> {
  return get('/api/around', { id, direction, depth, includeRejected: String(includeRejected) });
}

/** False where the graph has no such edge any more. */
export async function review(review: WireReview): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'x-rowmill-token': token };
  const { success } = await answered<{ success: boolean }>(fetch('/api/review', { method: 'POST', headers, body: JSON.stringify(review) }));
  return success;
}

function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  return answered(fetch(`${path}?${new URLSearchParams(query)}`));
}

async function answered<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked.catch(() => {
    throw new Error('the server has gone: start rowmill lineage view again');
  });
  const document = (await response.json()) as T & Partial<WireFailure>;
  if (response.ok) return document;
  const { message, help } = document.error ?? { message: response.statusText };
  throw new Error(help ? `${message}. ${help}` : message);
}
