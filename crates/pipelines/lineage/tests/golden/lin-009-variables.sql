-- postgres: fn arg
CREATE FUNCTION f(p_id int, p_name text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE v_total numeric; v_row t%ROWTYPE; BEGIN SELECT sum(amount) INTO v_total FROM orders WHERE id = p_id; INSERT INTO log (id, name, total, ts) SELECT o.id, p_name, v_total, now() FROM orders o; UPDATE acc SET total = v_total WHERE id = p_id; END $$;
--= create_function f; read orders; write log insert; orders.id -> log.id identity; () -> log.name constant; () -> log.total constant; () -> log.ts constant; write acc update; () -> acc.total constant
-- mysql: proc vars
DELIMITER $$
CREATE DEFINER=`root`@`%` PROCEDURE `p`(IN p_id INT, OUT p_total DECIMAL(10,2))
BEGIN
  DECLARE v_total DECIMAL(10,2) DEFAULT 0;
  DECLARE done INT DEFAULT FALSE;
  DECLARE cur CURSOR FOR SELECT a FROM t WHERE id = p_id;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
  SELECT SUM(a) INTO v_total FROM t WHERE id = p_id;
  INSERT INTO log (id, total) VALUES (p_id, v_total);
  INSERT INTO log2 (id, total, x) SELECT p_id, v_total, a FROM t;
  SET p_total = (SELECT MAX(b) FROM u);
  OPEN cur;
  read_loop: LOOP
    FETCH cur INTO v_total;
    IF done THEN LEAVE read_loop; END IF;
    UPDATE z SET q = v_total WHERE id = p_id;
  END LOOP;
  CLOSE cur;
  CALL other(p_id);
END$$
DELIMITER ;
SELECT a FROM fin;
--= create_procedure p; read t; write log insert; write log2 insert; () -> log2.id constant; () -> log2.total constant; t.a -> log2.x identity; read u; write z update; t.a -> z.q identity; call other; read fin
-- oracle: proc
CREATE OR REPLACE PROCEDURE sch.p (p_id IN NUMBER, p_out OUT VARCHAR2) AS
  v_total NUMBER := 0;
  CURSOR c IS SELECT a, b FROM t WHERE id = p_id;
  TYPE tab IS TABLE OF t%ROWTYPE;
  r c%ROWTYPE;
  x tab;
BEGIN
  SELECT SUM(a) INTO v_total FROM t WHERE id = p_id;
  FOR r IN (SELECT a, b FROM u) LOOP
    INSERT INTO z (a, b, c) VALUES (r.a, r.b, v_total);
  END LOOP;
  FOR r2 IN c LOOP
    UPDATE y SET q = r2.a, w = v_total WHERE id = p_id;
  END LOOP;
  FORALL i IN 1..10 INSERT INTO bulk_t (a) VALUES (x(i));
  INSERT INTO log (id, total, nm) SELECT p_id, v_total, u.nm FROM u;
  EXECUTE IMMEDIATE 'TRUNCATE TABLE stg';
  EXECUTE IMMEDIATE 'INSERT INTO ' || tbl || ' SELECT 1 FROM dual';
  other_proc(p_id);
  pkg.other(v_total);
  COMMIT;
EXCEPTION
  WHEN NO_DATA_FOUND THEN INSERT INTO err (m) VALUES (SQLERRM);
END p;
/
--= create_procedure SCH.P; read T; read U; write Z insert; write Y update; T.A -> Y.Q identity; U.A -> Z.A identity; U.B -> Z.B identity; () -> Z.C constant; () -> Y.W constant; write BULK_T insert; write LOG insert; () -> LOG.ID constant; () -> LOG.TOTAL constant; U.NM -> LOG.NM identity; write STG delete; dynamic; call OTHER_PROC; call PKG.OTHER; write ERR insert
-- snowflake: proc vars
CREATE OR REPLACE PROCEDURE p(p_id INTEGER, p_name VARCHAR) RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS
$$
DECLARE
  v_total NUMBER DEFAULT 0;
  c1 CURSOR FOR SELECT a FROM t;
  res RESULTSET;
BEGIN
  LET x := (SELECT MAX(a) FROM t);
  SELECT SUM(a) INTO :v_total FROM t WHERE id = :p_id;
  INSERT INTO log (id, total, nm) SELECT :p_id, v_total, o.nm FROM o;
  res := (SELECT a FROM q);
  EXECUTE IMMEDIATE 'DELETE FROM z';
  EXECUTE IMMEDIATE :stmt;
  CALL other(:p_id);
  FOR r IN c1 DO
    UPDATE y SET a = r.a;
  END FOR;
  RETURN TABLE(res);
END;
$$;
--= create_procedure P; read T; read O; write LOG insert; () -> LOG.ID constant; () -> LOG.TOTAL constant; O.NM -> LOG.NM identity; read Q; write Z delete; dynamic; call OTHER; write Y update; T.A -> Y.A identity
-- bigquery: script
DECLARE x INT64 DEFAULT (SELECT MAX(a) FROM d.t); SET x = 5; IF x > 1 THEN INSERT INTO d.u (a) SELECT b + x FROM d.s; END IF; EXECUTE IMMEDIATE 'SELECT a FROM d.q'; CALL d.p(1);
--= read d.t; read d.s; write d.u insert; d.s.b -> d.u.a expression; read d.q; call d.p
-- bigquery: proc
CREATE OR REPLACE PROCEDURE d.p(IN pid INT64, OUT tot INT64) BEGIN DECLARE v INT64; SET tot = (SELECT SUM(a) FROM d.t WHERE id = pid); CREATE TEMP TABLE tmp AS SELECT a, pid AS q FROM d.s; INSERT INTO d.u (a, b) SELECT a, v FROM tmp; FOR r IN (SELECT a FROM d.z) DO DELETE FROM d.y WHERE k = r.a; END FOR; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END;
--= create_procedure d.p; read d.t; read d.s; write tmp create; d.s.a -> tmp.a identity; () -> tmp.q constant; read tmp; write d.u insert; tmp.a -> d.u.a identity; () -> d.u.b constant; read d.z; write d.y delete
-- tsql: what is fetched from a cursor
CREATE PROCEDURE dbo.walk AS
BEGIN
  DECLARE @id int, @name varchar(40), @n int = 0;
  DECLARE rows_of CURSOR LOCAL FAST_FORWARD FOR SELECT c.id, UPPER(c.name) FROM dbo.clients c;
  OPEN rows_of;
  FETCH NEXT FROM rows_of INTO @id, @name;
  WHILE @@FETCH_STATUS = 0
  BEGIN
    INSERT INTO dbo.seen (id, name, n) VALUES (@id, @name, @n);
    UPDATE dbo.tally SET last_id = @id WHERE k = @name;
    SET @name = NULL;
    INSERT INTO dbo.unseen (id, name) VALUES (@id, @name);
    FETCH NEXT FROM rows_of INTO @id, @name;
  END
  CLOSE rows_of;
END
--= create_procedure dbo.walk; read dbo.clients; write dbo.seen insert; dbo.clients.id -> dbo.seen.id identity; dbo.clients.name -> dbo.seen.name expression; () -> dbo.seen.n constant; write dbo.tally update; dbo.clients.id -> dbo.tally.last_id identity; write dbo.unseen insert; dbo.clients.id -> dbo.unseen.id identity; () -> dbo.unseen.name constant
-- postgres: the row of a loop, that of a loop inside it, and a variable that is set from it
CREATE FUNCTION spread() RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record; d record; v_code text; v_sum numeric;
BEGIN
  FOR r IN SELECT o.id, o.qty * o.price AS total, o.code FROM orders o LOOP
    v_code := r.code;
    FOR d IN SELECT i.part, r.total AS share FROM items i WHERE i.order_id = r.id LOOP
      INSERT INTO spread_out (part, share, code) VALUES (d.part, d.share, v_code);
    END LOOP;
    SELECT sum(x) INTO v_code FROM other;
    UPDATE totals SET code = v_code, sum = r.total WHERE id = r.id;
  END LOOP;
END $$;
--= create_function spread; read orders; read items; read other; write spread_out insert; items.part -> spread_out.part identity; orders.qty -> spread_out.share expression; orders.price -> spread_out.share expression; orders.code -> spread_out.code identity; write totals update; () -> totals.code constant; orders.qty -> totals.sum expression; orders.price -> totals.sum expression
-- oracle: a record that is fetched, and a cursor with parameters
CREATE PROCEDURE fill_log AS
  CURSOR c (p_day DATE) IS SELECT b.acc, b.amount FROM bookings b WHERE b.day = p_day;
  rec c%ROWTYPE;
BEGIN
  OPEN c(SYSDATE);
  LOOP
    FETCH c INTO rec;
    EXIT WHEN c%NOTFOUND;
    INSERT INTO log_t (acc, amount) VALUES (rec.acc, rec.amount);
  END LOOP;
  CLOSE c;
END;
/
--= create_procedure FILL_LOG; read BOOKINGS; write LOG_T insert; BOOKINGS.ACC -> LOG_T.ACC identity; BOOKINGS.AMOUNT -> LOG_T.AMOUNT identity
-- bigquery: the row of a loop of a script
FOR rec IN (SELECT s.id, s.score FROM d.scores s) DO
  INSERT INTO d.best (id, score) VALUES (rec.id, rec.score);
END FOR;
--= read d.scores; write d.best insert; d.scores.id -> d.best.id identity; d.scores.score -> d.best.score identity
-- postgres: arguments with remarks between them
CREATE FUNCTION f(p_id int, -- the id, or none; never NULL
  p_name /* as typed */ text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (id, name) SELECT o.id, p_name FROM orders o WHERE o.id = p_id; END $$;
--= create_function f; read orders; write log insert; orders.id -> log.id identity; () -> log.name constant
