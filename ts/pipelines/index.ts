import { openshift } from './cost/openshift/index.js';
import { orders } from './orders/index.js';
import type { PipelineRules } from './pipeline.js';

export type { DemoRules, PipelineRules, PlannedLookup } from './pipeline.js';

/** Every pipeline, one line each. */
export const PIPELINES: readonly PipelineRules[] = [openshift, orders];
