-- snowflake: a subquery in a condition is read and feeds nothing
CREATE VIEW v AS SELECT a FROM t WHERE b IN (SELECT b FROM u);
--= read T; read U; write V create; T.A -> V.A identity
-- mysql: EXISTS is read and feeds nothing
CREATE VIEW v AS SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k);
--= read t; read u; write v create; t.a -> v.a identity
-- postgres: a join with a condition
CREATE VIEW v AS SELECT t.a, u.b FROM t LEFT JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.b identity
-- postgres: a join in a subquery condition of ON
CREATE VIEW v AS SELECT t.a FROM t JOIN u ON u.k = (SELECT max(w.k) FROM w);
--= read t; read u; read w; write v create; t.a -> v.a identity
-- snowflake: QUALIFY only decides
CREATE VIEW v AS SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY k ORDER BY d) = 1;
--= read T; write V create; T.A -> V.A identity
-- postgres: distinct on
CREATE VIEW v AS SELECT DISTINCT ON (k) k, a FROM t ORDER BY k, b;
--= read t; write v create; t.k -> v.k identity; t.a -> v.a identity
-- postgres: grouping sets
CREATE VIEW v AS SELECT a, b, sum(c) AS s FROM t GROUP BY GROUPING SETS ((a), (b), ());
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity; t.c -> v.s aggregate
-- snowflake: qualify window
CREATE VIEW v AS SELECT a, ROW_NUMBER() OVER (PARTITION BY k ORDER BY d) rn FROM t QUALIFY rn = 1;
--= read T; write V create; T.A -> V.A identity; T.K -> V.RN window; T.D -> V.RN window
-- spark: left semi anti
CREATE VIEW v AS SELECT t.a FROM t LEFT SEMI JOIN u ON t.k = u.k LEFT ANTI JOIN w ON w.k = t.k;
--= read t; read u; read w; write v create; t.a -> v.a identity
-- spark: cluster by
CREATE VIEW v AS SELECT a FROM t DISTRIBUTE BY b SORT BY c;
--= read t; write v create; t.a -> v.a identity
-- clickhouse: final prewhere
CREATE VIEW v AS SELECT a FROM t FINAL PREWHERE b = 1 SAMPLE 0.1 LIMIT 1 BY c;
--= read t; write v create; t.a -> v.a identity
