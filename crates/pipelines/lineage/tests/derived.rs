//! Generated queries whose edges the generator knows: it derives them while it writes the text, without parsing or resolving anything.
//!
//! Each query nests common table expressions (some called as a table is), derived tables, unions, joins, aliases that hide others, stars and
//! subqueries over known tables. What a query feeds from must be found exactly, with the kind of the step that changes most.

#![allow(clippy::unwrap_used)]

use rowmill_lineage::{Catalogue, Choice, Dialect, Entry, EntryColumn, Kind, Options, prepare};
use std::collections::{BTreeMap, BTreeSet};

const TABLES: &[(&str, &[&str])] = &[
    ("orders", &["id", "client", "total", "placed"]),
    ("clients", &["id", "name", "city"]),
    ("items", &["id", "order_id", "part", "qty", "price"]),
    ("parts", &["part", "label", "weight"]),
    ("cities", &["city", "country"]),
];

/// What a column is made of.
#[derive(Clone, PartialEq, Debug)]
struct Column {
    name: String,
    from: BTreeSet<(String, String)>,
    kind: Kind,
}

/// A query or a source of rows: its text, and what its columns are made of.
#[derive(Clone)]
struct Rows {
    text: String,
    columns: Vec<Column>,
}

struct Generator {
    state: u64,
    names: usize,
    /// Whether names of columns may stand behind an alias.
    lists: bool,
    /// Whether a common table expression may be called as a table that it reads: where recursion need not be said it would read itself.
    hides: bool,
}

