//! What stands around a statement does not change what it yields: cases of the golden set between other statements, in bodies of routines, behind
//! other queries, and with remarks between their words.

#![allow(clippy::unwrap_used)]

mod cases;

use cases::{Case, cases, describe};
use rowmill_lineage::Dialect;
use std::collections::BTreeSet;

/// Names of the surroundings begin so, and no name of a case does.
const OWN: &str = "zz";

/// Column edges and problems that are not of the surroundings.
fn flows(case: &Case, text: &str) -> BTreeSet<String> {
    let lines = describe(&case.yielded(text));
    lines.into_iter().filter(|line| (line.contains(" -> ") || line.starts_with("problem")) && !line.to_lowercase().contains(OWN)).collect()
}

/// The text of a case of one statement that changes rows, or none.
fn change(case: &Case) -> Option<String> {
    let text = case.text.trim().trim_end_matches(';').to_owned();
    let word = text.split_whitespace().next()?.to_uppercase();
    let is_one = !text.contains(';') && !text.contains("$$") && !text.lines().any(|line| line.trim().eq_ignore_ascii_case("go"));
    let into_temporary = word == "SELECT" && text.contains("INTO #");
    let changes = ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(&word.as_str()) || into_temporary;
    // A name of three parts begins as the procedure is called.
    (is_one && changes && !text.contains("p.d.t") && !case.expected.iter().any(|e| e.starts_with("problem"))).then_some(text)
}

fn compare(wrong: &mut Vec<String>, case: &Case, expected: &BTreeSet<String>, text: &str) {
    let got = flows(case, text);
    if got != *expected {
        let (missing, extra): (Vec<_>, Vec<_>) = (expected.difference(&got).collect(), got.difference(expected).collect());
        wrong.push(format!("{} / {:?}: {}\n{text}\n  missing {missing:?}\n  extra {extra:?}", case.file, case.dialect, case.title));
    }
}

