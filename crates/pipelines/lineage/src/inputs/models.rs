//! Models of dbt as they are written: a file whose query is the relation that it is called after.

use crate::extract::Prepared;
use crate::names::{Name, Part};
use crate::tree::{Asset, Body, Create, Query, Select, Source, Statement};
use crate::units::{Unit, Work, into_of};

/// The model that a file is by its place: below a folder `models`, and called as its relation is. `None` for any other path.
pub fn model_name(path: &str) -> Option<&str> {
    let mut parts = path.rsplit(['/', '\\']);
    let file = parts.next()?;
    let stem = file.get(..file.len().checked_sub(4)?).filter(|s| !s.is_empty())?;
    (file[stem.len()..].eq_ignore_ascii_case(".sql") && parts.any(|p| p == "models")).then_some(stem)
}

/// True for a text that asks dbt for another relation, or says how it is kept.
pub(crate) fn is_model(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once("{{") {
        let word = inner.trim_start_matches(['-', ' ', '\n', '\t', '\r']);
        if ["ref", "source", "config"].iter().any(|w| word.strip_prefix(w).is_some_and(|r| r.trim_start().starts_with('('))) {
            return true;
        }
        rest = inner;
    }
    false
}

/// How a model is kept: what `materialized` says, else as a view.
pub(crate) fn kept_as(text: &str) -> Asset {
    let said = text.split_once("materialized").and_then(|(_, rest)| rest.split(['\'', '"']).nth(1));
    match said {
        Some("table" | "incremental" | "dynamic_table") => Asset::Table,
        Some("materialized_view") => Asset::MaterializedView,
        _ => Asset::View,
    }
}

impl Prepared {
    /// Makes the last query of a file the one that its model is made of.
    pub(crate) fn make_model(&mut self, model: &str, asset: Asset) {
        let is_query = |unit: &Unit| match &unit.work {
            Work::Parsed(Statement::Query(query)) => into_of(query).is_none(),
            Work::Tables(_) => true,
            _ => false,
        };
        let Some(unit) = self.units.iter_mut().rfind(|u| u.within.is_none() && is_query(u)) else { return };
        let query = match &mut unit.work {
            Work::Parsed(Statement::Query(query)) => std::mem::take(query),
            Work::Tables(names) => {
                let from = names.drain(..).map(Source::table).collect();
                Query { ctes: Vec::new(), body: Body::Select(Box::new(Select { ordinal: usize::MAX, from, ..Select::default() })) }
            }
            _ => return,
        };
        let name = Name { parts: vec![Part { text: model.to_owned(), quoted: false }] };
        let create = Create { query: Some(query), ..Create::named(asset, name) };
        unit.work = Work::Parsed(Statement::Create(create));
    }
}
