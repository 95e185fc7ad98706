//! Pipe syntax (`FROM t |> WHERE a |> SELECT b`) as queries that the parsers know. Steps stay in their order and on their lines.
//!
//! A step that computes becomes a lateral subquery behind the tables, so that their aliases are seen as long as pipe syntax has them seen.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token, lex};

/// The text without pipes, or `None` where it has none.
pub(crate) fn without_pipes(text: &str, dialect: Dialect) -> Option<String> {
    memchr::memmem::find(text.as_bytes(), b"|>")?;
    let lexed = lex(text, dialect);
    let reader = Pipes { text, tokens: &lexed.tokens };
    let all = lexed.tokens.len();
    if !(0..all).any(|at| reader.pipe(at)) {
        return None;
    }
    Some(reader.emit(0, all))
}

struct Pipes<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// A query in the making.
struct Query {
    /// Tables, joins and lateral subqueries, as they stand behind FROM.
    from: String,
    /// The alias of the only table, which is seen through what is made of it.
    alias: Option<String>,
    /// How many subqueries were named.
    named: usize,
}

impl Query {
    /// The same as a table: with these items, under the alias that it had.
    fn wrapped(&mut self, items: &str) {
        let alias = self.alias.as_ref().map(|a| format!(" AS {a}")).unwrap_or_default();
        self.from = format!("(SELECT {items} FROM {}){alias}", self.from);
    }

    fn name(&mut self) -> String {
        self.named += 1;
        format!("pipe_{}", self.named)
    }
}

