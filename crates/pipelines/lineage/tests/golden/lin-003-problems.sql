-- tsql: no sql
hello world, this is no SQL at all
--= problem in line 1
-- postgres: no sql
Dear all, please select the best from our menu; thanks.
--= problem in line 1
-- postgres: select nonsense
SELECT FROM WHERE;
--= problem in line 1
-- tsql: select nonsense 2
SELEC a FROM t
--= problem in line 1
-- tsql: two tables no comma
SELECT a FROM t u w
--= problem in line 1
-- postgres: trailing
SELECT a FROM t WHERE;
--= problem in line 1
-- postgres: unbalanced
SELECT (a FROM t;
SELECT b FROM u;
--= read u; problem in line 1
-- postgres: missing from name
INSERT INTO VALUES (1);
--= problem in line 1
-- mysql: text
The quick brown fox
--= problem in line 1
-- tsql: create nonsense
CREATE VIEW AS SELECT 1
--= problem in line 1
-- snowflake: json text
{"a": 1, "b": [1, 2]}
--= problem in line 1
-- postgres: only number
42
--= problem in line 1
-- tsql: upd
UPDATE SET a = 1
--= problem in line 1
-- postgres: del
DELETE WHERE a = 1
--= problem in line 1
