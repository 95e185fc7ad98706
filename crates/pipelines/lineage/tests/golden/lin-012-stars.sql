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
-- postgres: a star after USING has its column once
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT * FROM t JOIN u USING (k);
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity; u.b -> v.b identity
-- tsql: a table that the file itself declares
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t;
--= columns t(a, b); read t; write v create; t.a -> v.a identity; t.b -> v.b identity
-- postgres: a view of a view
CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT * FROM v;
--= columns t(a); read t; write v create; t.a -> v.a identity; read v; write w create; v.a -> w.a identity
-- postgres: natural join
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT * FROM t NATURAL JOIN u;
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity; u.b -> v.b identity
-- postgres: create table like
CREATE TABLE base (a int, b int); CREATE TABLE Copy (LIKE Base INCLUDING ALL); CREATE VIEW v AS SELECT * FROM copy;
--= columns base(a, b); columns copy(a, b); read copy; write v create; copy.a -> v.a identity; copy.b -> v.b identity
-- postgres: star qualified two
-: t(a, b)
-: u(c)
CREATE VIEW v AS SELECT u.*, t.* FROM t, u;
--= read t; read u; write v create; u.c -> v.c identity; t.a -> v.a identity; t.b -> v.b identity
-- postgres: schema qualified star
-: s.t(a, b)
CREATE VIEW v AS SELECT s.t.* FROM s.t;
--= read s.t; write v create; s.t.a -> v.a identity; s.t.b -> v.b identity
-- postgres: sub star and extra
-: t(a, b)
CREATE VIEW v AS SELECT *, a + b AS c FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity; t.a -> v.c expression; t.b -> v.c expression
-- snowflake: clone
CREATE TABLE src (a int, b int); CREATE OR REPLACE TABLE cpy CLONE src; CREATE VIEW v AS SELECT * FROM cpy;
--= columns SRC(A, B); read SRC; write CPY create; SRC.A -> CPY.A identity; SRC.B -> CPY.B identity; read CPY; write V create; CPY.A -> V.A identity; CPY.B -> V.B identity
-- snowflake: like
CREATE TABLE src (a int, b int); CREATE TABLE cpy LIKE src; CREATE VIEW v AS SELECT * FROM cpy;
--= columns SRC(A, B); columns CPY(A, B); read CPY; write V create; CPY.A -> V.A identity; CPY.B -> V.B identity
-- snowflake: star exclude view then star
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT * EXCLUDE (b) FROM t; CREATE VIEW w AS SELECT * FROM v;
--= columns T(A, B, C); read T; write V create; T.A -> V.A identity; T.C -> V.C identity; read V; write W create; V.A -> W.A identity; V.C -> W.C identity
-- snowflake: star rename
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT * RENAME (b AS bb) FROM t; CREATE VIEW w AS SELECT * FROM v;
--= columns T(A, B, C); read T; write V create; T.A -> V.A identity; T.B -> V.BB identity; T.C -> V.C identity; read V; write W create; V.A -> W.A identity; V.BB -> W.BB identity; V.C -> W.C identity
-- bigquery: star except replace chain
CREATE TABLE d.t (a INT64, b INT64, c INT64); CREATE VIEW d.v AS SELECT * EXCEPT (b) REPLACE (a + 1 AS a) FROM d.t; CREATE VIEW d.w AS SELECT * FROM d.v;
--= columns d.t(a, b, c); read d.t; write d.v create; d.t.a -> d.v.a expression; d.t.c -> d.v.c identity; read d.v; write d.w create; d.v.a -> d.w.a identity; d.v.c -> d.w.c identity
-- bigquery: qualified star except
-: d.t(a, b)
CREATE VIEW d.v AS SELECT t.* EXCEPT (b), 1 AS one FROM d.t AS t;
--= read d.t; write d.v create; d.t.a -> d.v.a identity; () -> d.v.one constant
-- databricks: star except
CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT * EXCEPT (b) FROM t; CREATE VIEW w AS SELECT * FROM v;
--= columns t(a, b); read t; write v create; t.a -> v.a identity; read v; write w create; v.a -> w.a identity
-- spark: semi star
-: t(a, k)
-: u(b, k)
CREATE VIEW v AS SELECT * FROM t LEFT SEMI JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.a -> v.a identity; t.k -> v.k identity
-- hive: partition col star
CREATE TABLE db.t (a INT) PARTITIONED BY (d STRING); CREATE VIEW v AS SELECT * FROM db.t;
--= columns db.t(a, d); read db.t; write v create; db.t.a -> v.a identity; db.t.d -> v.d identity
-- duckdb: exclude replace chain
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT * EXCLUDE (b) REPLACE (c + a AS c) FROM t; CREATE VIEW w AS SELECT * FROM v;
--= columns t(a, b, c); read t; write v create; t.a -> v.a identity; t.c -> v.c expression; t.a -> v.c expression; read v; write w create; v.a -> w.a identity; v.c -> w.c identity
-- duckdb: columns
-: t(a, b)
CREATE VIEW v AS SELECT COLUMNS(*) FROM t;
--= read t; write v create; t.a -> v.a identity; t.b -> v.b identity
-- bigquery: the fields of a column
CREATE TABLE d.x AS SELECT t.addr.* FROM d.t AS t;
--= read d.t; write d.x create; d.t.addr -> d.x.* star unresolved
-- generic: a column of a union whose other branch is a star of a table that is not known
INSERT INTO named (a) SELECT u.a FROM (SELECT a FROM first_half UNION ALL SELECT * FROM second_half) u;
--= write named insert; read first_half; read second_half; first_half.a -> named.a identity; second_half.a -> named.a identity
-- generic: stars of two branches feed together
INSERT INTO named (a) SELECT u.a FROM (SELECT * FROM first_half UNION ALL SELECT * FROM second_half) u;
--= write named insert; read first_half; read second_half; first_half.a -> named.a identity; second_half.a -> named.a identity
-- bigquery: the fields of a column
-: d.t(rec, id)
CREATE TABLE d.o AS SELECT rec.*, id FROM d.t;
--= write d.o create; read d.t; d.t.rec -> d.o.* star unresolved; d.t.id -> d.o.id identity
-- snowflake: columns by their numbers
-: PAIRS(KEPT, GONE)
INSERT INTO o (x, y) SELECT p.$2, $1 FROM pairs p;
--= write O insert; read PAIRS; PAIRS.GONE -> O.X identity; PAIRS.KEPT -> O.Y identity
-- snowflake: a star of names like a pattern, others left out besides
-: T(ID, COL_A, COL_B, OTHER)
CREATE TABLE a AS SELECT * ILIKE 'col%' EXCLUDE col_b FROM t;
--= write A create; read T; T.COL_A -> A.COL_A identity
-- duckdb: stars of names like patterns and unlike them
-: t(id, col_a, col_b)
CREATE TABLE a AS SELECT * LIKE 'col%' FROM t;
CREATE TABLE b AS SELECT * NOT LIKE 'col%' FROM t;
CREATE TABLE c AS SELECT * GLOB '*_b' FROM t;
--= write a create; read t; t.col_a -> a.col_a identity; t.col_b -> a.col_b identity; write b create; t.id -> b.id identity; write c create; t.col_b -> c.col_b identity
-- duckdb: what is read through a star of a table that is not known
CREATE VIEW v AS SELECT * LIKE 'col%' FROM t;
CREATE TABLE d AS SELECT col_a FROM v;
--= write v create; read t; t.* -> v.* star unresolved; write d create; read v; v.col_a -> d.col_a identity
-- hive: a star of a table with columns and partitions in backticks
CREATE EXTERNAL TABLE `db`.`t` (`a` int COMMENT 'x, y', `b` string) COMMENT 'that' PARTITIONED BY (`d` string COMMENT 'day', `date` date) ROW FORMAT SERDE 'o.a.h.S' STORED AS INPUTFORMAT 'i' OUTPUTFORMAT 'o' LOCATION 's3://bucket/t' TBLPROPERTIES ('k' = 'v'); CREATE VIEW v AS SELECT * FROM db.t;
--= columns db.t(a, b, d, date); read db.t; write v create; db.t.a -> v.a identity; db.t.b -> v.b identity; db.t.d -> v.d identity; db.t.date -> v.date identity
