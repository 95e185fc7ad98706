-- postgres: a view with a column list renames by position
CREATE VIEW v (x, y) AS SELECT a, b FROM t;
--= read t; write v create; t.a -> v.x identity; t.b -> v.y identity
-- snowflake: a view with a column list renames by position
CREATE VIEW v (x) AS SELECT a FROM t;
--= read T; write V create; T.A -> V.X identity
-- tsql: a column list of a view
CREATE VIEW v (x, y) AS SELECT a, a FROM t;
--= read t; write v create; t.a -> v.x identity; t.a -> v.y identity
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
-- clickhouse: the column list of a view
CREATE VIEW v (x, y) AS SELECT t.a, t.b FROM t;
--= write v create; read t; t.a -> v.x identity; t.b -> v.y identity
