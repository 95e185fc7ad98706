import { bytes, count } from './quantities.js';

interface Generated {
  files: number;
  rows: number;
  bytes: number;
  hourlyPodRows: number;
  clusters: { clusterId: string; plan: string; pods: number; claims: number }[];
}

/** What the generator wrote, and the plans that read it. */
export function renderTotals(totals: Record<string, unknown>): string {
  const { files, rows, bytes: size, hourlyPodRows, clusters } = totals as unknown as Generated;
  return [
    `${count(rows)} rows (${count(hourlyPodRows)} of them pods by hour) in ${count(files)} files, ${bytes(size)}`,
    ...clusters.map(
      ({ clusterId, plan, pods, claims }) => `${clusterId}: ${count(pods)} pods, ${count(claims)} volume claims; rowmill run --plan ${plan}`,
    ),
  ].join('\n');
}
