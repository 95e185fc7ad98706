-- tsql: a procedure with its body
CREATE PROCEDURE dbo.p @x int AS BEGIN SET NOCOUNT ON; INSERT INTO dbo.t (a) SELECT a FROM dbo.s WHERE b = @x; EXEC dbo.q; END
--= create_procedure dbo.p; read dbo.s; write dbo.t insert; dbo.s.a -> dbo.t.a identity; call dbo.q
-- tsql: statements of a body without semicolons
CREATE PROC p AS UPDATE t SET a = 1 DELETE FROM u SELECT x FROM w
--= create_procedure p; write t update; () -> t.a constant; write u delete; read w
-- tsql: a condition with a query
CREATE PROC p AS IF EXISTS (SELECT 1 FROM t) BEGIN DELETE FROM u END ELSE INSERT INTO w (a) SELECT a FROM t
--= create_procedure p; read t; write u delete; write w insert; t.a -> w.a identity
-- postgres: a function in dollar quotes
CREATE FUNCTION f(x int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t (a) SELECT a FROM s; PERFORM g(1); END; $$;
--= create_function f; read s; write t insert; s.a -> t.a identity; call g
-- postgres: a query into a variable makes no table
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM t; RETURN n; END; $$;
--= create_function f; read t
-- postgres: a loop over a query
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT a FROM t LOOP UPDATE u SET b = 1; END LOOP; END; $$;
--= create_procedure p; read t; write u update; () -> u.b constant
-- postgres: a function of SQL in plain quotes
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT a FROM t';
--= create_function f; read t
-- oracle: a procedure with declarations
CREATE OR REPLACE PROCEDURE p IS n NUMBER; BEGIN SELECT a INTO n FROM t; UPDATE u SET b = 1; END p;
--= create_procedure P; read T; write U update; () -> U.B constant
-- snowflake: a procedure in dollar quotes
CREATE PROCEDURE p() RETURNS STRING LANGUAGE SQL AS $$ BEGIN INSERT INTO t (a) SELECT a FROM s; RETURN 'ok'; END; $$;
--= create_procedure P; read S; write T insert; S.A -> T.A identity
-- snowflake: a body in another language is not read
CREATE PROCEDURE p() RETURNS STRING LANGUAGE JAVASCRIPT AS $$ select x from y $$;
--= create_procedure P
-- bigquery: a procedure with a block
CREATE PROCEDURE d.p() BEGIN INSERT INTO d.t (a) SELECT a FROM d.s; END;
--= create_procedure d.p; read d.s; write d.t insert; d.s.a -> d.t.a identity
-- snowflake: CALL
CALL p(1);
--= call P
-- tsql: function inline
CREATE FUNCTION dbo.f (@a int) RETURNS TABLE AS RETURN (SELECT x.a, x.b FROM dbo.t x WHERE x.a = @a)
--= create_function dbo.f; read dbo.t
-- tsql: scalar function
CREATE FUNCTION dbo.f (@a int) RETURNS int AS BEGIN DECLARE @x int; SELECT @x = MAX(b) FROM dbo.t WHERE a = @a; RETURN @x; END
--= create_function dbo.f; read dbo.t
-- postgres: sql fn
CREATE OR REPLACE FUNCTION s.f(a int, b int DEFAULT 5) RETURNS TABLE (x int, y int) LANGUAGE sql STABLE AS $body$ SELECT t.p, t.q FROM s.t WHERE t.k = a; $body$;
--= create_function s.f; read s.t
-- postgres: sql std body
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC INSERT INTO t (x) SELECT y FROM s; SELECT 1; END;
--= create_function f; read s; write t insert; s.y -> t.x identity
-- postgres: return sql
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN (SELECT max(x) FROM t);
--= create_function f; read t
-- postgres: do block
DO $$ BEGIN INSERT INTO t (a) SELECT b FROM s; END $$;
--= read s; write t insert; s.b -> t.a identity
-- postgres: prepare
PREPARE q AS SELECT a FROM t;
--= read t
-- postgres: cursor
DECLARE c CURSOR FOR SELECT a FROM t;
--= read t
-- mysql: event
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE d < NOW();
--= write t delete
-- oracle: package body
CREATE OR REPLACE PACKAGE BODY pkg AS
  PROCEDURE one (a NUMBER) IS BEGIN INSERT INTO t (x) SELECT y FROM s; END one;
  FUNCTION two RETURN NUMBER IS n NUMBER; BEGIN SELECT MAX(x) INTO n FROM t; RETURN n; END;
END pkg;
/
--= create_package PKG; read S; write T insert; S.Y -> T.X identity; read T; create_procedure PKG.ONE; create_function PKG.TWO
-- snowflake: stream task
CREATE TASK tk WAREHOUSE = wh SCHEDULE = '1 minute' WHEN SYSTEM$STREAM_HAS_DATA('s') AS INSERT INTO t (a) SELECT a FROM s;
--= read S; write T insert; S.A -> T.A identity
-- snowflake: proc no quotes
CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE SQL AS BEGIN INSERT INTO t (a) SELECT b FROM s; RETURN 'x'; END;
--= create_procedure P; read S; write T insert; S.B -> T.A identity
-- snowflake: proc string body
CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN INSERT INTO t (a) SELECT ''x'' FROM s; END';
--= create_procedure P; read S; write T insert; () -> T.A constant
-- snowflake: udf
CREATE FUNCTION f(a NUMBER) RETURNS NUMBER AS $$ SELECT MAX(x) FROM t WHERE k = a $$;
--= create_function F; read T
-- snowflake: udtf
CREATE FUNCTION f(a NUMBER) RETURNS TABLE (x NUMBER) AS 'SELECT x FROM t WHERE k = a';
--= create_function F; read T
-- bigquery: table fn
CREATE TABLE FUNCTION d.f(y INT64) AS SELECT a FROM d.t WHERE b = y;
--= create_function d.f; read d.t
-- bigquery: udf
CREATE TEMP FUNCTION f(x INT64) AS (x * 2); SELECT f(a) AS y FROM d.t;
--= create_function f; read d.t; call f
-- bigquery: js udf
CREATE TEMP FUNCTION f(x STRING) RETURNS STRING LANGUAGE js AS r"""return x; select from y""";
--= create_function f
-- redshift: proc
CREATE OR REPLACE PROCEDURE p(a int) AS $$ BEGIN INSERT INTO t (x) SELECT y FROM s; END; $$ LANGUAGE plpgsql;
--= create_procedure p; read s; write t insert; s.y -> t.x identity
-- mysql: proc no begin
CREATE PROCEDURE p() SELECT a AS b FROM t;
--= create_procedure p; read t
-- oracle: loop exit
BEGIN LOOP INSERT INTO t (a) VALUES (1); EXIT WHEN x > 1; END LOOP; END;
/
--= write T insert
-- oracle: label
BEGIN <<outer>> FOR i IN 1..3 LOOP DELETE FROM t; END LOOP outer; END;
/
--= write T delete
