//! Which quirks an imported contract needs, and why.

use super::Switch;
use super::original::{Mapping, Original};
use crate::model::{Compat, Contract, RowKind, Type};

type TurnOn = fn(&mut Compat) -> &mut bool;

/// The quirks of a contract: those that something in it may show, and those of every run.
pub(super) fn switches(original: &Original, contract: &Contract) -> (Compat, Vec<Switch>) {
    let mut compat = Compat::default();
    let mut switches = Vec::new();
    for (name, turn_on, why) in found(original, contract) {
        *turn_on(&mut compat) = true;
        switches.push(Switch { name, why });
    }
    (compat, switches)
}

fn found(original: &Original, contract: &Contract) -> Vec<(&'static str, TurnOn, String)> {
    let count = |is: &dyn Fn(&Mapping) -> bool| original.mappings.iter().filter(|mapping| is(mapping)).count();
    let of_type = |kinds: &[&str]| count(&|mapping| kinds.contains(&mapping.data_type.as_str()));
    let bare = |kinds: &'static [&'static str]| count(&|mapping| mapping.types.is_empty() && kinds.contains(&mapping.data_type.as_str()));
    let chopped = contract.tables.iter().flat_map(|table| &table.columns).filter(|column| column.kind == Type::Text { length: Some(-1) }).count();
    let children = contract.tables.iter().filter(|table| matches!(table.rows, RowKind::Child { .. })).count();
    let members = contract.tables.iter().filter(|table| matches!(table.rows, RowKind::Group { .. })).count();
    let some = |count: usize, name, turn_on: TurnOn, why: &str| (count > 0).then(|| (name, turn_on, why.replace("{}", &count.to_string())));
    let always = |name, turn_on: TurnOn, why: &str| Some((name, turn_on, why.to_owned()));
    let all = [
        some(
            count(&|mapping| mapping.has("calculated_field")),
            "expressions",
            |compat| &mut compat.expressions,
            "{} calculated fields were written for an evaluator that compares with numbers, groups and dates in its own way",
        ),
        some(
            bare(&["int", "smallint", "tinyint", "bigint"]),
            "intsFirstRun",
            |compat| &mut compat.ints_first_run,
            "{} whole numbers without a mapping type were the first run of digits: -7 is 7, and 1,234 is 1",
        ),
        some(
            count(&|mapping| mapping.has("numbers_only") || mapping.has("extract_numeric")),
            "digitsAsInt",
            |compat| &mut compat.digits_as_int,
            "{} mappings keep digits as a number, which loses leading zeros: 02134 is 2134",
        ),
        some(
            bare(&["bit", "boolean"]),
            "anyTextIsOne",
            |compat| &mut compat.any_text_is_one,
            "{} bits without a mapping type were 1 for any text, also 0 and N",
        ),
        some(
            of_type(&["decimal"]),
            "decimalsAsDoubles",
            |compat| &mut compat.decimals_as_doubles,
            "{} decimals went through a binary number, which has some sixteen digits",
        ),
        some(
            of_type(&["date", "datetime", "smalldatetime"]),
            "datesForgiving",
            |compat| &mut compat.dates_forgiving,
            "{} dates were read with the month first, then with the day first, and seconds beyond 59 were 59",
        ),
        some(chopped, "lengthMinusOneChops", |compat| &mut compat.length_minus_one_chops, "{} texts of length -1 lost their last character"),
        always(
            "unescapeTwice",
            |compat| &mut compat.unescape_twice,
            "attributes that are found by their path were unescaped a second time, and stripped",
        ),
        some(
            children,
            "childFilterIgnoresCase",
            |compat| &mut compat.child_filter_ignores_case,
            "{} tables of contacts' children had a filter of their own, which compared without case",
        ),
        some(
            count(&|mapping| mapping.not_null),
            "missingNotNullSwallowed",
            |compat| &mut compat.missing_not_null_swallowed,
            "{} columns that are never null were left to the database to refuse where there was nothing",
        ),
        always("failedNeverRetried", |compat| &mut compat.failed_never_retried, "a document that failed was never tried again"),
        some(
            members,
            "foreignContactAbsorbed",
            |compat| &mut compat.foreign_contact_absorbed,
            "a contact whose id was in the table, even of another application, was left out, and its children were added to the one there",
        ),
        always(
            "identityMismatchAccepted",
            |compat| &mut compat.identity_mismatch_accepted,
            "a document whose id is not the one it is stored under was not noticed",
        ),
    ];
    all.into_iter().flatten().collect()
}
