-- postgres: a star of a table that is known
-: t(a, b)
CREATE VIEW v AS SELECT * FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity
-- postgres: a star of a table that is not known
CREATE VIEW v AS SELECT * FROM t;
--= read t; write v create; t.* -> v.* star unresolved
-- tsql: a star of one table of two
-: t(a, b)
CREATE VIEW v AS SELECT t.*, u.c FROM t JOIN u ON u.k = t.a;
--= read t; read u; write v create; t.a -> v.a identity; t.b -> v.b identity; u.c -> v.c identity
-- snowflake: a star of two tables
-: T(A)
-: U(B)
CREATE VIEW v AS SELECT * FROM t, u;
--= read T; read U; write V create; T.A -> V.A identity; U.B -> V.B identity
-- bigquery: a star without a column
-: t(a, b, c)
CREATE VIEW v AS SELECT * EXCEPT (b) FROM t;
--= read t; write v create; t.a -> v.a identity; t.c -> v.c identity
-- bigquery: a star with a column computed anew
-: t(a, b)
CREATE VIEW v AS SELECT * REPLACE (b + 1 AS b) FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b expression
-- duckdb: a star without a column
-: t(a, b)
CREATE VIEW v AS SELECT * EXCLUDE (a) FROM t;
--= read t; write v create; t.b -> v.b identity
-- spark: a star through a derived table
-: t(a)
CREATE VIEW v AS SELECT * FROM (SELECT * FROM t) d;
--= read t; write v create; t.a -> v.a identity
-- mysql: a column behind a star of a table that is not known
CREATE VIEW v AS SELECT a FROM (SELECT * FROM t) d;
--= read t; write v create; t.a -> v.a identity
-- postgres: a bare column of the one table that has it
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT a, b FROM t JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity; u.b -> v.b identity
-- tsql: a bare column that may be of either table
CREATE VIEW v AS SELECT a FROM t JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity ambiguous; u.a -> v.a identity ambiguous
-- postgres: a bare column of the table that is not known
-: t(k)
CREATE VIEW v AS SELECT b FROM t JOIN u ON t.k = u.k;
--= read t; read u; write v create; u.b -> v.b identity
-- postgres: a column of USING comes from both
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT k, a FROM t JOIN u USING (k);
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity
-- postgres: a star after USING has its column once
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT * FROM t JOIN u USING (k);
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity; u.b -> v.b identity
-- tsql: a table that the file itself declares
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity
-- postgres: a view of a view
CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT * FROM v;
--= read t; read v; write v create; write w create; t.a -> v.a identity; v.a -> w.a identity
-- postgres: a column that a known table lacks is believed and marked
-: t(a)
CREATE VIEW v AS SELECT t.z FROM t;
--= read t; write v create; t.z -> v.z identity unresolved
