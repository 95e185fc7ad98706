-- postgres: a view renames by alias
CREATE VIEW v AS SELECT a, b AS c FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.c identity
-- tsql: brackets are no part of a name
CREATE VIEW [dbo].[v] AS SELECT [x].[a] FROM [dbo].[t] AS [x];
--= read dbo.t; write dbo.v create; dbo.t.a -> dbo.v.a identity
-- snowflake: names that are not quoted are stored in upper case
CREATE VIEW v AS SELECT a, "b" FROM t;
--= read T; write V create; T.A -> V.A identity; T.b -> V.b identity
-- oracle: names that are not quoted are stored in upper case
CREATE VIEW v AS SELECT a FROM s.t;
--= read S.T; write V create; S.T.A -> V.A identity
-- spark: an alias in backticks
CREATE VIEW v AS SELECT a AS `B c` FROM t;
--= read t; write v create; t.a -> v.B c identity
-- bigquery: a name quoted as a whole has three parts
CREATE VIEW `p.d.v` AS SELECT a FROM `p.d.t`;
--= read p.d.t; write p.d.v create; p.d.t.a -> p.d.v.a identity
-- mysql: an alias without AS
CREATE VIEW v AS SELECT t.a x FROM t;
--= read t; write v create; t.a -> v.x identity
-- duckdb: a qualified column
CREATE VIEW v AS SELECT s.t.a FROM s.t;
--= read s.t; write v create; s.t.a -> v.a identity
-- tsql: an alias before an equals sign
CREATE VIEW v AS SELECT x = t.a FROM t;
--= read t; write v create; t.a -> v.x identity
-- postgres: a view with a column list renames by position
CREATE VIEW v (x, y) AS SELECT a, b FROM t;
--= read t; write v create; t.a -> v.x identity; t.b -> v.y identity
-- snowflake: a view with a column list renames by position
CREATE VIEW v (x) AS SELECT a FROM t;
--= read T; write V create; T.A -> V.X identity
-- tsql: a column list of a view
CREATE VIEW v (x, y) AS SELECT a, a FROM t;
--= read t; write v create; t.a -> v.x identity; t.a -> v.y identity
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
-- postgres: a query alone writes nothing
SELECT a FROM t;
--= read t
