-- tsql: an option of a query at the end of a change
UPDATE stock.parts SET price = list_price WHERE id IN (SELECT id FROM stock.sold) OPTION (LABEL = 'prices');
--= write stock.parts update; read stock.sold; stock.parts.list_price -> stock.parts.price identity
-- tsql: the row that a cursor is at
DELETE FROM stock.parts WHERE CURRENT OF walker;
--= write stock.parts delete
-- tsql: a compound assignment is made of what was there and what is added
UPDATE p SET p.amount += s.amount FROM stock.parts AS p JOIN stock.sold AS s ON s.id = p.id;
--= write stock.parts update; read stock.sold; stock.parts.amount -> stock.parts.amount expression; stock.sold.amount -> stock.parts.amount expression
-- tsql: a target that is named twice
DELETE FROM stock.parts FROM stock.parts AS p JOIN stock.sold AS s ON s.id = p.id;
--= write stock.parts delete; read stock.sold
-- tsql: what is granted are no statements
GRANT SELECT, INSERT, UPDATE ON stock.parts TO clerk
SELECT id INTO stock.few FROM stock.parts
--= write stock.few create; read stock.parts; stock.parts.id -> stock.few.id identity
-- tsql: rows of a document whose columns are said
INSERT INTO stock.parts (id) SELECT x.id FROM OPENXML(@doc, '/parts/part', 1) WITH (id int '@id') AS x;
--= write stock.parts insert; () -> stock.parts.id expression
-- tsql: rows of a file
INSERT INTO stock.lines (line) SELECT f.BulkColumn FROM OPENROWSET(BULK 'lines.txt', SINGLE_CLOB) AS f;
--= write stock.lines insert; () -> stock.lines.line expression
-- tsql: parts of a name that the session fills
SELECT id INTO dbo.copied FROM ..parts;
--= write dbo.copied create; read parts; parts.id -> dbo.copied.id identity
-- tsql: a label begins a statement
CREATE PROCEDURE fill AS BEGIN
  INSERT INTO a (x) SELECT x FROM b
again:
  INSERT INTO c (x) SELECT x FROM a
END
--= create_procedure fill; write a insert; read b; b.x -> a.x identity; write c insert; read a; a.x -> c.x identity
-- postgres: which of two values an identity column takes
INSERT INTO parts (id, name) OVERRIDING SYSTEM VALUE SELECT id, name FROM old_parts;
--= write parts insert; read old_parts; old_parts.id -> parts.id identity; old_parts.name -> parts.name identity
-- postgres: a part of an array
UPDATE parts SET sizes[2] = width FROM sizes s WHERE s.id = parts.id;
--= write parts update; read sizes; parts.width -> parts.sizes identity ambiguous; sizes.width -> parts.sizes identity ambiguous
-- postgres: a foreign table has columns, and its server none
CREATE FOREIGN TABLE far_parts (id int OPTIONS (column_name 'no'), name text) SERVER far OPTIONS (table_name 'parts');
CREATE VIEW near_parts AS SELECT * FROM far_parts;
--= columns far_parts(id, name); write near_parts create; read far_parts; far_parts.id -> near_parts.id identity; far_parts.name -> near_parts.name identity
-- postgres: commands of a client end statements
CREATE TABLE a AS SELECT x FROM b \gset
CREATE TABLE c AS SELECT y FROM d
\g
--= write a create; read b; b.x -> a.x identity; write c create; read d; d.y -> c.y identity
-- postgres: a variable of a client in quotes
CREATE TABLE chosen AS SELECT id FROM parts WHERE code = :'code';
--= write chosen create; read parts; parts.id -> chosen.id identity
-- mysql: a derived table beside the one that is changed
UPDATE items, (SELECT id, price * 2 AS twice FROM prices) AS p SET items.price = p.twice WHERE p.id = items.id;
--= write items update; read prices; prices.price -> items.price expression
-- mysql: rows that go to a file or a variable are read
SELECT id INTO @last FROM items;
SELECT name INTO OUTFILE 'names.txt' FIELDS TERMINATED BY ',' FROM people;
--= read items; read people
-- mysql: how a delete goes about it
DELETE LOW_PRIORITY QUICK i.* FROM items i JOIN sold s ON s.id = i.id;
--= write items delete; read sold
-- mysql: groups that are sorted, and a time that is left out
CREATE TABLE totals AS SELECT kind, SUM(price) AS total FROM items GROUP BY kind DESC WITH ROLLUP;
DELETE FROM items FOR PORTION OF valid FROM '2001-01-01' TO '2002-01-01';
--= write totals create; read items; items.kind -> totals.kind identity; items.price -> totals.total aggregate; write items delete
-- oracle: sets of nested tables
CREATE VIEW both AS SELECT id, homes MULTISET UNION DISTINCT offices AS places FROM people;
--= write BOTH create; read PEOPLE; PEOPLE.ID -> BOTH.ID identity; PEOPLE.HOMES -> BOTH.PLACES expression; PEOPLE.OFFICES -> BOTH.PLACES expression
-- oracle: an insert through a query
INSERT INTO (SELECT id, name FROM hr.people) SELECT no, title FROM hr.new_people;
--= write HR.PEOPLE insert; read HR.NEW_PEOPLE; HR.NEW_PEOPLE.NO -> HR.PEOPLE.ID identity; HR.NEW_PEOPLE.TITLE -> HR.PEOPLE.NAME identity
-- oracle: what is done with rows that fail, and what is handed back
INSERT INTO raises SELECT id, pay * 2 FROM people LOG ERRORS INTO failed ('x') REJECT LIMIT 10;
UPDATE people SET pay = bonus RETURNING pay INTO :paid;
-: RAISES(ID, PAY)
--= write RAISES insert; read PEOPLE; PEOPLE.ID -> RAISES.ID identity; PEOPLE.PAY -> RAISES.PAY expression; write PEOPLE update; PEOPLE.BONUS -> PEOPLE.PAY identity
-- hive: a partition that may not be there
INSERT OVERWRITE TABLE days PARTITION (day = '1') IF NOT EXISTS SELECT a FROM hours;
-: days(a, day)
--= write days overwrite; read hours; hours.a -> days.a identity
-- hive: inserts of one source that name it again
FROM s INSERT INTO TABLE t SELECT x FROM s WHERE y = 1 INSERT INTO TABLE u SELECT x FROM s WHERE y = 2;
-: t(x)
-: u(x)
--= write t insert; read s; s.x -> t.x identity; write u insert; s.x -> u.x identity
-- databricks: tables that are refreshed
CREATE OR REFRESH STREAMING TABLE silver AS SELECT id FROM bronze;
--= write silver create; read bronze; bronze.id -> silver.id identity
-- databricks: changes that are applied
APPLY CHANGES INTO live.people FROM STREAM(raw.people) KEYS (id) APPLY AS DELETE WHEN gone = true SEQUENCE BY no;
-: raw.people(id, name)
--= write live.people insert; read raw.people; raw.people.id -> live.people.id identity; raw.people.name -> live.people.name identity
-- databricks: cells of a notebook
CREATE TABLE a AS SELECT x FROM b

