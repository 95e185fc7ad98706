//! Nothing in a text may panic, overflow or hang; what cannot be read becomes a problem with its place, and costs no other statement.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rowmill_lineage::{Catalogue, Choice, Dialect, FileLineage, Graph, IdScheme, Options, Undecodable, decode, extract, prepare};

fn as_dialect(dialect: Dialect) -> Options {
    Options { dialect: Choice::Named(dialect), ..Options::default() }
}

fn read(dialect: Dialect, text: &str) -> FileLineage {
    extract(text, &as_dialect(dialect), &Catalogue::default())
}

#[test]
fn lin_003_a_statement_that_does_not_parse_is_reported_with_its_place_and_costs_no_other() {
    let found = read(Dialect::Postgres, "SELECT a FROM t;\nSELECT FROM WHERE ,,;\nSELECT b FROM u;");
    let reads: Vec<&String> = found.statements.iter().flat_map(|s| &s.reads).collect();
    assert_eq!(reads, ["t", "u"]);
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
    assert_eq!(found.problems[0].line, 2);
    assert_eq!((found.coverage.bearing, found.coverage.structured), (3, 2));
}

#[test]
fn lin_006_what_is_never_closed_is_reported_where_it_begins() {
    for (text, what) in [
        ("SELECT a FROM t;\nSELECT 'x", "string"),
        ("SELECT a FROM t;\n/* x", "comment"),
        ("SELECT a FROM t;\nSELECT \"x", "quoted name"),
        ("SELECT a FROM t;\nSELECT $q$ x $$", "dollar-quoted string"),
    ] {
        let found = read(Dialect::Postgres, text);
        let problem = &found.problems[0];
        assert!(problem.message.contains(what) && problem.line == 2, "{problem:?}");
        assert!(found.statements.iter().any(|s| s.reads == ["t"]));
    }
}

#[test]
fn lin_007_no_nesting_overflows_the_stack_of_a_small_thread() {
    let deep = |open: &str, middle: &str, close: &str, n: usize| format!("{}{middle}{}", open.repeat(n), close.repeat(n));
    let texts = [
        format!("SELECT {} FROM t", deep("(", "a", ")", 20_000)),
        format!("SELECT {} FROM t", deep("f(", "a", ")", 5_000)),
        format!("SELECT * FROM {}", deep("(SELECT * FROM ", "t", ") x", 10_000)),
        format!("CREATE VIEW v AS {}", deep("WITH c AS (", "SELECT a FROM t", ") SELECT a FROM c", 10_000)),
        format!("SELECT {}", deep("(SELECT ", "1", ")", 10_000)),
        format!("CREATE TABLE t (a {})", deep("ARRAY<", "INT", ">", 10_000)),
        format!("CREATE PROCEDURE p() {} {}", "BEGIN IF a THEN ".repeat(10_000), "END IF; END; ".repeat(10_000)),
        format!("SELECT a{} FROM t", " + a".repeat(30_000)),
        format!("SELECT {} x {} FROM t", "CASE WHEN a THEN ".repeat(3_000), "END".repeat(3_000)),
        format!("SELECT a FROM t{}", " UNION ALL SELECT a FROM t".repeat(2_000)),
        format!("SELECT a FROM t WHERE {} a", "NOT ".repeat(10_000)),
        "/*".repeat(50_000),
        "BEGIN ".repeat(20_000),
        "(".repeat(100_000),
    ];
    let worker = std::thread::Builder::new().stack_size(512 * 1024).spawn(move || {
        for text in &texts {
            for dialect in [Dialect::Tsql, Dialect::Postgres, Dialect::Bigquery] {
                read(dialect, text);
            }
        }
    });
    worker.unwrap().join().unwrap();
}

