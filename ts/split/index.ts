export { type SplitOptions, type SplitReport, splitScript } from './split-script.js';