impl Pipes<'_> {
    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_any(self.text, words))
    }

    fn pipe(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1);
        self.tokens[at].sign(b'|') && next.is_some_and(|n| n.sign(b'>') && n.start == self.tokens[at].end)
    }

    /// Places outside parentheses in a range at which something holds.
    fn outside(&self, from: usize, to: usize, holds: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut depth = 0i32;
        let mut out = Vec::new();
        for at in from..to {
            if depth == 0 && holds(at) {
                out.push(at);
            }
            depth += i32::from(self.tokens[at].sign(b'(')) - i32::from(self.tokens[at].sign(b')'));
        }
        out
    }

    /// The text of a range with the queries in it rewritten.
    fn emit(&self, from: usize, to: usize) -> String {
        let pipes = self.outside(from, to, |at| self.pipe(at));
        let head = self.outside(from, to, |at| self.is(at, &["from", "select"])).first().copied();
        match (pipes.first(), head) {
            (Some(&first), Some(head)) if head < first => {
                let ends = pipes[1..].iter().copied().chain([to]);
                let steps: Vec<(usize, usize)> = pipes.iter().copied().zip(ends).collect();
                format!("{}{}", self.copy(from, head), self.chain(head, first, &steps))
            }
            _ => self.copy(from, to),
        }
    }

    /// The text of a range and the space behind it; what stands in parentheses is rewritten.
    fn copy(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        let mut at = from;
        while at < to {
            let next = |i: usize| self.tokens.get(i).map_or(self.text.len(), |t| t.start);
            out.push_str(&self.text[self.tokens[at].start..next(at + 1)]);
            if self.tokens[at].sign(b'(') {
                let close = self.outside(at + 1, to, |i| self.tokens[i].sign(b')')).first().copied().unwrap_or(to);
                out.push_str(&self.emit(at + 1, close));
                at = close;
            } else {
                at += 1;
            }
        }
        out
    }

    /// Nothing but the line ends of a range.
    fn lines(&self, from: usize, to: usize) -> String {
        self.copy(from, to).chars().filter(|c| *c == '\n').collect()
    }

    fn chain(&self, head: usize, first: usize, steps: &[(usize, usize)]) -> String {
        let mut query = Query { from: String::new(), alias: None, named: 0 };
        if self.is(head, &["from"]) {
            query.from = self.copy(head + 1, first);
            query.alias = self.alias_of(head + 1, first);
        } else {
            query.from = format!("({})", self.copy(head, first));
        }
        let mut last = None;
        for &(from, to) in steps {
            if let Some(items) = last.take() {
                query.alias = None;
                query.wrapped(items);
            }
            last = self.step(&mut query, from + 2, to);
        }
        format!("SELECT {} FROM {}", last.unwrap_or("*"), query.from)
    }

    /// The alias of a table that stands alone, or the last part of its name.
    fn alias_of(&self, from: usize, to: usize) -> Option<String> {
        let joined = !self.outside(from, to, |at| self.tokens[at].sign(b',') || self.is(at, &["join"])).is_empty();
        let last = self.tokens[from..to].iter().rfind(|t| matches!(t.kind, Kind::Word | Kind::Quoted))?;
        let whole = last.text(self.text);
        let plain = !whole.contains('.') && self.tokens[to - 1] == *last;
        (!joined && plain).then(|| whole.to_owned())
    }

    /// Adds a step; the items that it leaves where not all are left as they are.
    fn step(&self, query: &mut Query, from: usize, to: usize) -> Option<&'static str> {
        let word = self.tokens.get(from).map_or("", |t| t.text(self.text)).to_ascii_lowercase();
        let rest = |skip: usize| self.copy(from + skip, to);
        match word.as_str() {
            "where" => query.from.push_str(&format!(" LEFT SEMI JOIN (SELECT 1) ON {}", rest(1))),
            "extend" | "window" => query.from.push_str(&format!(" CROSS JOIN (SELECT {})", rest(1))),
            "select" => {
                query.from.push_str(&format!(" CROSS JOIN (SELECT {}) AS pipe_items", rest(1)));
                return Some("pipe_items.*");
            }
            "aggregate" => return Some(self.aggregate(query, from, to)),
            "set" => self.set(query, from, to),
            "drop" => self.starred(query, from, to, "EXCEPT"),
            "rename" => self.starred(query, from, to, "RENAME"),
            "as" => {
                query.alias = None;
                query.wrapped("*");
                query.from.push_str(&format!(" AS {}", rest(1)));
                query.alias = self.alias_of(from + 1, to);
            }
            "union" | "intersect" | "except" => self.set_operation(query, from, to),
            "pivot" | "unpivot" | "match_recognize" => {
                query.alias = None;
                query.wrapped("*");
                query.from.push_str(&format!(" {}", rest(0)));
            }
            "call" => self.call(query, from, to),
            "order" | "limit" | "distinct" | "assert" | "tablesample" | "offset" | "with" => query.from.push_str(&self.lines(from, to)),
            _ => {
                query.alias = None;
                query.from.push_str(&format!(" {}", rest(0)));
            }
        }
        None
    }

    /// `AGGREGATE a GROUP BY k`: the keys come first.
    fn aggregate(&self, query: &mut Query, from: usize, to: usize) -> &'static str {
        let group = self.outside(from, to, |at| self.is(at, &["group"])).first().copied().unwrap_or(to);
        if group > from + 1 {
            query.from.push_str(&format!(" CROSS JOIN (SELECT {}) AS pipe_values", self.without_order(from + 1, group)));
        }
        let by = (group..to).find(|&at| self.is(at, &["by"]));
        let Some(by) = by else { return "pipe_values.*" };
        query.from.push_str(&format!(" CROSS JOIN (SELECT {}) AS pipe_keys", self.without_order(by + 1, to)));
        if group > from + 1 { "pipe_keys.*, pipe_values.*" } else { "pipe_keys.*" }
    }

    /// A list without the directions that its parts may have.
    fn without_order(&self, from: usize, to: usize) -> String {
        let order = self.outside(from, to, |at| self.is(at, &["asc", "desc"]) || self.is(at, &["nulls"]) && self.is(at + 1, &["first", "last"]));
        let mut out = String::new();
        let mut at = from;
        for place in order {
            out.push_str(&self.copy(at.min(place), place));
            at = place + 1 + usize::from(self.is(place, &["nulls"]));
        }
        out.push_str(&self.copy(at.min(to), to));
        out
    }

    /// `SET a = x`: the column computed anew in its place.
    fn set(&self, query: &mut Query, from: usize, to: usize) {
        let commas = self.outside(from, to, |at| self.tokens[at].sign(b','));
        let starts: Vec<usize> = [from + 1].into_iter().chain(commas.iter().map(|c| c + 1)).collect();
        let (mut values, mut replaced) = (Vec::new(), Vec::new());
        let name = query.name();
        for (position, &start) in starts.iter().enumerate() {
            let end = commas.get(position).copied().unwrap_or(to);
            let Some(equals) = (start..end).find(|&at| self.tokens[at].sign(b'=')) else { continue };
            let column = self.tokens[equals - 1].text(self.text);
            values.push(format!("{} AS {column}", self.copy(equals + 1, end)));
            replaced.push(format!("{name}.{column} AS {column}"));
        }
        query.from.push_str(&format!(" LEFT SEMI JOIN (SELECT {}) AS {name} ON TRUE", values.join(", ")));
        query.wrapped(&format!("* REPLACE ({})", replaced.join(", ")));
    }

    /// `DROP a, b` and `RENAME a AS b`.
    fn starred(&self, query: &mut Query, from: usize, to: usize, word: &str) {
        let list = self.copy(from + 1, to).replace('\n', " ");
        query.from.push_str(&self.lines(from, to));
        query.wrapped(&format!("* {word} ({list})"));
    }

    /// `UNION ALL (q), (r)`: the word stands between all.
    fn set_operation(&self, query: &mut Query, from: usize, to: usize) {
        let open = (from..to).find(|&at| self.tokens[at].sign(b'(')).unwrap_or(to);
        let word = self.copy(from, open).replace('\n', " ");
        let commas = self.outside(open, to, |at| self.tokens[at].sign(b','));
        let ends = commas.iter().copied().chain([to]);
        let starts = [open].into_iter().chain(commas.iter().map(|c| c + 1));
        query.from = format!("(SELECT * FROM {})", query.from);
        for (start, end) in starts.zip(ends) {
            query.from.push_str(&format!(" {word} {}", self.copy(start, end)));
        }
        query.from = format!("({})", query.from);
        query.alias = None;
    }

    /// `CALL f(x) AS a`: a function of the rows.
    fn call(&self, query: &mut Query, from: usize, to: usize) {
        let Some(open) = (from..to).find(|&at| self.tokens[at].sign(b'(')) else { return };
        let arguments = if self.tokens[open + 1].sign(b')') { String::new() } else { ", ".to_owned() };
        let name = self.copy(from + 1, open).replace('\n', " ");
        query.from = format!("{name}((SELECT * FROM {}){arguments}{}", query.from, self.copy(open + 1, to));
        query.alias = None;
    }
}
