-- tsql: a call from the file
EXEC dbo.p @x = 1;
--= call dbo.p
-- tsql: a call that keeps what it returns
EXEC @r = dbo.p;
--= call dbo.p
-- tsql: a function of the user's in a query
CREATE VIEW v AS SELECT dbo.f(a) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; call dbo.f
-- postgres: a function of the user's in a query
CREATE VIEW v AS SELECT my_fn(a) AS x, upper(b) AS y FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.y expression; call my_fn
-- tsql: exec with params
EXEC dbo.usp_x @a = 1, @b = 'two';
--= call dbo.usp_x
-- tsql: exec ret
EXEC @r = dbo.usp_x 1
--= call dbo.usp_x
-- tsql: insert exec
INSERT INTO dbo.t (a) EXEC dbo.usp_x
--= write dbo.t insert; call dbo.usp_x
-- postgres: call
CALL s.p(1, 2);
--= call s.p
-- postgres: select fn
SELECT s.refresh_all();
--= call s.refresh_all
-- postgres: from fn
CREATE VIEW v AS SELECT f.a FROM s.get_rows(1) AS f;
--= call s.get_rows; write v create; () -> v.a expression
-- oracle: call
CALL sch.p(1);
--= call SCH.P
-- oracle: exec sqlplus
EXEC sch.p(1);
--= call SCH.P
-- oracle: begin call
BEGIN sch.p(1, 'x'); END;
--= call SCH.P
-- oracle: members of a package are routines under its name, and know what it declares
CREATE OR REPLACE PACKAGE BODY sch.pkg AS
  g_total NUMBER := 0;
  PROCEDURE fwd(a NUMBER);
  PROCEDURE one (a NUMBER) IS n NUMBER; BEGIN IF a > 1 THEN INSERT INTO t (x, y, z, w) SELECT y, a, n, g_total FROM s; END IF; END one;
  FUNCTION two RETURN NUMBER IS n NUMBER; BEGIN SELECT MAX(x) INTO n FROM t; one(n); RETURN n; END;
BEGIN
  DELETE FROM init_t;
END pkg;
/
SELECT a FROM after_it;
--= create_package SCH.PKG; create_procedure SCH.PKG.ONE; create_function SCH.PKG.TWO; read S; write T insert; S.Y -> T.X identity; () -> T.Y constant; () -> T.Z constant; () -> T.W constant; read T; call SCH.PKG.ONE; write INIT_T delete; read AFTER_IT
-- tsql: a function that returns a query with WITH
CREATE FUNCTION dbo.tv() RETURNS TABLE AS RETURN WITH c AS (SELECT a FROM dbo.t) SELECT a FROM c
--= create_function dbo.tv; read dbo.t
-- clickhouse: forms of aggregate functions are no routines of anybody
CREATE VIEW v AS SELECT sumState(a) AS s, avgIf(b, c > 1) AS x, uniqMerge(u) AS z, own(d) AS o FROM t GROUP BY k;
--= call own; read t; write v create; t.a -> v.s aggregate; t.b -> v.x aggregate; t.c -> v.x aggregate; t.u -> v.z aggregate; t.d -> v.o expression
