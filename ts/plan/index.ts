export { type LoadedPlan, loadPlan, type PlanRequest } from './load-plan.js';
export { planTemplate, type TemplateOptions } from './plan-template.js';
export { savePlan } from './save-plan.js';
