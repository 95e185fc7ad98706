//! What expressions of new contracts give.

use proptest::prelude::*;

use super::super::{Dialect, Evaluated, Expression};

fn asked(text: &str, context: &[(&str, &'static str)]) -> String {
    let expression = Expression::parse(text, Dialect::Strict).unwrap_or_else(|error| panic!("{text}: {error}"));
    let find = |at: usize| {
        let reference = &expression.references()[at];
        let name = reference.element.as_ref().map_or(reference.attribute.clone(), |element| format!("{element}.{}", reference.attribute));
        context.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, text)| *text)
    };
    match expression.evaluate(&find) {
        Evaluated::Error(error) => format!("{error:?}"),
        Evaluated::Null => "null".to_owned(),
        evaluated => evaluated.to_string(),
    }
}

/// 1 or 0 of a condition over one or two attributes.
fn holds(condition: &str, a: &'static str, b: &'static str) -> String {
    asked(condition, &[("a", a), ("b", b)])
}

#[test]
fn numbers_are_compared_as_numbers() {
    for (condition, a, b, expected) in [
        ("a >= 700", "100", "", "0"),
        ("a >= 700", "700", "", "1"),
        ("a >= 700", "-5", "", "0"),
        ("a >= 700", "", "", "0"),
        ("a > '0'", "150", "", "1"),
        ("a > '0'", "0", "", "0"),
        ("a = 1", "1.0", "", "1"),
        ("a = 1", "", "", "0"),
        ("a < 5", "3", "", "1"),
        ("a != 1", "1", "", "0"),
        ("a > '5'", "abc", "", "NotANumber"),
        ("a < b", "3", "10", "1"),
        ("a + 1 > b", "3", "3.5", "1"),
        ("a = '01'", "1", "", "0"),
    ] {
        assert_eq!(holds(condition, a, b), expected, "{condition} of {a:?} and {b:?}");
    }
}

#[test]
fn conditions_have_precedence_and_brackets() {
    for (condition, a, b, expected) in [
        ("a = 'x' AND b = 'y'", "x", "y", "1"),
        ("a = 'x'", "X", "", "0"),
        ("a = 'x' OR a = 'y' AND b = 'z'", "x", "", "1"),
        ("(a = 'x' OR a = 'y') AND b = 'z'", "x", "", "0"),
        ("NOT (a = 'x')", "x", "", "0"),
        ("NOT a = 'x'", "y", "", "1"),
        ("a NOT LIKE 'x%'", "Xyz", "", "0"),
        ("a LIKE '_Y%'", "xyz", "", "1"),
        ("a LIKE 'x.z'", "xyz", "", "0"),
        ("a <> 'x'", "y", "", "1"),
        ("a IN ('x', 'y')", "y", "", "1"),
        ("a NOT IN ('x', 'y')", "y", "", "0"),
        ("a BETWEEN 1 AND 3", "2.5", "", "1"),
        ("a = 'x AND y'", "x AND y", "", "1"),
        ("a IS NULL", "  ", "", "0"),
        ("a IS EMPTY", "  ", "", "1"),
        ("c IS NULL AND c IS EMPTY", "", "", "1"),
        ("c IS NOT NULL", "", "", "0"),
        ("a", "x", "", "x"),
    ] {
        assert_eq!(holds(condition, a, b), expected, "{condition} of {a:?} and {b:?}");
    }
}

#[test]
fn dates_are_compared_as_dates_however_they_are_written() {
    for (condition, a, expected) in [
        ("a > '2020-01-01'", "1/15/2024", "1"),
        ("a > DATE('2024-02-01')", "1/15/2024", "0"),
        ("a >= '2024-1-15'", "1/15/2024 00:00:00", "1"),
        ("a > '2020-01-01'", "soon", "NotADate"),
        ("a > '2020-01-01'", "", "0"),
    ] {
        assert_eq!(holds(condition, a, ""), expected, "{condition} of {a:?}");
    }
}

