//! From mappings to tables of one row per document, contact, address or employment.

use std::collections::BTreeMap;

use super::super::problem::{Category, Problem};
use super::chain::{Owner, chain, kind};
use super::filters::{GROUP, MEMBER_ID};
use super::notes::Notes;
use super::original::{Mapping, Original, Relationship};
use crate::model::{Column, Compat, Group, Key, OnError, OnRepeat, Origin, Parent, RowCondition, RowKind, Table, Type};
use crate::values::{Value, convert};

/// The log has no mappings, and is not one of the tables.
pub(super) const LOG: &str = "processing_log";
/// Where the id of a document was always kept.
pub(super) const BASE: &str = "app_base";
const CONTACTS: &str = "app_contact_base";
/// What a row of a child table had to have: columns and attributes of these names, which were fixed.
const ADDRESS: ([&str; 5], [&str; 3]) = (["zip", "city", "street_name", "street_number", "state"], ["zip_code", "city", "street_name"]);
const EMPLOYMENT: ([&str; 5], [&str; 3]) = (["business_name", "monthly_salary", "job_title", "zip", "city"], ["business_name", "zip_code", "city"]);

/// What a table is filled by.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Filled {
    Document,
    Members,
    Children(String),
}

/// Makes tables.
pub(super) struct Maker<'a> {
    pub(super) original: &'a Original,
    pub(super) group: Option<&'a Group>,
    pub(super) problems: &'a mut Vec<Problem>,
    pub(super) notes: &'a mut Notes,
}

/// The tables, in their order.
pub(super) fn tables(original: &Original, group: Option<&Group>, problems: &mut Vec<Problem>, notes: &mut Notes) -> Vec<Table> {
    let mut maker = Maker { original, group, problems, notes };
    let mut of: BTreeMap<&str, Vec<&Mapping>> = BTreeMap::new();
    for mapping in &original.mappings {
        of.entry(mapping.table.as_str()).or_default().push(mapping);
    }
    let mut tables = Vec::new();
    for name in &original.order {
        match of.remove(name.as_str()) {
            Some(mappings) => tables.extend(maker.table(name, &mappings)),
            None if name != LOG => maker.notes.add(format!("{name} has a place in table_insertion_order and no mappings; it was left out")),
            None => {}
        }
    }
    for (name, mappings) in of {
        maker.notes.add(format!("{name} has no place in table_insertion_order and comes last"));
        tables.extend(maker.table(name, &mappings));
    }
    tables
}

