//! What must go together in a contract.

mod columns;
mod rows;

use std::collections::HashSet;

use super::places::{item, member};
use super::problem::{Category, Problem};
use crate::model::{Contract, ElementPath, Group, Table};

/// The column that rows have on their way into a table, and that no table has.
const OWN_COLUMN: &str = "document";

/// Everything that does not go together.
pub(super) fn references(contract: &Contract) -> Vec<Problem> {
    let mut look = Look { contract, problems: Vec::new() };
    look.document();
    look.groups();
    look.dictionaries();
    look.names();
    for (at, table) in contract.tables.iter().enumerate() {
        let place = item("/tables", at);
        look.key(table, &place);
        look.parent(at, table, &place);
        look.rows(table, &place);
        look.columns(table, &place);
    }
    look.problems
}

/// Goes through a contract.
struct Look<'c> {
    contract: &'c Contract,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn report(&mut self, category: Category, place: &str, message: String, fix: &str, example: &str) {
        self.problems.push(Problem::new(category, place, message, fix, example));
    }

    fn document(&mut self) {
        let contract = self.contract;
        let document = &contract.document;
        if contract.version != 1 {
            self.report(Category::Structure, "/version", format!("version {} is not known", contract.version), "Use version 1", "1");
        }
        if document.id.is_empty() {
            self.report(Category::Structure, "/document/id", "no attribute holds the id".into(), "Name one", r#"["/Root/Request/@ID"]"#);
        }
        for (at, id) in document.id.iter().enumerate() {
            match &id.element {
                Some(element) => self.below_root(element, &item("/document/id", at)),
                None => self.report(
                    Category::Structure,
                    &item("/document/id", at),
                    format!("{id} is of no element"),
                    "Give the whole path",
                    "/Root/Request/@ID",
                ),
            }
        }
        self.below_root(&document.application, "/document/application");
        for (at, other) in document.other_applications.iter().enumerate() {
            self.below_root(other, &item("/document/otherApplications", at));
        }
        for (name, element) in &document.elements {
            self.below_root(element, &member("/document/elements", name));
        }
    }

    fn below_root(&mut self, path: &ElementPath, place: &str) {
        let root = &self.contract.document.root;
        if path.0.first() != Some(root) {
            self.report(
                Category::Reference,
                place,
                format!("{path} does not begin with the root element {root}"),
                "Begin the path at the root",
                &format!("/{root}/…"),
            );
        }
    }

    fn groups(&mut self) {
        for (name, group) in &self.contract.groups {
            let place = member("/groups", name);
            self.below_root(&group.element, &member(&place, "element"));
            self.role(&group.role.values, &member(&place, "role"));
            self.require(group, &place);
            for (name, child) in &group.children {
                self.role(&child.kind.values, &member(&member(&member(&place, "children"), name), "type"));
            }
        }
    }

    fn role(&mut self, values: &[String], place: &str) {
        let place = member(place, "values");
        if values.is_empty() {
            self.report(Category::Structure, &place, "no value is taken".into(), "List the values, best first", r#"["MAIN", "GUEST"]"#);
        }
        self.unique(values.iter().map(String::as_str), &place, "value");
    }

    fn require(&mut self, group: &Group, place: &str) {
        if !group.require.is_empty() && !self.contract.compat.child_filter_ignores_case {
            let message = "require is for the filter of child rows of old contracts".to_owned();
            self.report(
                Category::Structure,
                &member(place, "require"),
                message,
                "Take it out, or turn compat.childFilterIgnoresCase on",
                r#"{"childFilterIgnoresCase": true}"#,
            );
        }
    }

    fn dictionaries(&mut self) {
        for (name, dictionary) in &self.contract.enums {
            if dictionary.values.is_empty() && dictionary.otherwise.is_none() {
                self.report(
                    Category::Structure,
                    &member("/enums", name),
                    "the dictionary is empty".into(),
                    "Give it values",
                    r#"{"values": {"A": 1}}"#,
                );
            }
        }
        for (name, flag) in &self.contract.flags {
            let wrong = flag.values.iter().find(|(_, value)| **value > 1).map(|(key, _)| key.clone());
            if let Some(key) = wrong {
                let place = member(&member(&member("/flags", name), "values"), &key);
                self.report(Category::Value, &place, "a flag is 0 or 1".into(), "Use an enum for other numbers", "1");
            }
            if flag.otherwise.is_some_and(|value| value > 1) {
                self.report(Category::Value, &member(&member("/flags", name), "otherwise"), "a flag is 0 or 1".into(), "Use 0 or 1", "0");
            }
        }
    }

    /// Names of tables and of their columns.
    fn names(&mut self) {
        let contract = self.contract;
        let own = std::iter::once(contract.target.log.as_str()).chain(contract.target.codes.as_ref().map(|codes| codes.table.as_str()));
        self.unique(own.chain(contract.tables.iter().map(|table| table.name.as_str())), "/tables", "table");
        for (at, table) in contract.tables.iter().enumerate() {
            let place = member(&item("/tables", at), "columns");
            self.unique(table.columns.iter().map(|column| column.name.as_str()), &place, "column");
            if table.columns.iter().any(|column| column.name == OWN_COLUMN) {
                let message = format!("{OWN_COLUMN} is the name of a column of our own");
                self.report(Category::Reference, &place, message, "Choose another name", "document_id");
            }
        }
    }

    fn unique<'n>(&mut self, names: impl Iterator<Item = &'n str>, place: &str, what: &str) {
        let mut seen = HashSet::new();
        for name in names {
            if name.trim().is_empty() {
                self.report(Category::Structure, place, format!("a {what} without a name"), "Name it", &format!("{what}_1"));
            } else if !seen.insert(name) {
                self.report(
                    Category::Reference,
                    place,
                    format!("there are two {what}s {name}"),
                    "Leave one of them, or give it another name",
                    &format!("{name}_2"),
                );
            }
        }
    }

    fn key(&mut self, table: &Table, place: &str) {
        let place = member(place, "key");
        if table.key.is_empty() {
            self.report(Category::Key, &place, format!("{} has no key", table.name), "Name the columns that tell its rows apart", r#"["loan_id"]"#);
        }
        for name in &table.key {
            match table.columns.iter().find(|column| column.name == *name) {
                None => self.no_column(table, name, &place),
                Some(column) if column.nullable => {
                    let message = format!("the key column {name} takes null");
                    self.report(
                        Category::Key,
                        &place,
                        message,
                        "Set nullable: false on it",
                        &format!(r#"{{"name": "{name}", "type": "{}", "nullable": false}}"#, column.kind),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn no_column(&mut self, table: &Table, name: &str, place: &str) {
        let near = super::places::nearest(name, table.columns.iter().map(|column| column.name.as_str()));
        let fix = near.map_or_else(|| "Add the column, or name another".to_owned(), |near| format!("Did you mean {near}?"));
        let example = table.columns.first().map_or("loan_id", |column| column.name.as_str());
        self.report(Category::Reference, place, format!("{} has no column {name}", table.name), &fix, example);
    }

    fn parent(&mut self, at: usize, table: &Table, place: &str) {
        let Some(parent) = &table.parent else { return };
        let place = member(place, "parent");
        let Some(of) = self.contract.tables[..at].iter().find(|before| before.name == parent.table) else {
            let message = format!("no table {} comes before {}", parent.table, table.name);
            return self.report(
                Category::Key,
                &place,
                message,
                "List the parent before its children",
                &format!(r#"[{{"name": "{}"}}, {{"name": "{}"}}]"#, parent.table, table.name),
            );
        };
        if parent.columns.len() != of.key.len() {
            let message = format!("{} columns point to the {} key columns of {}", parent.columns.len(), of.key.len(), of.name);
            return self.report(Category::Key, &place, message, "Name one column for each, in the order of the key", &format!("{:?}", of.key));
        }
        for (name, key) in parent.columns.iter().zip(&of.key) {
            let Some(column) = table.columns.iter().find(|column| column.name == *name) else {
                self.no_column(table, name, &place);
                continue;
            };
            let other = of.columns.iter().find(|column| column.name == *key).map(|column| column.kind);
            if other.is_some_and(|kind| kind != column.kind) {
                let message =
                    format!("{name} is {} and {}.{key} is {}", column.kind, of.name, other.map_or_else(String::new, |kind| kind.to_string()));
                self.report(Category::Key, &place, message, "Give both the same type", r#"{"name": "loan_id", "type": "bigint"}"#);
            }
        }
    }
}

#[cfg(test)]
mod tests;
