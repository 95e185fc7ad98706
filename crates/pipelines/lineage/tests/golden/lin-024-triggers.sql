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
-- tsql: trigger instead
CREATE TRIGGER dbo.tr ON dbo.v INSTEAD OF INSERT, DELETE AS BEGIN SET NOCOUNT ON; INSERT INTO dbo.t (a) SELECT i.a FROM inserted i LEFT JOIN deleted d ON d.a = i.a; END
--= create_trigger dbo.tr on dbo.v; read dbo.v; write dbo.t insert; dbo.v.a -> dbo.t.a identity
-- postgres: trigger fn
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (id, op) VALUES (NEW.id, TG_OP); IF TG_OP = 'DELETE' THEN DELETE FROM x WHERE id = OLD.id; END IF; RETURN NEW; END $$;
--= create_function trg; write audit insert; write x delete
-- postgres: trigger
CREATE CONSTRAINT TRIGGER tr AFTER UPDATE OF a, b ON s.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE PROCEDURE s.trg();
--= call s.trg; create_trigger tr on s.t
-- mysql: trigger new
CREATE TRIGGER tr AFTER UPDATE ON db.t FOR EACH ROW BEGIN INSERT INTO audit (id, old_a, new_a) VALUES (NEW.id, OLD.a, NEW.a); SET @x = 1; END;
--= create_trigger tr on db.t; read db.t; write audit insert; db.t.id -> audit.id identity; db.t.a -> audit.old_a identity; db.t.a -> audit.new_a identity
-- mysql: trigger set new
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.created = NOW();
--= create_trigger tr on t
-- oracle: trigger
CREATE OR REPLACE TRIGGER s.tr BEFORE INSERT OR UPDATE ON s.t FOR EACH ROW WHEN (new.a > 1) DECLARE x NUMBER; BEGIN :new.id := seq.NEXTVAL; INSERT INTO audit_t (id, old_a) VALUES (:new.id, :old.a); END;
/
--= create_trigger S.TR on S.T; read S.T; write AUDIT_T insert; S.T.ID -> AUDIT_T.ID identity; S.T.A -> AUDIT_T.OLD_A identity
-- sqlite: trigger
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (a) VALUES (NEW.a); UPDATE u SET b = NEW.b WHERE c = OLD.c; END;
--= create_trigger tr on t; read t; write log insert; t.a -> log.a identity; write u update; t.b -> u.b identity
-- oracle: trigger
CREATE OR REPLACE TRIGGER s.tr BEFORE INSERT ON s.t FOR EACH ROW BEGIN INSERT INTO audit_t (id, old_a) VALUES (:new.id, :old.a); END;
/
--= create_trigger S.TR on S.T; read S.T; write AUDIT_T insert; S.T.ID -> AUDIT_T.ID identity; S.T.A -> AUDIT_T.OLD_A identity
