export { type Comparison, type Medians, mediansOf, phasesOf } from './comparison.js';
export { machine, machineName, versions } from './machine.js';
export { markdownTable } from './markdown.js';
export type { Measured } from './measured.js';
export { comparisonPanels, picture } from './picture.js';
export { record } from './record.js';
export { blankSheet, comparisonText, footing, type Sheet, sheetText } from './sheet.js';
export { median, range } from './statistics.js';
export { type Contender, runOnce, takeTurns } from './turns.js';
