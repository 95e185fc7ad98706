export { type Connection, change, connect, describeUrl, disconnect, inTransaction, withConnection } from './connect.js';
export type { DocumentFault } from './document-faults.js';
export { type DocumentLoad, type DocumentRows, type LoadedDocuments, loadDocuments } from './document-load.js';
export { checkDocumentTables, createDocumentTables } from './document-tables.js';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded.js';
export { indexFacts, missingIndexes } from './graph-indexes.js';
export { finishFile, unmatchedEnds } from './graph-mend.js';
export {
  beginReading,
  columnsOf,
  edgesAt,
  everyEdge,
  everyNode,
  nodesById,
  nodesInScope,
  nodesNamed,
  reviewEdge,
  searchNodes,
  selectEdges,
  selectNodes,
} from './graph-read.js';
export { graphStats } from './graph-stats.js';
export { walkGraph } from './graph-walk.js';
export { addToGraph, clearGraph, type GraphPart, knownFiles, removeFromGraph, type WrittenPart, writeGraph } from './graph-write.js';
export { RunLedger } from './ledger.js';
export { type LoadPart, type LoadRequest, type LoadResult, loadWindow } from './load.js';
export { type LookupColumn, type LookupFilter, type LookupRow, type LookupTable, readLookup } from './lookups.js';
export { appliedMigration, migrateLedger } from './migrate.js';
export { parseTableName, shown, type TableName } from './names.js';
export type { OwnedRows } from './owned-rows.js';
export { ownedSource, tableSource } from './owned-source.js';
export { createStaging, emptyStaging, type StagedTable, stagedTables } from './staging.js';
export { backendPid, cancelBackend } from './statements/cancel-backend.js';
export {
  claimKeys,
  claimPage,
  claimSources,
  countDocuments,
  createClaims,
  type DocumentChoice,
  type DocumentTable,
  delist,
  enlist,
  type PageRow,
} from './statements/claim-documents.js';
export { clearRoots } from './statements/clear-roots.js';
export { copyDocumentsOut, type FetchedDocuments } from './statements/copy-documents-out.js';
export { copyOut, type ReadColumn } from './statements/copy-out.js';
export { countRows } from './statements/count-rows.js';
export { schemaExists } from './statements/create-schema.js';
export {
  insertLog,
  type LoggedDocument,
  type LogKey,
  type LogLine,
  type LogRun,
  readLoadedIds,
  readLog,
  serverTime,
} from './statements/document-log.js';
export type { DocumentRange } from './statements/merge-staged.js';
export { readColumns } from './statements/read-columns.js';
export { readCreateRights, readTableRights, type TableRights } from './statements/read-rights.js';
export { readTable } from './statements/read-table.js';
export type { LoadedWindow } from './statements/select-loads.js';
export { type StoredPlan, type StoredRun, selectPlan, selectRuns } from './statements/select-runs.js';
export { serverVersion } from './statements/server-version.js';
export { type Summary, summarise } from './statements/summarise.js';
export { checkTarget, ensureTarget, type Target, type TargetColumn } from './target.js';