#[test]
fn values_are_exact_and_null_where_nothing_is_known() {
    for (text, a, b, expected) in [
        ("a + b * 12", "3", "2", "27"),
        ("a + b * 12", "3", "", "null"),
        ("a / b", "1", "0", "null"),
        ("a / b", "1", "8", "0.125"),
        ("a // b", "-7", "2", "-4"),
        ("a % b", "-7", "2", "1"),
        ("-a ** 2", "3", "", "-9"),
        ("a ** b", "2", "0.5", "Exponent"),
        ("a ** b", "10", "60", "Overflow"),
        ("a * 1", "1,234.50", "", "1234.5"),
        ("a * 1", "$12", "", "NotANumber"),
        ("a + b", "1", "two", "NotANumber"),
        ("0.1 + 0.2", "", "", "0.3"),
        ("CASE WHEN a = 'ANNUM' THEN b / 12 WHEN a = 'MONTH' THEN b ELSE 0 END", "ANNUM", "48000", "4000"),
        ("CASE WHEN a = 'ANNUM' THEN b / 12 END", "WEEK", "1", "null"),
        ("case when a is null then 'none' else 'it''s' end", "x", "", "it's"),
        ("a > 1 > 0", "x", "", "the end"),
        ("DATEADD(day, 30, a)", "1/31/2024", "", "2024-03-01"),
        ("DATEADD(month, 1, a)", "2024-01-31 10:00:00", "", "2024-02-29 10:00:00"),
        ("DATEADD(hour, -1, a)", "2024-01-01", "", "2023-12-31 23:00:00"),
        ("DATEADD(year, b, DATE(a))", "2024-02-29 10:00:00", "-1", "2023-02-28"),
        ("DATEADD(day, 1, a)", "", "", "null"),
        ("DATEADD(day, 1, a)", "soon", "", "NotADate"),
        ("DATEADD(year, 99999, a)", "2024-01-01", "", "Overflow"),
    ] {
        if expected == "the end" {
            assert!(Expression::parse(text, Dialect::Strict).is_err());
            continue;
        }
        assert_eq!(holds(text, a, b), expected, "{text} of {a:?} and {b:?}");
    }
    assert_eq!(asked("address.years * 12", &[("ADDRESS.Years", "2")]), "24");
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    for (text, offset, said) in [
        ("CASE WHEN a THEN", 16, "the end where a value"),
        ("CASE a END", 5, "a where WHEN"),
        ("a = ", 4, "the end where a value"),
        ("a = 'x", 4, "a text that does not end"),
        ("a ? b", 2, "? has no meaning"),
        ("12abc", 0, "12abc is not a number"),
        ("f(a)", 0, "functions are DATE and DATEADD"),
        ("a.b.c", 0, "element.attribute"),
        ("a NOT b", 6, "LIKE, IN or BETWEEN"),
        ("DATEADD(moon, 1, a)", 8, "year, month"),
        ("a b", 2, "b where the end"),
    ] {
        let error = Expression::parse(text, Dialect::Strict).unwrap_err();
        assert!(error.offset == offset && error.to_string().contains(said), "{text}: {error:?}");
    }
    let deep = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
    assert!(Expression::parse(&deep, Dialect::Strict).unwrap_err().message.contains("inside one another"));
    assert!(Expression::parse(&"a+".repeat(9000), Dialect::Strict).is_err());
    assert!(Expression::parse(&"2**".repeat(600), Dialect::Strict).is_err());
    assert!(Expression::parse(&format!("{}a", "-".repeat(10_000)), Dialect::Strict).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(words in prop::collection::vec(prop::sample::select(vec![
        "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "IS", "NULL", "EMPTY", "LIKE", "IN", "BETWEEN", "DATEADD(day,", "DATE(", "(", ")", ",",
        "a", "b", "e.a", "'x'", "'%_'", "1", "2.5", "+", "-", "*", "/", "//", "**", "%", "=", "!=", "<", ">=", "'2024-01-31'",
    ]), 0..14), a in "[-0-9./x ]{0,8}", junk in "\\PC{0,30}") {
        for text in [words.join(" "), junk] {
            for dialect in [Dialect::Strict, Dialect::Compat] {
                if let Ok(expression) = Expression::parse(&text, dialect) {
                    let _ = expression.evaluate(&|_| Some(&a));
                    let _ = expression.evaluate(&|_| None);
                }
            }
        }
    }
}
