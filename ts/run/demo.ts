import type { DemoOptions, DemoReport } from './types.js';
export async function runDemo(_options: DemoOptions): Promise<DemoReport> {
  throw new Error('x');
}
