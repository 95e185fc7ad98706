/** What is counted, under names that dashboards know. */

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** For what may take longer: a batch, a write. */
const LONG_SECONDS = [...SECONDS, 30, 60];

export interface MetricDescription {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Upper bounds of a histogram's buckets, ascending. */
  buckets?: readonly number[];
  /** Whether values are told apart by the sink that they are about. */
  hasSink?: boolean;
}

const counter = (help: string, hasSink = false): MetricDescription => ({ kind: 'counter', help, hasSink });
const gauge = (help: string): MetricDescription => ({ kind: 'gauge', help });
const histogram = (help: string, buckets: readonly number[], hasSink = false): MetricDescription => ({ kind: 'histogram', help, buckets, hasSink });

/** Metrics of lineage runs. Those that begin with `neo4j_` count every sink's writes: their names are older than the other sinks. */
export const METRICS = {
  parse_cache_hit_total: counter('files whose parse was in the cache'),
  parse_cache_miss_total: counter('files that had to be parsed'),
  parse_cache_entries: gauge('entries of the cache'),
  parse_cache_size_bytes: gauge('bytes of the entries of the cache'),
  events_deduplicated_total: counter('events of files that were waiting already'),
  batch_size_histogram: histogram('files of a batch', [1, 5, 10, 25, 50, 100, 200, 500]),
  batch_processing_duration_seconds: histogram('seconds from taking a batch to having written it', LONG_SECONDS),
  files_processed_total: counter('files that were taken in'),
  files_failed_total: counter('files that could not be read'),
  file_processing_duration_seconds: histogram("seconds from a file's reading to its being written", SECONDS),
  files_processed_per_second: gauge('files per second of the last batch'),
  total_files_processed: gauge('files that were taken in since the start'),
  active_workers: gauge('workers that are busy'),
  workers: gauge('workers that there are'),
  queue_size: gauge('batches that wait for a worker'),
  back_pressure_events_total: counter('times that somebody waited for the queue or for memory'),
  parse_errors_total: counter('places of files that could not be understood'),
  statements_parsed_total: counter('statements that were parsed'),
  graph_items_failed_total: counter('nodes and edges that went to the dead-letter file'),
  graph_edges_unmatched_total: counter('ends of edges that are no node of the graph'),
  neo4j_batch_create_total: counter('writes of a batch to the graph'),
  neo4j_entities_created_total: counter('nodes that were written'),
  neo4j_relationships_created_total: counter('edges that were written'),
  neo4j_retry_total: counter('writes that were tried again'),
  neo4j_batch_duration_seconds: histogram('seconds of a write of a batch', LONG_SECONDS),
  graph_files_written_total: counter('files whose graphs were written to a sink', true),
  graph_batch_create_total: counter('writes of a batch to a sink', true),
  graph_entities_created_total: counter('nodes that were written to a sink', true),
  graph_relationships_created_total: counter('edges that were written to a sink', true),
  graph_retry_total: counter('writes to a sink that were tried again', true),
  graph_batch_duration_seconds: histogram('seconds of a write of a batch to a sink', LONG_SECONDS, true),
} satisfies Record<string, MetricDescription>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
