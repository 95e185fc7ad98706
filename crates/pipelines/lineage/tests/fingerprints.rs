//! What a catalogue answers decides a lineage: an equal fingerprint of the names asked for means an equal lineage.

use proptest::prelude::*;
use rowmill_lineage::{Catalogue, Choice, Dialect, Entry, EntryColumn, Options, prepare};

const TEXT: &str = "CREATE VIEW v AS SELECT * FROM s1 JOIN base ON s1.k = base.k; INSERT INTO target (x, y) SELECT a, k FROM base, other";

fn entry(name: &str, columns: &[&str]) -> Entry {
    Entry { name: name.into(), columns: columns.iter().map(|c| EntryColumn::Named((*c).into(), String::new())).collect(), alias_of: None }
}

fn alias(name: &str, of: &str) -> Entry {
    Entry { name: name.into(), columns: Vec::new(), alias_of: Some(of.into()) }
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let names = prop_oneof![Just("s1"), Just("base"), Just("other"), Just("target"), Just("unasked"), Just("v")];
    let columns = proptest::sample::subsequence(vec!["a", "b", "k"], 1..=3);
    let one = prop_oneof![
        4 => (names.clone(), columns).prop_map(|(n, c)| entry(n, &c)),
        1 => (names.clone(), names).prop_filter("of itself", |(n, of)| n != of).prop_map(|(n, of)| alias(n, of)),
    ];
    proptest::collection::vec(one, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn catalogues_with_one_fingerprint_give_one_lineage(first in entries(), second in entries()) {
        let options = Options { dialect: Choice::Named(Dialect::Postgres), ..Options::default() };
        let prepared = prepare(TEXT, &options);
        let [first, second] = [first, second].map(|entries| Catalogue::new(entries, Dialect::Postgres));
        let (lineage, names) = prepared.lineage_and_names(&first);
        let other = prepared.lineage(&second);
        let equal = first.fingerprint(&names, Dialect::Postgres) == second.fingerprint(&names, Dialect::Postgres);
        prop_assert!(!equal || lineage == other, "{lineage:#?} {other:#?}");
    }
}

#[test]
fn a_table_that_is_not_asked_for_does_not_count() {
    let prepared = prepare(TEXT, &Options { dialect: Choice::Named(Dialect::Postgres), ..Options::default() });
    let names = prepared.lineage_and_names(&Catalogue::default()).1;
    let of = |entries: Vec<Entry>| Catalogue::new(entries, Dialect::Postgres).fingerprint(&names, Dialect::Postgres);
    assert_eq!(of(vec![]), of(vec![entry("unasked", &["a"])]));
    for asked in ["s1", "base", "other"] {
        assert_ne!(of(vec![]), of(vec![entry(asked, &["a"])]), "{asked}");
        assert_ne!(of(vec![]), of(vec![alias(asked, "unasked")]), "{asked}");
    }
}