#[test]
fn lin_008_bytes_are_decoded_or_refused_with_their_place() {
    assert_eq!(decode(b"\xef\xbb\xbfSELECT 1").unwrap(), "SELECT 1");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("SELECT 1".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(decode(&wide).unwrap(), "SELECT 1");
    assert_eq!(decode(b"SELECT \xff"), Err(Undecodable::Invalid(7)));
    assert_eq!(decode(b"\x7fELF\x00\x01\xff"), Err(Undecodable::Binary(4)));
    assert!(matches!(decode(&vec![b' '; 50 * 1024 * 1024 + 1]), Err(Undecodable::TooLong(_))));
}

/// Each must end soon, whatever the machine does beside: what grows with the square of these takes hours.
fn ends_soon(name: &str, text: &str, dialect: Dialect) -> FileLineage {
    let began = std::time::Instant::now();
    let found = read(dialect, text);
    assert!(began.elapsed().as_secs() < 120, "{name} took {:?}", began.elapsed());
    found
}

#[test]
fn what_is_as_large_as_files_may_be_is_read_in_time() {
    const MOST: usize = 50 * 1024 * 1024;
    let rows = format!("INSERT INTO t (a, b) VALUES {};", vec!["(1, 'it''s; x')"; MOST / 17].join(","));
    let found = ends_soon("an insert of 50 MB", &rows, Dialect::Mysql);
    assert_eq!(found.statements[0].write.as_ref().unwrap().0, "t");
    let found = ends_soon("a comment of 50 MB", &format!("SELECT a FROM t /*{}*/;", "x; SELECT ".repeat(MOST / 10)), Dialect::Postgres);
    assert_eq!(found.statements[0].reads, ["t"]);
    for open in ["SELECT '", "SELECT \"", "/*", "CREATE FUNCTION f() AS $q$", "SELECT (", "DECLARE x int; "] {
        let found = ends_soon(open, &format!("SELECT a FROM t; {open}{}", "x ".repeat(MOST / 10)), Dialect::Postgres);
        assert!(found.statements.iter().any(|s| s.reads == ["t"]), "{open}");
    }
}

#[test]
fn a_megabyte_in_one_line_is_read_in_time() {
    let found = ends_soon("statements in one line", &"SELECT a FROM é; ".repeat(20_000), Dialect::Postgres);
    assert_eq!((found.statements.len(), found.problems.len()), (20_000, 0));
    assert_eq!(found.statements[2].column, 35);
    let list = format!("CREATE VIEW v AS SELECT {} FROM t", (0..20_000).map(|i| format!("a{i} + b AS c{i}")).collect::<Vec<_>>().join(", "));
    let found = ends_soon("a view of 20,000 columns", &list, Dialect::Snowflake);
    assert_eq!(found.statements[0].columns.len(), 40_000);
    ends_soon("words that are no SQL", &"foo bar; ".repeat(120_000), Dialect::Tsql);
    ends_soon("batches without end", &"GO\n".repeat(300_000), Dialect::Tsql);
    ends_soon("one character", &"x".repeat(1 << 20), Dialect::Oracle);
}

#[test]
fn every_statement_of_the_golden_set_may_break_off_anywhere() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for (number, case) in text.split("\n--=").enumerate() {
            let header = case.lines().find_map(|l| l.strip_prefix("-- ")?.split_once(": ")).and_then(|(d, _)| Dialect::from_id(d));
            let body: String = case.lines().filter(|l| !l.starts_with("--") && !l.starts_with("-:")).collect::<Vec<_>>().join("\n");
            let ends: Vec<usize> = body.char_indices().map(|(at, _)| at).collect();
            // Every eighth place, and another eighth in the next case.
            for end in ends.iter().skip(number % 8).step_by(8) {
                let found = read(header.unwrap_or(Dialect::Generic), &body[..*end]);
                assert!(found.coverage.structured <= found.coverage.bearing);
            }
        }
    }
}

#[test]
fn an_insert_of_a_great_many_rows_costs_its_first_row() {
    let text = format!("INSERT INTO t (a, b) VALUES {};", vec!["(1, 'x')"; 400_000].join(","));
    let found = read(Dialect::Mysql, &text);
    assert_eq!(found.statements.len(), 1);
    assert_eq!(found.statements[0].write.as_ref().unwrap().0, "t");
}

#[test]
fn lin_002_auto_records_which_dialect_read_the_text() {
    let options = Options { dialect: Choice::Auto, ..Options::default() };
    let of = |text: &str| extract(text, &options, &Catalogue::default()).dialect;
    assert_eq!(of("SELECT [a] FROM [dbo].[t]\nGO\n"), Dialect::Tsql);
    assert_eq!(of("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;"), Dialect::Postgres);
    assert_eq!(of("CREATE TABLE t (a int) ENGINE=InnoDB;"), Dialect::Mysql);
    assert!(Choice::from_id("nonsense").is_none());
}

const FILES: &[&str] = &[
    "CREATE TABLE t (a int, b int);",
    "CREATE VIEW v AS SELECT * FROM t;",
    "CREATE VIEW w AS SELECT * FROM v;",
    "INSERT INTO x (p, q) SELECT * FROM w;",
    "CREATE PROCEDURE p() BEGIN INSERT INTO y SELECT a FROM t; CALL q(); END;",
    "CREATE TABLE y (k int);",
    "MERGE INTO y USING w ON y.k = w.a WHEN MATCHED THEN UPDATE SET k = w.b;",
];

fn graph_of(order: &[usize]) -> Graph {
    let options = as_dialect(Dialect::Snowflake);
    let prepared: Vec<_> = order.iter().map(|&i| (i, prepare(FILES[i], &options))).collect();
    let catalogue = Catalogue::new(prepared.iter().flat_map(|(_, p)| p.entries()), Dialect::Snowflake);
    let mut graph = Graph::new(IdScheme::Separated);
    for (i, file) in &prepared {
        graph.add_file(&format!("{i}.sql"), &file.lineage(&catalogue));
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lin_020_any_order_of_files_gives_the_same_graph(order in Just((0..FILES.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let all: Vec<usize> = (0..FILES.len()).collect();
        prop_assert_eq!(graph_of(&order).into_parts(), graph_of(&all).into_parts());
    }

    #[test]
    fn no_mixture_of_words_and_signs_panics(
        words in prop::collection::vec(prop::sample::select(vec![
            "SELECT", "FROM", "(", ")", ",", "a", "t.b", "*", "'x", "'", "WITH", "c", "AS", "INSERT INTO", "t", "VALUES", "MERGE", "USING", "WHEN MATCHED THEN",
            "UPDATE", "SET", "=", "1", "CREATE", "VIEW", "PROCEDURE", "BEGIN", "END", ";", "\nGO\n", "$$", "/*", "*/", "--\n", "CASE", "JOIN", "ON", "UNION", "EXEC",
            "[", "]", "`", "\"", "é", "😀", ".", "DELIMITER //\n", "//", "OVER", "{{ ref('m') }}", "{% if %}", "IF", "THEN", "LOOP", "DECLARE", "TRIGGER", "FUNCTION",
        ]), 0..60),
        dialect in prop::sample::select(Dialect::ALL.to_vec()),
    ) {
        read(dialect, &words.join(" "));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), dialect in prop::sample::select(Dialect::ALL.to_vec())) {
        read(dialect, &text);
    }
}
