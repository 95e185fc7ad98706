//! What a file is cut into: statements with what they may need to be resolved.

use crate::model::{Definition, Flags};
use crate::names::Name;
use crate::tree::{self, Query, Statement};
use crate::variables::Variables;
use std::sync::Arc;

/// One statement, ready to be resolved.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub index: usize,
    pub line: usize,
    pub column: usize,
    /// Where it begins, in bytes; 0 for what stands in a text that is run.
    pub at: usize,
    pub word: &'static str,
    pub parser: &'static str,
    pub within: Option<String>,
    pub work: Work,
    pub calls: Vec<Name>,
    pub text: String,
    pub flags: Flags,
    /// INTO fills variables here and makes no table.
    pub into_is_variable: bool,
    pub may_make_temporary: bool,
    /// It makes a table or view that goes with the session.
    pub temporary: bool,
    /// Names of the routine or script around that are no columns.
    pub variables: Option<Arc<Variables>>,
}

impl Unit {
    pub fn within_variable_into(&self, statement: &Statement) -> bool {
        self.into_is_variable && matches!(statement, Statement::Query(_))
    }
}

/// What is to be done with a unit.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Parsed(Statement),
    Define(Definition),
    Call(Name),
    /// Only the tables of it are known.
    Tables(Vec<Name>),
    Dynamic,
}

/// The target of `SELECT … INTO`.
pub(crate) fn into_of(query: &Query) -> Option<&Name> {
    match &query.body {
        tree::Body::Select(select) => select.into.as_ref(),
        tree::Body::Set { branches, .. } => branches.first().and_then(into_of),
        tree::Body::Values(_) => None,
    }
}

/// What a statement writes: the table that it names, or the one whose alias it names.
pub(crate) fn written(work: &Work) -> Option<tree::Source> {
    let (target, from) = match work {
        Work::Parsed(Statement::Insert(insert)) => return Some(tree::Source::table(insert.target.clone())),
        Work::Parsed(Statement::Update(update)) => (&update.target, update.from.as_slice()),
        Work::Parsed(Statement::Delete(delete)) => (&delete.target, delete.from.as_slice()),
        Work::Parsed(Statement::Merge(merge)) => (&merge.target, [].as_slice()),
        _ => return None,
    };
    let tree::Rows::Table(name) = &target.rows else { return None };
    let is_alias = |s: &&tree::Source| {
        s.alias.as_ref().is_some_and(|a| a.parts.last().map(|p| p.text.to_lowercase()) == name.parts.last().map(|p| p.text.to_lowercase()))
    };
    Some(from.iter().find(is_alias).filter(|_| name.parts.len() == 1).unwrap_or(target).clone())
}
