-- postgres: a common table expression is looked through
CREATE VIEW v AS WITH c AS (SELECT a AS x FROM t) SELECT x AS y FROM c;
--= read t; write v create; t.a -> v.y identity
-- tsql: two common table expressions, one of the other
CREATE VIEW v AS WITH c AS (SELECT a FROM t), d AS (SELECT a + 1 AS b FROM c) SELECT b FROM d;
--= read t; write v create; t.a -> v.b expression
-- snowflake: a common table expression with a column list
CREATE VIEW v AS WITH c (x) AS (SELECT a FROM t) SELECT x FROM c;
--= read T; write V create; T.A -> V.X identity
-- bigquery: a star of a common table expression
CREATE VIEW v AS WITH c AS (SELECT a, b FROM t) SELECT * FROM c;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity
-- spark: an aggregate behind a common table expression stays one
CREATE VIEW v AS WITH c AS (SELECT sum(a) AS s FROM t) SELECT s FROM c;
--= read t; write v create; t.a -> v.s aggregate
-- postgres: a recursive one
CREATE VIEW v AS WITH RECURSIVE c AS (SELECT id, parent FROM t UNION ALL SELECT t.id, c.parent FROM t JOIN c ON c.id = t.parent) SELECT id, parent FROM c;
--= read t; write v create; t.id -> v.id identity; t.parent -> v.parent identity
-- tsql: a common table expression hides a table of its name
CREATE VIEW v AS WITH t AS (SELECT a FROM dbo.t) SELECT a FROM t;
--= read dbo.t; write v create; dbo.t.a -> v.a identity
-- postgres: a derived table
CREATE VIEW v AS SELECT d.x FROM (SELECT a AS x FROM t) AS d;
--= read t; write v create; t.a -> v.x identity
-- mysql: a derived table in a join
CREATE VIEW v AS SELECT u.b, d.x FROM u JOIN (SELECT k, max(a) AS x FROM t GROUP BY k) d ON d.k = u.k;
--= read t; read u; write v create; u.b -> v.b identity; t.a -> v.x aggregate
-- oracle: a derived table without alias
CREATE VIEW v AS SELECT x FROM (SELECT a x FROM t);
--= read T; write V create; T.A -> V.X identity
-- tsql: a derived table with column names
CREATE VIEW v AS SELECT d.x FROM (SELECT a FROM t) AS d (x);
--= read t; write v create; t.a -> v.x identity
-- postgres: a union by position
CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT b FROM u;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.a identity
-- snowflake: a union of three
CREATE VIEW v AS SELECT a FROM t UNION SELECT b FROM u UNION SELECT c FROM w;
--= read T; read U; read W; write V create; T.A -> V.A identity; U.B -> V.A identity; W.C -> V.A identity
-- oracle: MINUS
CREATE VIEW v AS SELECT a FROM t MINUS SELECT b FROM u;
--= read T; read U; write V create; T.A -> V.A identity; U.B -> V.A identity
-- bigquery: EXCEPT DISTINCT
CREATE VIEW v AS SELECT a FROM t EXCEPT DISTINCT SELECT b FROM u;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.a identity
-- spark: a union inside a derived table
CREATE VIEW v AS SELECT x FROM (SELECT a AS x FROM t UNION ALL SELECT b FROM u) d;
--= read t; read u; write v create; t.a -> v.x identity; u.b -> v.x identity
-- duckdb: a union by name
CREATE VIEW v AS SELECT a, b FROM t UNION ALL BY NAME SELECT b, a FROM u;
--= read t; read u; write v create; t.a -> v.a identity; t.b -> v.b identity; u.a -> v.a identity; u.b -> v.b identity
-- postgres: branches of a union that differ in kind
CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT b + 1 FROM u;
--= read t; read u; write v create; t.a -> v.a expression; u.b -> v.a expression
-- postgres: a scalar subquery
CREATE VIEW v AS SELECT a, (SELECT max(b) FROM u) AS m FROM t;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.m aggregate
-- tsql: a scalar subquery that looks at the query around it
CREATE VIEW v AS SELECT (SELECT u.b FROM u WHERE u.k = t.k) AS x FROM t;
--= read t; read u; write v create; u.b -> v.x expression
-- snowflake: a subquery in a condition is read and feeds nothing
CREATE VIEW v AS SELECT a FROM t WHERE b IN (SELECT b FROM u);
--= read T; read U; write V create; T.A -> V.A identity
-- mysql: EXISTS is read and feeds nothing
CREATE VIEW v AS SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k);
--= read t; read u; write v create; t.a -> v.a identity
-- postgres: a lateral subquery sees what stands before
CREATE VIEW v AS SELECT l.y FROM t, LATERAL (SELECT t.a + 1 AS y) l;
--= read t; write v create; t.a -> v.y expression
-- tsql: CROSS APPLY
CREATE VIEW v AS SELECT x.b FROM t CROSS APPLY (SELECT TOP 1 u.b FROM u WHERE u.k = t.k) x;
--= read t; read u; write v create; u.b -> v.b identity
-- spark: LATERAL VIEW EXPLODE
CREATE VIEW v AS SELECT t.a, e.x FROM t LATERAL VIEW explode(t.xs) e AS x;
--= read t; write v create; t.a -> v.a identity; t.xs -> v.x expression
-- bigquery: UNNEST of a column
CREATE VIEW v AS SELECT t.a, x FROM t, UNNEST(t.xs) AS x;
--= read t; write v create; t.a -> v.a identity; t.xs -> v.x expression
-- postgres: a join with a condition
CREATE VIEW v AS SELECT t.a, u.b FROM t LEFT JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.b identity
-- postgres: a table twice
CREATE VIEW v AS SELECT x.a AS p, y.a AS q FROM t x JOIN t y ON x.k = y.parent;
--= read t; write v create; t.a -> v.p identity; t.a -> v.q identity
-- postgres: a join in a subquery condition of ON
CREATE VIEW v AS SELECT t.a FROM t JOIN u ON u.k = (SELECT max(w.k) FROM w);
--= read t; read u; read w; write v create; t.a -> v.a identity
-- snowflake: QUALIFY only decides
CREATE VIEW v AS SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY k ORDER BY d) = 1;
--= read T; write V create; T.A -> V.A identity
-- snowflake: an item that uses an alias before it
CREATE VIEW v AS SELECT a + 1 AS x, x * 2 AS y FROM (SELECT a FROM t) d;
--= read T; write V create; T.A -> V.X expression; T.A -> V.Y expression
