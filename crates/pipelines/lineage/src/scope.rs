//! What names mean inside a query: relations of FROM, common table expressions, aliases, and the queries around it.

use crate::dialects::Dialect;
use crate::model::Kind;
use crate::names::key;
use crate::relation::{Origin, OutColumn, Relation, same};
use hashbrown::HashMap;
use std::rc::Rc;

/// What a column name means.
pub(crate) enum Found {
    Nothing,
    Column { kind: Kind, origins: Vec<Origin> },
}

/// The names that are seen at one place.
#[derive(Default)]
pub(crate) struct Env<'e> {
    parent: Option<&'e Env<'e>>,
    pub ctes: Vec<(String, Rc<Vec<OutColumn>>)>,
    pub relations: Vec<Relation>,
    /// Items of this select that later ones may use, by their names in lower case.
    pub aliases: HashMap<String, OutColumn>,
}

impl<'e> Env<'e> {
    pub fn under(parent: Option<&'e Env<'e>>) -> Env<'e> {
        Env { parent, ..Env::default() }
    }

    pub fn of(parent: &'e Env<'e>, relation: Relation) -> Env<'e> {
        Env { parent: Some(parent), relations: vec![relation], ..Env::default() }
    }

    pub fn add(&mut self, relation: Relation) {
        self.relations.push(relation);
    }

    /// Names of columns that a relation has in common with those that are here, as far as they are known.
    pub fn common(&self, relation: &Relation, dialect: Dialect) -> Vec<String> {
        let closed = relation.columns.iter().filter(|c| c.open.is_none()).map(|c| &c.name);
        closed.filter(|name| self.relations.iter().any(|r| r.known(name).is_some())).map(|name| key(name, dialect)).collect()
    }

    /// True where a relation here, or a part of its name, is called so.
    pub fn names_any(&self, name: &str) -> bool {
        self.relations.iter().any(|r| r.names.iter().any(|n| n == name))
    }

    pub fn cte(&self, name: &str) -> Option<Rc<Vec<OutColumn>>> {
        let mut at = Some(self);
        while let Some(env) = at {
            if let Some((_, columns)) = env.ctes.iter().rev().find(|(n, _)| n == name) {
                return Some(columns.clone());
            }
            at = env.parent;
        }
        None
    }

    /// The relation of a qualifier, here or further out.
    pub fn relation(&self, qualifier: &[String]) -> Option<&Relation> {
        let mut at = Some(self);
        while let Some(env) = at {
            if let Some(found) = env.relations.iter().find(|r| r.is_named(qualifier)) {
                return Some(found);
            }
            at = env.parent;
        }
        None
    }

    /// The relation here that is called so whatever the case, as names of rows are in BigQuery.
    pub fn relation_in_any_case(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|r| r.names.last().is_some_and(|n| same(n, name)))
    }

    /// Every column of the relations here, or of the one that is named; a column of USING comes once.
    pub fn star(&self, qualifier: Option<&[String]>) -> Vec<OutColumn> {
        if let Some(qualifier) = qualifier {
            return self.relation(qualifier).map(|r| r.columns.to_vec()).unwrap_or_default();
        }
        // Where nothing is read, as in a step of a pipe, all is meant that is seen.
        if let (true, Some(parent)) = (self.relations.is_empty(), self.parent) {
            return parent.star(None);
        }
        let mut out: Vec<OutColumn> = Vec::new();
        for relation in self.relations.iter().filter(|r| !r.hidden) {
            for column in relation.columns.iter() {
                let mut column = column.clone();
                if let Some(open) = &mut column.open {
                    open.except.extend(relation.using.iter().cloned());
                }
                let joined = column.open.is_none() && relation.using.iter().any(|u| same(u, &column.name));
                let held = if joined { out.iter_mut().find(|held| held.open.is_none() && same(&held.name, &column.name)) } else { None };
                match held {
                    Some(held) => held.absorb(column.kind, column.origins),
                    None => out.push(column),
                }
            }
        }
        out
    }

    /// What a name of one or more folded parts means.
    pub fn find(&self, parts: &[String], dialect: Dialect) -> Found {
        let Some((column, qualifier)) = parts.split_last() else { return Found::Nothing };
        if qualifier.is_empty() {
            return self.bare(column);
        }
        let keys: Vec<String> = qualifier.iter().map(|q| key(q, dialect)).collect();
        // `t.a.b` may be field b of column a of t; the longest qualifier that names a relation counts.
        for length in (1..=keys.len()).rev() {
            if let Some(relation) = self.relation(&keys[..length]) {
                let found = of_relation(relation, &parts[length]);
                return if length < keys.len() { as_expression(found) } else { found };
            }
        }
        // A table may be named with more parts than it was read by.
        if let Some(relation) = keys.last().and_then(|last| self.relation(std::slice::from_ref(last))).filter(|r| !r.aliased && r.base.is_some()) {
            return of_relation(relation, column);
        }
        if dialect.has_fields() { as_expression(self.bare(&parts[0])) } else { Found::Nothing }
    }

    /// The one table that a bare name can only be of, where all its columns are known.
    pub fn only_table(&self) -> Option<&Relation> {
        let outside = self.parent.is_none_or(|p| p.relations.is_empty() && p.parent.is_none_or(|g| g.relations.is_empty()));
        let [only] = self.relations.as_slice() else { return None };
        (outside && only.base.is_some() && !only.is_open()).then_some(only)
    }

    /// True where a relation here or further out is known to have this column.
    pub fn knows(&self, wanted: &str) -> bool {
        self.relations.iter().any(|r| r.known(wanted).is_some()) || self.parent.is_some_and(|p| p.knows(wanted))
    }

    fn bare(&self, wanted: &str) -> Found {
        let seen = || self.relations.iter().filter(|r| !r.hidden);
        let mut known: Vec<(Kind, Vec<Origin>)> = seen().filter_map(|r| r.fed(wanted)).collect();
        let joined = seen().any(|r| r.using.iter().any(|u| same(u, wanted)));
        if known.len() == 1
            && !joined
            && let Some((kind, origins)) = known.pop()
        {
            return Found::Column { kind, origins };
        }
        if known.is_empty()
            && !self.aliases.is_empty()
            && let Some(alias) = self.aliases.get(&wanted.to_lowercase())
        {
            return Found::Column { kind: alias.kind, origins: alias.origins.clone() };
        }
        if known.is_empty()
            && !joined
            && let Some(row) = seen().find(|r| r.aliased && r.names.last().is_some_and(|n| same(n, wanted)))
        {
            return whole_row(row);
        }
        let mut choices = known;
        if choices.is_empty() || joined {
            choices.extend(self.guesses(wanted));
        }
        if choices.is_empty() {
            return self.further_out(wanted);
        }
        let candidates = if joined { 1 } else { choices.len() };
        merge(choices, candidates)
    }

    /// A name that no relation here knows: of the row of a function, or of a query further out.
    fn further_out(&self, wanted: &str) -> Found {
        let generated = self.relations.iter().filter_map(|r| r.generated.as_ref()).find(|(_, origins)| !origins.is_empty());
        if let Some((kind, origins)) = generated {
            return Found::Column { kind: *kind, origins: origins.clone() };
        }
        // Each row of a table as a whole, by its alias.
        if let Some(relation) = self.relations.iter().find(|r| r.names.last().is_some_and(|n| same(n, wanted))) {
            return whole_row(relation);
        }
        self.parent.map_or(Found::Nothing, |parent| parent.bare(wanted))
    }

    fn guesses(&self, wanted: &str) -> Vec<(Kind, Vec<Origin>)> {
        let mut out = Vec::new();
        for relation in self.relations.iter().filter(|r| r.is_open() && !r.hidden) {
            let guesses = relation.guesses(wanted);
            if relation.has_branches() {
                out.extend((!guesses.is_empty()).then_some((Kind::Identity, guesses)));
            } else {
                out.extend(guesses.into_iter().map(|origin| (Kind::Identity, vec![origin])));
            }
        }
        out
    }
}

