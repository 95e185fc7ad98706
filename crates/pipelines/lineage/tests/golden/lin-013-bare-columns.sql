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
-- postgres: a column that a known table lacks is believed and marked
-: t(a)
CREATE VIEW v AS SELECT t.z FROM t;
--= read t; write v create; t.z -> v.z identity unresolved
-- postgres: natural join bare
-: t(k, a)
-: u(k, b)
CREATE VIEW v AS SELECT k, a, b FROM t NATURAL JOIN u;
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity; u.b -> v.b identity
-- postgres: using with unknown
CREATE VIEW v AS SELECT k, t.a FROM t JOIN u USING (k);
--= read t; read u; write v create; t.k -> v.k identity; u.k -> v.k identity; t.a -> v.a identity
-- postgres: case fold quoting
CREATE VIEW "V" AS SELECT "A", B FROM "S"."T" JOIN S.T2 ON true;
--= read S.T; read s.t2; write V create; S.T.A -> V.A identity ambiguous; s.t2.A -> V.A identity ambiguous; S.T.b -> V.b identity ambiguous; s.t2.b -> V.b identity ambiguous
-- postgres: generate_series col
CREATE VIEW v AS SELECT g.d, t.a FROM t, generate_series(t.x, t.y) AS g(d);
--= read t; write v create; t.x -> v.d expression; t.y -> v.d expression; t.a -> v.a identity
-- postgres: a bare column that the only table is not known to have
-: stock(id, n)
INSERT INTO o (a, b) SELECT id, shelf FROM stock;
--= write o insert; read stock; stock.id -> o.a identity; stock.shelf -> o.b identity unresolved
-- generic: the alias of an item before it, where no table has a column of that name
-: stock(id, n)
INSERT INTO o (a, b) SELECT n * 2 AS twice, twice + 1 AS more FROM stock;
--= write o insert; read stock; stock.n -> o.a expression; stock.n -> o.b expression
