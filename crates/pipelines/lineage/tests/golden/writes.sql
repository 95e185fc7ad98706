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
-- postgres: an update from another table
UPDATE t SET x = s.a FROM s WHERE s.k = t.k;
--= read s; write t update; s.a -> t.x identity
-- tsql: an update of an alias
UPDATE f SET f.x = s.a FROM dbo.fact AS f JOIN dbo.src AS s ON s.k = f.k;
--= read dbo.src; write dbo.fact update; dbo.src.a -> dbo.fact.x identity
-- mysql: an update of a join
UPDATE t JOIN s ON s.k = t.k SET t.x = s.a;
--= read s; write t update; s.a -> t.x identity
-- snowflake: an update of its own column
UPDATE t SET x = x + 1;
--= write T update; T.X -> T.X expression
-- bigquery: an update with a condition
UPDATE d.t SET x = s.a + s.b FROM d.s AS s WHERE s.k = t.k;
--= read d.s; write d.t update; d.s.a -> d.t.x expression; d.s.b -> d.t.x expression
-- oracle: an update by a scalar subquery
UPDATE t SET x = (SELECT s.a FROM s WHERE s.k = t.k);
--= read S; write T update; S.A -> T.X expression
-- postgres: an update to a constant
UPDATE t SET x = 0 WHERE y > 1;
--= write t update; () -> t.x constant
-- postgres: a delete by another table
DELETE FROM t USING s WHERE s.k = t.k;
--= read s; write t delete
-- tsql: a delete of an alias
DELETE f FROM dbo.fact f JOIN dbo.old o ON o.k = f.k;
--= read dbo.old; write dbo.fact delete
-- mysql: a delete with a subquery
DELETE FROM t WHERE k IN (SELECT k FROM s);
--= read s; write t delete
-- snowflake: a plain delete
DELETE FROM t WHERE a = 1;
--= write T delete
-- bigquery: a delete with EXISTS
DELETE FROM d.t WHERE EXISTS (SELECT 1 FROM d.s WHERE s.k = t.k);
--= read d.s; write d.t delete
-- postgres: truncating deletes
TRUNCATE TABLE t;
--= write t delete
-- tsql: a merge with update and insert
MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE SET t.x = s.a WHEN NOT MATCHED THEN INSERT (k, x) VALUES (s.k, s.a);
--= read s; write t merge; s.a -> t.x identity; s.k -> t.k identity
-- snowflake: a merge of a query
MERGE INTO t USING (SELECT k, sum(a) AS a FROM s GROUP BY k) q ON t.k = q.k WHEN MATCHED THEN UPDATE SET x = q.a;
--= read S; write T merge; S.A -> T.X aggregate
-- bigquery: a merge with an expression
MERGE d.t AS t USING d.s AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET x = t.x + s.a;
--= read d.s; write d.t merge; d.t.x -> d.t.x expression; d.s.a -> d.t.x expression
-- oracle: a merge that only inserts
MERGE INTO t USING s ON (t.k = s.k) WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k);
--= read S; write T merge; S.K -> T.K identity
-- spark: a merge of all columns
-: s(k, a)
MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *;
--= read s; write t merge; s.k -> t.k identity; s.a -> t.a identity
-- postgres: a merge that deletes
MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN DELETE;
--= read s; write t merge
-- postgres: an upsert of what would have been inserted
INSERT INTO t (k, x) SELECT k, a FROM s ON CONFLICT (k) DO UPDATE SET x = excluded.x;
--= read s; write t insert; s.k -> t.k identity; s.a -> t.x identity
-- postgres: a foreign key
CREATE TABLE t (a int REFERENCES u (a), b int, FOREIGN KEY (b) REFERENCES w (b));
--= references t u; references t w
-- tsql: a foreign key that is added later
ALTER TABLE dbo.t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES dbo.u (a);
--= references dbo.t dbo.u
