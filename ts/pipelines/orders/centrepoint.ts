/** What an extraction of Centre Point orders has counted. */
export interface CentrepointMetrics {
  rowsInput: number;
  /** Rows from 10:00 to 16:59:59.999999999, ten hours ahead of UTC. */
  rowsAfterHourFilter: number;
  /** Those of them by participant 69. */
  rowsAfterParticipantFilter: number;
  /** Rows written. */
  rowsOutput: number;
  /** Largest resident memory of the process so far, in MiB; the original counted its result only. */
  memoryMb: number;
}

/** What the metrics are made from: a part of a run's report. */
interface Counted {
  rowsRead: number;
  rowsKept: number;
  filters: readonly { name: string; rows: number }[];
  peakRssBytes: number;
}

/** The metrics of a run with the preset `legacy-centrepoint`. */
export function centrepointMetrics(report: Counted): CentrepointMetrics {
  const after = (filter: string): number => report.filters.find(({ name }) => name === filter)?.rows ?? report.rowsKept;
  return {
    rowsInput: report.rowsRead,
    rowsAfterHourFilter: after('hours'),
    rowsAfterParticipantFilter: after('participant'),
    rowsOutput: report.rowsKept,
    memoryMb: Math.round((report.peakRssBytes / 2 ** 20) * 10) / 10,
  };
}
