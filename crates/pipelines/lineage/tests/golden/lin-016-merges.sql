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
-- tsql: merge full
MERGE dbo.t WITH (HOLDLOCK) AS tgt USING (SELECT k, a FROM dbo.s) AS src (k, a) ON tgt.k = src.k WHEN MATCHED AND src.a <> tgt.x THEN UPDATE SET tgt.x = src.a, x2 = src.a + tgt.x WHEN NOT MATCHED BY TARGET THEN INSERT (k, x) VALUES (src.k, src.a) WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT $action, inserted.k INTO dbo.log (act, k);
--= read dbo.s; write dbo.t merge; dbo.s.a -> dbo.t.x identity; dbo.s.a -> dbo.t.x2 expression; dbo.t.x -> dbo.t.x2 expression; dbo.s.k -> dbo.t.k identity; read dbo.t; write dbo.log insert; () -> dbo.log.act constant; dbo.t.k -> dbo.log.k identity
-- postgres: merge pg
MERGE INTO t AS tgt USING (SELECT * FROM s) AS src ON tgt.k = src.k WHEN MATCHED AND src.del THEN DELETE WHEN MATCHED THEN UPDATE SET a = src.a WHEN NOT MATCHED THEN INSERT (k, a) VALUES (src.k, src.a + 1);
--= read s; write t merge; s.a -> t.a identity; s.k -> t.k identity; s.a -> t.a expression
-- oracle: merge full
MERGE INTO sch.t t USING (SELECT a, b FROM sch.s) s ON (t.k = s.a) WHEN MATCHED THEN UPDATE SET t.x = s.b DELETE WHERE s.b = 0 WHEN NOT MATCHED THEN INSERT (t.k, t.x) VALUES (s.a, s.b) WHERE s.b > 1;
--= read SCH.S; write SCH.T merge; SCH.S.B -> SCH.T.X identity; SCH.S.A -> SCH.T.K identity
-- snowflake: merge
MERGE INTO db.s.t t USING (SELECT $1 AS k, $2 AS a FROM @stage/file) s ON t.k = s.k WHEN MATCHED AND s.a IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET t.a = s.a WHEN NOT MATCHED THEN INSERT (k, a) VALUES (s.k, s.a);
--= write DB.S.T merge; @STAGE/file.$2 -> DB.S.T.A identity; read @STAGE/file; @STAGE/file.$1 -> DB.S.T.K identity
-- bigquery: merge insert row
-: d.s(k, a)
-: d.t(k, a)
MERGE d.t T USING d.s S ON T.k = S.k WHEN MATCHED THEN UPDATE SET a = S.a WHEN NOT MATCHED THEN INSERT ROW;
--= read d.s; write d.t merge; d.s.a -> d.t.a identity; d.s.k -> d.t.k identity
-- bigquery: merge insert row unknown
MERGE d.t T USING d.s S ON T.k = S.k WHEN NOT MATCHED BY TARGET THEN INSERT ROW WHEN NOT MATCHED BY SOURCE THEN DELETE;
--= read d.s; write d.t merge; d.s.* -> d.t.* star unresolved
-- bigquery: merge const false
MERGE `p.d.t` T USING (SELECT a, b FROM `p.d.s`) S ON FALSE WHEN NOT MATCHED THEN INSERT (a, b) VALUES (a, b) WHEN NOT MATCHED BY SOURCE AND x > 1 THEN DELETE;
--= read p.d.s; write p.d.t merge; p.d.s.a -> p.d.t.a identity; p.d.s.b -> p.d.t.b identity
-- databricks: merge by source
MERGE INTO t AS x USING (SELECT k, a FROM s) AS y ON x.k = y.k WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED BY TARGET THEN INSERT * WHEN NOT MATCHED BY SOURCE THEN UPDATE SET x.del = true;
--= read s; write t merge; () -> t.del constant; s.k -> t.k identity; s.a -> t.a identity
-- databricks: merge explicit
MERGE INTO c.s.t t USING c.s.u u ON t.k = u.k WHEN MATCHED AND u.d THEN DELETE WHEN MATCHED THEN UPDATE SET t.a = u.a, t.b = t.b + u.b WHEN NOT MATCHED THEN INSERT (k, a) VALUES (u.k, u.a);
--= read c.s.u; write c.s.t merge; c.s.u.a -> c.s.t.a identity; c.s.t.b -> c.s.t.b expression; c.s.u.b -> c.s.t.b expression; c.s.u.k -> c.s.t.k identity
-- redshift: merge
MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.a);
--= read s; write t merge; s.a -> t.a identity; s.k -> t.k identity
-- snowflake: all columns by their names
-: S(K, A)
MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE ALL BY NAME WHEN NOT MATCHED THEN INSERT ALL BY NAME;
--= write T merge; read S; S.K -> T.K identity; S.A -> T.A identity