fn whole_row(relation: &Relation) -> Found {
    let mut origins: Vec<Origin> = relation.columns.iter().flat_map(|c| c.origins.clone()).collect();
    if origins.is_empty() {
        origins.extend(relation.generated.iter().flat_map(|(_, origins)| origins.clone()));
    }
    Found::Column { kind: Kind::Expression, origins }
}

fn merge(choices: Vec<(Kind, Vec<Origin>)>, candidates: usize) -> Found {
    let kind = choices.iter().map(|(kind, _)| *kind).max().unwrap_or(Kind::Identity);
    let mut all: Vec<Origin> = Vec::new();
    for mut origin in choices.into_iter().flat_map(|(_, origins)| origins) {
        origin.candidates *= candidates.max(1);
        if !all.contains(&origin) {
            all.push(origin);
        }
    }
    Found::Column { kind, origins: all }
}

/// A column of a relation that was named.
fn of_relation(relation: &Relation, wanted: &str) -> Found {
    if let Some((kind, origins)) = relation.fed(wanted) {
        return Found::Column { kind, origins };
    }
    let guesses = relation.guesses(wanted);
    if !guesses.is_empty() {
        if relation.has_branches() {
            return merge(vec![(Kind::Identity, guesses)], 1);
        }
        let candidates = guesses.len();
        return merge(guesses.into_iter().map(|origin| (Kind::Identity, vec![origin])).collect(), candidates);
    }
    if let Some((kind, origins)) = &relation.generated {
        return Found::Column { kind: *kind, origins: origins.clone() };
    }
    // The table is known and the column is not: the statement is believed, and the edge marked.
    match &relation.base {
        Some(asset) => {
            let origin = Origin { asset: asset.clone(), column: wanted.into(), candidates: 1, unresolved: true };
            Found::Column { kind: Kind::Identity, origins: vec![origin] }
        }
        None => Found::Nothing,
    }
}

fn as_expression(found: Found) -> Found {
    match found {
        Found::Column { kind, origins } => Found::Column { kind: kind.max(Kind::Expression), origins },
        Found::Nothing => Found::Nothing,
    }
}
