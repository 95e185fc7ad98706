-- Several tables per window, and files that are read in ranges.

ALTER TABLE :schema.load ADD COLUMN tables jsonb NOT NULL DEFAULT '[]';

COMMENT ON COLUMN :schema.load.tables IS 'Rows, bytes and deleted rows of each table; the columns beside it are their sums.';

ALTER TABLE :schema.unit ADD COLUMN range_start bigint NOT NULL DEFAULT 0;
ALTER TABLE :schema.unit ADD COLUMN range_end bigint;
ALTER TABLE :schema.unit DROP CONSTRAINT unit_pkey;
ALTER TABLE :schema.unit ADD PRIMARY KEY (run_id, window_start, input, uri, range_start);

COMMENT ON COLUMN :schema.unit.range_end IS 'Byte behind the last one that was read as this piece of work; NULL for the rest of the file.';
