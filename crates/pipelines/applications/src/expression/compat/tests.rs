//! What was measured, line by line.

use super::super::{Dialect, Evaluated, Expression, differs};

fn asked(text: &str, context: &[(&str, &'static str)]) -> String {
    asked_in(Dialect::Compat, text, context)
}

fn asked_in(dialect: Dialect, text: &str, context: &[(&str, &'static str)]) -> String {
    let Ok(expression) = Expression::parse(text, dialect) else { return "refused".to_owned() };
    let find = |at: usize| {
        let reference = &expression.references()[at];
        context.iter().find(|(known, _)| known.eq_ignore_ascii_case(&reference.attribute)).map(|(_, text)| *text)
    };
    match expression.evaluate(&find) {
        Evaluated::Null => "null".to_owned(),
        Evaluated::Error(_) => "error".to_owned(),
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
        ("a > '5'", "1,234.50", false),
        ("a > '5'", "1e3", true),
        ("a = '10.0'", "10", true),
        ("a > '5'", "NaN", false),
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
        ("a != 'X' AND b != 'Y' OR c != 'Z'", "q", "q", "q", false),
        ("b != 'Y' OR c != 'Z' AND a != 'X'", "q", "q", "q", false),
        ("a > '1' OR b > '1' AND c > '1'", "5", "5", "5", false),
        ("(a != 'X' OR b != 'Y') AND c = 'Z'", "X", "Y", "Z", true),
        ("(a > '1' OR b > '1') AND c = 'Z'", "0", "0", "Z", true),
        ("(a > '1' OR b > '1') AND c = 'Z'", "5", "5", "q", false),
        ("c = 'Z' AND (a = 'X' OR b = 'Y')", "q", "q", "Z", true),
        ("a = 'X OR Y' AND c = 'Z'", "X OR Y", "", "Z", true),
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
fn blanks_are_not_null_but_empty_and_patterns_are_regular_expressions() {
    assert!(!holds("a IS NULL", "  ", "", "") && holds("a IS EMPTY", "  ", "", ""));
    assert!(holds("a IS NOT NULL", "  ", "", "") && !holds("a IS NOT EMPTY", "  ", "", ""));
    assert!(holds("a LIKE '%X.Z_'", "..xyz!", "", "") && !holds("a LIKE 'x'", "xy", "", ""));
    for (pattern, text, expected) in [
        ("ab+c", "ABBBC", true),
        ("ab+c", "ab+c", false),
        ("[xy]_%", "Yes", true),
        ("[xy]_%", "no", false),
        ("one|two", "Two", true),
        ("(", "(", false),
        ("%(a+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
    ] {
        assert_eq!(holds(&format!("a LIKE '{pattern}'"), text, "", ""), expected, "{pattern} {text}");
    }
    assert!(holds("a LIKE 'x%' AND b = 'Y'", "Xyz", "Y", "") && holds("a LIKE 'q%' OR b LIKE 'y%'", "", "Yes", ""));
}

#[test]
fn a_linter_finds_what_differs() {
    let context = |reference: &super::super::Reference| (reference.attribute == "score").then_some("100");
    let (old, new) = differs("CASE WHEN score >= 700 THEN 'good' ELSE 'bad' END", &context).expect("they differ");
    assert_eq!((old, new), (Evaluated::Text("good".into()), Evaluated::Text("bad".into())));
    assert_eq!(differs("score * 2", &context), None);
    assert_eq!(differs("score %", &context), None);
}

/// Conditions, with what they give in contracts of old and in new ones.
#[test]
fn conditions_of_old_and_new_line_by_line() {
    for (condition, a, b, c, old, new) in [
        ("a >= 700", "100", "", "", "yes", "no"),
        ("a > '0'", "150", "", "", "yes", "yes"),
        ("a > '0'", "0", "", "", "no", "no"),
        ("a = 1", "1", "", "", "no", "yes"),
        ("a = 1", "", "", "", "yes", "no"),
        ("a = 'X' AND b = 'Y'", "X", "Y", "", "yes", "yes"),
        ("a = 'x' AND b = 'y'", "x", "y", "", "no", "yes"),
        ("a = 'x'", "X", "", "", "no", "no"),
        ("a = 'X' AND b = 'Y' OR c = 'Z'", "q", "q", "Z", "no", "yes"),
        ("(a = 'X' OR b = 'Y') AND c = 'Z'", "q", "q", "Z", "yes", "no"),
        ("(a > 0 OR b > 0)", "1", "", "", "no", "yes"),
        ("(a > 0 OR b > 0)", "", "1", "", "yes", "yes"),
        ("NOT (a = 'x')", "x", "", "", "yes", "no"),
        ("NOT a = 'x'", "y", "", "", "no", "yes"),
        ("a NOT LIKE 'x%'", "y", "", "", "no", "yes"),
        ("a <> 'x'", "y", "", "", "no", "yes"),
        ("a IN ('x', 'y')", "x", "", "", "no", "yes"),
        ("a < 5", "3", "", "", "no", "yes"),
        ("a != 1", "1", "", "", "yes", "no"),
        ("a > '5'", "abc", "", "", "yes", "error"),
        ("a > 5", "abc", "", "", "yes", "error"),
        ("a < b", "3", "10", "", "yes", "yes"),
        ("a = 'X AND Y'", "X AND Y", "", "", "no", "yes"),
        ("a > DATE('2020-01-01')", "1/15/2024", "", "", "no", "yes"),
        ("a > '2020-01-01'", "2024-1-5 10:00:00", "", "", "yes", "yes"),
        ("a IS NULL", "  ", "", "", "no", "no"),
        ("a IS EMPTY", "  ", "", "", "yes", "yes"),
    ] {
        let text = format!("CASE WHEN {condition} THEN 'yes' ELSE 'no' END");
        let context = [("a", a), ("b", b), ("c", c)];
        let got = [Dialect::Compat, Dialect::Strict].map(|dialect| asked_in(dialect, &text, &context));
        assert_eq!(got, [old, new], "{condition} of {a:?}, {b:?} and {c:?}");
    }
}

/// Values, with what they are in contracts of old and in new ones.
#[test]
fn values_of_old_and_new_line_by_line() {
    for (text, a, b, old, new) in [
        ("a * 1", "1,234.50", "", "0", "1234.5"),
        ("a * 1", "$12", "", "0", "error"),
        ("a", "words", "", "0", "words"),
        ("a + b", "1", "two", "1", "error"),
        ("a / b", "1", "0", "null", "null"),
        ("a % b", "7", "2", "null", "1"),
        ("a * 2", "", "", "null", "null"),
        ("CASE WHEN a = 'x' THEN 1 END", "y", "", "null", "null"),
        ("DATEADD(day, 30, a)", "2024-01-31", "", "null", "2024-03-01"),
        ("CASE WHEN b IS NOT EMPTY THEN DATEADD(day, 30, a) END", "2024-1-31 10:00:00", "x", "2024-03-01", "2024-03-01 10:00:00"),
        ("CASE WHEN b IS NOT EMPTY THEN DATEADD(day, 30, a) END", "1/31/2024", "x", "null", "2024-03-01"),
    ] {
        let got = [Dialect::Compat, Dialect::Strict].map(|dialect| asked_in(dialect, text, &[("a", a), ("b", b)]));
        assert_eq!(got, [old, new], "{text} of {a:?} and {b:?}");
    }
}

#[test]
fn a_guard_that_something_is_above_zero_never_filters() {
    let months = "CASE WHEN (a > 0 OR b > 0) THEN a * 12 + b ELSE 'nothing' END";
    assert_eq!(asked(months, &[("a", "0"), ("b", "0")]), "0");
    assert_eq!(asked_in(Dialect::Strict, months, &[("a", "0"), ("b", "0")]), "nothing");
    // Either blank makes the sum null, whatever the guard says.
    assert_eq!(asked("a * 12 + b", &[("a", "3"), ("b", "")]), "null");
}
