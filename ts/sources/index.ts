export { type Looked, listUnits, lookedAt } from './list-units.js';
