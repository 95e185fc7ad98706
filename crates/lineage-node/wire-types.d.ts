/* Types of what crosses between TypeScript and Rust. The generated declarations refer to them. */

/** A failure as data; `tree.ts` makes a `RowmillError` of it. */
export interface Failure {
  code: string
  message: string
  help: string | null
  retryable: boolean
  place: { file?: string; line?: number; column?: string; value?: string }
}

/** Either a value or a failure. */
export type Answer<T> = { ok: T; failure?: undefined } | { ok?: undefined; failure: Failure }

/** Where results of parsing are kept. */
export interface CacheOptions {
  path: string
  maxEntries: number
  ttlDays: number
}

/** What is in a cache, and how often it helped. */
export interface CacheStats {
  entries: number
  bytes: number
  /** Milliseconds since 1970; null where it is empty. */
  oldestMs: number | null
  hits: number
  misses: number
}

/** What a check of some entries of a cache found. */
export interface CacheCheck {
  checked: number
  /** Whole, and their files are what they were made of. */
  verified: number
  /** Damaged, or their files are others now: deleted. */
  failed: number
  /** Whole, and their files are gone, or were texts: they stay. */
  missing: number
}

/** How a text is read that is handed in, where not as files are. */
export interface TextOptions {
  /** Id of a dialect, or `auto`. */
  dialect?: string
  /** Properties that the node of its file gets, before those of all files. */
  properties?: Record<string, string>
}

/** How files are read. */
export interface TreeOptions {
  /** Id of a dialect, or `auto`. */
  dialect: string
  defaultSchema: string | null
  idScheme: 'separated' | 'legacy'
  /** Whether columns of conditions give edges of their own. */
  influences: boolean
  /** Whether names that synonyms stand for are replaced by what they stand for. */
  followSynonyms: boolean
  /** Properties that the nodes of all files get. */
  fileProperties: Record<string, string>
  /** JSON: columns of tables that no file defines. */
  schemaFile: string | null
  cache: CacheOptions | null
  threads: number
  maxFileBytes: number
}

/** A dialect of SQL. */
export interface DialectDescription {
  id: string
  name: string
  description: string
  isDefault: boolean
}

/** What became of a file that was taken in: hash and length are null, and the failure says why, where it could not be read. */
export interface FileRead {
  name: string
  sha256: string | null
  bytes: number | null
  isCached: boolean
  failure: string | null
}

/** What could not be understood; line and column from 1, or 0 where they are not known. */
export interface FileProblem {
  index: number | null
  line: number
  column: number
  message: string
}

/** What is known of a file whose graph is new. */
export interface FileSummary {
  name: string
  sha256: string
  /** Null where it is not SQL. */
  dialect: string | null
  /** Changes whenever the graph changes. */
  digest: string
  isCached: boolean
  statements: number
  /** Statements that bear lineage by their first words. */
  bearing: number
  /** Those of them that yielded structure. */
  structured: number
  problems: FileProblem[]
  nodes: number
  edges: number
}

/** A node, as one file says it. */
export interface FileNode {
  file: string
  /** 64 hexadecimal digits. */
  id: string
  kind: string
  name: string
  properties: Record<string, string>
}

/** An edge, as one file says it. */
export interface FileEdge {
  file: string
  from: string
  type: string
  to: string
  source: string
  confidence: number
  status: string
  properties: Record<string, string>
}

/** Graphs of files. */
export interface FileGraphs {
  nodes: FileNode[]
  edges: FileEdge[]
}

