export { findFiles } from './find-files.js';
export { type Looked, listFiles, listUnits, lookedAt } from './list-units.js';
export { cutIntoRanges } from './ranges.js';
