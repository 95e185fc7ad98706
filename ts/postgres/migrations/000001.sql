-- The ledger: what was asked, what was read, what was written. :schema is replaced by the quoted schema name.

CREATE TABLE :schema.run (
  id uuid PRIMARY KEY,
  pipeline text NOT NULL,
  plan jsonb NOT NULL,
  origins jsonb NOT NULL,
  target text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  host text NOT NULL,
  pid integer NOT NULL,
  error jsonb,
  report jsonb
);

CREATE INDEX run_by_start ON :schema.run (started_at DESC);

COMMENT ON TABLE :schema.run IS 'One row per run: the plan it ran and how it ended. A run that is working holds an advisory lock; state alone does not say that it lives.';

-- Written in the transaction that writes the rows: a window is loaded if and only if its row is here.
CREATE TABLE :schema.load (
  run_id uuid NOT NULL REFERENCES :schema.run (id) ON DELETE CASCADE,
  window_start date NOT NULL,
  window_end date NOT NULL,
  first_day date NOT NULL,
  target text NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  deleted bigint NOT NULL,
  seconds double precision NOT NULL,
  fingerprint text NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, window_start)
);

COMMENT ON TABLE :schema.load IS 'One row per window that was replaced, written in the same transaction as its rows.';

CREATE TABLE :schema.unit (
  run_id uuid NOT NULL,
  window_start date NOT NULL,
  input text NOT NULL,
  uri text NOT NULL,
  size bigint NOT NULL,
  version text NOT NULL,
  PRIMARY KEY (run_id, window_start, input, uri),
  FOREIGN KEY (run_id, window_start) REFERENCES :schema.load (run_id, window_start) ON DELETE CASCADE
);

COMMENT ON TABLE :schema.unit IS 'The files that a window was computed from, as they were when they were listed.';
