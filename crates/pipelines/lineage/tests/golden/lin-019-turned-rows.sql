-- tsql: pivot
SELECT k, [1] AS jan, [2] AS feb INTO dbo.p FROM (SELECT k, m, amt FROM dbo.sales) s PIVOT (SUM(amt) FOR m IN ([1], [2])) AS pv
--= read dbo.sales; write dbo.p create; dbo.sales.k -> dbo.p.k identity; dbo.sales.amt -> dbo.p.jan aggregate; dbo.sales.m -> dbo.p.jan aggregate; dbo.sales.amt -> dbo.p.feb aggregate; dbo.sales.m -> dbo.p.feb aggregate
-- tsql: unpivot
SELECT k, m, amt INTO dbo.p FROM dbo.wide UNPIVOT (amt FOR m IN (jan, feb)) AS u
--= read dbo.wide; write dbo.p create; dbo.wide.k -> dbo.p.k identity; () -> dbo.p.m constant; dbo.wide.jan -> dbo.p.amt identity; dbo.wide.feb -> dbo.p.amt identity
-- oracle: pivot
CREATE VIEW v AS SELECT * FROM (SELECT k, m, amt FROM s) PIVOT (SUM(amt) FOR m IN ('jan' AS jan, 'feb' AS feb));
--= read S; write V create; S.K -> V.K identity; S.AMT -> V.JAN aggregate; S.M -> V.JAN aggregate; S.AMT -> V.FEB aggregate; S.M -> V.FEB aggregate
-- snowflake: unpivot
CREATE VIEW v AS SELECT k, m, amt FROM wide UNPIVOT (amt FOR m IN (jan, feb));
--= read WIDE; write V create; WIDE.K -> V.K identity; () -> V.M constant; WIDE.JAN -> V.AMT identity; WIDE.FEB -> V.AMT identity
-- snowflake: match recognize
CREATE VIEW v AS SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY d MEASURES FIRST(a) AS fa ONE ROW PER MATCH PATTERN (x+) DEFINE x AS a > 1);
--= read T; write V create; T.* -> V.* star unresolved; T.A -> V.FA aggregate
-- bigquery: pivot
CREATE VIEW d.v AS SELECT * FROM (SELECT k, m, amt FROM d.s) PIVOT (SUM(amt) AS total FOR m IN ('a', 'b'));
--= read d.s; write d.v create; d.s.k -> d.v.k identity; d.s.amt -> d.v.total_a aggregate; d.s.m -> d.v.total_a aggregate; d.s.amt -> d.v.total_b aggregate; d.s.m -> d.v.total_b aggregate
-- bigquery: unpivot
CREATE VIEW d.v AS SELECT * FROM d.w UNPIVOT (amt FOR m IN (q1, q2));
--= read d.w; write d.v create; d.w.* -> d.v.* star unresolved; () -> d.v.m constant; d.w.q1 -> d.v.amt identity; d.w.q2 -> d.v.amt identity
-- spark: pivot
CREATE VIEW v AS SELECT * FROM (SELECT k, m, amt FROM s) PIVOT (SUM(amt) FOR m IN ('a' AS x, 'b' AS y));
--= read s; write v create; s.k -> v.k identity; s.amt -> v.x aggregate; s.m -> v.x aggregate; s.amt -> v.y aggregate; s.m -> v.y aggregate
-- spark: unpivot
CREATE VIEW v AS SELECT * FROM t UNPIVOT (amt FOR m IN (q1, q2));
--= read t; write v create; t.* -> v.* star unresolved; () -> v.m constant; t.q1 -> v.amt identity; t.q2 -> v.amt identity
-- trino: match_recognize
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY k ORDER BY d MEASURES A.p AS sp ONE ROW PER MATCH PATTERN (A B+) DEFINE B AS B.p < PREV(B.p));
--= read orders
-- bigquery: several values stacked at once, each from the columns at its place
CREATE TABLE o AS SELECT v, w FROM four UNPIVOT((v, w) FOR half IN ((q1, q2) AS 'a', (q3, q4) AS 'b'));
--= write o create; read four; four.q1 -> o.v identity; four.q3 -> o.v identity; four.q2 -> o.w identity; four.q4 -> o.w identity
-- duckdb: PIVOT as a statement, with groups and without
-: cities(country, name, year, population)
CREATE TABLE a AS PIVOT cities ON year IN (2000, 2010) USING sum(population) AS pop GROUP BY country;
CREATE TABLE b AS PIVOT cities ON year IN (2000) USING sum(population);
--= write a create; read cities; cities.country -> a.country identity; cities.population -> a.2000_pop aggregate; cities.year -> a.2000_pop aggregate; cities.population -> a.2010_pop aggregate; cities.year -> a.2010_pop aggregate; write b create; cities.country -> b.country identity; cities.name -> b.name identity; cities.population -> b.2000 aggregate; cities.year -> b.2000 aggregate
-- duckdb: UNPIVOT as a statement
-: wide(k, jan, feb)
CREATE TABLE long AS UNPIVOT wide ON jan, feb INTO NAME month VALUE amount;
--= write long create; read wide; wide.k -> long.k identity; () -> long.month constant; wide.jan -> long.amount identity; wide.feb -> long.amount identity
-- snowflake: which values are turned is asked of another table
CREATE VIEW v AS SELECT p.region FROM sales PIVOT (SUM(amount) FOR quarter IN (SELECT DISTINCT quarter FROM plans)) AS p;
--= read PLANS; read SALES; write V create; SALES.REGION -> V.REGION identity