fn demand(wrong: &[String], of: usize) {
    assert!(of > 100, "only {of} were compared");
    assert!(wrong.is_empty(), "{} of {of} differ\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Statements of T-SQL that need no semicolon between them and their neighbours.
const NEIGHBOURS: &[&str] = &[
    "",
    "SET NOCOUNT ON",
    "SET @a = 1",
    "SET @a += 1",
    "SET @a = (SELECT MAX(id) FROM zz1)",
    "SET IDENTITY_INSERT dbo.zz OFF",
    "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
    "IF @a > 1 BEGIN PRINT 'x' END",
    "IF @a = 1 SET @a = 2 ELSE SET @a = 3",
    "IF EXISTS (SELECT 1 FROM zz1)",
    "IF @@ERROR <> 0 GOTO lbl2",
    "IF OBJECT_ID('tempdb..#zz') IS NOT NULL DROP TABLE #zz",
    "WHILE @i < 5",
    "PRINT 'hello'",
    "PRINT @a + 'x'",
    "DECLARE @z int, @y varchar(10) = 'q'",
    "DECLARE cur CURSOR LOCAL FAST_FORWARD FOR SELECT id FROM zz1",
    "OPEN cur",
    "FETCH NEXT FROM cur INTO @a",
    "CLOSE cur",
    "BEGIN TRAN",
    "SAVE TRANSACTION s1",
    "COMMIT TRANSACTION",
    "BEGIN TRY",
    "THROW",
    "RETURN",
    "REVERT",
    "RAISERROR('x', 16, 1)",
    "EXEC dbo.zzp @a, @b = 1",
    "EXEC sp_executesql @sql, N'@p int', @p = 1",
    "EXEC('SELECT 1')",
    "EXECUTE AS USER = 'x'",
    "lbl:",
    "WAITFOR DELAY '00:00:01'",
    "SELECT 1",
    "SELECT @a = COUNT(*) FROM zz1",
    "SELECT TOP 1 @a = id FROM zz1 ORDER BY id DESC",
    "SELECT id INTO #zz FROM zz1",
    "SELECT * FROM zz1 FOR XML PATH('')",
    "SELECT * FROM zz1 OPTION (RECOMPILE)",
    "DELETE zz1",
    "DELETE FROM zz1 WHERE a IN (1, 2)",
    "TRUNCATE TABLE zz1",
    "UPDATE STATISTICS dbo.zz1",
    "DBCC CHECKIDENT ('zz1', RESEED, 0)",
    "CREATE INDEX ix ON #zz (a)",
    "CREATE TABLE #zz (a int, b varchar(10) NULL, PRIMARY KEY (a))",
    "CREATE TABLE #zz2 (a int DEFAULT (1)) ON [PRIMARY]",
    "ALTER TABLE #zz ADD c int NULL",
    "DROP TABLE IF EXISTS #zz",
    "GRANT SELECT ON zz1 TO u",
    "USE zzdb",
];

#[test]
fn neighbours_without_semicolons_change_nothing() {
    let all: Vec<_> = cases().into_iter().filter(|case| case.dialect == Dialect::Tsql).filter_map(|case| Some((change(&case)?, case))).collect();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (at, (first, case)) in all.iter().enumerate().filter(|(_, (text, _))| !text.starts_with("MERGE")) {
        let (second, other) = &all[(at * 7 + 3) % all.len()];
        let both = Case { known: [case.known.clone(), other.known.clone()].concat(), ..case.clone() };
        let expected = &flows(&both, &format!("{first};")) | &flows(&both, &format!("{second};"));
        for neighbour in NEIGHBOURS.iter().skip(at % 5).step_by(5) {
            compared += 1;
            compare(&mut wrong, &both, &expected, &format!("{first}\n{neighbour}\n{second};"));
        }
    }
    demand(&wrong, compared);
}

/// A routine of a dialect, where `@` stands for its statements, and statements that may stand there.
const BODIES: &[(Dialect, &str, &[&str])] = &[
    (
        Dialect::Tsql,
        "CREATE OR ALTER PROCEDURE [dbo].[zz]\n @p_a int = NULL, -- the id; none for all\n @p_b varchar(max) = N'x' OUTPUT\nWITH RECOMPILE, EXECUTE AS OWNER\n\
         AS\nBEGIN\nSET NOCOUNT, XACT_ABORT ON;\nDECLARE @n int = 0, @s nvarchar(max)\nBEGIN TRY\nBEGIN TRANSACTION\n@\nCOMMIT\nEND TRY\nBEGIN CATCH\n\
         IF @@TRANCOUNT > 0 ROLLBACK\n;THROW\nEND CATCH\nEND\nGO",
        &[
            "IF @n = 1 SELECT 1 AS 'zz a' ELSE PRINT 'x'",
            "IF @n = 1\nBEGIN\nSET @n = 2\nEND\nELSE\nBEGIN\nSET @n = 3\nEND",
            "EXEC @n = dbo.zzp @p_a = 1, @p_b = @s OUTPUT",
            "OPEN cur\nFETCH NEXT FROM cur INTO @n\nWHILE @@FETCH_STATUS = 0\nBEGIN\nFETCH NEXT FROM cur INTO @n\nEND\nCLOSE cur\nDEALLOCATE cur",
            "INSERT INTO zz3 (a) EXEC dbo.zzp2",
            "WHILE 1 = 1\nBEGIN\nDELETE TOP (100) FROM zz1\nIF @@ROWCOUNT = 0 BREAK\nEND",
            "GOTO done\ndone:",
            "MERGE zz1 AS t USING zz4 AS s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a);",
        ],
    ),
    (
        Dialect::Postgres,
        "CREATE OR REPLACE FUNCTION zz(p_a int, p_b text DEFAULT 'q') RETURNS void LANGUAGE plpgsql AS $zz$\nDECLARE\n v_n int := 0;\n r record;\n \
         c CURSOR FOR SELECT id FROM zz1;\nBEGIN\n@\nEND;\n$zz$;",
        &[
            "IF v_n > 1 THEN RAISE NOTICE 'x %', v_n; ELSIF v_n = 0 THEN NULL; ELSE v_n := 2; END IF;",
            "FOR r IN SELECT id FROM zz1 LOOP PERFORM zzf(r.id); END LOOP;",
            "BEGIN PERFORM 1; EXCEPTION WHEN unique_violation THEN NULL; END;",
            "EXECUTE format('DROP TABLE %I', p_b);",
            "CASE v_n WHEN 1 THEN v_n := 2; ELSE NULL; END CASE;",
            "OPEN c; FETCH c INTO r; CLOSE c;",
            "<<lbl>> LOOP EXIT lbl; END LOOP lbl;",
            "v_n := (SELECT max(id) FROM zz1);",
        ],
    ),
    (
        Dialect::Oracle,
        "CREATE OR REPLACE PROCEDURE zz (p_a IN NUMBER, p_b OUT VARCHAR2) IS\n v_n NUMBER := 0;\n CURSOR c IS SELECT id FROM zz1;\n \
         TYPE t_l IS TABLE OF zz1%ROWTYPE;\n l t_l;\nBEGIN\n@\nEXCEPTION\n WHEN NO_DATA_FOUND THEN NULL;\n WHEN OTHERS THEN ROLLBACK; RAISE;\nEND zz;\n/",
        &[
            "IF v_n > 1 THEN NULL; ELSIF v_n = 0 THEN v_n := 1; ELSE v_n := 2; END IF;",
            "FOR r IN (SELECT id FROM zz1) LOOP dbms_output.put_line(r.id); END LOOP;",
            "OPEN c; FETCH c BULK COLLECT INTO l LIMIT 100; CLOSE c;",
            "EXECUTE IMMEDIATE 'DROP TABLE ' || p_b;",
            "zz_pkg.run(p_a => 1, p_b => v_n);",
            "FORALL i IN 1..l.COUNT INSERT INTO zz3 VALUES l(i);",
            "p_b := CASE WHEN v_n = 1 THEN 'a' ELSE 'b' END;",
            "<<lbl>> NULL;",
        ],
    ),
    (
        Dialect::Mysql,
        "DELIMITER $$\nCREATE DEFINER=`root`@`%` PROCEDURE zz(IN p_a INT, OUT p_b VARCHAR(10))\nBEGIN\n DECLARE v_n INT DEFAULT 0;\n \
         DECLARE c CURSOR FOR SELECT id FROM zz1;\n DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_n = 1;\n@\nEND$$\nDELIMITER ;",
        &[
            "IF v_n > 1 THEN SET v_n = 1; ELSEIF v_n = 0 THEN SET v_n = 3; ELSE SET v_n = 2; END IF;",
            "WHILE v_n < 3 DO SET v_n = v_n + 1; END WHILE;",
            "lbl: LOOP LEAVE lbl; END LOOP lbl;",
            "OPEN c; FETCH c INTO v_n; CLOSE c;",
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x';",
            "PREPARE s FROM 'SELECT 1'; EXECUTE s; DEALLOCATE PREPARE s;",
        ],
    ),
    (
        Dialect::Snowflake,
        "CREATE OR REPLACE PROCEDURE zz(P_A NUMBER)\nRETURNS STRING\nLANGUAGE SQL\nEXECUTE AS CALLER\nAS\n$$\nDECLARE\n v_n NUMBER DEFAULT 0;\n rs RESULTSET;\n \
         c CURSOR FOR SELECT id FROM zz1;\nBEGIN\n@\n RETURN 'ok';\nEXCEPTION\n WHEN OTHER THEN RETURN SQLERRM;\nEND;\n$$;",
        &[
            "IF (v_n > 1) THEN v_n := 1; ELSEIF (v_n = 0) THEN v_n := 2; ELSE v_n := 3; END IF;",
            "FOR r IN c DO v_n := r.id; END FOR;",
            "rs := (EXECUTE IMMEDIATE :P_A);",
            "LET q VARCHAR := 'SELECT ' || P_A;",
            "REPEAT v_n := v_n + 1; UNTIL (v_n > 3) END REPEAT;",
            "CASE (v_n) WHEN 1 THEN v_n := 2; ELSE v_n := 1; END;",
        ],
    ),
    (
        Dialect::Bigquery,
        "CREATE OR REPLACE PROCEDURE zz.p(IN p_a INT64, OUT p_b STRING)\nBEGIN\n DECLARE v_n INT64 DEFAULT 0;\n@\nEXCEPTION WHEN ERROR THEN\n \
         SELECT @@error.message;\nEND;",
        &[
            "SET (v_n, p_b) = (1, 'x');",
            "IF v_n > 1 THEN SET v_n = 1; ELSEIF v_n = 0 THEN SET v_n = 3; ELSE SET v_n = 2; END IF;",
            "FOR r IN (SELECT id FROM zz1) DO SELECT r.id AS 'zz r'; END FOR;",
            "EXECUTE IMMEDIATE 'SELECT 1' INTO v_n;",
            "ASSERT v_n > 0 AS 'x';",
            "CREATE TEMP TABLE zz2 AS SELECT 1 AS a;",
        ],
    ),
];

#[test]
fn bodies_of_routines_change_nothing() {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (case, text) in cases().into_iter().filter_map(|case| Some((case.clone(), change(&case)?))) {
        let Some((dialect, routine, statements)) = BODIES.iter().find(|(dialect, ..)| *dialect == case.dialect) else { continue };
        if case.expected.iter().any(|entry| entry.ends_with("unresolved")) {
            // Within a routine, a name that no table is known to have may be of a variable.
            continue;
        }
        let expected = flows(&case, &format!("{text};"));
        let end = if *dialect == Dialect::Tsql && !text.starts_with("MERGE") { "" } else { ";" };
        for statement in *statements {
            compared += 1;
            let body = routine.split_once("\n@\n").map(|(head, tail)| format!("{head}\n{statement}\n{text}{end}\n{statement}\n{tail}"));
            compare(&mut wrong, &case, &expected, &body.unwrap());
        }
    }
    demand(&wrong, compared);
}

/// The head of a view or an insert, and its query.
fn head_and_query(case: &Case) -> Option<(&str, &str)> {
    const CLAUSES: &[&str] =
        &["ON CONFLICT", "ON DUPLICATE", "RETURNING", "WITH CHECK", "WITH NO", "OPTION", "QUALIFY", "FOR XML", "SETTINGS", "FORMAT", "LIMIT 1 BY"];
    let text = case.text.trim().trim_end_matches(';');
    let query = text.find("SELECT").filter(|at| text[..*at].ends_with(' ') && !text[..*at].contains('\n'))?;
    let (head, query) = text.split_at(query);
    let words: Vec<&str> = head.split_whitespace().collect();
    let is_head =
        matches!(words.as_slice(), ["CREATE", "VIEW", _, "AS"] | ["INSERT", "INTO", _]) || head.starts_with("INSERT INTO ") && head.ends_with(") ");
    let is_plain = !text.contains(';') && !head.contains("WITH") && !CLAUSES.iter().any(|clause| text.contains(clause));
    (is_head && is_plain && !case.expected.iter().any(|e| e.starts_with("problem"))).then_some((head, query))
}

#[test]
fn a_query_around_a_query_changes_nothing() {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for case in cases() {
        let Some((head, query)) = head_and_query(&case) else { continue };
        let expected = flows(&case, &format!("{head}{query};"));
        let alias = if case.dialect == Dialect::Oracle { "" } else { "AS " };
        let derived = format!("{head}SELECT * FROM ({query}) {alias}z_z;");
        let leads = case.dialect == Dialect::Tsql && head.starts_with("INSERT");
        let (before, behind) = if leads { ("", head) } else { (head, "") };
        let named = format!("{before}WITH z_z AS ({query}) {behind}SELECT * FROM z_z;");
        let is_last = ["ORDER BY", "LIMIT", "FETCH", "INTO "].iter().any(|clause| query.contains(clause));
        let twice = (!is_last).then(|| format!("{head}{query} UNION ALL {query};"));
        for text in [Some(derived), Some(named), twice].into_iter().flatten() {
            compared += 1;
            compare(&mut wrong, &case, &expected, &text);
        }
    }
    demand(&wrong, compared);
}

/// The text with a remark for each run of spaces that is not in quotes or in a remark.
fn with_remarks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '\'' | '"' | '`' => Some(first.to_string()),
            '[' => Some("]".to_owned()),
            '$' if rest.starts_with("$$") => Some("$$".to_owned()),
            '-' if rest.starts_with("--") => Some("\n".to_owned()),
            '/' if rest.starts_with("/*") => Some("*/".to_owned()),
            _ => None,
        };
        let length =
            close.map_or(first.len_utf8(), |close| rest.get(2..).and_then(|inner| inner.find(&close)).map_or(rest.len(), |at| at + 2 + close.len()));
        let (piece, tail) = rest.split_at(length.min(rest.len()));
        out.push_str(if piece == " " { " /* c; -- x */ " } else { piece });
        rest = tail;
    }
    out
}

#[test]
fn remarks_between_words_change_nothing() {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    // Commands of clients are whole lines, and hints are remarks.
    let is_plain = |case: &&Case| !["DELIMITER", "COPY", "\\", "''", "{", "\n/", "[it"].iter().any(|mark| case.text.contains(mark));
    for case in cases().iter().filter(is_plain).filter(|case| !case.expected.iter().any(|e| e.starts_with("problem"))) {
        compared += 1;
        compare(&mut wrong, case, &flows(case, &case.text), &with_remarks(&case.text));
    }
    demand(&wrong, compared);
}
