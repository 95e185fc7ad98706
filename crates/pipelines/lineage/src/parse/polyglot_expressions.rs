//! Expressions of polyglot to the small tree.

use super::polyglot_queries as queries;
use crate::dialects::Dialect;
use crate::functions::is_aggregate as is_aggregate_name;
use crate::names::{Name, Part};
use crate::tree::{Expr, Star, Statement};
use polyglot_sql::expressions::{Expression, Identifier, LambdaExpr, Over, WindowFunction};
use polyglot_sql::traversal::{ExpressionWalk, is_aggregate};

/// Counts SELECT words while a statement is brought over, in the order of the text.
pub(super) struct Walk {
    pub dialect: Dialect,
    pub selects: usize,
    /// Statements that write inside this one.
    pub extra: Vec<Statement>,
    /// Names of arguments of the lambdas around, in lower case: they are no columns.
    pub bound: Vec<String>,
    /// Names that stand before columns and are no tables, in lower case.
    pub stripped: Vec<String>,
    /// Values that WITH gives a name, as ClickHouse has them; names in lower case.
    pub named: Vec<(String, Expr)>,
    /// Conditions of joins, until the select that they belong to takes them.
    pub conditions: Vec<Expr>,
    /// Named windows of the select at hand, with what they partition and order by.
    pub windows: Vec<(String, Vec<Expr>)>,
}

pub(super) fn part(identifier: &Identifier) -> Part {
    Part { text: identifier.name.clone(), quoted: identifier.quoted }
}

/// A qualifier of a star comes as one identifier, whatever its parts.
fn qualifier(identifier: &Identifier, dialect: Dialect) -> Name {
    if identifier.quoted { Name { parts: qualifier_parts(identifier, dialect) } } else { Name::parse(&identifier.name) }
}

/// BigQuery quotes a whole dotted name at once.
fn qualifier_parts(identifier: &Identifier, dialect: Dialect) -> Vec<Part> {
    if dialect == Dialect::Bigquery && identifier.quoted && identifier.name.contains('.') {
        return Name::parse(&identifier.name).parts.into_iter().map(|p| Part { quoted: true, ..p }).collect();
    }
    vec![part(identifier)]
}

pub(super) fn name(identifier: &Identifier) -> Name {
    Name { parts: vec![part(identifier)] }
}

pub(super) fn names(identifiers: &[Identifier]) -> Vec<Name> {
    identifiers.iter().map(name).collect()
}

impl Walk {
    pub(super) fn new(dialect: Dialect) -> Walk {
        let (extra, conditions, windows) = (Vec::new(), Vec::new(), Vec::new());
        Walk { dialect, selects: 0, extra, bound: Vec::new(), stripped: Vec::new(), named: Vec::new(), conditions, windows }
    }

    fn is_bound(&self, text: &str) -> bool {
        !self.bound.is_empty() && self.bound.contains(&text.to_lowercase())
    }

    /// An expression in which some names are arguments.
    fn binding(&mut self, names: impl Iterator<Item = String>, body: &Expression) -> Expr {
        let before = self.bound.len();
        self.bound.extend(names);
        let out = self.expr(body);
        self.bound.truncate(before);
        out
    }

    fn column(&mut self, column: &polyglot_sql::expressions::Column) -> Expr {
        let Some(table) = &column.table else {
            if let Some((_, value)) = self.named.iter().rev().find(|(n, _)| *n == column.name.name.to_lowercase()) {
                return value.clone();
            }
            return if self.is_bound(&column.name.name) { Expr::Constant } else { Expr::Column(name(&column.name)) };
        };
        if column.name.name == "*" {
            return Expr::Star(Star { qualifier: Some(qualifier(table, self.dialect)), ..Star::default() });
        }
        let of_sequence = matches!(self.dialect, Dialect::Oracle | Dialect::Snowflake)
            && (column.name.name.eq_ignore_ascii_case("nextval") || column.name.name.eq_ignore_ascii_case("currval"));
        if of_sequence || self.is_bound(&table.name) {
            return Expr::Constant;
        }
        if !self.stripped.is_empty() && self.stripped.contains(&table.name.to_lowercase()) {
            return Expr::Column(name(&column.name));
        }
        let mut parts = qualifier_parts(table, self.dialect);
        parts.push(part(&column.name));
        Expr::Column(Name { parts })
    }

