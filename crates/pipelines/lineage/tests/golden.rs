//! The golden set: statements with the edges that the rules give them, checked by hand. Everything that is yielded must be there and nothing else.

#![allow(clippy::unwrap_used)]

mod cases;

use cases::{cases, describe};
use std::collections::BTreeSet;

#[test]
fn every_golden_statement_yields_exactly_what_its_rule_gives() {
    let mut wrong = Vec::new();
    let all = cases();
    for case in &all {
        let found = case.yielded(&case.text);
        let got = describe(&found);
        if got != case.expected {
            let missing: Vec<_> = case.expected.difference(&got).collect();
            let extra: Vec<_> = got.difference(&case.expected).collect();
            wrong.push(format!(
                "{} / {:?}: {}\n  missing {missing:?}\n  extra {extra:?}\n  problems {:?}",
                case.file, case.dialect, case.title, found.problems
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn every_file_of_the_golden_set_is_named_by_a_rule() {
    let readme = include_str!("../README.md");
    for case in cases() {
        let rule = case.file.get(..7).unwrap_or_default().to_uppercase();
        assert!(readme.contains(&format!("| {rule} |")), "{} names no rule", case.file);
    }
}

#[test]
fn the_golden_set_has_at_least_150_statements_over_six_dialects() {
    let all = cases();
    let dialects: BTreeSet<&str> = all.iter().map(|c| c.dialect.id()).collect();
    assert!(all.len() >= 150 && dialects.len() >= 6, "{} cases, {dialects:?}", all.len());
}
