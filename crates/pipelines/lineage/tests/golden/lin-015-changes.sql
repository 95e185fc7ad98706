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
-- tsql: update by cte
WITH c AS (SELECT id, a, ROW_NUMBER() OVER (ORDER BY b) AS rn FROM dbo.t) UPDATE c SET a = rn
--= write dbo.t update; dbo.t.b -> dbo.t.a window
-- tsql: delete by cte
WITH c AS (SELECT id, ROW_NUMBER() OVER (PARTITION BY k ORDER BY b) AS rn FROM dbo.t) DELETE FROM c WHERE rn > 1
--= write dbo.t delete
-- tsql: update top
UPDATE TOP (10) dbo.t SET a = b
--= write dbo.t update; dbo.t.b -> dbo.t.a identity
-- tsql: output into
INSERT INTO dbo.t (a) OUTPUT inserted.a INTO dbo.log (x) SELECT a FROM dbo.s
--= read dbo.s; write dbo.t insert; dbo.s.a -> dbo.t.a identity; read dbo.t; write dbo.log insert; dbo.t.a -> dbo.log.x identity
-- tsql: delete output
DELETE FROM dbo.t OUTPUT deleted.a INTO dbo.log (x) WHERE b = 1
--= write dbo.t delete; read dbo.t; write dbo.log insert; dbo.t.a -> dbo.log.x identity
-- postgres: writable cte
WITH moved AS (DELETE FROM a.src WHERE d < now() RETURNING id, x) INSERT INTO a.archive (id, x) SELECT id, x FROM moved;
--= write a.src delete; read a.src; write a.archive insert; a.src.id -> a.archive.id identity; a.src.x -> a.archive.x identity
-- postgres: writable cte 2
WITH ins AS (INSERT INTO t (a) SELECT b FROM s RETURNING a) SELECT a FROM ins;
--= read s; write t insert; s.b -> t.a identity; read t
-- postgres: upd tuple
UPDATE t SET (a, b) = (SELECT x, y FROM s WHERE s.k = t.k);
--= read s; write t update; s.x -> t.a expression; s.y -> t.b expression
-- postgres: upd tuple row
UPDATE t SET (a, b) = (s.x, s.y) FROM s WHERE s.k = t.k;
--= read s; write t update; s.x -> t.a identity; s.y -> t.b identity
-- postgres: upd alias
UPDATE sch.t AS x SET a = s.b FROM sch.s WHERE x.k = s.k;
--= read sch.s; write sch.t update; sch.s.b -> sch.t.a identity
-- postgres: upd cte
WITH c AS (SELECT k, sum(a) AS a FROM s GROUP BY k) UPDATE t SET total = c.a FROM c WHERE c.k = t.k;
--= read s; write t update; s.a -> t.total aggregate
-- postgres: delete using alias
DELETE FROM sch.t AS x USING sch.s y JOIN sch.z z ON z.k = y.k WHERE x.k = y.k;
--= read sch.s; read sch.z; write sch.t delete
-- mysql: multi update
UPDATE t, s SET t.x = s.a, s.y = 1 WHERE t.k = s.k;
--= read t; write s update; () -> s.y constant; read s; write t update; s.a -> t.x identity
-- mysql: multi update aliases
UPDATE db.t AS x INNER JOIN db.s AS y ON x.k = y.k SET x.a = y.b, y.c = x.d;
--= read db.t; write db.s update; db.t.d -> db.s.c identity; read db.s; write db.t update; db.s.b -> db.t.a identity
-- mysql: multi delete
DELETE t1, t2 FROM t1 INNER JOIN t2 ON t1.k = t2.k WHERE t1.a = 1;
--= read t1; write t2 delete; read t2; write t1 delete
-- mysql: delete using
DELETE FROM a USING db.t AS a INNER JOIN db.s AS b WHERE a.k = b.k;
--= read db.s; write db.t delete
-- oracle: update cols
UPDATE t SET (a, b) = (SELECT s.x, s.y FROM s WHERE s.k = t.k) WHERE EXISTS (SELECT 1 FROM s WHERE s.k = t.k);
--= read S; write T update; S.X -> T.A expression; S.Y -> T.B expression
-- snowflake: delete using
DELETE FROM t USING s WHERE t.k = s.k;
--= read S; write T delete
-- bigquery: update nested
UPDATE d.t SET s.f = x.a FROM d.x AS x WHERE t.k = x.k;
--= read d.x; write d.t update; d.x.a -> d.t.s identity
-- trino: update delete
UPDATE t SET a = b * 2 WHERE c IN (SELECT d FROM s);
--= read s; write t update; t.b -> t.a expression
-- postgres: statements that write one after another in WITH
WITH x AS (INSERT INTO a (id) SELECT id FROM src RETURNING id), y AS (UPDATE b SET n = x.id FROM x RETURNING b.k) INSERT INTO c (k) SELECT k FROM y;
--= read src; write a insert; src.id -> a.id identity; read a; write b update; a.id -> b.n identity; read b; write c insert; b.k -> c.k identity
-- tsql: an update from another row of the same table
UPDATE a SET a.x = b.x FROM dbo.t a JOIN dbo.t b ON b.p = a.k
--= read dbo.t; write dbo.t update; dbo.t.x -> dbo.t.x identity
-- tsql: a column of a common table expression is what it stands for
WITH v AS (SELECT e.sal AS pay, d.bonus AS more FROM emp e JOIN dept d ON d.id = e.dept) UPDATE v SET pay = more;
--= write emp update; read dept; dept.bonus -> emp.sal identity
-- oracle: an update of an inline view
UPDATE (SELECT e.sal AS pay, d.bonus AS more FROM emp e JOIN dept d ON d.id = e.dept) SET pay = more;
--= write EMP update; read DEPT; DEPT.BONUS -> EMP.SAL identity
-- oracle: an update of the second table of an inline view that has a name
UPDATE (SELECT e.sal AS pay, d.bonus AS more FROM emp e JOIN dept d ON d.id = e.dept) v SET v.more = v.pay * 2 WHERE v.pay > 5;
--= write DEPT update; read EMP; EMP.SAL -> DEPT.BONUS expression
-- oracle: a delete from an inline view
DELETE FROM (SELECT id FROM emp WHERE dept = 1);
--= write EMP delete
-- tsql: a set column with the name of its table before it, in brackets
UPDATE [s].[h] SET [s].[h].[x] = u.q, [h].[y z] = u.r FROM u;
--= read u; write s.h update; u.q -> s.h.x identity; u.r -> s.h.y z identity
-- mysql: set columns with their tables before them, in backticks
UPDATE `t` JOIN `u` ON `t`.`k` = `u`.`k` SET `t`.`x` = `u`.`y`, `u`.`z` = 1;
--= read u; write t update; u.y -> t.x identity; read t; write u update; () -> u.z constant
-- tsql: a set column whose name has a dot in it
UPDATE [h] SET [a.b] = u.q FROM u;
--= read u; write h update; u.q -> h.a.b identity
-- bigquery: a field that is set, in backticks
UPDATE `d`.`t` SET `s`.f = `x`.`a` FROM `d`.`x` AS `x` WHERE `t`.k = `x`.k;
--= read d.x; write d.t update; d.x.a -> d.t.s identity
-- tsql: variables that an update fills, with a column and without
UPDATE t SET @v = a = b + 1, @w = c, d = @w FROM t;
--= write t update; t.b -> t.a expression; () -> t.d constant
-- snowflake: a delete by a query
DELETE FROM t USING (SELECT k FROM s WHERE a = 1) AS q WHERE t.k = q.k;
--= read S; write T delete
-- postgres: a delete with a recursive common table expression
WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 9) DELETE FROM t WHERE k IN (SELECT n FROM c);
--= write t delete
