export { type LoadedPlan, loadPlan, type PlanRequest } from './load-plan.js';
export { planTemplate } from './plan-template.js';
