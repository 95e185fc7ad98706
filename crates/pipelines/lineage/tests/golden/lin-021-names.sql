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
-- tsql: alias in brackets
SELECT [x].[a] INTO dbo.y FROM srv.db.dbo.[My Table] AS [x]
--= read srv.db.dbo.My Table; write dbo.y create; srv.db.dbo.My Table.a -> dbo.y.a identity
-- tsql: db..t
SELECT a INTO dbo.y FROM db..t
--= read db.t; write dbo.y create; db.t.a -> dbo.y.a identity
-- tsql: identity func
SELECT IDENTITY(int, 1, 1) AS id, a INTO o FROM t
--= read t; write o create; () -> o.id constant; t.a -> o.a identity
-- oracle: dual
CREATE VIEW v AS SELECT SYSDATE AS d, ROWNUM AS r, seq.NEXTVAL AS n, a FROM t;
--= read T; write V create; () -> V.D constant; () -> V.R constant; () -> V.N constant; T.A -> V.A identity
-- oracle: from dual
INSERT INTO t (a) SELECT 1 FROM dual;
--= write T insert; () -> T.A constant
-- oracle: db link
CREATE VIEW v AS SELECT a FROM s.t@remote;
--= read S.T@REMOTE; write V create; S.T@REMOTE.A -> V.A identity
-- snowflake: table literal
SELECT a FROM TABLE('db.s.t');
--= read DB.S.T
-- snowflake: 3 part quote
CREATE VIEW "Db"."s".v AS SELECT "Col", t."x y" FROM db.sch."T" t;
--= read DB.SCH.T; write Db.s.V create; DB.SCH.T.Col -> Db.s.V.Col identity; DB.SCH.T.x y -> Db.s.V.x y identity
-- bigquery: wildcard table
CREATE VIEW d.v AS SELECT a, _TABLE_SUFFIX AS s FROM `p.d.events_*`;
--= read p.d.events_*; write d.v create; p.d.events_*.a -> d.v.a identity; p.d.events_*._TABLE_SUFFIX -> d.v.s identity
-- bigquery: dashes
CREATE VIEW d.v AS SELECT a FROM my-project.d.t;
--= read my-project.d.t; write d.v create; my-project.d.t.a -> d.v.a identity
-- spark: from path
CREATE VIEW v AS SELECT a FROM parquet.`/data/x`;
--= read parquet./data/x; write v create; parquet./data/x.a -> v.a identity
-- hive: variables in names, and in strings
CREATE TABLE x AS SELECT a.id FROM ${db}.a JOIN pre_${p}_post.b ON b.k = a.k WHERE a.d = '${hiveconf:d}';
--= read ${db}.a; read pre_${p}_post.b; write x create; ${db}.a.id -> x.id identity
-- tsql: a name with a dot in it
CREATE VIEW v AS SELECT t.[a.b] FROM [x.y] AS t;
--= read x.y; write v create; x.y.a.b -> v.a.b identity
