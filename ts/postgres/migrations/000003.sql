-- The lineage graph: what each file tells of nodes and edges, and views that say what all files tell together.

-- Keys of files in the fact tables. A transaction takes one number, and with it a million keys for its files.
CREATE SEQUENCE :schema.lineage_key INCREMENT BY 1048576;

CREATE TABLE :schema.lineage_file (
  name text PRIMARY KEY,
  key bigint NOT NULL,
  previous_key bigint,
  sha256 text NOT NULL,
  digest text NOT NULL,
  nodes integer NOT NULL,
  edges integer NOT NULL,
  first_run text NOT NULL,
  last_run text NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE :schema.lineage_file IS 'Files whose graph is held. key is what the rows of lineage_*_fact carry that the file tells; a file that is written again gets another one.';

-- What files tell, in as few and as short rows as say it: lineage_node_told and lineage_edge_told show it as nodes and edges. Indexes are not made here
-- but when there is something to index: a first load is half as long without them.

CREATE TABLE :schema.lineage_node_fact (
  file bigint NOT NULL,
  id bytea NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  props jsonb
);

CREATE TABLE :schema.lineage_column_fact (
  file bigint NOT NULL,
  id bytea NOT NULL,
  asset bytea NOT NULL,
  name text NOT NULL
);

COMMENT ON TABLE :schema.lineage_column_fact IS 'Columns, each with the edge CONTAINS from its asset.';

CREATE TABLE :schema.lineage_flow_fact (
  file bigint NOT NULL,
  src bytea NOT NULL,
  dst bytea NOT NULL,
  via bytea NOT NULL,
  kind text NOT NULL,
  logic text NOT NULL,
  confidence double precision,
  props jsonb
);

COMMENT ON TABLE :schema.lineage_flow_fact IS 'Edges FLOWS_TO from src to dst, each with its transformation via, the INPUT_TO to that and the GENERATES from it.';

CREATE TABLE :schema.lineage_edge_fact (
  file bigint NOT NULL,
  src bytea NOT NULL,
  type text NOT NULL,
  dst bytea NOT NULL,
  source text,
  confidence double precision,
  status text,
  props jsonb
);

CREATE VIEW :schema.lineage_node_told AS
SELECT file, id, kind, name, coalesce(props, '{}') AS props FROM :schema.lineage_node_fact
UNION ALL
SELECT file, id, 'Column'::text, name, '{}'::jsonb FROM :schema.lineage_column_fact
UNION ALL
SELECT file, via, 'Transformation'::text, logic, jsonb_build_object('logic', logic, 'kind', kind) FROM :schema.lineage_flow_fact;

CREATE VIEW :schema.lineage_edge_told AS
SELECT file, src, type, dst, coalesce(source, 'parser') AS source, coalesce(confidence, 1) AS confidence, coalesce(status, 'approved') AS status,
  coalesce(props, '{}') AS props
FROM :schema.lineage_edge_fact
UNION ALL
SELECT file, asset, 'CONTAINS'::text, id, 'parser'::text, 1::double precision, 'approved'::text, '{}'::jsonb FROM :schema.lineage_column_fact
UNION ALL
SELECT file, src, 'FLOWS_TO'::text, dst, 'parser'::text, coalesce(confidence, 1), 'approved'::text,
  jsonb_build_object('kind', kind, 'expr_id', encode(via, 'hex')) || coalesce(props, '{}')
FROM :schema.lineage_flow_fact
UNION ALL
SELECT file, src, 'INPUT_TO'::text, via, 'parser'::text, coalesce(confidence, 1), 'approved'::text, '{}'::jsonb FROM :schema.lineage_flow_fact
UNION ALL
SELECT file, via, 'GENERATES'::text, dst, 'parser'::text, 1::double precision, 'approved'::text, '{}'::jsonb FROM :schema.lineage_flow_fact;

CREATE TABLE :schema.lineage_review (
  src bytea NOT NULL,
  type text NOT NULL,
  dst bytea NOT NULL,
  status text NOT NULL CHECK (status IN ('approved', 'rejected')),
  notes text,
  reviewed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (src, type, dst)
);

COMMENT ON TABLE :schema.lineage_review IS 'What people decided about edges; kept when files are written again.';

CREATE FUNCTION :schema.lineage_rank(kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(array_position(ARRAY['DataAsset', 'Table', 'View', 'MaterializedView'], kind), 0) $$;

-- The same whatever the order of the files: the highest kind, the smallest name, and of each property the smallest value.
CREATE VIEW :schema.lineage_node AS
SELECT
  f.id,
  (array_agg(f.kind ORDER BY :schema.lineage_rank(f.kind) DESC, f.kind COLLATE "C"))[1] AS kind,
  min(f.name COLLATE "C") AS name,
  CASE WHEN min(f.props::text) = max(f.props::text) THEN (array_agg(f.props))[1] ELSE (
    SELECT coalesce(jsonb_object_agg(each.key, each.value), '{}')
    FROM (
      SELECT DISTINCT ON (p.key) p.key, p.value
      FROM :schema.lineage_node_told s CROSS JOIN LATERAL jsonb_each(s.props) p
      WHERE s.id = f.id
      ORDER BY p.key, p.value::text COLLATE "C"
    ) each
  ) END AS props
FROM :schema.lineage_node_told f
GROUP BY f.id;

-- The surest of the files counts; what a person decided counts before that.
CREATE VIEW :schema.lineage_edge AS
SELECT
  e.src, e.type, e.dst, e.source, e.confidence, coalesce(r.status, e.status) AS status,
  CASE WHEN r.status IS NULL THEN e.props
    ELSE e.props || jsonb_strip_nulls(jsonb_build_object('reviewed_at', to_char(r.reviewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reviewer_notes', r.notes))
  END AS props
FROM (
  SELECT DISTINCT ON (src, type, dst) src, type, dst, source, confidence, status, props
  FROM :schema.lineage_edge_told
  ORDER BY src, type, dst, confidence DESC, props::text COLLATE "C", source COLLATE "C", status COLLATE "C"
) e
LEFT JOIN :schema.lineage_review r USING (src, type, dst);
