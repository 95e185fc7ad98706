export { type AsOfOptions, asOf } from './as-of.js';
export { type BookLifetimeOptions, bookLifetime, EXIT_REASONS, EXIT_REASONS_WHEN_NOTHING_LEFT } from './book-lifetime.js';
export { type ByDateOptions, byDate } from './by-date.js';
export type { Columns, DescribedFiles, Files } from './files.js';
export { type GroupByOptions, groupBy } from './group-by.js';
export { firstRow, lastRow, type PickRowOptions } from './pick-row.js';
export { type SemiJoinOptions, semiJoin } from './semi-join.js';
