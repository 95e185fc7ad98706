export { compareSets } from './compare.js';
export { runDemo } from './demo.js';
export { preflight } from './preflight.js';
export { resumeRun } from './resume.js';
export { runPlan } from './run-plan.js';
export { listRuns } from './status.js';
export type {
  CheckLine,
  CompareOptions,
  DemoOptions,
  DemoReport,
  LookupOrigin,
  NamespaceUsage,
  PartialDay,
  Progress,
  Rejected,
  ResumeOptions,
  RunOptions,
  RunReport,
  RunState,
  RunStatus,
  VerifyOptions,
  VerifyReport,
  VerifyWindow,
  Watch,
  WindowReport,
} from './types.js';
export { verifyPlan } from './verify.js';
