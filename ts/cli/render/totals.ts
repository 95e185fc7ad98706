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

interface GeneratedOrders {
  files: string[];
  rows: number;
  securities: Record<string, unknown>;
  participants: Record<string, unknown>;
  dates: Record<string, unknown>;
  selection: { securities: number[]; date: string; participant: number; found: { rows: number; quantity: number } };
}

/** What the generator of order logs wrote, and what a selection of a few must find in it. */
export function renderOrdersTotals(totals: Record<string, unknown>): string {
  const { files, rows, securities, participants, dates, selection } = totals as unknown as GeneratedOrders;
  const [first = '', last = ''] = [files[0], files.at(-1)];
  const { date, participant, found } = selection;
  return [
    `${count(rows)} events in ${files.length === 1 ? first : `${first} to ${last}`}`,
    `${count(Object.keys(securities).length)} securities, ${count(Object.keys(participants).length)} participants, ${count(Object.keys(dates).length)} dates`,
    `securities ${selection.securities.join(', ')} on ${date} from 10:00 to 16:00, participant ${participant}: ${count(found.rows)} events`,
  ].join('\n');
}

interface GeneratedApplications {
  files: number;
  documents: number;
  bytes: number;
  fatal: number;
  faults: Record<string, number>;
  contacts: number;
  addresses: number;
  employments: number;
}

/** What the generator of documents wrote, and what is wrong with it. */
export function renderApplicationsTotals(totals: Record<string, unknown>): string {
  const { files, documents, bytes: size, fatal, faults, contacts, addresses, employments } = totals as unknown as GeneratedApplications;
  const faulty = Object.values(faults).reduce((sum, of) => sum + of, 0);
  return [
    `${count(documents)} documents in ${files === 1 ? 'one file' : `${count(files)} files`}, ${bytes(size)}`,
    `${count(contacts)} contacts, ${count(addresses)} addresses, ${count(employments)} employments`,
    `${count(faulty)} documents have a fault, ${count(fatal)} of them one that leaves no rows`,
  ].join('\n');
}
