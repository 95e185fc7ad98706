-- mysql: a procedure between delimiters
DELIMITER //
CREATE PROCEDURE p() BEGIN DELETE FROM t; INSERT INTO u (a) SELECT a FROM s; END //
DELIMITER ;
--= create_procedure p; write t delete; read s; write u insert; s.a -> u.a identity
-- mysql: a procedure without delimiters
CREATE PROCEDURE p() BEGIN IF 1 THEN DELETE FROM t; END IF; CALL q(); END; SELECT a FROM s;
--= create_procedure p; write t delete; call q; read s
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
-- postgres: estring dollar
INSERT INTO t (a) VALUES (E'it\'s; DELETE FROM x'), ($q$ select from y; $q$);
--= write t insert
-- postgres: comments
-- a comment select from z
/* INSERT INTO q SELECT /* nested */ */ SELECT a FROM t; 
--= read t
-- mysql: comments
INSERT /*!40000 IGNORE */ INTO t (a) SELECT b FROM s; # trailing; SELECT c FROM q
--= read s; write t insert; s.b -> t.a identity
-- oracle: qquote
INSERT INTO t (a) VALUES (q'[it's; DELETE FROM x]');
--= write T insert
-- snowflake: anonymous block
BEGIN INSERT INTO t (a) SELECT b FROM s; END;
--= read S; write T insert; S.B -> T.A identity
-- bigquery: triple quoted
INSERT INTO d.t (a) VALUES ("""x; SELECT b FROM y"""), (r'\d'), ('it\'s');
--= write d.t insert
-- oracle: sqlplus
SET DEFINE OFF
PROMPT hello
SELECT a FROM t;
--= read T
-- postgres: psql
\connect db
\set x 1
SELECT a FROM t;
--= read t
-- postgres: copy data
COPY t (a, b) FROM stdin;
1	x
2	y
\.
SELECT a FROM u;
--= read u
-- tsql: use declare set
USE [db]
GO
SET ANSI_NULLS ON
GO
DECLARE @x int = 1
IF @x = 1 PRINT 'x'
EXEC sp_rename 'a', 'b'
ALTER TABLE t ADD x int
DROP TABLE IF EXISTS y
WHILE @x < 3 BEGIN SET @x += 1 END
--= call sp_rename
-- mysql: dump
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `t`;
CREATE TABLE `t` (`a` int) ENGINE=InnoDB;
LOCK TABLES `t` WRITE;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
INSERT INTO `t` VALUES (1);
UNLOCK TABLES;
--= columns t(a); write t insert
-- bigquery: labels and asserts
ASSERT (SELECT COUNT(*) FROM d.t) > 0 AS 'x'; BEGIN TRANSACTION; COMMIT TRANSACTION; ALTER TABLE d.t ADD COLUMN x INT64; CREATE SCHEMA s; DROP TABLE d.t; GRANT SELECT ON d.t TO 'x'; LOOP SET x = 1; LEAVE; END LOOP;
--= read d.t
-- snowflake: admin
USE ROLE r; PUT file:///x @st; LIST @st; !set x=1; CREATE STAGE st; ALTER SESSION SET x = 1; SHOW TABLES; DESCRIBE TABLE t; UNSET v; TRUNCATE t; CREATE WAREHOUSE w; COMMENT ON TABLE t IS 'x'; UNDROP TABLE t; CALL p(); REMOVE @st;
--= write T delete; call P
-- oracle: sqlplus
SET DEFINE OFF
PROMPT hello world
SELECT a FROM t;
@other.sql
INSERT INTO u (a) SELECT b FROM s;
--= read T; read S; write U insert; S.B -> U.A identity
-- postgres: copy data
COPY t (a, b) FROM stdin;
1	it's x
2	y
\.
SELECT a FROM u;
--= read u
-- mysql: dump view
/*!40101 SET NAMES utf8 */;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `v` AS select `t`.`a` AS `a` from `t` */;
INSERT INTO `t` VALUES ('/*!x*/ it');
--= read t; write v create; t.a -> v.a identity; write t insert
