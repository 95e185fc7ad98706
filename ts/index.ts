/** The public names of the package. Everything else may change without notice. */

export {
  type AggregateFunction,
  type Comparison,
  type ContractColumn,
  type ContractDescription,
  type ContractProblem,
  type ContractTable,
  type ContractWarning,
  type Counters,
  contractDdl,
  contractProblems,
  type Description,
  describe,
  describeContract,
  type ExpressionDifference,
  explainContract,
  type Field,
  generate,
  type ImportedContract,
  type Inspection,
  importContract,
  inspect,
  lintContract,
  type OperationReport,
  type Origin,
  type PipelineDescription,
  type Plan,
  type TableDescription,
  type Unit,
  type Window,
} from './addon.js';
export { type CentrepointOptions, extractCentrepointOrders } from './calls/extract-centrepoint-orders.js';
export {
  type Advice,
  type ApplicationsMetrics,
  type ApplicationsOptions,
  type ApplicationsPlan,
  type ApplicationsProgress,
  type ApplicationsReport,
  type ApplicationsWatch,
  applicationsMetrics,
  type Baseline,
  type BaselineOptions,
  type BaselineRun,
  type BatchReport,
  baselineApplications,
  type CompareExpressionsOptions,
  compareExpressionsOn,
  type DocumentCounts,
  explainApplications,
  type FailedDocument,
  type FailureStage,
  type LoadedContract,
  loadContract,
  readContractText,
  runApplications,
  type Spread,
  type StageSeconds,
  writeContract,
  writeMetrics,
} from './documents/index.js';
export type { ErrorCode } from './error-codes.js';
export { type Failure, type Place, type Problem, RowmillError } from './errors.js';
export {
  type AroundOptions,
  cypherQueries,
  EXPORT_FORMATS,
  type ExportedFile,
  type ExportFormat,
  type ExportOptions,
  exportGraph,
  type GraphPart,
  graphAround,
  type NamedQuery,
  type Neighbourhood,
  wholeGraph,
  writeExport,
} from './exports/index.js';
export { JsonlSink, type JsonlSinkOptions } from './graph/jsonl-sink.js';
export { LadybugSink, type LadybugSinkOptions } from './graph/ladybug-sink.js';
export { type MigrationOptions, type MigrationReport, migrateGraph } from './graph/migrate-graph.js';
export type { GraphEdge, GraphFile, GraphNode, GraphSource, StoredEdge, StoredNode } from './graph/model.js';
export { Neo4jReader } from './graph/neo4j-reader.js';
export { type Neo4jPlace, Neo4jSink, type Neo4jSinkOptions } from './graph/neo4j-sink.js';
export { makeSink, openReader, SINK_KINDS, type SinkKind, type SinkSettings } from './graph/open-sink.js';
export { PostgresReader } from './graph/postgres-reader.js';
export { PostgresSink, type PostgresSinkOptions } from './graph/postgres-sink.js';
export { Graph } from './graph/queries.js';
export { type RetryReport, retryLetters } from './graph/retry-letters.js';
export type { GraphItems, GraphQueries, GraphReader, GraphSink, GraphStats, Impact, KnownFile, WalkStep, WriteCounts } from './graph/sink.js';
export {
  type BatcherSettings,
  type BatcherStats,
  type CacheCheck,
  type CacheOptions,
  type CacheStats,
  type ConfigSources,
  cacheStats,
  checkCache,
  clearCache,
  dialects,
  EventBatcher,
  FEATURES,
  type FeatureMap,
  type FileOutcome,
  featureLevel,
  featuresOf,
  featureWarnings,
  generateSql,
  type InputPlugin,
  type LineageOptions,
  type LineageReport,
  LineageTree,
  type LoadedConfig,
  type LoadRun,
  type LoadTestOptions,
  loadConfig,
  loadPlugins,
  loadTest,
  Observed,
  optionsOf,
  type PluginAnswer,
  type PoolSettings,
  type PoolStats,
  PRIORITY,
  type Resolved,
  runLineage,
  type Session,
  type SessionEvent,
  SessionLog,
  type SessionRecord,
  type Settings,
  splitStatements,
  switchFeatures,
  type UploadReport,
  uploadFiles,
  type Watching,
  type WatchingOptions,
  type WatchStats,
  WorkerPool,
  watchLineage,
} from './lineage/index.js';
export { METRICS, type Meter, type MetricName, type MetricSummary, Metrics, NO_METRICS, StatsdSender } from './metrics/index.js';
export {
  type AsOfOptions,
  asOf,
  type BookLifetimeOptions,
  type ByDateOptions,
  bookLifetime,
  byDate,
  type Columns,
  type DescribedFiles,
  EXIT_REASONS,
  EXIT_REASONS_WHEN_NOTHING_LEFT,
  type Files,
  firstRow,
  type GroupByOptions,
  groupBy,
  lastRow,
  type PickRowOptions,
  type SemiJoinOptions,
  semiJoin,
} from './operators/index.js';
export type { CentrepointMetrics } from './pipelines/orders/centrepoint.js';
export { type DiskSpeed, diskSpeed } from './plan/disk-speed.js';
export { type HardwareFacts, readHardware } from './plan/hardware.js';
export { type LoadedPlan, loadPlan, type PlanRequest, planTemplate, savePlan, type TemplateOptions } from './plan/index.js';
export { type JobSelection, jobMatrix, type MatrixEntry } from './plan/job-matrix.js';
export type { CostOpenshiftOptions, CostOpenshiftPlanInput, PlanInput } from './plan/plan-types.js';
export { defaultScalingConfig, type ScalingConfig } from './plan/scaling-config.js';
export { loadScalingConfig, saveScalingConfig } from './plan/scaling-config-file.js';
export { type PlanFromScaling, toPlan } from './plan/scaling-config-plan.js';
export { optimiseScalingConfig, readScalingConfig, validateScalingConfig } from './plan/scaling-config-validate.js';
export { type MachineClass, type Sizing, sizingOf } from './plan/sizing.js';
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
export { JobProgress } from './run/job-progress.js';
export { jobMetrics, jobsDocument, slowestJobs } from './run/job-report.js';
export type { Job, JobContext, JobMetrics, JobOptions, JobResult, JobStatus } from './run/job-types.js';
export { executeJobs } from './run/jobs.js';
export type { JobTotals } from './run/jobs-of-run.js';
export { Monitor, type MonitorOptions } from './run/monitor.js';
export type { ActivityReading, EngineControl, MemoryReading, MonitorSummary, Sample, WorkerChange, WorkerState } from './run/monitor-types.js';
export { runWatched, type WatchedReport, type WatchOptions } from './run/run-watched.js';
export { listUnits } from './sources/index.js';
export { type SplitOptions, type SplitReport, splitScript } from './split/index.js';
export { startView, type View, type ViewOptions } from './view/index.js';
