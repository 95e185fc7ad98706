/** The public names of the package. Everything else may change without notice. */

export {
  type Comparison,
  type Counters,
  type Description,
  describe,
  type Field,
  generate,
  type Inspection,
  inspect,
  type Origin,
  type PipelineDescription,
  type Plan,
  type TableDescription,
  type Unit,
  type Window,
} from './addon.js';
export type { ErrorCode } from './error-codes.js';
export { type Failure, type Place, type Problem, RowmillError } from './errors.js';
export { type LoadedPlan, loadPlan, type PlanRequest, planTemplate } from './plan/index.js';
export type { CostOpenshiftOptions, CostOpenshiftPlanInput, PlanInput } from './plan/plan-types.js';
export {
  type CheckLine,
  type CompareOptions,
  compareSets,
  listRuns,
  type Progress,
  preflight,
  type ResumeOptions,
  type RunOptions,
  type RunReport,
  type RunStatus,
  resumeRun,
  runPlan,
  type VerifyOptions,
  type VerifyReport,
  verifyPlan,
  type Watch,
} from './run/index.js';
export { listUnits } from './sources/index.js';