impl Generator {
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.state >> 33) as usize) % bound
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A statement's query: with common table expressions or without.
    fn query(&mut self, depth: usize, seen: &BTreeMap<String, Vec<Column>>) -> Rows {
        if depth == 0 || !self.chance(45) {
            return self.body(depth, seen);
        }
        let mut seen = seen.clone();
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(2) {
            let inner = self.query(depth - 1, &seen);
            // One that is called as a table hides it from here on; inside it means the table.
            let name = if self.hides && self.chance(25) { TABLES[self.below(TABLES.len())].0.to_owned() } else { self.fresh("w") };
            if parts.iter().any(|p: &String| p.starts_with(&format!("{name} "))) {
                continue;
            }
            let (list, columns) = self.renamed(inner.columns);
            parts.push(format!("{name} {list}AS ({})", inner.text));
            seen.insert(name, columns);
        }
        let body = self.body(depth - 1, &seen);
        Rows { text: format!("WITH {} {}", parts.join(", "), body.text), columns: body.columns }
    }

    /// Other names for all columns, sometimes.
    fn renamed(&mut self, mut columns: Vec<Column>) -> (String, Vec<Column>) {
        if !self.lists || !self.chance(30) {
            return (String::new(), columns);
        }
        columns.iter_mut().for_each(|c| c.name = self.fresh("r"));
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        (format!("({}) ", names.join(", ")), columns)
    }

    /// A select, or branches that feed by position under the names of the first.
    fn body(&mut self, depth: usize, seen: &BTreeMap<String, Vec<Column>>) -> Rows {
        let width = 1 + self.below(4);
        let mut first = self.select(depth, seen, None, width);
        while depth > 0 && self.chance(25) {
            let width = first.columns.len();
            let next = self.select(depth - 1, seen, None, width);
            if next.columns.len() != width {
                break;
            }
            let word = ["UNION ALL", "UNION"][self.below(2)];
            first.text = format!("{} {word} {}", first.text, next.text);
            for (held, other) in first.columns.iter_mut().zip(next.columns) {
                held.from.extend(other.from);
                held.kind = held.kind.max(other.kind);
            }
        }
        first
    }

    fn source(&mut self, depth: usize, seen: &BTreeMap<String, Vec<Column>>) -> (String, Vec<Column>) {
        if depth > 0 && self.chance(35) {
            let inner = self.query(depth - 1, seen);
            return (format!("({})", inner.text), inner.columns);
        }
        if !seen.is_empty() && self.chance(60) {
            let (name, columns) = seen.iter().nth(self.below(seen.len())).unwrap();
            return (name.clone(), columns.clone());
        }
        let (name, columns) = TABLES[self.below(TABLES.len())];
        match seen.get(name) {
            Some(hidden) => (name.to_owned(), hidden.clone()),
            None => (name.to_owned(), columns.iter().map(|c| base(name, c)).collect()),
        }
    }

    /// A select of `width` items, but for stars; `outer` is a row around it that conditions may look at.
    fn select(&mut self, depth: usize, seen: &BTreeMap<String, Vec<Column>>, outer: Option<&(String, Vec<Column>)>, width: usize) -> Rows {
        let mut from = String::new();
        let mut sources: Vec<(String, Vec<Column>)> = Vec::new();
        for position in 0..1 + self.below(3) {
            let (text, columns) = self.source(depth, seen);
            let alias = self.fresh("a");
            let list = if text.starts_with('(') { self.renamed(columns.clone()) } else { (String::new(), columns) };
            let join = [" JOIN ", " LEFT JOIN ", " CROSS JOIN ", ", "][self.below(if position == 0 { 1 } else { 4 })];
            let on = match (position, join) {
                (0, _) | (_, " CROSS JOIN " | ", ") => String::new(),
                _ => format!(" ON {}.{} = {alias}.{}", sources[0].0, sources[0].1[0].name, list.1[0].name),
            };
            let join = if position == 0 { "" } else { join };
            from.push_str(&format!("{join}{text} {alias} {}{on}", list.0));
            sources.push((alias, list.1));
        }
        let (mut items, mut columns): (Vec<String>, Vec<Column>) = (Vec::new(), Vec::new());
        if self.chance(15) && distinct(&sources) {
            items.push("*".to_owned());
            columns.extend(sources.iter().flat_map(|(_, c)| c.clone()));
        }
        while columns.len() < width {
            let (text, column) = self.item(depth, seen, &sources);
            if columns.iter().any(|c| c.name == column.name) {
                continue;
            }
            items.push(text);
            columns.push(column);
        }
        let condition = self.condition(depth, seen, &sources, outer);
        Rows { text: format!("SELECT {} FROM {from}{condition}", items.join(", ")), columns }
    }

    fn pick(&mut self, sources: &[(String, Vec<Column>)]) -> (String, Column) {
        let (alias, columns) = &sources[self.below(sources.len())];
        let column = columns[self.below(columns.len())].clone();
        let alone = sources.iter().flat_map(|(_, c)| c).filter(|c| c.name == column.name).count() == 1;
        let bare = alone && self.chance(40);
        (if bare { column.name.clone() } else { format!("{alias}.{}", column.name) }, column)
    }

    fn item(&mut self, depth: usize, seen: &BTreeMap<String, Vec<Column>>, sources: &[(String, Vec<Column>)]) -> (String, Column) {
        let (text, column) = self.pick(sources);
        let (other_text, other) = self.pick(sources);
        let both: BTreeSet<_> = column.from.union(&other.from).cloned().collect();
        let most = column.kind.max(other.kind);
        let name = self.fresh("k");
        let made = |from, kind| Column { name: name.clone(), from, kind };
        match self.below(9) {
            0..=2 => (text, column),
            3 => (format!("{text} AS {name}"), made(column.from, column.kind)),
            4 => (format!("{text} + {other_text} AS {name}"), made(both, most.max(Kind::Expression))),
            5 => (format!("CAST({text} AS int) AS {name}"), made(column.from, column.kind.max(Kind::Cast))),
            6 => (format!("CASE WHEN {text} > 3 THEN {other_text} ELSE 0 END AS {name}"), made(both, most.max(Kind::Expression))),
            7 => (format!("SUM({text}) OVER (PARTITION BY {other_text}) AS {name}"), made(both, Kind::Window)),
            _ if depth > 0 => {
                let around = sources[self.below(sources.len())].clone();
                let inner = self.select(depth - 1, seen, Some(&around), 1);
                let Some(first) = inner.columns.first().filter(|_| inner.columns.len() == 1) else { return (text, column) };
                (format!("({}) AS {name}", inner.text), made(first.from.clone(), first.kind.max(Kind::Expression)))
            }
            _ => (format!("MAX({text}) AS {name}"), made(column.from, Kind::Aggregate)),
        }
    }

    /// A condition, which feeds nothing.
    fn condition(
        &mut self,
        depth: usize,
        seen: &BTreeMap<String, Vec<Column>>,
        sources: &[(String, Vec<Column>)],
        outer: Option<&(String, Vec<Column>)>,
    ) -> String {
        let (text, _) = self.pick(sources);
        if let Some((alias, columns)) = outer {
            return format!(" WHERE {text} = {alias}.{}", columns[self.below(columns.len())].name);
        }
        if depth == 0 || !self.chance(40) {
            return String::new();
        }
        let inner = self.select(depth - 1, seen, Some(&sources[0]), 1);
        match self.below(3) {
            0 => format!(" WHERE EXISTS ({})", inner.text),
            1 => format!(" WHERE {text} IN ({})", inner.text),
            _ => format!(" WHERE {text} > ({})", inner.text),
        }
    }
}

