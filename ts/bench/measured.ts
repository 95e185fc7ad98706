/** What one run of one contender cost. */
export interface Measured {
  /** Wall seconds of the work, without starting the process and loading libraries. */
  seconds: number;
  /** User and system seconds of all threads over the same span. */
  cpuSeconds: number;
  /** Resident memory before the work: runtime and libraries. */
  rssBeforeBytes: number;
  /** The most resident memory of the process, runtime and libraries included. */
  peakRssBytes: number;
  details: Details;
}

/** What a contender says about its work. `file` is where its rows are, where it writes any. */
export interface Details {
  rowsRead?: number;
  bytesRead?: number;
  rowsOut?: number;
  spilledBytes?: number;
  file?: string;
  /** CPU seconds by phase, in road order. */
  cpu?: Phase[];
  [more: string]: unknown;
}

/** CPU seconds of one phase of a run. */
export interface Phase {
  phase: string;
  seconds: number;
}
