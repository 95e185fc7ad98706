//! What a contract does, in words.

use crate::model::{
    Chain, Column, Contract, Counts, Group, Key, LastValid, OnError, OnRepeat, Origin, Pair, RowCondition, RowKind, Slot, Step, Table, Within,
};

/// What the contract does, table by table and column by column: where values come from, what is done with them, and what stands in for them.
pub fn explain(contract: &Contract) -> String {
    let mut text = Lines::default();
    let document = &contract.document;
    let ids: Vec<String> = document.id.iter().map(ToString::to_string).collect();
    text.line(0, format!("{}: documents whose root is {} and that have {}", contract.name, document.root, document.application));
    text.line(1, format!("id: {}", ids.join(", or ")));
    for other in &document.other_applications {
        text.line(1, format!("not those that have {other} instead"));
    }
    if let Some(source) = &contract.source {
        text.line(1, format!("read from the table {}: column {}, by {}", source.table, source.column, source.key));
    }
    let quirks = quirks(contract);
    text.line(1, if quirks.is_empty() { "no quirks of old contracts".to_owned() } else { format!("quirks of old contracts: {}", quirks.join(", ")) });
    for (name, group) in &contract.groups {
        explain_group(&mut text, name, group);
    }
    for table in &contract.tables {
        explain_table(&mut text, table);
    }
    text.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, depth: usize, line: impl AsRef<str>) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }
}

/// Names of the switches that are on.
pub(super) fn quirks(contract: &Contract) -> Vec<String> {
    let written = serde_json::to_value(contract.compat).unwrap_or_default();
    written.as_object().into_iter().flatten().filter(|(_, on)| on.as_bool() == Some(true)).map(|(name, _)| name.clone()).collect()
}

fn explain_group(text: &mut Lines, name: &str, group: &Group) {
    let place = if group.anywhere { format!("anywhere ({})", group.element) } else { group.element.to_string() };
    text.line(0, "");
    text.line(0, format!("group {name}: elements {} {place}", group.element.name()));
    text.line(1, format!("kept: those with @{} and @{} in {}", group.id, group.role.attribute, group.role.values.join(" > ")));
    if !group.keep_if.is_empty() {
        text.line(2, format!("and any of {}", attributes(&group.keep_if)));
    }
    text.line(1, format!("the same @{} twice: the better role, then the later one", group.id));
    for (name, child) in &group.children {
        text.line(1, format!("{name}: {} inside, @{} in {}", child.element, child.kind.attribute, child.kind.values.join(" > ")));
    }
}

fn explain_table(text: &mut Lines, table: &Table) {
    text.line(0, "");
    text.line(0, format!("table {} (key {}): {}", table.name, table.key.join(", "), of_rows(&table.rows)));
    if let Some(parent) = &table.parent {
        text.line(1, format!("hangs off {} by {}", parent.table, parent.columns.join(", ")));
    }
    let repeat = match table.on_repeat {
        OnRepeat::Fail => "a key that is there already fails the document",
        OnRepeat::Update => "a key that is there already: the later row overwrites",
        OnRepeat::KeepFirst => "a key that is there already: the earlier row stays",
    };
    text.line(1, repeat);
    if let Some(condition) = &table.row_if {
        text.line(1, format!("only with any of {}", of_condition(condition)));
    }
    if !table.keep_empty && matches!(table.rows, RowKind::Document {} | RowKind::Group { .. } | RowKind::Child { .. }) {
        text.line(1, "not where there is nothing but keys, nulls and defaults");
    }
    let width = table.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0);
    for column in &table.columns {
        text.line(1, format!("{:width$}  {}", column.name, of_column(table, column)));
    }
    explain_rows(text, &table.rows);
}

fn of_rows(rows: &RowKind) -> String {
    match rows {
        RowKind::Document {} => "one row per document".to_owned(),
        RowKind::Group { group } => format!("one row per {group}"),
        RowKind::Child { group, child } => format!("one row per {child} of each {group}"),
        RowKind::Slots { number, slots } => format!("one row per filled slot, of {} (numbered in {number})", slots.len()),
        RowKind::Pairs { value, pairs } => format!("one row per attribute that says something, of {} (in {value})", pairs.len()),
    }
}

fn of_condition(condition: &RowCondition) -> String {
    condition.columns.iter().cloned().chain(condition.attributes.iter().map(|name| format!("@{name}"))).collect::<Vec<_>>().join(", ")
}

fn of_column(table: &Table, column: &Column) -> String {
    let from = column.from.as_ref().map_or_else(|| filled_by(table, column).to_owned(), of_origin);
    let mut parts = vec![format!("{}: {from}", column.kind)];
    parts.extend(of_steps(&column.steps));
    parts.extend(column.default.as_ref().map(|default| format!("where there is nothing {default:?}")));
    if !column.nullable {
        parts.push("never null".to_owned());
    }
    match column.on_error {
        OnError::Fail => {}
        OnError::Null => parts.push("left out where it cannot be converted".to_owned()),
        OnError::NullIfUnreadable => parts.push("left out where it is no value, a fault where it is too large".to_owned()),
    }
    parts.extend(column.counts.map(of_counts));
    parts.join("; ")
}