    pub(super) fn expr(&mut self, expression: &Expression) -> Expr {
        match expression {
            Expression::Column(column) if column.table.is_none() && column.name.name == "*" => Expr::Star(Star::default()),
            Expression::Column(column) => self.column(column),
            Expression::Identifier(identifier) if self.is_bound(&identifier.name) => Expr::Constant,
            Expression::Identifier(identifier) => Expr::Column(name(identifier)),
            Expression::Lambda(lambda) if self.is_path(lambda) => {
                let looked_into = lambda.parameters.iter().map(|p| Expr::Column(name(p)));
                let parts = looked_into.chain([self.expr(&lambda.body)]).collect();
                Expr::Many(parts)
            }
            Expression::Lambda(lambda) => self.binding(lambda.parameters.iter().map(|p| p.name.to_lowercase()), &lambda.body),
            Expression::Comprehension(inner) => self.comprehension(inner),
            Expression::Dot(_) => self.dotted(expression),
            Expression::Star(star) => Expr::Star(self.star(star)),
            Expression::Alias(alias) => self.expr(&alias.this),
            Expression::Paren(paren) => self.expr(&paren.this),
            Expression::Annotated(annotated) => self.expr(&annotated.this),
            Expression::Cast(cast) | Expression::TryCast(cast) | Expression::SafeCast(cast) => Expr::Cast(Box::new(self.expr(&cast.this))),
            Expression::Convert(convert) => Expr::Cast(Box::new(self.expr(&convert.this))),
            Expression::Select(_) | Expression::Union(_) | Expression::Intersect(_) | Expression::Except(_) | Expression::Subquery(_) => {
                Expr::Scalar(Box::new(queries::query(self, expression)))
            }
            Expression::Exists(exists) => self.test(&exists.this),
            Expression::In(test) => self.membership(test),
            Expression::WindowFunction(window) => self.window(window),
            Expression::Function(function) => self.function(function),
            Expression::MethodCall(call) => self.method(call),
            Expression::NextValueFor(_) => Expr::Constant,
            // `$1` of Snowflake is a column by its number.
            Expression::Parameter(parameter) if self.dialect == Dialect::Snowflake && parameter.index.is_some() => {
                Expr::Column(Name::plain(&format!("${}", parameter.index.unwrap_or_default())))
            }
            // The first child of these is the function's name, or that of what it makes.
            Expression::XMLElement(inner) => Expr::Many(inner.expressions.iter().map(|e| self.expr(e)).collect()),
            Expression::CombinedParameterizedAgg(inner) => Expr::Aggregate(inner.expressions.iter().map(|e| self.expr(e)).collect()),
            Expression::ParameterizedAgg(inner) => Expr::Aggregate(inner.expressions.iter().map(|e| self.expr(e)).collect()),
            _ if is_aggregate(expression) => Expr::Aggregate(self.children(expression)),
            _ => self.other(expression),
        }
    }

    /// `[x + 1 FOR x IN xs IF x > 1]`
    fn comprehension(&mut self, inner: &polyglot_sql::expressions::Comprehension) -> Expr {
        let bound = match inner.expression.as_ref() {
            Expression::Identifier(identifier) => identifier.name.to_lowercase(),
            Expression::Column(column) => column.name.name.to_lowercase(),
            _ => String::new(),
        };
        let mut operands: Vec<Expr> = inner.iterator.iter().map(|e| self.expr(e)).collect();
        operands.push(self.binding([bound.clone()].into_iter(), &inner.this));
        operands.extend(inner.condition.iter().map(|e| self.binding([bound.clone()].into_iter(), e)));
        Expr::Many(operands)
    }

    fn other(&mut self, expression: &Expression) -> Expr {
        let children = self.children(expression);
        if children.is_empty() { Expr::Constant } else { Expr::Many(children) }
    }

    pub(super) fn children(&mut self, expression: &Expression) -> Vec<Expr> {
        let kept = expression.children().into_iter().filter(|e| {
            !matches!(e, Expression::DataType(_) | Expression::Literal(_) | Expression::JSONColumnDef(_) | Expression::OpenJSONColumnDef(_))
        });
        kept.map(|child| self.expr(child)).filter(|e| !matches!(e, Expr::Constant)).collect()
    }

    /// `a.b.c`, where the parser did not know how many parts are of the table. A field of something else is an expression of it.
    fn dotted(&mut self, expression: &Expression) -> Expr {
        let mut parts = Vec::new();
        let mut at = expression;
        loop {
            match at {
                Expression::Dot(dot) => {
                    parts.push(part(&dot.field));
                    at = &dot.this;
                }
                Expression::Column(column) => {
                    let Expr::Column(mut found) = self.column(column) else { return Expr::Constant };
                    found.parts.reverse();
                    parts.append(&mut found.parts);
                    break;
                }
                Expression::Identifier(identifier) => {
                    parts.push(part(identifier));
                    break;
                }
                other => return Expr::Many(vec![self.expr(other)]),
            }
        }
        parts.reverse();
        if parts.last().is_some_and(|p| p.text == "*" && !p.quoted) {
            parts.pop();
            return Expr::Star(Star { qualifier: Some(Name { parts }), ..Star::default() });
        }
        Expr::Column(Name { parts })
    }

