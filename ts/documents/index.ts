export { type Baseline, type BaselineOptions, type BaselineRun, baselineApplications } from './baseline.js';
export { type LoadedContract, loadContract, readContractText, writeContract } from './contract-file.js';
export { type ApplicationsPlan, explainApplications } from './explain-applications.js';
export { type ApplicationsMetrics, applicationsMetrics, metricsName, writeMetrics } from './metrics.js';
export type { ApplicationsOptions } from './options.js';
export { DEFAULTS } from './options.js';
export { type ApplicationsWatch, runApplications } from './run-applications.js';
export { type Advice, adviceOn, type Spread, spreadOf } from './spread.js';
export type { ApplicationsProgress, ApplicationsReport, BatchReport, DocumentCounts, FailedDocument, FailureStage, StageSeconds } from './types.js';
