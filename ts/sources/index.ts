export { type Looked, listFiles, listUnits, lookedAt } from './list-units.js';
export { cutIntoRanges } from './ranges.js';
export { sortedFiles } from './sorted-files.js';