fn filled_by(table: &Table, column: &Column) -> &'static str {
    match &table.rows {
        RowKind::Slots { number, .. } if *number == column.name => "the number of the slot",
        RowKind::Slots { .. } => "as the slot says",
        RowKind::Pairs { value, .. } if *value == column.name => "the attribute of the pair",
        RowKind::Pairs { .. } => "as the pair says",
        _ => "nothing",
    }
}

fn of_origin(origin: &Origin) -> String {
    match origin {
        Origin::Attribute(path) => path.to_string(),
        Origin::Key(Key::Document) => "the document's id".to_owned(),
        Origin::Key(Key::Member) => "the member's id".to_owned(),
        Origin::Expression(Chain { text, otherwise: None }) => format!("= {text}"),
        Origin::Expression(Chain { text, otherwise: Some(path) }) => format!("= {text}, or else {path}"),
        Origin::LastValid(last) => of_last(last),
        Origin::PreferredChild(child) => format!("@{} of the last {} of the preferred type", child.attribute, child.child),
    }
}

fn of_last(last: &LastValid) -> String {
    let within = match &last.within {
        None => String::new(),
        Some(Within::Child(child)) => format!("the preferred {child} of "),
        Some(Within::Element(element)) => format!("the last {element} of "),
    };
    let earlier = if last.earlier { ", or of an earlier one that has it" } else { "" };
    format!("@{} of {within}the last {} with role {}{earlier}", last.attribute, last.group, last.role)
}

fn of_steps(steps: &[Step]) -> Vec<String> {
    steps
        .iter()
        .map(|step| match step {
            Step::Digits => "its digits".to_owned(),
            Step::Enum(name) => format!("code by {name}"),
            Step::Flag(name) => format!("0 or 1 by {name}"),
            Step::NowIfBlank => "the time of the run where it is blank".to_owned(),
        })
        .collect()
}

fn of_counts(counts: Counts) -> String {
    let when = match counts {
        Counts::NotBlank => "where it is not blank",
        Counts::Meaningful => "where it means something",
        Counts::Positive => "where it is above zero",
        Counts::Converts => "where it becomes a value",
        Counts::Truthy => "where it says yes",
        Counts::Never => return "no reason for a row".to_owned(),
    };
    format!("a reason for a row {when}")
}

fn explain_rows(text: &mut Lines, rows: &RowKind) {
    match rows {
        RowKind::Slots { slots, .. } => slots.iter().for_each(|slot| explain_slot(text, slot)),
        RowKind::Pairs { pairs, .. } => pairs.iter().for_each(|pair| text.line(1, of_pair(pair))),
        _ => {}
    }
}

fn explain_slot(text: &mut Lines, slot: &Slot) {
    text.line(1, format!("slot {}", slot.number));
    for cell in &slot.cells {
        let mut parts = vec![of_origin(&cell.from)];
        parts.extend(of_steps(cell.steps.as_deref().unwrap_or_default()));
        parts.extend(cell.counts.map(of_counts));
        text.line(2, format!("{}: {}", cell.column, parts.join("; ")));
    }
}

fn of_pair(pair: &Pair) -> String {
    let set: Vec<String> = pair.set.iter().map(|constant| format!("{} {:?}", constant.column, constant.value)).collect();
    let steps = of_steps(pair.steps.as_deref().unwrap_or_default()).into_iter().map(|step| format!("; {step}"));
    format!("pair {}: {}{}; {}", set.join(", "), of_origin(&pair.from), steps.collect::<String>(), of_counts(pair.when))
}

fn attributes(names: &[String]) -> String {
    names.iter().map(|name| format!("@{name}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn app_330_a_contract_is_explained_table_by_table_and_column_by_column() {
        let contract = check(include_str!("../../tests/fixtures/small.json")).contract.expect("a sound contract");
        let text = explain(&contract);
        for line in [
            "small: documents whose root is Library and that have /Library/Request/Data/loan",
            "  no quirks of old contracts",
            "  kept: those with @person_id and @role in MAIN > GUEST",
            "table address (key person_id, kind): one row per address of each person",
            "  only with any of zip, city, @zip_code",
            "  received  timestamp: /Library/Request/Data/loan/@received; where there is nothing \"1900-01-01\"; never null",
            "  rent      decimal(12,2): @rent of the preferred address of the last person with role MAIN",
            "  slot 2",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
        }
        for table in &contract.tables {
            assert!(table.columns.iter().all(|column| text.contains(&format!("  {}", column.name))), "{}", table.name);
        }
    }
}