impl Maker<'_> {
    fn table(&mut self, name: &str, mappings: &[&Mapping]) -> Option<Table> {
        if mappings.iter().any(|mapping| mapping.row_type().is_some()) {
            return self.entries(name, mappings);
        }
        match self.filled(name) {
            Filled::Document => self.document_table(name, mappings),
            Filled::Members => self.member_table(name, mappings),
            Filled::Children(child) => self.child_table(name, &child, mappings),
        }
    }

    fn filled(&self, name: &str) -> Filled {
        let Some(group) = self.group else { return Filled::Document };
        let element = self.relationship(name).and_then(|relationship| relationship.element.as_deref());
        let child = group.children.iter().find(|(kind, child)| element == Some(&child.element) || name == format!("app_contact_{kind}"));
        match child {
            Some((kind, _)) => Filled::Children(kind.clone()),
            None if name == CONTACTS || element == Some(group.element.name()) => Filled::Members,
            None => Filled::Document,
        }
    }

    pub(super) fn relationship(&self, name: &str) -> Option<&Relationship> {
        self.original.relationships.iter().find(|relationship| relationship.child == name)
    }

    /// The table of documents, and its key.
    pub(super) fn base(&self) -> (String, String, Type) {
        let is_base = |mapping: &&Mapping| mapping.has("identity_insert") && self.filled(&mapping.table) == Filled::Document;
        let mapping = self.original.mappings.iter().find(is_base);
        let kind = mapping.and_then(|mapping| kind(mapping, &mut Vec::new())).unwrap_or(Type::Int);
        mapping.map_or((BASE.to_owned(), "app_id".to_owned(), kind), |mapping| (mapping.table.clone(), mapping.column.clone(), kind))
    }

    /// Type of a contact's id.
    fn member_kind(&self) -> Type {
        let of = |mapping: &&Mapping| mapping.column == MEMBER_ID && mapping.has("identity_insert");
        self.original.mappings.iter().find(of).and_then(|mapping| kind(mapping, &mut Vec::new())).unwrap_or(Type::Int)
    }

    fn document_table(&mut self, name: &str, mappings: &[&Mapping]) -> Option<Table> {
        let (base, id, id_kind) = self.base();
        let is_base = name == base;
        let (key, parent) = if is_base { (id.clone(), None) } else { self.hangs_off(name, &base, &id) };
        let columns = self.columns(mappings, Owner::Document, vec![key_column(&key, id_kind, Key::Document)]);
        Some(Table {
            name: name.to_owned(),
            key: vec![key],
            parent,
            on_repeat: OnRepeat::Fail,
            rows: RowKind::Document {},
            row_if: None,
            keep_empty: is_base,
            columns,
        })
    }

    /// The column that points to the parent, and the parent.
    pub(super) fn hangs_off(&self, name: &str, base: &str, id: &str) -> (String, Option<Parent>) {
        let relationship = self.relationship(name);
        let column = relationship.map_or_else(|| id.to_owned(), |relationship| relationship.column.clone());
        let table = relationship.and_then(|relationship| relationship.parent.clone()).unwrap_or_else(|| base.to_owned());
        (column.clone(), Some(Parent { table, columns: vec![column] }))
    }

    fn member_table(&mut self, name: &str, mappings: &[&Mapping]) -> Option<Table> {
        let (base, id, id_kind) = self.base();
        let (column, parent) = self.hangs_off(name, &base, &id);
        let keys = vec![key_column(MEMBER_ID, self.member_kind(), Key::Member), key_column(&column, id_kind, Key::Document)];
        let columns = self.columns(mappings, Owner::Member, keys);
        Some(Table {
            name: name.to_owned(),
            key: vec![MEMBER_ID.to_owned()],
            parent,
            on_repeat: OnRepeat::KeepFirst,
            rows: RowKind::Group { group: GROUP.to_owned() },
            row_if: None,
            keep_empty: true,
            columns,
        })
    }

    fn child_table(&mut self, name: &str, child: &str, mappings: &[&Mapping]) -> Option<Table> {
        let typed = &self.group?.children.get(child)?.kind.attribute;
        let Some(type_column) = mappings.iter().find(|mapping| mapping.attribute == *typed && mapping.not_null).map(|mapping| mapping.column.clone())
        else {
            let message = format!("{name} has no column that is never null and holds {typed}, which tells its rows apart");
            self.problems.push(Problem::new(
                Category::Key,
                "/mappings",
                message,
                "Add its mapping with nullable: false",
                r#"{"xml_attribute": "address_tp_c", "target_column": "address_type_enum", "nullable": false, …}"#,
            ));
            return None;
        };
        let (column, parent) = self.hangs_off(name, CONTACTS, MEMBER_ID);
        let columns = self.columns(mappings, Owner::Child, vec![key_column(&column, self.member_kind(), Key::Member)]);
        let (wanted, attributes) = if child == "employment" { EMPLOYMENT } else { ADDRESS };
        let row_if = RowCondition {
            columns: wanted.iter().filter(|name| columns.iter().any(|column| column.name == **name)).map(|name| (*name).to_owned()).collect(),
            attributes: attributes.map(str::to_owned).to_vec(),
        };
        Some(Table {
            name: name.to_owned(),
            key: vec![column, type_column],
            parent,
            on_repeat: OnRepeat::KeepFirst,
            rows: RowKind::Child { group: GROUP.to_owned(), child: child.to_owned() },
            row_if: Some(row_if),
            keep_empty: false,
            columns,
        })
    }

    /// Columns: first those that the row has by its place, then those of the mappings.
    fn columns(&mut self, mappings: &[&Mapping], owner: Owner, keys: Vec<Column>) -> Vec<Column> {
        let mut columns = keys;
        let given = columns.len();
        for mapping in mappings {
            let Some(column) = self.column(mapping, owner) else { continue };
            match columns.iter().position(|other| other.name == column.name) {
                None => columns.push(column),
                // What a row has by its place is not read again.
                Some(at) if at < given => {}
                Some(at) if is_split(mapping) => columns[at] = column,
                Some(_) => self.twice(mapping),
            }
        }
        columns
    }

    pub(super) fn twice(&mut self, mapping: &Mapping) {
        let message = format!("{}.{} is mapped twice", mapping.table, mapping.column);
        let fix = "Leave one of the mappings";
        self.problems.push(Problem::new(
            Category::Reference,
            &format!("{}/target_column", mapping.place),
            message,
            fix,
            format!("{}_2", mapping.column),
        ));
    }

    pub(super) fn column(&mut self, mapping: &Mapping, owner: Owner) -> Option<Column> {
        let steps = chain(self.original, self.group, mapping, owner, self.problems)?;
        let kind = kind(mapping, self.problems)?;
        Some(Column {
            name: mapping.column.clone(),
            kind,
            from: Some(steps.from),
            steps: steps.steps,
            nullable: !mapping.not_null,
            default: self.default(mapping, &kind, mapping.types.is_empty() || mapping.not_null),
            on_error: OnError::NullIfUnreadable,
            counts: None,
        })
    }

    /// A default that had an effect.
    pub(super) fn default(&mut self, mapping: &Mapping, kind: &Type, has_effect: bool) -> Option<String> {
        let default = mapping.default.clone()?;
        if !has_effect {
            self.notes.dead_default(mapping);
            return None;
        }
        match convert(&default, kind, false, &Compat::default()) {
            Ok(Value::Null) => None,
            Ok(_) => Some(default),
            Err(error) => {
                let message =
                    format!("the default {default:?} of {}.{} was left out: {error}, and the database refused it", mapping.table, mapping.column);
                self.notes.add(message);
                None
            }
        }
    }
}

/// Whether several mappings of one column are no fault: contacts were told apart by their role.
fn is_split(mapping: &Mapping) -> bool {
    ["last_valid_pr_contact", "last_valid_sec_contact", "authu_contact", "curr_address_only"].iter().any(|name| mapping.has(name))
}

/// A column that a row has by its place.
pub(super) fn key_column(name: &str, kind: Type, key: Key) -> Column {
    Column { from: Some(Origin::Key(key)), ..empty_column(name, kind) }
}

/// A column that is never null and that something else fills.
pub(super) fn empty_column(name: &str, kind: Type) -> Column {
    Column { name: name.to_owned(), kind, from: None, steps: Vec::new(), nullable: false, default: None, on_error: OnError::default(), counts: None }
}