    fn star(&mut self, star: &polyglot_sql::expressions::Star) -> Star {
        Star {
            qualifier: star.table.as_ref().map(|t| qualifier(t, self.dialect)),
            except: star.except.as_deref().map(names).unwrap_or_default(),
            replace: star.replace.iter().flatten().map(|a| (name(&a.alias), self.expr(&a.this))).collect(),
            rename: star.rename.iter().flatten().map(|(from, to)| (name(from), name(to))).collect(),
        }
    }

    fn test(&mut self, expression: &Expression) -> Expr {
        match self.expr(expression) {
            Expr::Scalar(query) => Expr::Test(query),
            other => other,
        }
    }

    fn membership(&mut self, test: &polyglot_sql::expressions::In) -> Expr {
        let mut operands = vec![self.expr(&test.this)];
        operands.extend(test.expressions.iter().map(|e| self.expr(e)));
        operands.extend(test.unnest.iter().map(|e| self.expr(e)));
        operands.extend(test.query.iter().map(|e| self.test(e)));
        Expr::Many(operands)
    }

    /// `document -> 'part'` among arguments is read as a lambda: it is none where there are none, or where its body is the name or place of a part.
    fn is_path(&self, lambda: &LambdaExpr) -> bool {
        use Dialect::*;
        let has_both = matches!(self.dialect, Duckdb | Clickhouse | Generic);
        matches!(self.dialect, Postgres | Redshift | Mysql | Sqlite) || has_both && matches!(lambda.body, Expression::Literal(_))
    }

    fn window(&mut self, window: &WindowFunction) -> Expr {
        let mut operands = match self.expr(&window.this) {
            Expr::Aggregate(inner) | Expr::Many(inner) | Expr::Call(_, inner) => inner,
            Expr::Constant => Vec::new(),
            other => vec![other],
        };
        operands.extend(self.over(&window.over));
        operands.extend(window.keep.iter().flat_map(|k| &k.order_by).map(|o| self.expr(&o.this)).collect::<Vec<_>>());
        Expr::Window(operands)
    }

    pub(super) fn over(&mut self, over: &Over) -> Vec<Expr> {
        let mut out: Vec<Expr> = over.partition_by.iter().map(|e| self.expr(e)).collect();
        out.extend(over.order_by.iter().map(|o| self.expr(&o.this)));
        if let Some(window) = &over.window_name {
            let wanted = window.name.to_lowercase();
            out.extend(self.windows.iter().filter(|(n, _)| *n == wanted).flat_map(|(_, operands)| operands.clone()));
        }
        out
    }

    /// `schema.function(…)` comes as a method of a column.
    fn method(&mut self, call: &polyglot_sql::expressions::MethodCall) -> Expr {
        let arguments = call.args.iter().map(|e| self.expr(e)).collect();
        let Expr::Column(mut called) = self.expr(&call.this) else {
            let this = self.expr(&call.this);
            return Expr::Many([vec![this], arguments].concat());
        };
        called.parts.push(part(&call.method));
        Expr::Call(called, arguments)
    }

    fn function(&mut self, function: &polyglot_sql::expressions::Function) -> Expr {
        let converts = function.name.eq_ignore_ascii_case("convert") || function.name.eq_ignore_ascii_case("try_convert");
        if let (true, [_, value, ..]) = (converts, function.args.as_slice()) {
            return Expr::Cast(Box::new(self.expr(value)));
        }
        let arguments: Vec<Expr> = function.args.iter().map(|e| self.argument(&function.name, e)).collect();
        let mut parts: Vec<Part> = function.qualified_name.iter().map(part).collect();
        if parts.is_empty() {
            parts = Name::parse(&function.name).parts;
        }
        match parts.as_slice() {
            [only] if is_aggregate_name(&only.text) => Expr::Aggregate(arguments),
            [only] if only.text.eq_ignore_ascii_case("identity") && self.dialect == Dialect::Tsql => Expr::Constant,
            _ => Expr::Call(Name { parts }, arguments),
        }
    }

    /// `DATEADD(day, …)`: the first argument is a word, not a column.
    fn argument(&mut self, function: &str, expression: &Expression) -> Expr {
        const PARTS: &[&str] =
            &["year", "quarter", "month", "week", "day", "hour", "minute", "second", "dd", "mm", "yy", "yyyy", "hh", "mi", "ss", "isoweek"];
        if let Expression::Column(column) = expression {
            let dated = function.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("date") || p.eq_ignore_ascii_case("time"));
            if dated && column.table.is_none() && PARTS.iter().any(|p| column.name.name.eq_ignore_ascii_case(p)) {
                return Expr::Constant;
            }
        }
        self.expr(expression)
    }
}
