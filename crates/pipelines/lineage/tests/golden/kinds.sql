-- postgres: two casts
CREATE VIEW v AS SELECT CAST(a AS int) AS x, b::text AS y FROM t;
--= read t; write v create; t.a -> v.x cast; t.b -> v.y cast
-- tsql: CONVERT casts
CREATE VIEW v AS SELECT CONVERT(int, a) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- tsql: TRY_CAST casts
CREATE VIEW v AS SELECT TRY_CAST(a AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- bigquery: SAFE_CAST casts
CREATE VIEW v AS SELECT SAFE_CAST(a AS INT64) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- snowflake: two colons cast
CREATE VIEW v AS SELECT a::number AS x FROM t;
--= read T; write V create; T.A -> V.X cast
-- spark: a cast of a sum is an expression
CREATE VIEW v AS SELECT CAST(a + b AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- postgres: arithmetic
CREATE VIEW v AS SELECT a + b * 2 AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- mysql: a function
CREATE VIEW v AS SELECT CONCAT(a, '-', b) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- oracle: concatenation
CREATE VIEW v AS SELECT a || b AS x FROM t;
--= read T; write V create; T.A -> V.X expression; T.B -> V.X expression
-- tsql: COALESCE
CREATE VIEW v AS SELECT COALESCE(a, b) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- spark: CASE with all that it looks at
CREATE VIEW v AS SELECT CASE WHEN a > 0 THEN b ELSE c END AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression; t.c -> v.x expression
-- bigquery: IF
CREATE VIEW v AS SELECT IF(a, b, 0) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- postgres: CASE of a value
CREATE VIEW v AS SELECT CASE a WHEN 1 THEN 'x' END AS x FROM t;
--= read t; write v create; t.a -> v.x expression
-- postgres: an aggregate and its key
CREATE VIEW v AS SELECT k, sum(a) AS s FROM t GROUP BY k;
--= read t; write v create; t.k -> v.k identity; t.a -> v.s aggregate
-- tsql: an aggregate inside an expression
CREATE VIEW v AS SELECT SUM(a) / COUNT(b) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate; t.b -> v.x aggregate
-- snowflake: an aggregate of an expression
CREATE VIEW v AS SELECT max(a + b) AS x FROM t;
--= read T; write V create; T.A -> V.X aggregate; T.B -> V.X aggregate
-- mysql: GROUP_CONCAT
CREATE VIEW v AS SELECT GROUP_CONCAT(a) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- bigquery: COUNT of distinct values
CREATE VIEW v AS SELECT COUNT(DISTINCT a) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- spark: counting rows is fed by no column
CREATE VIEW v AS SELECT count(*) AS n FROM t;
--= read t; write v create; () -> v.n aggregate
-- postgres: an aggregate that is cast
CREATE VIEW v AS SELECT CAST(avg(a) AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- postgres: a window with partition and order
CREATE VIEW v AS SELECT sum(a) OVER (PARTITION BY b ORDER BY c) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window; t.c -> v.x window
-- tsql: numbering rows
CREATE VIEW v AS SELECT ROW_NUMBER() OVER (PARTITION BY b ORDER BY c DESC) AS n FROM t;
--= read t; write v create; t.b -> v.n window; t.c -> v.n window
-- snowflake: LAG
CREATE VIEW v AS SELECT lag(a) OVER (ORDER BY b) AS x FROM t;
--= read T; write V create; T.A -> V.X window; T.B -> V.X window
-- bigquery: a window inside an expression
CREATE VIEW v AS SELECT a - LAG(a) OVER (ORDER BY b) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window
-- spark: RANK
CREATE VIEW v AS SELECT rank() OVER (ORDER BY a) AS r FROM t;
--= read t; write v create; t.a -> v.r window
-- postgres: a named window
CREATE VIEW v AS SELECT sum(a) OVER w AS x FROM t WINDOW w AS (PARTITION BY b);
--= read t; write v create; t.a -> v.x window; t.b -> v.x window
-- oracle: a window without a value
CREATE VIEW v AS SELECT DENSE_RANK() OVER (ORDER BY a) AS r FROM t;
--= read T; write V create; T.A -> V.R window
-- postgres: constants
CREATE VIEW v AS SELECT 1 AS one, 'x' AS word, a FROM t;
--= read t; write v create; () -> v.one constant; () -> v.word constant; t.a -> v.a identity
-- tsql: a constant that is cast
CREATE VIEW v AS SELECT CAST(NULL AS int) AS x, a FROM t;
--= read t; write v create; () -> v.x constant; t.a -> v.a identity
