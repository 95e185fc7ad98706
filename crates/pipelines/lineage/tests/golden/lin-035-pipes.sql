-- bigquery: columns computed, replaced, dropped and renamed
-: d.sales(id, item, qty, price)
CREATE TABLE d.o AS
FROM d.sales AS s
|> WHERE s.qty > 0
|> EXTEND s.qty * s.price AS total, UPPER(item) AS label
|> SET qty = qty + 1
|> DROP price
|> RENAME item AS product;
--= write d.o create; read d.sales; d.sales.id -> d.o.id identity; d.sales.item -> d.o.product identity; d.sales.qty -> d.o.qty expression; d.sales.qty -> d.o.total expression; d.sales.price -> d.o.total expression; d.sales.item -> d.o.label expression
-- bigquery: joined and aggregated, the keys first, aliases seen through what extends
INSERT INTO d.o (region, n, total)
FROM d.orders AS o
|> JOIN d.items AS i ON o.id = i.order_id
|> EXTEND i.qty * i.price AS amount
|> AGGREGATE COUNT(*) AS n, SUM(amount) AS total GROUP AND ORDER BY o.region DESC
|> ORDER BY total
|> LIMIT 10;
--= write d.o insert; read d.items; read d.orders; d.orders.region -> d.o.region identity; () -> d.o.n aggregate; d.items.qty -> d.o.total aggregate; d.items.price -> d.o.total aggregate
-- bigquery: selected, under a new alias, united
CREATE VIEW d.v AS
SELECT a.k, a.x FROM d.a
|> AS t
|> SELECT t.k, t.x + 1 AS y
|> UNION ALL (SELECT b.k, b.z FROM d.b), (FROM d.c |> SELECT k, w);
--= write d.v create; read d.a; read d.b; read d.c; d.a.k -> d.v.k identity; d.a.x -> d.v.y expression; d.b.k -> d.v.k identity; d.b.z -> d.v.y expression; d.c.k -> d.v.k identity; d.c.w -> d.v.y expression
-- bigquery: turned, and a pipe inside a common table expression
CREATE TABLE d.o AS
WITH pairs AS (FROM d.t |> SELECT k, kind, n)
FROM pairs
|> PIVOT(SUM(n) FOR kind IN ('a', 'b'))
|> SELECT k, a;
--= write d.o create; read d.t; d.t.k -> d.o.k identity; d.t.n -> d.o.a aggregate; d.t.kind -> d.o.a aggregate
-- bigquery: a function of the rows
CREATE TABLE d.o AS FROM d.t |> WHERE a > 1 |> CALL d.enriched(5) AS e |> SELECT e.score;
--= write d.o create; read d.t; call d.enriched; d.t.* -> d.o.score expression unresolved
-- databricks: a problem is where it stands
FROM t
|> SELECT a
|> WHERE a >;
--= problem in line 3
