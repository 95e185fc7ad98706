-- The lineage graph: what each file tells of nodes and edges, and views that say what all files tell together.

CREATE SEQUENCE :schema.lineage_load;

CREATE TABLE :schema.lineage_file (
  name text PRIMARY KEY,
  load bigint NOT NULL,
  file integer NOT NULL,
  previous_load bigint,
  previous_file integer,
  sha256 text NOT NULL,
  digest text NOT NULL,
  nodes integer NOT NULL,
  edges integer NOT NULL,
  first_run text NOT NULL,
  last_run text NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE :schema.lineage_file IS 'Files whose graph is held. load and file are what its rows of lineage_node_fact and lineage_edge_fact carry.';

-- COPY writes here at once: the load is that of the session, so that no row has to be touched twice.
CREATE TABLE :schema.lineage_node_fact (
  load bigint NOT NULL DEFAULT currval(':schema.lineage_load'::regclass),
  file integer NOT NULL,
  id bytea NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  props jsonb NOT NULL
);

-- Ids are asked for by equality only, and hash indexes of them are filled faster than sorted ones (180,000 rows, all in: 0.78 to 0.95 s, sorted 1.15 s).
-- Of names, only those that identify something are indexed; a column is found by its asset.
CREATE INDEX lineage_node_fact_of_load ON :schema.lineage_node_fact (load);
CREATE INDEX lineage_node_fact_by_id ON :schema.lineage_node_fact USING hash (id);
CREATE INDEX lineage_node_fact_by_name ON :schema.lineage_node_fact (left(lower(name), 100)) WHERE kind NOT IN ('Transformation', 'Column');

CREATE TABLE :schema.lineage_edge_fact (
  load bigint NOT NULL DEFAULT currval(':schema.lineage_load'::regclass),
  file integer NOT NULL,
  src bytea NOT NULL,
  type text NOT NULL,
  dst bytea NOT NULL,
  source text NOT NULL,
  confidence double precision NOT NULL,
  status text NOT NULL,
  props jsonb NOT NULL
);

CREATE INDEX lineage_edge_fact_of_load ON :schema.lineage_edge_fact (load);
CREATE INDEX lineage_edge_fact_by_src ON :schema.lineage_edge_fact USING hash (src);
CREATE INDEX lineage_edge_fact_by_dst ON :schema.lineage_edge_fact USING hash (dst);

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
      FROM :schema.lineage_node_fact s CROSS JOIN LATERAL jsonb_each(s.props) p
      WHERE s.id = f.id
      ORDER BY p.key, p.value::text COLLATE "C"
    ) each
  ) END AS props
FROM :schema.lineage_node_fact f
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
  FROM :schema.lineage_edge_fact
  ORDER BY src, type, dst, confidence DESC, props::text COLLATE "C", source COLLATE "C", status COLLATE "C"
) e
LEFT JOIN :schema.lineage_review r USING (src, type, dst);
