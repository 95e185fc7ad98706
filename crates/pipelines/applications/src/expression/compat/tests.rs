//! What was measured, line by line.

use super::super::{Dialect, Evaluated, Expression, differs};

fn asked(text: &str, context: &[(&str, &'static str)]) -> String {
    let expression = Expression::parse(text, Dialect::Compat).expect("anything is taken");
    let find = |at: usize| {
        let reference = &expression.references()[at];
        context.iter().find(|(known, _)| known.eq_ignore_ascii_case(&reference.attribute)).map(|(_, text)| *text)
    };
    match expression.evaluate(&find) {
        Evaluated::Null => "null".to_owned(),
        evaluated => evaluated.to_string(),
    }
}

fn holds(condition: &str, a: &'static str, b: &'static str, c: &'static str) -> bool {
    asked(&format!("CASE WHEN {condition} THEN 'yes' ELSE 'no' END"), &[("a", a), ("b", b), ("c", c)]) == "yes"
}

#[test]
fn a_number_without_quotes_is_the_empty_text() {
    for (condition, a, expected) in [
        ("a >= 700", "100", true),
        ("a >= 700", "0", true),
        ("a >= 700", "-5", true),
        ("a > '0'", "150", true),
        ("a > '0'", "0", false),
        ("a = 1", "1", false),
        ("a = 1", "", true),
        ("a < 5", "3", false),
        ("a != 1", "1", true),
        ("a > '5'", "abc", true),
    ] {
        assert_eq!(holds(condition, a, "", ""), expected, "{condition} of {a:?}");
    }
    assert!(holds("a < b", "3", "10", ""));
}

#[test]
fn and_and_or_are_cut_wherever_they_stand_and_put_in_capitals() {
    for (condition, a, b, c, expected) in [
        ("a = 'X' AND b = 'Y'", "X", "Y", "", true),
        ("a = 'x' AND b = 'y'", "x", "y", "", false),
        ("a = 'x'", "x", "", "", true),
        ("a = 'x'", "X", "", "", false),
        ("a = 'X' AND b = 'Y' OR c = 'Z'", "X", "Y", "Z", false),
        ("(a = 'X' OR b = 'Y') AND c = 'Z'", "q", "q", "Z", true),
        ("(a > 0 OR b > 0)", "1", "", "", false),
        ("(a > 0 OR b > 0)", "", "1", "", true),
        ("(a = 'X')", "X", "", "", true),
        ("(a = 'X' AND b = 'Y')", "X", "Y", "", false),
        ("NOT (a = 'x')", "x", "", "", true),
        ("NOT (a = 'x')", "y", "", "", true),
        ("NOT a = 'x'", "y", "", "", false),
        ("a NOT LIKE 'x%'", "y", "", "", false),
        ("a <> 'x'", "y", "", "", false),
        ("a IN ('x', 'y')", "x", "", "", false),
        ("a = 'X AND Y'", "X AND Y", "", "", false),
    ] {
        assert_eq!(holds(condition, a, b, c), expected, "{condition} of {a:?}, {b:?} and {c:?}");
    }
}

#[test]
fn only_dates_with_their_year_first_are_dates() {
    for (condition, a, expected) in [
        ("a > '2020-01-01'", "2024-1-5", true),
        ("a > '2020-01-01'", "2019-12-31 10:00:00", false),
        ("a > DATE('2020-01-01')", "2024-01-05", true),
        ("a > '2020-01-01'", "1/15/2024", false),
        ("a < '2020-01-01'", "1/15/2024", false),
    ] {
        assert_eq!(holds(condition, a, "", ""), expected, "{condition} of {a:?}");
    }
    let later = "CASE WHEN a IS NOT NULL THEN DATEADD(day, 30, a) END";
    assert_eq!(asked(later, &[("a", "2024-1-31 10:00:00")]), "2024-03-01");
    assert_eq!(asked(later, &[("a", "1/31/2024")]), "null");
    assert_eq!(asked("DATEADD(day, 30, a)", &[("a", "2024-01-31")]), "null");
}

#[test]
fn arithmetic_takes_texts_for_zero_and_blanks_for_nothing() {
    for (text, a, b, expected) in [
        ("a * 1", "1,234.50", "", "0"),
        ("a * 1", "$12", "", "0"),
        ("a", "words", "", "0"),
        ("a", "12.5", "", "12.5"),
        ("a + b", "1", "two", "1"),
        ("a + b * 12", "3", "2", "27"),
        ("a + b * 12", "3", "", "null"),
        ("a / b", "1", "0", "null"),
        ("a // b", "7", "2", "3"),
        ("a % b", "7", "2", "null"),
        ("-(a - b) ** 2", "5", "2", "-9"),
        ("CASE WHEN b = 'ANNUM' THEN a / 12 WHEN b = 'MONTH' THEN a * 12 END", "1000", "MONTH", "12000"),
        ("CASE WHEN b = 'ANNUM' THEN a / 12 END", "1000", "WEEK", "null"),
        ("'a text'", "", "", "a text"),
        ("CASE WHEN a = '1' THEN b ELSE a END", "1", "as it is", "as it is"),
        ("this is nothing", "1", "", "null"),
    ] {
        assert_eq!(asked(text, &[("a", a), ("b", b)]), expected, "{text} of {a:?} and {b:?}");
    }
}

#[test]
fn blanks_are_not_null_but_empty_and_a_point_is_any_character() {
    assert!(!holds("a IS NULL", "  ", "", "") && holds("a IS EMPTY", "  ", "", ""));
    assert!(holds("a IS NOT NULL", "  ", "", "") && !holds("a IS NOT EMPTY", "  ", "", ""));
    assert!(holds("a LIKE '%X.Z_'", "..xyz!", "", "") && !holds("a LIKE 'x'", "xy", "", ""));
}

#[test]
fn a_linter_finds_what_differs() {
    let context = |reference: &super::super::Reference| (reference.attribute == "score").then_some("100");
    let (old, new) = differs("CASE WHEN score >= 700 THEN 'good' ELSE 'bad' END", &context).expect("they differ");
    assert_eq!((old, new), (Evaluated::Text("good".into()), Evaluated::Text("bad".into())));
    assert_eq!(differs("score * 2", &context), None);
    assert_eq!(differs("score %", &context), None);
}
