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
-- mysql: a procedure between delimiters
DELIMITER //
CREATE PROCEDURE p() BEGIN DELETE FROM t; INSERT INTO u (a) SELECT a FROM s; END //
DELIMITER ;
--= create_procedure p; write t delete; read s; write u insert; s.a -> u.a identity
-- mysql: a procedure without delimiters
CREATE PROCEDURE p() BEGIN IF 1 THEN DELETE FROM t; END IF; CALL q(); END; SELECT a FROM s;
--= create_procedure p; write t delete; call q; read s
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
-- tsql: a trigger
CREATE TRIGGER tr ON dbo.t AFTER INSERT, UPDATE AS INSERT INTO dbo.log (a) SELECT a FROM inserted
--= create_trigger tr on dbo.t; read dbo.t; write dbo.log insert; dbo.t.a -> dbo.log.a identity
-- postgres: a trigger that runs a function
CREATE TRIGGER tr AFTER INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();
--= create_trigger tr on t; call f
-- mysql: a trigger with a body
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW INSERT INTO u (a) SELECT a FROM s;
--= create_trigger tr on t; read s; write u insert; s.a -> u.a identity
-- oracle: a trigger with a block
CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW BEGIN DELETE FROM u; END;
--= create_trigger TR on T; write U delete
-- tsql: a synonym and what reads through it
CREATE SYNONYM dbo.s FOR other.dbo.t; SELECT a INTO x FROM dbo.s;
--= create_synonym dbo.s for other.dbo.t; read other.dbo.t; write x create; other.dbo.t.a -> x.a identity
-- oracle: a synonym
CREATE OR REPLACE PUBLIC SYNONYM s FOR h.t;
--= create_synonym S for H.T
-- tsql: a call from the file
EXEC dbo.p @x = 1;
--= call dbo.p
-- tsql: a call that keeps what it returns
EXEC @r = dbo.p;
--= call dbo.p
-- snowflake: CALL
CALL p(1);
--= call P
-- tsql: text that is not known
EXEC (@sql);
--= dynamic
-- tsql: text that is known
EXEC ('INSERT INTO t (a) SELECT a FROM s');
--= read s; write t insert; s.a -> t.a identity
-- tsql: text that is known, through the system procedure
EXEC sp_executesql N'SELECT a FROM s';
--= read s
-- oracle: text that is known
BEGIN EXECUTE IMMEDIATE 'DELETE FROM t'; END;
--= write T delete
-- snowflake: text that is not known
EXECUTE IMMEDIATE stmt;
--= dynamic
-- tsql: a function of the user's in a query
CREATE VIEW v AS SELECT dbo.f(a) AS x FROM t;
--= read t; write v create; t.a -> v.x expression; call dbo.f
-- postgres: a function of the user's in a query
CREATE VIEW v AS SELECT my_fn(a) AS x, upper(b) AS y FROM t;
--= read t; write v create; t.a -> v.x expression; t.b -> v.y expression; call my_fn
-- tsql: batches
SELECT a FROM t
GO
SELECT b FROM u
go 5
--= read t; read u
-- tsql: GO inside a comment or a string is none
SELECT 'x
GO
y' AS a FROM t /*
GO
*/
--= read t
