-- postgres: a query alone writes nothing
SELECT a FROM t;
--= read t
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
-- postgres: a scalar subquery
CREATE VIEW v AS SELECT a, (SELECT max(b) FROM u) AS m FROM t;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.m aggregate
-- tsql: a scalar subquery that looks at the query around it
CREATE VIEW v AS SELECT (SELECT u.b FROM u WHERE u.k = t.k) AS x FROM t;
--= read t; read u; write v create; u.b -> v.x expression
-- postgres: a table twice
CREATE VIEW v AS SELECT x.a AS p, y.a AS q FROM t x JOIN t y ON x.k = y.parent;
--= read t; write v create; t.a -> v.p identity; t.a -> v.q identity
-- snowflake: an item that uses an alias before it
CREATE VIEW v AS SELECT a + 1 AS x, x * 2 AS y FROM (SELECT a FROM t) d;
--= read T; write V create; T.A -> V.X expression; T.A -> V.Y expression
-- tsql: nested cte union
WITH a AS (SELECT x FROM t1), b AS (SELECT x FROM a UNION ALL SELECT y FROM t2) INSERT INTO dbo.z (q) SELECT x FROM b
--= read t1; read t2; write dbo.z insert; t1.x -> dbo.z.q identity; t2.y -> dbo.z.q identity
-- postgres: nested cte shadow
CREATE VIEW v AS WITH c AS (SELECT a FROM t) SELECT * FROM (WITH c AS (SELECT b FROM u) SELECT b FROM c) x JOIN c ON true;
--= read t; read u; write v create; u.b -> v.b identity; t.a -> v.a identity
-- postgres: cte inside cte shadow
CREATE VIEW v AS WITH t AS (SELECT a FROM t) SELECT a FROM t;
--= read t; write v create; t.a -> v.a identity
-- postgres: values in from
CREATE VIEW v AS SELECT x.a, x.b FROM (VALUES (1, 'a'), (2, 'b')) AS x(a, b);
--= write v create; () -> v.a constant; () -> v.b constant
-- postgres: union parenthesised
CREATE VIEW v AS (SELECT a FROM t ORDER BY a LIMIT 1) UNION (SELECT b FROM u) INTERSECT SELECT c FROM w;
--= read t; read u; read w; write v create; t.a -> v.a identity; u.b -> v.a identity; w.c -> v.a identity
-- mysql: straight join
CREATE VIEW v AS SELECT t.a FROM t STRAIGHT_JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity
-- oracle: old outer join
CREATE VIEW v AS SELECT t.a, u.b FROM t, u WHERE t.k = u.k(+);
--= read T; read U; write V create; T.A -> V.A identity; U.B -> V.B identity
-- oracle: with function
WITH q AS (SELECT a FROM t) SELECT a FROM q MINUS SELECT b FROM u;
--= read T; read U
-- snowflake: asof
CREATE VIEW v AS SELECT t.a, q.b FROM t ASOF JOIN q MATCH_CONDITION (t.d >= q.d) ON t.k = q.k;
--= read Q; read T; write V create; T.A -> V.A identity; Q.B -> V.B identity
-- snowflake: recursive
CREATE VIEW v AS WITH RECURSIVE c AS (SELECT id, nm FROM t WHERE p IS NULL UNION ALL SELECT t.id, c.nm || t.nm FROM t JOIN c ON c.id = t.p) SELECT * FROM c;
--= read T; write V create; T.ID -> V.ID identity; T.NM -> V.NM expression
-- snowflake: recursive no keyword, col list
CREATE VIEW v AS WITH c (a, b) AS (SELECT id, nm FROM t UNION ALL SELECT t.id, c.b FROM t JOIN c ON c.a = t.p) SELECT a, b FROM c;
--= read T; write V create; T.ID -> V.A identity; T.NM -> V.B identity
-- duckdb: from first
CREATE VIEW v AS FROM t SELECT a;
--= read t; write v create; t.a -> v.a identity
-- clickhouse: a value that WITH names
CREATE VIEW v AS WITH toDate(d) AS day SELECT day, count() AS c FROM t GROUP BY day;
--= read t; write v create; t.d -> v.day expression; () -> v.c aggregate
-- clickhouse: a number and a query that WITH names
CREATE VIEW v AS WITH 5 AS five, (SELECT max(x) FROM u) AS m SELECT a + five + m AS s FROM t;
--= read t; read u; write v create; t.a -> v.s aggregate; u.x -> v.s aggregate
-- generic: a subquery that is compared is no branch of the union behind it
INSERT INTO busy (k) SELECT a.k FROM alpha a WHERE a.n > (SELECT avg(m) FROM means) UNION ALL SELECT b.k2 FROM beta b;
--= write busy insert; read alpha; read beta; read means; alpha.k -> busy.k identity; beta.k2 -> busy.k identity
-- postgres: a common table expression reads the table of its name where it is not recursive
INSERT INTO merged (k) WITH parcels AS (SELECT k FROM letters UNION ALL SELECT k FROM parcels) SELECT k FROM parcels;
--= write merged insert; read letters; read parcels; letters.k -> merged.k identity; parcels.k -> merged.k identity
-- postgres: the order in which a recursion goes says nothing of columns
INSERT INTO found (id) WITH RECURSIVE walk(id) AS (SELECT r.id FROM roots r UNION ALL SELECT n.id FROM nodes n JOIN walk w ON n.up = w.id) SEARCH DEPTH FIRST BY id SET seq CYCLE id SET looped USING trail SELECT id FROM walk;
--= write found insert; read nodes; read roots; roots.id -> found.id identity; nodes.id -> found.id identity
-- tsql: a table from a query with common table expressions
CREATE TABLE dbo.kept AS WITH c AS (SELECT x.k FROM dbo.src x) SELECT k FROM c;
--= write dbo.kept create; read dbo.src; dbo.src.k -> dbo.kept.k identity
-- oracle: parts, samples and past states of a table are the table
INSERT INTO snap (id, n) SELECT s.id, p.n FROM stock AS OF TIMESTAMP SYSTIMESTAMP - INTERVAL '2' HOUR s JOIN parts PARTITION (p_new) p ON p.id = s.id JOIN bins SAMPLE BLOCK (5) SEED (1) b ON b.id = s.id;
--= write SNAP insert; read BINS; read PARTS; read STOCK; STOCK.ID -> SNAP.ID identity; PARTS.N -> SNAP.N identity
-- tsql: hints without WITH, and how to join
INSERT INTO dbo.o (a, b) SELECT s.a, u.b FROM dbo.t (NOLOCK) s INNER MERGE JOIN dbo.u AS u (ROWLOCK, UPDLOCK) ON u.id = s.id;
--= write dbo.o insert; read dbo.t; read dbo.u; dbo.t.a -> dbo.o.a identity; dbo.u.b -> dbo.o.b identity
-- databricks: a stream of a table is the table
CREATE TABLE flow AS SELECT r.a, k.b FROM STREAM live.raw_rows r JOIN STREAM(live.keyed) k ON k.a = r.a;
--= write flow create; read live.keyed; read live.raw_rows; live.raw_rows.a -> flow.a identity; live.keyed.b -> flow.b identity
-- bigquery: a qualifier that is quoted as a whole
INSERT INTO d.o (c) SELECT `p.d.t`.c FROM `p.d.t`;
--= write d.o insert; read p.d.t; p.d.t.c -> d.o.c identity