-- COMMAND ----------
CREATE TABLE c AS SELECT y FROM d
--= write a create; read b; b.x -> a.x identity; write c create; read d; d.y -> c.y identity
-- databricks: a merge of all columns but some
MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET * EXCEPT (stamp);
-: u(id, name, stamp)
--= write t merge; read u; u.id -> t.id identity; u.name -> t.name identity
-- spark: a table of a query without AS
CREATE TABLE copied SELECT id FROM parts;
--= write copied create; read parts; parts.id -> copied.id identity
-- snowflake: a merge of all columns by their names
MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE ALL BY NAME WHEN NOT MATCHED THEN INSERT ALL BY NAME;
-: U(ID, NAME)
--= write T merge; read U; U.ID -> T.ID identity; U.NAME -> T.NAME identity
-- snowflake: an external table has one column where it says none
CREATE EXTERNAL TABLE landed WITH LOCATION = @stage/in/ FILE_FORMAT = (TYPE = JSON);
CREATE VIEW seen AS SELECT * FROM landed;
--= columns LANDED(VALUE); write SEEN create; read LANDED; LANDED.VALUE -> SEEN.VALUE identity
-- snowflake: other changes of a view
ALTER VIEW seen SET SECURE;
ALTER VIEW seen RENAME TO shown;
--=
-- duckdb: a column that is replaced without parentheses
CREATE TABLE b AS SELECT * REPLACE x + 1 AS x FROM a;
-: a(x, y)
--= write b create; read a; a.x -> b.x expression; a.y -> b.y identity
-- duckdb: the nearest row, of either side
CREATE TABLE c AS SELECT t.x, p.y FROM trades AS t ASOF FULL OUTER JOIN prices AS p ON t.at >= p.at;
--= write c create; read trades; read prices; trades.x -> c.x identity; prices.y -> c.y identity
-- clickhouse: any row of the other side
CREATE TABLE c ENGINE = Memory AS SELECT t.x, p.y FROM trades AS t LEFT ANY OUTER JOIN prices AS p ON t.id = p.id;
--= write c create; read trades; read prices; trades.x -> c.x identity; prices.y -> c.y identity
-- oracle: records are inserted whole
CREATE PROCEDURE p IS r t%ROWTYPE; BEGIN INSERT INTO t VALUES r; INSERT INTO u VALUES pkg.r RETURNING id INTO v_id; FORALL i IN 1 .. l.COUNT INSERT INTO w VALUES l(i); END;
--= create_procedure P; write T insert; write U insert; write W insert
-- databricks: a stream of a table, in a table that is refreshed
CREATE OR REFRESH STREAMING TABLE b AS SELECT s.a FROM STREAM(live.a) AS s;
--= read live.a; write b create; live.a.a -> b.a identity
