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
-- tsql: openjson
SELECT t.id, j.name INTO dbo.x FROM dbo.t t CROSS APPLY OPENJSON(t.doc) WITH (name nvarchar(50) '$.name') j
--= read dbo.t; write dbo.x create; dbo.t.id -> dbo.x.id identity; dbo.t.doc -> dbo.x.name expression
-- tsql: outer apply fn
SELECT t.id, f.v INTO dbo.x FROM dbo.t t OUTER APPLY dbo.fn_v(t.a) f
--= read dbo.t; call dbo.fn_v; write dbo.x create; dbo.t.id -> dbo.x.id identity; dbo.t.a -> dbo.x.v expression
-- postgres: lateral unnest ordinality
CREATE VIEW v AS SELECT t.id, u.elem, u.pos FROM t CROSS JOIN LATERAL unnest(t.arr) WITH ORDINALITY AS u(elem, pos);
--= read t; write v create; t.id -> v.id identity; t.arr -> v.elem expression; t.arr -> v.pos expression
-- postgres: jsonb_to_recordset
CREATE VIEW v AS SELECT x.a, x.b FROM t, jsonb_to_recordset(t.doc) AS x(a int, b text);
--= read t; write v create; t.doc -> v.a expression; t.doc -> v.b expression
-- postgres: generate_series
CREATE VIEW v AS SELECT d FROM generate_series(1, 10) AS d;
--= write v create; () -> v.d expression
-- postgres: from fn joined
CREATE VIEW v AS SELECT f.a, t.b FROM t JOIN LATERAL s.get_rows(t.id) f ON true;
--= read t; call s.get_rows; write v create; t.id -> v.a expression; t.b -> v.b identity
-- mysql: json_table
CREATE VIEW v AS SELECT t.id, j.name FROM t, JSON_TABLE(t.doc, '$[*]' COLUMNS (name VARCHAR(10) PATH '$.n')) AS j;
--= read t; write v create; t.id -> v.id identity; t.doc -> v.name expression
-- oracle: table fn
CREATE VIEW v AS SELECT x.column_value FROM t, TABLE(t.arr) x;
--= read T; write V create; T.ARR -> V.COLUMN_VALUE expression
-- oracle: xmltable
CREATE VIEW v AS SELECT x.n FROM t, XMLTABLE('/a' PASSING t.doc COLUMNS n VARCHAR2(10) PATH 'n') x;
--= read T; write V create; T.DOC -> V.N expression
-- snowflake: flatten
CREATE VIEW v AS SELECT t.id, f.value:name::string AS nm, f.index AS i FROM t, LATERAL FLATTEN(input => t.doc:items) f;
--= read T; write V create; T.ID -> V.ID identity; T.DOC -> V.NM expression; T.DOC -> V.I expression
-- snowflake: table flatten
CREATE VIEW v AS SELECT f.value AS x FROM t, TABLE(FLATTEN(t.arr)) f;
--= read T; write V create; T.ARR -> V.X expression
-- snowflake: udtf use
CREATE VIEW v AS SELECT f.x, t.a FROM t, TABLE(db.f(t.b)) f;
--= read T; call DB.F; write V create; T.B -> V.X expression; T.A -> V.A identity
-- bigquery: unnest offset
CREATE VIEW d.v AS SELECT t.id, x.name, off FROM d.t AS t CROSS JOIN UNNEST(t.items) AS x WITH OFFSET AS off;
--= read d.t; write d.v create; d.t.id -> d.v.id identity; d.t.items -> d.v.name expression; d.t.items -> d.v.off expression
-- bigquery: unnest implicit
CREATE VIEW d.v AS SELECT t.id, item.name FROM d.t AS t, t.items AS item;
--= read d.t; write d.v create; d.t.id -> d.v.id identity; d.t.items -> d.v.name expression
-- spark: lateral view outer posexplode
CREATE VIEW v AS SELECT t.a, p, x FROM t LATERAL VIEW OUTER posexplode(t.xs) e AS p, x;
--= read t; write v create; t.a -> v.a identity; t.xs -> v.p expression; t.xs -> v.x expression
-- spark: explode select
CREATE VIEW v AS SELECT a, explode(xs) AS x FROM t;
--= read t; write v create; t.a -> v.a identity; t.xs -> v.x expression
-- spark: explode map
CREATE VIEW v AS SELECT explode(m) AS (k, v) FROM t;
--= read t; write v create; t.m -> v.k expression; t.m -> v.v expression
-- hive: lateral json tuple
CREATE VIEW v AS SELECT t.id, j.a FROM t LATERAL VIEW json_tuple(t.js, 'a', 'b') j AS a, b;
--= read t; write v create; t.id -> v.id identity; t.js -> v.a expression
-- duckdb: unnest from
CREATE VIEW v AS SELECT t.id, u.x FROM t, unnest(t.xs) AS u(x);
--= read t; write v create; t.id -> v.id identity; t.xs -> v.x expression
-- trino: unnest cross
CREATE VIEW v AS SELECT t.id, u.x, u.n FROM t CROSS JOIN UNNEST(t.xs) WITH ORDINALITY AS u (x, n);
--= read t; write v create; t.id -> v.id identity; t.xs -> v.x expression; t.xs -> v.n expression
-- redshift: super
CREATE VIEW v AS SELECT t.id, i.a FROM t, t.items AS i;
--= read t; write v create; t.id -> v.id identity; t.items -> v.a expression
-- clickhouse: array join
CREATE VIEW v AS SELECT a, x FROM t ARRAY JOIN xs AS x;
--= read t; write v create; t.a -> v.a identity; t.xs -> v.x expression
-- tsql: xml nodes
SELECT n.x.value('@id', 'int') AS id INTO o FROM dbo.t CROSS APPLY t.doc.nodes('/r/i') AS n(x)
--= read dbo.t; write o create; dbo.t.doc -> o.id expression
-- bigquery: an array in FROM, the row called by its alias
INSERT INTO d.o (tag) SELECT t FROM d.posts, posts.tags AS t;
--= write d.o insert; read d.posts; d.posts.tags -> d.o.tag expression
-- snowflake: what FLATTEN gives is no column of the table beside it
INSERT INTO o (v, i) SELECT value, index FROM docs d, LATERAL FLATTEN(input => d.body);
--= write O insert; read DOCS; DOCS.BODY -> O.V expression; DOCS.BODY -> O.I expression
-- mysql: columns that JSON_TABLE names
INSERT INTO o (link, deep, id) SELECT link, jt.deep, s.id FROM src s, JSON_TABLE(s.doc, '$[*]' COLUMNS (rid FOR ORDINALITY, link VARCHAR(99) PATH '$.l', NESTED PATH '$.n[*]' COLUMNS (deep INT PATH '$.d'))) AS jt;
--= write o insert; read src; src.doc -> o.link expression; src.doc -> o.deep expression; src.id -> o.id identity
-- postgres: columns that XMLTABLE names
INSERT INTO o (part, name) SELECT part, y.name FROM src AS s, XMLTABLE('/r' PASSING s.doc COLUMNS part int PATH '@p', name text PATH 'n') AS y;
--= write o insert; read src; src.doc -> o.part expression; src.doc -> o.name expression
-- tsql: a document whose columns are named in brackets, and all of them
SELECT t.id, j.[name], k.* INTO x FROM t CROSS APPLY OPENJSON(t.doc) WITH ([name] nvarchar(50) '$.name') j CROSS APPLY OPENJSON(t.more) WITH (a int, [b c] int '$.b') k;
--= read t; write x create; t.id -> x.id identity; t.doc -> x.name expression; t.more -> x.a expression; t.more -> x.b c expression
