// Named shapes of data. Tricks break on shapes: a figure of one says little about another.
//
// Each makes a spec for the generator (crates/generate/src/spec.rs has all settings) from a number of hourly pod rows, and says what must
// be true of the files; bench/month.mjs verifies that before anything is measured.

/** Label texts differ in more keys than those that are enabled, as they do where a hash of the pod template is among them. */
const LABELS = { distinct: 400, kept: 40 };
/** From so many rows on, all of ten thousand texts occur. */
const ENOUGH = 100_000;
/** Labels of rows that each draw a text of their own. */
const EVERY_ROW = { distinct: 4_000_000_000, kept: 40, perRow: true, nullPercent: 0, emptyPercent: 0 };

/** @type {Record<string, { about: string, input?: 'hourly' | 'daily', spec(rows: number): object, holds(found: object, rows: number): boolean }>} */
export const CORPORA = {
  dictionary: {
    about: '400 label texts with 40 sets of enabled labels, everything dictionary-encoded, one file a day, by hour',
    spec: (rows) => month(rows, {}),
    holds: ({ labelTexts, labelChunksPlain, dictionaryChunks }) => labelTexts <= 402 && labelChunksPlain === 0 && dictionaryChunks > 0,
  },
  hostile: {
    about: 'label texts nearly all distinct, long and incompressible, so that their dictionaries fall back to plain; 40 sets of enabled labels',
    spec: (rows) => month(rows, { labels: { ...EVERY_ROW, bytes: 146, random: true } }),
    holds: ({ labelTexts, labelBytesMean, labelChunksPlain, labelChunks }, rows) =>
      labelTexts > 0.95 * rows && labelBytesMean >= 146 && labelChunksPlain === labelChunks,
  },
  'labels-100': {
    about: '100 label texts, drawn anew for every row',
    spec: (rows) => month(rows, { labels: { ...EVERY_ROW, distinct: 100, kept: 20 } }),
    holds: ({ labelTexts }, rows) => labelTexts <= 100 && (rows < ENOUGH || labelTexts > 90),
  },
  'labels-10k': {
    about: '10,000 label texts, drawn anew for every row',
    spec: (rows) => month(rows, { labels: { ...EVERY_ROW, distinct: 10_000 } }),
    holds: ({ labelTexts }, rows) => labelTexts <= 10_000 && (rows < ENOUGH || labelTexts > 9_000),
  },
  'labels-1m': {
    about: 'as many label texts as rows, short',
    spec: (rows) => month(rows, { labels: EVERY_ROW }),
    holds: ({ labelTexts }, rows) => labelTexts > 0.95 * rows,
  },
  'labels-long': {
    about: '400 label texts of 4,000 bytes',
    spec: (rows) => month(rows, { labels: { ...LABELS, bytes: 4000, random: true } }),
    holds: ({ labelBytesMean, labelTexts }) => labelBytesMean > 3000 && labelTexts <= 402,
  },
  'labels-null': {
    about: 'no pod has labels',
    spec: (rows) => month(rows, { labels: { nullPercent: 100 } }),
    holds: ({ labelTexts, labelsNull }, rows) => labelTexts === 0 && labelsNull === rows,
  },
  'groups-few': {
    about: 'few nodes, namespaces and label sets: less than 10,000 groups whatever the number of rows',
    spec: (rows) => month(rows, { nodes: 4, namespaces: 3, labels: { distinct: 400, kept: 6 } }),
    holds: ({ groups }) => groups < 10_000,
  },
  steady: {
    about: 'few groups, rows by pod: as many bytes a row and as many names in a row group at every size',
    spec: (rows) => month(rows, { nodes: 4, namespaces: 3, labels: { distinct: 400, kept: 6 }, files: { order: 'pod' } }),
    holds: ({ groups, samePod }) => groups < 10_000 && samePod > 0.9,
  },
  'groups-many': {
    about: 'enabled labels drawn anew for every row: nearly as many groups as rows',
    spec: (rows) => month(rows, { labels: { ...EVERY_ROW, kept: 0 } }),
    holds: ({ groups }, rows) => groups > 0.9 * rows,
  },
  narrow: {
    about: 'files of older operators, without the role of nodes',
    spec: (rows) => month(rows, { nodeRole: false }),
    holds: ({ columns }) => columns === 21,
  },
  zstd: {
    about: 'compressed with zstd instead of snappy',
    spec: (rows) => month(rows, { files: { compression: 'zstd' } }),
    holds: ({ compression }) => compression === 'ZSTD',
  },
  uncompressed: {
    about: 'not compressed',
    spec: (rows) => month(rows, { files: { compression: 'none' } }),
    holds: ({ compression }) => compression === 'UNCOMPRESSED',
  },
  plain: {
    about: 'no dictionaries at all',
    spec: (rows) => month(rows, { files: { dictionary: false } }),
    holds: ({ dictionaryChunks, labelChunksPlain, labelChunks }) => dictionaryChunks === 0 && labelChunksPlain === labelChunks,
  },
  'one-file': {
    about: 'one big file for the month',
    spec: (rows) => month(rows, { files: { per: 'month' } }),
    holds: ({ podFiles }) => podFiles === 1,
  },
  'small-files': {
    about: 'files of 1,000 rows at most',
    spec: (rows) => month(rows, { files: { rowsPerFile: 1000 } }),
    holds: ({ podFiles }, rows) => podFiles >= rows / 1000,
  },
  'by-pod': {
    about: 'rows of a day by pod, each with its hours',
    spec: (rows) => month(rows, { files: { order: 'pod' } }),
    holds: ({ stepsBack, samePod }) => stepsBack < 0.1 && samePod > 0.9,
  },
  shuffled: {
    about: 'rows of a day in strides: neither by hour nor by pod',
    spec: (rows) => month(rows, { files: { order: 'shuffled' } }),
    holds: ({ stepsBack, samePod }) => stepsBack > 0.05 && samePod < 0.01,
  },
  daily: {
    about: 'daily files beside the hourly ones, and read instead of them',
    input: 'daily',
    spec: (rows) => month(rows, { files: { daily: true } }),
    holds: ({ dailyRows }, rows) => dailyRows > 0 && dailyRows < rows,
  },
};

/**
 * A month of so many rows. Namespaces and label sets are the same at every size, and nodes grow with rows, so that groups do too: 80 nodes and
 * about 400,000 groups for 10 M rows.
 */
function month(rows, { labels = LABELS, files = {}, ...more }) {
  return { rows, nodes: Math.max(4, Math.round(rows / 125_000)), volumes: 0, labels, files: { daily: false, ...files }, ...more };
}
