-- snowflake: from a stage into a table
COPY INTO raw.visits FROM @raw.landing/visits/2024/ FILE_FORMAT = (TYPE = CSV) ON_ERROR = 'CONTINUE';
--= write RAW.VISITS insert; read @RAW.LANDING/visits/2024
-- snowflake: through a query of the stage
COPY INTO raw.visits (id, page) FROM (SELECT v.$1, UPPER(v.$3) FROM @landing/visits v);
--= write RAW.VISITS insert; read @LANDING/visits; @LANDING/visits.$1 -> RAW.VISITS.ID identity; @LANDING/visits.$3 -> RAW.VISITS.PAGE expression
-- snowflake: out to a stage
COPY INTO @outbox/daily/ FROM (SELECT d.day, SUM(d.n) AS n FROM counts d GROUP BY d.day) OVERWRITE = TRUE;
--= write @OUTBOX/daily insert; read COUNTS; COUNTS.DAY -> @OUTBOX/daily.DAY identity; COUNTS.N -> @OUTBOX/daily.N aggregate
-- snowflake: a table out to a stage
COPY INTO @outbox FROM raw.visits;
--= write @OUTBOX insert; read RAW.VISITS
-- databricks: files into a table
COPY INTO raw.visits FROM 's3://lake/visits' FILEFORMAT = PARQUET;
--= write raw.visits insert; read s3://lake/visits
-- redshift: in and out
COPY visits (id, page) FROM 's3://lake/visits.csv' IAM_ROLE DEFAULT CSV;
UNLOAD ('SELECT v.id, v.page FROM visits v WHERE v.kind = ''x''') TO 's3://lake/out_' PARQUET;
--= write visits insert; read s3://lake/visits.csv; read visits; write s3://lake/out_ insert; visits.id -> s3://lake/out_.id identity; visits.page -> s3://lake/out_.page identity
-- postgres: files of the server; what a client reads and writes is no place
COPY visits FROM '/in/visits.csv' CSV;
COPY (SELECT v.id FROM visits v) TO '/out/ids.csv' CSV HEADER;
COPY visits TO STDOUT;
--= write visits insert; read /in/visits.csv; read visits; write /out/ids.csv insert; visits.id -> /out/ids.csv.id identity
-- duckdb: a file beside
COPY visits TO 'visits.parquet' (FORMAT parquet);
--= write file:visits.parquet insert; read visits
-- mysql: a file into a table
LOAD DATA LOCAL INFILE '/in/visits.csv' REPLACE INTO TABLE visits FIELDS TERMINATED BY ',';
--= write visits insert; read /in/visits.csv
-- hive: a folder in place of a table, and a query out to one
LOAD DATA INPATH '/in/visits' OVERWRITE INTO TABLE raw.visits;
INSERT OVERWRITE LOCAL DIRECTORY '/out/pages' SELECT v.page FROM raw.visits v;
--= write raw.visits overwrite; read /in/visits; read raw.visits; write /out/pages overwrite; raw.visits.page -> /out/pages.page identity
-- bigquery: in and out
LOAD DATA INTO d.visits FROM FILES (format = 'CSV', uris = ['gs://lake/visits/*.csv']);
EXPORT DATA OPTIONS (uri = 'gs://lake/out/*.csv', format = 'CSV') AS SELECT v.id FROM d.visits v;
--= write d.visits insert; read gs://lake/visits/*.csv; read d.visits; write gs://lake/out/*.csv insert; d.visits.id -> gs://lake/out/*.csv.id identity
-- tsql: bulk
BULK INSERT dbo.visits FROM 'C:\in\visits.csv' WITH (FIRSTROW = 2);
--= write dbo.visits insert; read file:C:\in\visits.csv
-- bigquery: where it goes to is computed; a query in parentheses
EXPORT DATA OPTIONS (uri = CONCAT(base, '/x_*.csv'), format = 'CSV') AS SELECT v.id FROM d.visits v;
EXPORT DATA OPTIONS (uri = 'gs://lake/y_*.csv') AS (SELECT w.n FROM d.walks w);
--= read d.visits; read d.walks; write gs://lake/y_*.csv insert; d.walks.n -> gs://lake/y_*.csv.n identity
-- duckdb: files in place of tables, by name and by function
CREATE TABLE t AS SELECT v.a, w.b FROM 'visits.parquet' v JOIN read_csv('in/w*.csv', header = true) AS w ON w.id = v.id;
--= read file:visits.parquet; read in/w*.csv; write t create; file:visits.parquet.a -> t.a identity; in/w*.csv.b -> t.b identity
-- databricks: files that are read as a table
CREATE OR REFRESH STREAMING TABLE t AS SELECT f.a FROM STREAM(read_files('/in/visits', format => 'json')) f;
--= read /in/visits; write t create; /in/visits.a -> t.a identity
-- clickhouse: a file far away
INSERT INTO t (a) SELECT f.x FROM s3('https://lake/x.csv', 'CSV') f;
--= read https://lake/x.csv; write t insert; https://lake/x.csv.x -> t.a identity