fn base(table: &str, column: &str) -> Column {
    Column { name: column.to_owned(), from: BTreeSet::from([(table.to_owned(), column.to_owned())]), kind: Kind::Identity }
}

fn distinct(sources: &[(String, Vec<Column>)]) -> bool {
    let all: Vec<&str> = sources.iter().flat_map(|(_, c)| c).map(|c| c.name.as_str()).collect();
    all.iter().collect::<BTreeSet<_>>().len() == all.len()
}

fn catalogue(dialect: Dialect) -> Catalogue {
    let named = |c: &&str| EntryColumn::Named((*c).to_owned(), String::new());
    let of = |text: &str| if matches!(dialect, Dialect::Snowflake | Dialect::Oracle) { text.to_uppercase() } else { text.to_owned() };
    let entries = TABLES.iter().map(|(name, columns)| Entry { name: of(name), columns: columns.iter().map(named).collect(), alias_of: None });
    Catalogue::new(entries.collect::<Vec<_>>(), dialect)
}

#[test]
fn lin_051_generated_queries_have_the_edges_that_they_were_made_with() {
    use Dialect::*;
    let mut wrong = Vec::new();
    let mut edges = 0;
    for (seed, dialect) in
        [Generic, Postgres, Snowflake, Bigquery, Tsql, Mysql, Spark, Duckdb, Oracle, Trino, Redshift, Clickhouse].into_iter().enumerate()
    {
        let known = catalogue(dialect);
        let lists = !matches!(dialect, Oracle | Bigquery | Clickhouse);
        let hides = !matches!(dialect, Generic | Snowflake | Oracle | Tsql);
        let mut generator = Generator { state: 0x9e37_79b9 + seed as u64, names: 0, lists, hides };
        for _ in 0..250 {
            let rows = generator.query(3, &BTreeMap::new());
            let names: Vec<String> = (0..rows.columns.len()).map(|i| format!("o{i}")).collect();
            let text = format!("CREATE VIEW target ({}) AS {};", names.join(", "), rows.text);
            let options = Options { dialect: Choice::Named(dialect), ..Options::default() };
            let found = prepare(&text, &options).lineage(&known);
            let expected: BTreeSet<(String, String, Kind)> = rows
                .columns
                .iter()
                .zip(&names)
                .flat_map(|(column, name)| column.from.iter().map(move |(table, from)| (format!("{table}.{from}"), name.clone(), column.kind)))
                .collect();
            let of = found.statements.iter().flat_map(|s| &s.columns).filter(|e| !e.unresolved && !e.ambiguous);
            let got: BTreeSet<(String, String, Kind)> = of
                .map(|e| {
                    let from = e.from.as_ref().map_or(String::new(), |f| format!("{}.{}", f.asset, f.column).to_lowercase());
                    (from, e.to.column.to_lowercase(), e.kind)
                })
                .collect();
            edges += expected.len();
            if got != expected {
                let missing: Vec<_> = expected.difference(&got).collect();
                let extra: Vec<_> = got.difference(&expected).collect();
                wrong.push(format!("{dialect:?}: {text}\n  missing {missing:?}\n  extra {extra:?}\n  {:?}", found.problems));
            }
        }
    }
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} of 3000 differ, the shortest:\n{}", wrong.len(), wrong[..wrong.len().min(6)].join("\n"));
    assert!(edges > 10_000, "{edges} edges");
}
