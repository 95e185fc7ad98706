-- postgres: a materialised view
CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
--= read t; write v create; t.a -> v.a identity
-- snowflake: a table from a query
CREATE TABLE x AS SELECT a FROM t;
--= read T; write X create; T.A -> X.A identity
-- spark: a table with a format from a query
CREATE TABLE x USING parquet AS SELECT a FROM t;
--= read t; write x create; t.a -> x.a identity
-- bigquery: a table that is replaced
CREATE OR REPLACE TABLE d.x AS SELECT a FROM d.t;
--= read d.t; write d.x create; d.t.a -> d.x.a identity
-- tsql: a table made by SELECT INTO
SELECT a, b AS c INTO dbo.x FROM dbo.t;
--= read dbo.t; write dbo.x create; dbo.t.a -> dbo.x.a identity; dbo.t.b -> dbo.x.c identity
-- postgres: a table made by SELECT INTO
SELECT a INTO x FROM t;
--= read t; write x create; t.a -> x.a identity
-- tsql: a temporary table
SELECT a INTO #x FROM t;
--= read t; write #x create; t.a -> #x.a identity
-- mysql: a table from a query
CREATE TABLE x AS SELECT a FROM t;
--= read t; write x create; t.a -> x.a identity
-- oracle: a table from a query
CREATE TABLE x AS SELECT a FROM t;
--= read T; write X create; T.A -> X.A identity
-- tsql: for json
SELECT a, b INTO dbo.x FROM dbo.t FOR JSON PATH
--= read dbo.t; write dbo.x create; dbo.t.a -> dbo.x.a identity; dbo.t.b -> dbo.x.b identity
-- tsql: view with schemabinding
CREATE VIEW dbo.v (x, y) WITH SCHEMABINDING AS SELECT a, COUNT_BIG(*) FROM dbo.t GROUP BY a WITH CHECK OPTION
--= read dbo.t; write dbo.v create; dbo.t.a -> dbo.v.x identity; () -> dbo.v.y aggregate
-- tsql: create or alter view
CREATE OR ALTER VIEW dbo.v AS SELECT a FROM dbo.t
--= read dbo.t; write dbo.v create; dbo.t.a -> dbo.v.a identity
-- tsql: alter view
ALTER VIEW dbo.v AS SELECT a FROM dbo.t
--= read dbo.t; write dbo.v create; dbo.t.a -> dbo.v.a identity
-- postgres: table statement
CREATE TABLE x AS TABLE t;
--= read t; write x create; t.* -> x.* star unresolved
-- postgres: create unlogged
CREATE UNLOGGED TABLE IF NOT EXISTS s.x AS SELECT a FROM t WITH NO DATA;
--= read t; write s.x create; t.a -> s.x.a identity
-- postgres: mat view with
CREATE MATERIALIZED VIEW IF NOT EXISTS mv TABLESPACE ts AS SELECT a FROM t WITH NO DATA;
--= read t; write mv create; t.a -> mv.a identity
-- postgres: recursive view
CREATE RECURSIVE VIEW r (n) AS SELECT a FROM t UNION ALL SELECT n + 1 FROM r WHERE n < 5;
--= read t; write r create; t.a -> r.n expression
-- postgres: view with options
CREATE OR REPLACE VIEW v WITH (security_barrier=true) AS SELECT a FROM t WITH LOCAL CHECK OPTION;
--= read t; write v create; t.a -> v.a identity
-- postgres: select into temp
SELECT a INTO TEMP TABLE x FROM t;
--= read t; write x create; t.a -> x.a identity
-- mysql: create select no as
CREATE TABLE x SELECT a FROM t;
--= read t; write x create; t.a -> x.a identity
-- mysql: view definer
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `v` AS select `t`.`a` AS `x` from `t`;
--= read t; write v create; t.a -> v.x identity
-- oracle: read only
CREATE OR REPLACE FORCE EDITIONABLE VIEW "S"."V" ("X", "Y") AS SELECT a, b FROM t WITH READ ONLY;
--= read T; write S.V create; T.A -> S.V.X identity; T.B -> S.V.Y identity
-- oracle: mat view
CREATE MATERIALIZED VIEW mv BUILD IMMEDIATE REFRESH FAST ON COMMIT AS SELECT a FROM t;
--= read T; write MV create; T.A -> MV.A identity
-- snowflake: transient with opts
CREATE OR REPLACE TRANSIENT TABLE x CLUSTER BY (a) COPY GRANTS AS SELECT a FROM t;
--= read T; write X create; T.A -> X.A identity
-- snowflake: dynamic table
CREATE OR REPLACE DYNAMIC TABLE dt TARGET_LAG = '1 hour' WAREHOUSE = wh AS SELECT a FROM t;
--= read T; write DT create; T.A -> DT.A identity
-- snowflake: secure view
CREATE OR REPLACE SECURE VIEW v (x COMMENT 'c') COPY GRANTS COMMENT = 'c' AS SELECT a FROM t;
--= read T; write V create; T.A -> V.X identity
-- snowflake: mat view
CREATE OR REPLACE MATERIALIZED VIEW mv CLUSTER BY (a) AS SELECT a FROM t;
--= read T; write MV create; T.A -> MV.A identity
-- bigquery: partition cluster
CREATE OR REPLACE TABLE d.x PARTITION BY DATE(ts) CLUSTER BY k OPTIONS (description = 'select') AS SELECT ts, k FROM d.t;
--= read d.t; write d.x create; d.t.ts -> d.x.ts identity; d.t.k -> d.x.k identity
-- bigquery: clone snapshot
CREATE TABLE d.c CLONE d.t; CREATE SNAPSHOT TABLE d.s CLONE d.t;
--= read d.t; write d.c create; d.t.* -> d.c.* star unresolved; write d.s create; d.t.* -> d.s.* star unresolved
-- bigquery: create like copy
CREATE TABLE d.c LIKE d.t; CREATE TABLE d.e COPY d.t;
--= read d.t; write d.e create; d.t.* -> d.e.* star unresolved
-- bigquery: mat view
CREATE MATERIALIZED VIEW d.mv OPTIONS (enable_refresh = true) AS SELECT a, COUNT(*) AS n FROM d.t GROUP BY a;
--= read d.t; write d.mv create; d.t.a -> d.mv.a identity; () -> d.mv.n aggregate
-- spark: ctas
CREATE OR REPLACE TABLE db.x USING delta PARTITIONED BY (a) TBLPROPERTIES ('a'='b') COMMENT 'c' AS SELECT a, b FROM db.t;
--= read db.t; write db.x create; db.t.a -> db.x.a identity; db.t.b -> db.x.b identity
-- databricks: live table
CREATE OR REFRESH LIVE TABLE lt AS SELECT a FROM LIVE.src;
--= read LIVE.src; write lt create; LIVE.src.a -> lt.a identity
-- databricks: shallow clone
CREATE TABLE x SHALLOW CLONE db.t;
--= read db.t; write x create; db.t.* -> x.* star unresolved
-- databricks: mat view
CREATE MATERIALIZED VIEW mv AS SELECT a FROM t;
--= read t; write mv create; t.a -> mv.a identity
-- hive: alter view
ALTER VIEW v AS SELECT a FROM t;
--= read t; write v create; t.a -> v.a identity
-- trino: ctas with
CREATE TABLE c.s.x WITH (format = 'ORC') AS SELECT a FROM c.s.t WITH NO DATA;
--= read c.s.t; write c.s.x create; c.s.t.a -> c.s.x.a identity
-- trino: view security
CREATE OR REPLACE VIEW c.s.v SECURITY INVOKER AS SELECT a FROM c.s.t;
--= read c.s.t; write c.s.v create; c.s.t.a -> c.s.v.a identity
-- trino: mat view
CREATE MATERIALIZED VIEW mv GRACE PERIOD INTERVAL '1' DAY AS SELECT a FROM t;
--= read t; write mv create; t.a -> mv.a identity
-- redshift: ctas dist
CREATE TABLE x DISTKEY(a) SORTKEY(b) AS SELECT a, b FROM t;
--= read t; write x create; t.a -> x.a identity; t.b -> x.b identity
-- redshift: no schema binding
CREATE VIEW s.v AS SELECT a FROM s.t WITH NO SCHEMA BINDING;
--= read s.t; write s.v create; s.t.a -> s.v.a identity
-- redshift: select top
SELECT TOP 10 a INTO x FROM t;
--= read t; write x create; t.a -> x.a identity
-- clickhouse: mv to
CREATE MATERIALIZED VIEW mv TO db.target AS SELECT a, count() AS c FROM db.src GROUP BY a;
--= read db.src; write db.target insert; db.src.a -> db.target.a identity; () -> db.target.c aggregate; write mv create; db.src.a -> mv.a identity; () -> mv.c aggregate
-- clickhouse: mv engine
CREATE MATERIALIZED VIEW mv ENGINE = SummingMergeTree ORDER BY a POPULATE AS SELECT a, sum(b) AS s FROM src GROUP BY a;
--= read src; write mv create; src.a -> mv.a identity; src.b -> mv.s aggregate
-- clickhouse: create as select
CREATE TABLE x ENGINE = Memory AS SELECT a FROM t;
--= read t; write x create; t.a -> x.a identity
-- postgres: a temporary table is read by what follows
CREATE TEMP TABLE mid AS SELECT s.a, s.b * 2 AS c FROM src s; INSERT INTO fin SELECT * FROM mid;
--= read src; write mid create; src.a -> mid.a identity; src.b -> mid.c expression; read mid; write fin insert; mid.a -> fin.a identity; mid.c -> fin.c identity
-- tsql: a table from a query in parentheses, and the next statement without a semicolon before it
CREATE TABLE dbo.made WITH (DISTRIBUTION = ROUND_ROBIN) AS ( SELECT s.d FROM dbo.src s )
SELECT t.d FROM dbo.other t;
--= write dbo.made create; read dbo.src; dbo.src.d -> dbo.made.d identity; read dbo.other
