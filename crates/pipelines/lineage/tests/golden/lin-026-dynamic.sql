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
-- tsql: dynamic built
DECLARE @s nvarchar(max) = N'SELECT a FROM t'; EXEC sp_executesql @s, N'@p int', @p = 1;
--= dynamic
-- postgres: execute format
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'INSERT INTO t (a) SELECT b FROM s'; EXECUTE format('DROP TABLE %I', x); EXECUTE 'SELECT ' || y; RETURN QUERY SELECT a FROM z; END $$;
--= create_function f; read s; write t insert; s.b -> t.a identity; dynamic; read z
-- mysql: prepared
PREPARE st FROM 'SELECT a FROM t'; EXECUTE st; DEALLOCATE PREPARE st;
--= read t; dynamic
-- snowflake: execute immediate dollar
EXECUTE IMMEDIATE $$ BEGIN INSERT INTO t (a) SELECT b FROM s; END; $$;
--= read S; write T insert; S.B -> T.A identity
