-- postgres: two casts
CREATE VIEW v AS SELECT CAST(a AS int) AS x, b::text AS y FROM t;
--= read t; write v create; t.a -> v.x cast; t.b -> v.y cast
-- tsql: CONVERT casts
CREATE VIEW v AS SELECT CONVERT(int, a) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- tsql: TRY_CAST casts
CREATE VIEW v AS SELECT TRY_CAST(a AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- bigquery: SAFE_CAST casts
CREATE VIEW v AS SELECT SAFE_CAST(a AS INT64) AS x FROM t;
--= read t; write v create; t.a -> v.x cast
-- snowflake: two colons cast
CREATE VIEW v AS SELECT a::number AS x FROM t;
--= read T; write V create; T.A -> V.X cast
-- spark: a cast of a sum is an expression
CREATE VIEW v AS SELECT CAST(a + b AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- postgres: arithmetic
CREATE VIEW v AS SELECT a + b * 2 AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- mysql: a function
CREATE VIEW v AS SELECT CONCAT(a, '-', b) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- oracle: concatenation
CREATE VIEW v AS SELECT a || b AS x FROM t;
--= read T; write V create; T.A -> V.X expression; T.B -> V.X expression
-- tsql: COALESCE
CREATE VIEW v AS SELECT COALESCE(a, b) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- spark: CASE with all that it looks at
CREATE VIEW v AS SELECT CASE WHEN a > 0 THEN b ELSE c END AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression; t.c -> v.x expression
-- bigquery: IF
CREATE VIEW v AS SELECT IF(a, b, 0) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression
-- postgres: CASE of a value
CREATE VIEW v AS SELECT CASE a WHEN 1 THEN 'x' END AS x FROM t;
--= read t; write v create; t.a -> v.x expression
-- postgres: an aggregate and its key
CREATE VIEW v AS SELECT k, sum(a) AS s FROM t GROUP BY k;
--= read t; write v create; t.k -> v.k identity; t.a -> v.s aggregate
-- tsql: an aggregate inside an expression
CREATE VIEW v AS SELECT SUM(a) / COUNT(b) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate; t.b -> v.x aggregate
-- snowflake: an aggregate of an expression
CREATE VIEW v AS SELECT max(a + b) AS x FROM t;
--= read T; write V create; T.A -> V.X aggregate; T.B -> V.X aggregate
-- mysql: GROUP_CONCAT
CREATE VIEW v AS SELECT GROUP_CONCAT(a) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- bigquery: COUNT of distinct values
CREATE VIEW v AS SELECT COUNT(DISTINCT a) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- spark: counting rows is fed by no column
CREATE VIEW v AS SELECT count(*) AS n FROM t;
--= read t; write v create; () -> v.n aggregate
-- postgres: an aggregate that is cast
CREATE VIEW v AS SELECT CAST(avg(a) AS int) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate
-- postgres: a window with partition and order
CREATE VIEW v AS SELECT sum(a) OVER (PARTITION BY b ORDER BY c) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window; t.c -> v.x window
-- tsql: numbering rows
CREATE VIEW v AS SELECT ROW_NUMBER() OVER (PARTITION BY b ORDER BY c DESC) AS n FROM t;
--= read t; write v create; t.b -> v.n window; t.c -> v.n window
-- snowflake: LAG
CREATE VIEW v AS SELECT lag(a) OVER (ORDER BY b) AS x FROM t;
--= read T; write V create; T.A -> V.X window; T.B -> V.X window
-- bigquery: a window inside an expression
CREATE VIEW v AS SELECT a - LAG(a) OVER (ORDER BY b) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window
-- spark: RANK
CREATE VIEW v AS SELECT rank() OVER (ORDER BY a) AS r FROM t;
--= read t; write v create; t.a -> v.r window
-- postgres: a named window
CREATE VIEW v AS SELECT sum(a) OVER w AS x FROM t WINDOW w AS (PARTITION BY b);
--= read t; write v create; t.a -> v.x window; t.b -> v.x window
-- oracle: a window without a value
CREATE VIEW v AS SELECT DENSE_RANK() OVER (ORDER BY a) AS r FROM t;
--= read T; write V create; T.A -> V.R window
-- postgres: constants
CREATE VIEW v AS SELECT 1 AS one, 'x' AS word, a FROM t;
--= read t; write v create; () -> v.one constant; () -> v.word constant; t.a -> v.a identity
-- tsql: a constant that is cast
CREATE VIEW v AS SELECT CAST(NULL AS int) AS x, a FROM t;
--= read t; write v create; () -> v.x constant; t.a -> v.a identity
-- tsql: iif choose
SELECT IIF(a > b, c, d) AS x, CHOOSE(e, f, g) AS y INTO o FROM t
--= read t; write o create; t.a -> o.x expression; t.b -> o.x expression; t.c -> o.x expression; t.d -> o.x expression; t.e -> o.y expression; t.f -> o.y expression; t.g -> o.y expression
-- tsql: string agg within group
SELECT k, STRING_AGG(a, ',') WITHIN GROUP (ORDER BY b) AS s INTO o FROM t GROUP BY k
--= read t; write o create; t.k -> o.k identity; t.a -> o.s aggregate; t.b -> o.s aggregate
-- tsql: at time zone
SELECT a AT TIME ZONE 'UTC' AS x INTO o FROM t
--= read t; write o create; t.a -> o.x expression
-- tsql: datediff
SELECT DATEDIFF(day, a, b) AS d, DATEADD(month, 1, c) AS e, DATEPART(year, f) AS g, DATENAME(weekday, h) AS i INTO o FROM t
--= read t; write o create; t.a -> o.d expression; t.b -> o.d expression; t.c -> o.e expression; t.f -> o.g expression; t.h -> o.i expression
-- postgres: jsonb ops
CREATE VIEW v AS SELECT data->>'a' AS a, data#>>'{b,c}' AS b, (data->'x')::int AS c, data @> '{}' AS d FROM t;
--= read t; write v create; t.data -> v.a expression; t.data -> v.b expression; t.data -> v.c expression; t.data -> v.d expression
-- postgres: filter
CREATE VIEW v AS SELECT count(*) FILTER (WHERE a > 1) AS n, sum(b) FILTER (WHERE c) AS s FROM t;
--= read t; write v create; t.a -> v.n aggregate; t.b -> v.s aggregate; t.c -> v.s aggregate
-- postgres: array agg order
CREATE VIEW v AS SELECT array_agg(a ORDER BY b) AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate; t.b -> v.x aggregate
-- postgres: array subquery
CREATE VIEW v AS SELECT ARRAY(SELECT b FROM u WHERE u.k = t.k) AS bs FROM t;
--= read t; read u; write v create; u.b -> v.bs expression
-- postgres: cast ::
CREATE VIEW v AS SELECT a::numeric(10,2) AS a, '1'::int AS one, (b || c)::text AS d FROM t;
--= read t; write v create; t.a -> v.a cast; () -> v.one constant; t.b -> v.d expression; t.c -> v.d expression
-- postgres: interval extract
CREATE VIEW v AS SELECT extract(year from d) AS y, d + interval '1 day' AS n, date_trunc('month', d) AS m, now() AS t0, current_date AS cd FROM t;
--= read t; write v create; t.d -> v.y expression; t.d -> v.n expression; t.d -> v.m expression; () -> v.t0 constant; () -> v.cd constant
-- postgres: in subquery in select
CREATE VIEW v AS SELECT a IN (SELECT b FROM u) AS x, EXISTS (SELECT 1 FROM w) AS y FROM t;
--= read t; read u; read w; write v create; t.a -> v.x expression; () -> v.y constant
-- postgres: any
CREATE VIEW v AS SELECT a = ANY (SELECT b FROM u) AS x FROM t;
--= read t; read u; write v create; t.a -> v.x expression; u.b -> v.x expression
-- postgres: window frame
CREATE VIEW v AS SELECT first_value(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window; t.c -> v.x window
-- mysql: json
CREATE VIEW v AS SELECT doc->'$.a' AS a, doc->>'$.b' AS b, JSON_EXTRACT(doc, '$.c') AS c FROM t;
--= read t; write v create; t.doc -> v.a expression; t.doc -> v.b expression; t.doc -> v.c expression
-- mysql: if ifnull
CREATE VIEW v AS SELECT IF(a > 1, b, c) AS x, IFNULL(d, e) AS y, a <=> b AS z, a DIV b AS q FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression; t.c -> v.x expression; t.d -> v.y expression; t.e -> v.y expression; t.a -> v.z expression; t.b -> v.z expression; t.a -> v.q expression; t.b -> v.q expression
-- mysql: group concat
CREATE VIEW v AS SELECT GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR '; ') AS x FROM t;
--= read t; write v create; t.a -> v.x aggregate; t.b -> v.x aggregate
-- oracle: connect by
CREATE VIEW v AS SELECT LEVEL AS lvl, a, SYS_CONNECT_BY_PATH(a, '/') AS p, PRIOR b AS pb FROM t START WITH parent IS NULL CONNECT BY PRIOR id = parent;
--= read T; write V create; () -> V.LVL constant; T.A -> V.A identity; T.A -> V.P expression; T.B -> V.PB expression
-- oracle: listagg
CREATE VIEW v AS SELECT k, LISTAGG(a, ',') WITHIN GROUP (ORDER BY b) AS x FROM t GROUP BY k;
--= read T; write V create; T.K -> V.K identity; T.A -> V.X aggregate; T.B -> V.X aggregate
-- oracle: keep
CREATE VIEW v AS SELECT MAX(a) KEEP (DENSE_RANK LAST ORDER BY b) AS x FROM t;
--= read T; write V create; T.A -> V.X window; T.B -> V.X window
-- oracle: decode nvl
CREATE VIEW v AS SELECT DECODE(a, 1, b, c) AS x, NVL(d, e) AS y FROM t;
--= read T; write V create; T.A -> V.X expression; T.B -> V.X expression; T.C -> V.X expression; T.D -> V.Y expression; T.E -> V.Y expression
-- snowflake: variant path
CREATE VIEW v AS SELECT src:a.b::number AS x, src:c[0]:d AS y, src['e'] AS z FROM t;
--= read T; write V create; T.SRC -> V.X expression; T.SRC -> V.Y expression; T.SRC -> V.Z expression
-- snowflake: object construct
CREATE VIEW v AS SELECT OBJECT_CONSTRUCT('a', a, 'b', b) AS o, ARRAY_AGG(c) WITHIN GROUP (ORDER BY d) AS ar, OBJECT_CONSTRUCT(*) AS allx FROM t GROUP BY 1;
--= read T; write V create; T.A -> V.O expression; T.B -> V.O expression; T.C -> V.AR aggregate; T.D -> V.AR aggregate; T.* -> V.ALLX expression unresolved
-- snowflake: lambda
CREATE VIEW v AS SELECT TRANSFORM(arr, x -> x + b) AS y, FILTER(arr, (x INT) -> x > 1) AS z FROM t;
--= read T; write V create; T.ARR -> V.Y expression; T.B -> V.Y expression; T.ARR -> V.Z expression
-- snowflake: iff zeroifnull
CREATE VIEW v AS SELECT IFF(a, b, c) AS x, ZEROIFNULL(d) AS y, TRY_TO_NUMBER(e) AS z, DATEDIFF('day', f, g) AS w, DATE_TRUNC(month, h) AS m FROM t;
--= read T; write V create; T.A -> V.X expression; T.B -> V.X expression; T.C -> V.X expression; T.D -> V.Y expression; T.E -> V.Z expression; T.G -> V.W expression; T.F -> V.W expression; T.H -> V.M expression
-- bigquery: struct
CREATE VIEW d.v AS SELECT s.addr.city AS c, STRUCT(s.a AS x, s.b AS y) AS st, ARRAY_AGG(STRUCT(s.k, s.m)) AS ar FROM d.t AS s GROUP BY 1;
--= read d.t; write d.v create; d.t.addr -> d.v.c expression; d.t.a -> d.v.st expression; d.t.b -> d.v.st expression; d.t.k -> d.v.ar aggregate; d.t.m -> d.v.ar aggregate
-- bigquery: scalar unnest
CREATE VIEW d.v AS SELECT (SELECT MAX(x) FROM UNNEST(t.arr) AS x) AS m FROM d.t AS t;
--= read d.t; write d.v create; d.t.arr -> d.v.m aggregate
-- bigquery: array subquery
CREATE VIEW d.v AS SELECT ARRAY(SELECT AS STRUCT x.a FROM UNNEST(t.items) AS x) AS arr FROM d.t AS t;
--= read d.t; write d.v create; d.t.items -> d.v.arr expression
-- bigquery: window named
CREATE VIEW d.v AS SELECT SUM(a) OVER w AS s FROM d.t WINDOW w AS (PARTITION BY b ORDER BY c);
--= read d.t; write d.v create; d.t.a -> d.v.s window; d.t.b -> d.v.s window; d.t.c -> d.v.s window
-- bigquery: safe offset
CREATE VIEW d.v AS SELECT arr[SAFE_OFFSET(0)] AS a, SAFE.SUBSTR(b, 1) AS b, js.x.y AS c, JSON_VALUE(d, '$.a') AS e FROM d.t;
--= read d.t; call SAFE.SUBSTR; write d.v create; d.t.arr -> d.v.a expression; d.t.b -> d.v.b expression; d.t.js -> d.v.c expression; d.t.d -> d.v.e expression
-- spark: transform lambda
CREATE VIEW v AS SELECT transform(xs, x -> x + y) AS z, aggregate(xs, 0, (acc, e) -> acc + e) AS s FROM t;
--= read t; write v create; t.xs -> v.z expression; t.y -> v.z expression; t.xs -> v.s expression
-- spark: struct
CREATE VIEW v AS SELECT s.a.b AS x, named_struct('a', c) AS st, m['k'] AS y, arr[0] AS z FROM t;
--= read t; write v create; t.s -> v.x expression; t.c -> v.st expression; t.m -> v.y expression; t.arr -> v.z expression
-- spark: window rows
CREATE VIEW v AS SELECT avg(a) OVER (PARTITION BY b ORDER BY c RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x FROM t;
--= read t; write v create; t.a -> v.x window; t.b -> v.x window; t.c -> v.x window
-- spark: filter clause
CREATE VIEW v AS SELECT count(a) FILTER (WHERE b > 1) AS n FROM t;
--= read t; write v create; t.a -> v.n aggregate; t.b -> v.n aggregate
-- spark: regex col
CREATE VIEW v AS SELECT CASE WHEN a RLIKE 'x' THEN b END AS y, a <=> b AS z FROM t;
--= read t; write v create; t.a -> v.y expression; t.b -> v.y expression; t.a -> v.z expression; t.b -> v.z expression
-- duckdb: list comprehension
CREATE VIEW v AS SELECT [x + 1 FOR x IN xs IF x > 1] AS ys, list_transform(xs, x -> x + a) AS zs FROM t;
--= read t; write v create; t.xs -> v.ys expression; t.xs -> v.zs expression; t.a -> v.zs expression
-- duckdb: struct
CREATE VIEW v AS SELECT {'a': a, 'b': b} AS s, st.f AS f, st['g'] AS g FROM t;
--= read t; write v create; t.a -> v.s expression; t.b -> v.s expression; t.st -> v.f expression; t.st -> v.g expression
-- trino: lambda
CREATE VIEW v AS SELECT transform(xs, x -> x * f) AS y, reduce(xs, 0, (s, x) -> s + x, s -> s) AS z, any_match(xs, e -> e > 1) AS m FROM t;
--= read t; write v create; t.xs -> v.y expression; t.f -> v.y expression; t.xs -> v.z expression; t.xs -> v.m expression
-- trino: row
CREATE VIEW v AS SELECT CAST(ROW(a, b) AS ROW(x int, y int)) AS r, rr.f1 AS f, json_extract_scalar(js, '$.a') AS j FROM t;
--= read t; write v create; t.a -> v.r expression; t.b -> v.r expression; t.rr -> v.f expression; t.js -> v.j expression
-- trino: try cast at tz
CREATE VIEW v AS SELECT TRY(a / b) AS x, TRY_CAST(c AS int) AS y, d AT TIME ZONE 'UTC' AS z, "Quoted" AS q FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.x expression; t.c -> v.y cast; t.d -> v.z expression; t.quoted -> v.q identity
-- clickhouse: if combos
CREATE VIEW v AS SELECT sumIf(a, b > 1) AS s, argMax(c, d) AS m, uniqExact(e) AS u, quantile(0.5)(f) AS q, a ? b : c AS tern FROM t;
--= read t; write v create; t.a -> v.s aggregate; t.b -> v.s aggregate; t.c -> v.m aggregate; t.d -> v.m aggregate; t.e -> v.u aggregate; t.f -> v.q aggregate; t.a -> v.tern expression; t.b -> v.tern expression; t.c -> v.tern expression
-- clickhouse: lambda
CREATE VIEW v AS SELECT arrayMap(x -> x + b, arr) AS y, arrayFilter((x, i) -> x > 1, arr, idx) AS z FROM t;
--= read t; write v create; t.b -> v.y expression; t.arr -> v.y expression; t.arr -> v.z expression; t.idx -> v.z expression
-- tsql: xml methods
SELECT t.doc.value('(/a)[1]', 'int') AS x, doc.query('x') AS y, NEXT VALUE FOR dbo.s AS n INTO o FROM t
--= read t; write o create; t.doc -> o.x expression; t.doc -> o.y expression; () -> o.n constant
-- clickhouse: if combos
CREATE VIEW v AS SELECT uniqExact(e) AS u, quantile(0.5)(f) AS q FROM t GLOBAL LEFT JOIN u ON t.k = u.k;
--= read t; read u; write v create; t.e -> v.u aggregate ambiguous; u.e -> v.u aggregate ambiguous; t.f -> v.q aggregate ambiguous; u.f -> v.q aggregate ambiguous
-- postgres: parts of documents among arguments
CREATE VIEW v AS SELECT jsonb_array_elements(doc->'items') AS a, lower(t.doc->'x'->>'y') AS b, coalesce(doc->0, other->'z') AS c FROM t;
--= read t; write v create; t.doc -> v.a expression; t.doc -> v.b expression; t.doc -> v.c expression; t.other -> v.c expression
-- mysql: a part of a document among arguments
CREATE VIEW v AS SELECT JSON_UNQUOTE(doc->'$.a') AS a, LOWER(doc->>'$.b') AS b FROM t;
--= read t; write v create; t.doc -> v.a expression; t.doc -> v.b expression
-- duckdb: a part of a document, and a lambda
CREATE VIEW v AS SELECT lower(doc->'$.a') AS a, list_transform(xs, x -> x + y) AS b FROM t;
--= read t; write v create; t.doc -> v.a expression; t.xs -> v.b expression; t.y -> v.b expression
