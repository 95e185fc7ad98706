//! Columns as they stand in a query, and the relations of FROM that have them.

use crate::catalogue::Shared;
use crate::model::Kind;
use crate::patterns::leaves_out;
use std::rc::Rc;

/// A base column that feeds something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Origin {
    pub asset: Shared,
    pub column: Shared,
    /// How many tables may be meant.
    pub candidates: usize,
    /// The catalogue does not know the column.
    pub unresolved: bool,
}

/// Columns of a table that is not known, but for some.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Open {
    pub asset: Shared,
    /// Columns that are left out.
    pub except: Vec<String>,
    /// Columns that have another name here: from, to.
    pub renamed: Vec<(String, String)>,
    /// Columns that are computed anew in their place.
    pub replaced: Vec<String>,
    /// The branch of a union that it stands in, from 1; 0 outside of unions. Branches feed together what tables of one branch may feed.
    pub branch: usize,
}

/// One output column of a query, or all columns of a table that is not known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutColumn {
    pub name: String,
    pub kind: Kind,
    pub origins: Vec<Origin>,
    /// Its select and its place there, for its text.
    pub text: Option<(usize, usize)>,
    pub open: Option<Open>,
    /// It stands in the place of a column of the star before it.
    pub in_star: bool,
}

impl OutColumn {
    pub fn made(name: String, kind: Kind, origins: Vec<Origin>) -> OutColumn {
        OutColumn { name, kind, origins, text: None, open: None, in_star: false }
    }

    pub fn base(asset: &Shared, column: &str) -> OutColumn {
        let origin = Origin { asset: asset.clone(), column: column.into(), candidates: 1, unresolved: false };
        OutColumn::made(column.to_owned(), Kind::Identity, vec![origin])
    }

    pub fn open(asset: &Shared) -> OutColumn {
        let origin = Origin { asset: asset.clone(), column: "*".into(), candidates: 1, unresolved: true };
        let open = Some(Open { asset: asset.clone(), except: Vec::new(), renamed: Vec::new(), replaced: Vec::new(), branch: 0 });
        OutColumn { open, kind: Kind::Star, ..OutColumn::made("*".to_owned(), Kind::Star, vec![origin]) }
    }

    pub fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// Another branch feeds the same column.
    pub fn absorb(&mut self, kind: Kind, origins: Vec<Origin>) {
        self.kind = self.kind.max(kind);
        for origin in origins {
            if !self.origins.contains(&origin) {
                self.origins.push(origin);
            }
        }
    }
}

/// One source of rows in FROM.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Relation {
    /// Its alias, or the parts of its name.
    pub names: Vec<String>,
    pub columns: Rc<Vec<OutColumn>>,
    /// Columns that it is joined by.
    pub using: Vec<String>,
    /// The table, where it is one.
    pub base: Option<Shared>,
    /// What feeds columns that it makes and does not name.
    pub generated: Option<(Kind, Vec<Origin>)>,
    /// Its columns are seen by their full names only.
    pub hidden: bool,
    /// It has an alias that is not the name of its table.
    pub aliased: bool,
}

impl Relation {
    pub fn derived(columns: Vec<OutColumn>) -> Relation {
        Relation::shared(Rc::new(columns))
    }

    pub fn shared(columns: Rc<Vec<OutColumn>>) -> Relation {
        Relation { columns, ..Relation::default() }
    }

    pub fn known(&self, wanted: &str) -> Option<&OutColumn> {
        self.columns.iter().find(|c| c.open.is_none() && same(&c.name, wanted))
    }

    pub fn is_open(&self) -> bool {
        self.columns.iter().any(|c| c.open.is_some())
    }

    /// What feeds a column that is known by name: branches of a union whose columns are not known feed it, too.
    pub fn fed(&self, wanted: &str) -> Option<(Kind, Vec<Origin>)> {
        let known = self.known(wanted).or_else(|| self.numbered(wanted))?;
        if !self.has_branches() {
            return Some((known.kind, known.origins.clone()));
        }
        let mut column = known.clone();
        column.absorb(Kind::Identity, self.guesses(wanted));
        Some((column.kind, column.origins))
    }

    /// `$2` of Snowflake: the second column, where all before it are known.
    fn numbered(&self, wanted: &str) -> Option<&OutColumn> {
        let position: usize = wanted.strip_prefix('$')?.parse().ok()?;
        let before = self.columns.get(..position)?;
        before.iter().all(|c| c.open.is_none()).then(|| before.last()).flatten()
    }

    pub fn has_branches(&self) -> bool {
        self.columns.iter().any(|c| c.open.as_ref().is_some_and(|o| o.branch > 0))
    }

    /// The columns of tables from which a column that is not known by name may come, each with how many of its branch may be meant.
    pub fn guesses(&self, wanted: &str) -> Vec<Origin> {
        let is = |text: &String| text.eq_ignore_ascii_case(wanted);
        let guess = |open: &Open| {
            let renamed = open.renamed.iter().find(|(_, to)| is(to)).map(|(from, _)| from.as_str());
            let gone =
                open.except.iter().any(|e| leaves_out(e, wanted)) || open.replaced.iter().any(is) || open.renamed.iter().any(|(from, _)| is(from));
            let column = renamed.or((!gone).then_some(wanted))?;
            Some((open.branch, Origin { asset: open.asset.clone(), column: column.into(), candidates: 1, unresolved: false }))
        };
        let mut all: Vec<(usize, Origin)> = self.columns.iter().filter_map(|c| c.open.as_ref()).filter_map(guess).collect();
        if self.has_branches() {
            let branches: Vec<usize> = all.iter().map(|(branch, _)| *branch).collect();
            all.iter_mut().for_each(|(branch, origin)| origin.candidates = branches.iter().filter(|b| *b == branch).count());
        }
        all.into_iter().map(|(_, origin)| origin).collect()
    }

    pub fn is_named(&self, qualifier: &[String]) -> bool {
        qualifier.len() <= self.names.len() && self.names.ends_with(qualifier)
    }
}

/// Names are compared as stored; those of dialects that fold were folded before. Columns of catalogues may be in any case.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}
