-- postgres: an insert with a column list
INSERT INTO t (x, y) SELECT a, b FROM s;
--= read s; write t insert; s.a -> t.x identity; s.b -> t.y identity
-- tsql: an insert without a column list takes the names of the query
INSERT INTO t SELECT a, b AS c FROM s;
--= read s; write t insert; s.a -> t.a identity; s.b -> t.c identity
-- snowflake: an insert without a column list into a table that is known
-: T(X, Y)
INSERT INTO t SELECT a, b FROM s;
--= read S; write T insert; S.A -> T.X identity; S.B -> T.Y identity
-- mysql: values feed nothing
INSERT INTO t (a, b) VALUES (1, 2), (3, 4);
--= write t insert
-- postgres: values without a column list
INSERT INTO t VALUES (1, 'x');
--= write t insert
-- spark: INSERT OVERWRITE
INSERT OVERWRITE TABLE t SELECT a FROM s;
--= read s; write t overwrite; s.a -> t.a identity
-- spark: INSERT OVERWRITE of a partition
INSERT OVERWRITE TABLE t PARTITION (d = '1') SELECT a FROM s;
--= read s; write t overwrite; s.a -> t.a identity
-- hive: INSERT INTO TABLE
INSERT INTO TABLE t SELECT a FROM s;
--= read s; write t insert; s.a -> t.a identity
-- postgres: an insert after WITH
WITH c AS (SELECT a FROM s) INSERT INTO t (x) SELECT a FROM c;
--= read s; write t insert; s.a -> t.x identity
-- postgres: an insert whose query has WITH
INSERT INTO t (x) WITH c AS (SELECT a FROM s) SELECT a FROM c;
--= read s; write t insert; s.a -> t.x identity
-- bigquery: an insert of an expression
INSERT INTO d.t (x) SELECT a * 2 FROM d.s;
--= read d.s; write d.t insert; d.s.a -> d.t.x expression
-- oracle: an insert of a union
INSERT INTO t (x) SELECT a FROM s UNION ALL SELECT b FROM u;
--= read S; read U; write T insert; S.A -> T.X identity; U.B -> T.X identity
-- tsql: a constant among columns
INSERT INTO t (x, y) SELECT a, 1 FROM s;
--= read s; write t insert; s.a -> t.x identity; () -> t.y constant
-- postgres: a star that cannot be expanded
INSERT INTO t SELECT * FROM s;
--= read s; write t insert; s.* -> t.* star unresolved
-- postgres: an upsert of what would have been inserted
INSERT INTO t (k, x) SELECT k, a FROM s ON CONFLICT (k) DO UPDATE SET x = excluded.x;
--= read s; write t insert; s.k -> t.k identity; s.a -> t.x identity
-- tsql: table variable
DECLARE @t TABLE (a int, b int); INSERT INTO @t (a, b) SELECT x, y FROM dbo.s; INSERT INTO dbo.u (a) SELECT a FROM @t;
--= columns @t(a, b); read dbo.s; write @t insert; dbo.s.x -> @t.a identity; dbo.s.y -> @t.b identity; read @t; write dbo.u insert; @t.a -> dbo.u.a identity
-- tsql: temp table
CREATE TABLE #x (a int, b int); INSERT INTO #x SELECT p, q FROM dbo.s; SELECT * INTO dbo.y FROM #x;
--= columns #x(a, b); read dbo.s; write #x insert; dbo.s.p -> #x.a identity; dbo.s.q -> #x.b identity; read #x; write dbo.y create; #x.a -> dbo.y.a identity; #x.b -> dbo.y.b identity
-- postgres: create temp table
CREATE TEMP TABLE tmp AS SELECT a FROM t; INSERT INTO x (a) SELECT a FROM tmp;
--= read t; write tmp create; t.a -> tmp.a identity; read tmp; write x insert; tmp.a -> x.a identity
-- postgres: on conflict expr
INSERT INTO t AS tt (k, x) VALUES (1, 2) ON CONFLICT (k) DO UPDATE SET x = tt.x + excluded.x, y = (SELECT max(z) FROM u);
--= read u; write t insert; t.x -> t.x expression; u.z -> t.y aggregate
-- postgres: insert default values
INSERT INTO t DEFAULT VALUES;
--= write t insert
-- postgres: insert values with subquery
INSERT INTO t (a, b) VALUES ((SELECT max(x) FROM s), 1);
--= read s; write t insert; s.x -> t.a aggregate; () -> t.b constant
-- mysql: on duplicate
INSERT INTO t (k, x) SELECT k, a FROM s ON DUPLICATE KEY UPDATE x = VALUES(x), y = t.y + 1;
--= read s; write t insert; s.k -> t.k identity; s.a -> t.x identity; t.y -> t.y expression
-- mysql: insert set
INSERT INTO t SET a = 1, b = (SELECT max(x) FROM s);
--= read s; write t insert; () -> t.a constant; s.x -> t.b aggregate
-- mysql: replace
REPLACE INTO t (a) SELECT b FROM s;
--= read s; write t overwrite; s.b -> t.a identity
-- mysql: insert ignore
INSERT IGNORE INTO db.t (a) SELECT b FROM db.s;
--= read db.s; write db.t insert; db.s.b -> db.t.a identity
-- mysql: create cols as select
CREATE TABLE x (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB AS SELECT a FROM t;
--= read t; write x create; t.a -> x.a identity
-- oracle: insert all cond
INSERT FIRST WHEN x > 1 THEN INTO t1 (a) VALUES (x) ELSE INTO t2 (a) VALUES (y) SELECT x, y FROM s
--= read S; write T1 insert; S.X -> T1.A identity; write T2 insert; S.Y -> T2.A identity
-- snowflake: insert all
INSERT ALL WHEN a > 1 THEN INTO t1 (x) VALUES (a) ELSE INTO t2 (x, y) VALUES (a, b) SELECT a, b FROM s;
--= read S; write T1 insert; S.A -> T1.X identity; write T2 insert; S.A -> T2.X identity; S.B -> T2.Y identity
-- snowflake: insert all uncond
INSERT ALL INTO t1 INTO t2 (x) VALUES (b) SELECT a, b FROM s;
--= read S; write T1 insert; S.A -> T1.A identity; S.B -> T1.B identity; write T2 insert; S.B -> T2.X identity
-- snowflake: insert overwrite
INSERT OVERWRITE INTO t (a) SELECT b FROM s;
--= read S; write T overwrite; S.B -> T.A identity
-- spark: insert overwrite partition dyn
INSERT OVERWRITE TABLE t PARTITION (d, h = '1') SELECT a, b, d FROM s;
--= read s; write t overwrite; s.a -> t.a identity; s.b -> t.b identity; s.d -> t.d identity
-- spark: insert overwrite dir
INSERT OVERWRITE DIRECTORY '/x' USING parquet SELECT a FROM t;
--= read t; write /x overwrite; t.a -> /x.a identity
-- spark: multi insert
FROM s INSERT INTO t1 SELECT a INSERT INTO t2 SELECT b WHERE c > 1;
--= read s; write t1 insert; s.a -> t1.a identity; write t2 insert; s.b -> t2.b identity
-- hive: multi insert
FROM src s INSERT OVERWRITE TABLE t1 PARTITION (d='x') SELECT s.a, s.b INSERT INTO TABLE t2 SELECT s.c;
--= read src; write t1 overwrite; src.a -> t1.a identity; src.b -> t1.b identity; write t2 insert; src.c -> t2.c identity
-- databricks: replace where
INSERT INTO t REPLACE WHERE d = 1 SELECT a, d FROM s;
--= read s; write t insert; s.a -> t.a identity; s.d -> t.d identity
-- duckdb: insert by name
INSERT INTO t BY NAME SELECT a AS x, b AS y FROM s;
--= read s; write t insert; s.a -> t.x identity; s.b -> t.y identity
-- duckdb: insert or replace
INSERT OR REPLACE INTO t (a) SELECT b FROM s;
--= read s; write t overwrite; s.b -> t.a identity
-- sqlite: upsert
INSERT INTO t (k, x) SELECT k, a FROM s WHERE true ON CONFLICT (k) DO UPDATE SET x = excluded.x;
--= read s; write t insert; s.k -> t.k identity; s.a -> t.x identity
-- mysql: a table in place of a query
-: src(a, b)
INSERT INTO dst TABLE src;
--= write dst insert; read src; src.a -> dst.a identity; src.b -> dst.b identity
-- tsql: a table variable is filled by position and read by a star
CREATE PROCEDURE p AS BEGIN DECLARE @t AS TABLE (a int PRIMARY KEY, b decimal(9, 2), INDEX i (b)); INSERT @t SELECT x, y FROM s; INSERT INTO u SELECT * FROM @t; END
--= create_procedure p; columns @t(a, b); read s; write @t insert; s.x -> @t.a identity; s.y -> @t.b identity; read @t; write u insert; @t.a -> u.a identity; @t.b -> u.b identity
-- tsql: the table that a function returns
CREATE FUNCTION dbo.f (@c int) RETURNS @r TABLE (n int NOT NULL, m nvarchar(5) NULL) AS BEGIN INSERT @r SELECT a, b FROM t WHERE c = @c; INSERT INTO @r (m, n) SELECT p, q FROM u; RETURN; END
--= create_function dbo.f; columns @r(n, m); read t; write @r insert; t.a -> @r.n identity; t.b -> @r.m identity; read u; u.p -> @r.m identity; u.q -> @r.n identity
