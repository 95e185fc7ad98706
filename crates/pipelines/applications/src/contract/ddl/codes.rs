//! The table of codes: which there are, and which columns refer to it.

use std::collections::BTreeMap;

use super::{qualified, quoted};
use crate::model::{Column, Contract, Enum, EnumValue, Origin, RowKind, Step, Table, Type};

/// Statements that make the table and put the codes into it that are missing; none where the contract names no such table.
pub(super) fn make(contract: &Contract, schema: Option<&str>) -> Vec<String> {
    let Some(codes) = &contract.target.codes else { return Vec::new() };
    let (name, key) = (qualified(schema, &codes.table), quoted(&codes.key));
    let all = all_codes(contract);
    let kind = if all.keys().all(|code| i16::try_from(*code).is_ok()) { "smallint" } else { "bigint" };
    let make = format!("CREATE TABLE IF NOT EXISTS {name} (\n  {key} {kind} PRIMARY KEY,\n  \"meaning\" text\n)");
    let rows: Vec<String> = all.iter().map(|(code, meaning)| format!("({code}, '{}')", meaning.join("; ").replace('\'', "''"))).collect();
    let fill = format!("INSERT INTO {name} ({key}, \"meaning\") VALUES\n  {}\nON CONFLICT DO NOTHING", rows.join(",\n  "));
    if rows.is_empty() { vec![make] } else { vec![make, fill] }
}

/// What a column's definition says of the table of codes.
pub(super) fn reference(contract: &Contract, table: &Table, column: &Column, schema: Option<&str>) -> Option<String> {
    let codes = contract.target.codes.as_ref()?;
    dictionary(contract, table, column)?;
    Some(format!(" REFERENCES {} ({})", qualified(schema, &codes.table), quoted(&codes.key)))
}

/// The dictionary of whole numbers that every value of a column is of. One that an expression makes may be any number.
fn dictionary<'c>(contract: &'c Contract, table: &Table, column: &'c Column) -> Option<(&'c str, &'c Enum)> {
    let is_whole = matches!(column.kind, Type::TinyInt | Type::SmallInt | Type::Int | Type::BigInt);
    let is_looked_up =
        !matches!(column.from, None | Some(Origin::Expression(_))) && !matches!(table.rows, RowKind::Slots { .. } | RowKind::Pairs { .. });
    let Some(Step::Enum(name)) = column.steps.last() else { return None };
    let found = contract.enums.get(name).filter(|codes| codes.values.values().chain(&codes.otherwise).all(|value| number(value).is_some()))?;
    (is_whole && is_looked_up).then_some((name, found))
}

/// Every code, with the keys that stand for it; defaults of columns are codes, too.
fn all_codes(contract: &Contract) -> BTreeMap<i64, Vec<String>> {
    let mut all: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut add = |code: Option<i64>, meaning: String| {
        let meanings = code.map(|code| all.entry(code).or_default());
        if let Some(meanings) = meanings.filter(|meanings| !meanings.contains(&meaning)) {
            meanings.push(meaning);
        }
    };
    let mut used: Vec<(&str, &Enum)> = Vec::new();
    for table in &contract.tables {
        for column in &table.columns {
            let Some((name, codes)) = dictionary(contract, table, column) else { continue };
            if !used.iter().any(|(known, _)| *known == name) {
                used.push((name, codes));
            }
            let default = column.default.as_ref().and_then(|default| default.trim().parse().ok());
            add(default, format!("{name}: default"));
        }
    }
    used.sort_unstable_by_key(|(name, _)| *name);
    for (name, codes) in used {
        codes.values.iter().for_each(|(key, value)| add(number(value), format!("{name}: {key}")));
        codes.otherwise.iter().for_each(|value| add(number(value), format!("{name}: otherwise")));
    }
    all
}

fn number(value: &EnumValue) -> Option<i64> {
    match value {
        EnumValue::Integer(number) => Some(*number),
        EnumValue::Text(_) => None,
    }
}
