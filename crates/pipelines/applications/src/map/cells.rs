//! Cells: from the text of an attribute to the value of a column.

use std::borrow::Cow;

use crate::expression::{Evaluated, EvaluationError};
use crate::model::{Compat, Counts, OnError, Type};
use crate::values::{self, Value, ValueError};

use super::Options;
use super::capture::Span;
use super::codes::Found;
use super::fault::{Fault, shown};
use super::issues::Issues;
use super::outcome::{IssueKind, Severity, Stage};
use super::plan::{Calculated, CellPlan, ColumnPlan, Evidence, OriginPlan, Place, StepPlan};
use super::view::{Own, View};

/// The value of a column in a row.
pub(super) struct Made {
    pub(super) value: Value,
    /// Whether the document says so: neither null, nor a key, nor a default.
    pub(super) is_data: bool,
}

/// Makes cells of one document.
pub(super) struct Maker<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) options: &'v Options,
    pub(super) issues: Issues,
}

/// What is not a value.
enum Refused {
    Value(ValueError),
    Code(String),
    Expression(EvaluationError),
}

impl Refused {
    /// Whether there is a value, but none that the column holds.
    fn is_too_large(&self) -> bool {
        match self {
            Self::Value(error) => error.is_too_large(),
            Self::Expression(error) => *error == EvaluationError::Overflow,
            Self::Code(_) => false,
        }
    }
}

/// A text on its way through the steps, and where it is.
struct Source<'a> {
    text: Option<Cow<'a, str>>,
    span: Span,
}

impl<'a> Maker<'_, 'a> {
    /// The value of a column.
    ///
    /// # Errors
    /// Nothing in a column that must have something; a value that cannot be converted, unless the column leaves such values out.
    pub(super) fn make(&mut self, table: &str, column: &ColumnPlan, cell: &CellPlan, own: Option<Own<'_>>) -> Result<Made, Box<Fault>> {
        let (source, made) = match &cell.origin {
            OriginPlan::Constant(value) => return Ok(Made { value: value.clone(), is_data: true }),
            OriginPlan::Document => return self.key(table, column, cell, &self.view.id.to_string(), Span::MISSING),
            OriginPlan::Member => return self.key(table, column, cell, own.map_or("", |own| own.id), self.start(own)),
            OriginPlan::Expression { expression, otherwise } => self.calculate(column, cell, expression, *otherwise, own),
            _ => {
                let source = self.source(&cell.origin, own);
                let made = self.steps(column, cell, source.text.as_deref(), !matches!(cell.origin, OriginPlan::Text(_)));
                (source, made)
            }
        };
        let (value, refused) = match made {
            Ok(value) => (value, None),
            Err(refused) => (Value::Null, Some(refused)),
        };
        if let Some(refused) = refused {
            self.refuse(table, column, cell, &source, refused)?;
        } else if !matches!(value, Value::Null) {
            return Ok(Made { value, is_data: true });
        }
        let is_blank = source.text.as_deref().is_none_or(values::is_blank);
        match &column.default {
            Some(default) if is_blank || !column.nullable => Ok(Made { value: default.clone(), is_data: false }),
            _ if column.nullable || self.view.program.document.compat.missing_not_null_swallowed => Ok(Made { value: Value::Null, is_data: false }),
            _ => Err(Fault::new(Stage::Mapping, format!("{table}.{} must have a value and there is none", column.name))
                .at(source.span, &cell.label)
                .help("Mend the document, or give the column a default in the contract")),
        }
    }

    /// A key of the row's place.
    fn key(&self, table: &str, column: &ColumnPlan, cell: &CellPlan, text: &str, span: Span) -> Result<Made, Box<Fault>> {
        let compat = &self.view.program.document.compat;
        match values::convert(text, &column.kind, false, compat) {
            Ok(value) if column.nullable || compat.missing_not_null_swallowed || !matches!(value, Value::Null) => Ok(Made { value, is_data: false }),
            Ok(_) => Err("there is none".to_owned()),
            Err(error) => Err(error.to_string()),
        }
        .map_err(|error| {
            Fault::new(Stage::Mapping, format!("{table}.{} is a key: {error}", column.name))
                .at(span, &cell.label)
                .value(Some(text))
                .help("Mend the document")
        })
    }

    /// Where the element of a row begins.
    pub(super) fn start(&self, own: Option<Own<'_>>) -> Span {
        let record = own.and_then(|own| self.view.capture.records.get(own.record as usize));
        record.map_or(Span::MISSING, |record| Span { start: record.start, length: 0, is_plain: true })
    }

    /// A value that cannot be converted fails the document, or is left out and reported.
    fn refuse(&mut self, table: &str, column: &ColumnPlan, cell: &CellPlan, source: &Source<'_>, refused: Refused) -> Result<(), Box<Fault>> {
        let fails = match column.on_error {
            OnError::Fail => true,
            OnError::Null => false,
            OnError::NullIfUnreadable => refused.is_too_large(),
        };
        let why = match refused {
            Refused::Value(error) => error.to_string(),
            Refused::Code(name) => format!("the text is not in the dictionary {name}"),
            Refused::Expression(error) => error.to_string(),
        };
        let message = format!("{table}.{} ({}): {why}", column.name, column.kind);
        if fails {
            return Err(Fault::new(Stage::Mapping, message)
                .at(source.span, &cell.label)
                .value(source.text.as_deref())
                .help("Mend the document, or have the contract leave such values out (onError: null)"));
        }
        let reveal = self.options.reveal;
        self.issues.add(Severity::Quality, IssueKind::ValueLeftOut, || {
            let value = source.text.as_deref().map_or(String::new(), |text| format!(": {}", shown(text, reveal)));
            format!("{message} ({}){value}", cell.label)
        });
        Ok(())
    }

    /// Where a text comes from.
    fn source(&self, origin: &OriginPlan, own: Option<Own<'_>>) -> Source<'a> {
        match origin {
            OriginPlan::Text(place) => self.place(*place, own),
            OriginPlan::LastValid(last) => self.record_text(self.last_valid(last)),
            OriginPlan::PreferredChild { child, attribute } => self.record_text(own.and_then(|own| self.preferred_child(own, *child, *attribute))),
            _ => Source { text: None, span: Span::MISSING },
        }
    }

    fn place(&self, place: Place, own: Option<Own<'_>>) -> Source<'a> {
        Source { text: self.view.at(place, own), span: self.view.span(place, own) }
    }

    fn record_text(&self, found: Option<Span>) -> Source<'a> {
        let span = found.unwrap_or(Span::MISSING);
        Source { text: self.view.value(span), span }
    }

    /// Takes a text through the steps. Nothing ends the chain, but a dictionary of codes is asked even then.
    fn steps(&self, column: &ColumnPlan, cell: &CellPlan, text: Option<&str>, follows: bool) -> Result<Value, Refused> {
        let compat = &self.view.program.document.compat;
        let mut text = text.map(Cow::Borrowed);
        for (at, step) in cell.steps.iter().enumerate() {
            if text.is_none() && (at > 0 || follows) && !matches!(step, StepPlan::Enum(_)) {
                return Ok(Value::Null);
            }
            match step {
                StepPlan::Digits => text = text.as_deref().and_then(|text| values::digits(text, compat)).map(Cow::Owned),
                StepPlan::Enum(codes) | StepPlan::Flag(codes) => {
                    return match codes.find(text.as_deref()) {
                        Found::Value(value) => Ok(value.clone()),
                        Found::Blank => Ok(Value::Null),
                        Found::Unknown => Err(Refused::Code(codes.name.to_string())),
                    };
                }
                StepPlan::NowIfBlank if text.as_deref().is_none_or(values::is_blank) => return Ok(now(self.options.now, &column.kind)),
                StepPlan::NowIfBlank => {}
            }
        }
        let Some(text) = text else { return Ok(Value::Null) };
        values::convert(&text, &column.kind, cell.bare, compat).map_err(Refused::Value)
    }

    /// The value of an expression; where there is none, what stands in for it.
    fn calculate(
        &self,
        column: &ColumnPlan,
        cell: &CellPlan,
        calculated: &Calculated,
        otherwise: Option<Place>,
        own: Option<Own<'_>>,
    ) -> (Source<'a>, Result<Value, Refused>) {
        let nothing = Source { text: None, span: Span::MISSING };
        let references: Vec<Option<Cow<'_, str>>> = calculated.references.iter().map(|reference| self.reference(*reference, own)).collect();
        let evaluated = calculated.expression.evaluate(&|at| references.get(at).and_then(|text| text.as_deref()));
        let evaluated = match evaluated {
            Evaluated::Error(error) => return (nothing, Err(Refused::Expression(error))),
            Evaluated::Text(text) if values::is_blank(&text) => Evaluated::Null,
            evaluated => evaluated,
        };
        if let (Evaluated::Null, Some(otherwise)) = (&evaluated, otherwise) {
            let source = self.place(otherwise, own);
            let made = self.steps(column, cell, source.text.as_deref(), true);
            return (source, made);
        }
        if matches!(evaluated, Evaluated::Null) {
            return (nothing, Ok(Value::Null));
        }
        let compat = &self.view.program.document.compat;
        let made = match cell.steps.is_empty() || otherwise.is_some() {
            true => values::from_evaluated(evaluated, &column.kind, compat).map_err(Refused::Value),
            false => self.steps(column, cell, Some(&evaluated.to_string()), true),
        };
        (nothing, made)
    }

    /// Whether something speaks for a row.
    pub(super) fn counts(&self, evidence: &Evidence, column: &ColumnPlan) -> bool {
        let cell = &evidence.cell;
        if let OriginPlan::Expression { expression, otherwise } = &cell.origin {
            return matches!(self.calculate(column, cell, expression, *otherwise, None), (_, Ok(value)) if !matches!(value, Value::Null));
        }
        let source = self.source(&cell.origin, None);
        let text = source.text.as_deref().unwrap_or("");
        match evidence.when {
            Counts::NotBlank => !values::is_blank(text),
            Counts::Meaningful => values::is_meaningful(text),
            Counts::Positive => is_positive(text),
            Counts::Truthy => is_truthy(text),
            Counts::Converts => self.converts(column, cell, &source),
            Counts::Never => false,
        }
    }

    /// Whether a text becomes a value. One that is too large does where the document is to fail for it.
    fn converts(&self, column: &ColumnPlan, cell: &CellPlan, source: &Source<'_>) -> bool {
        match self.steps(column, cell, source.text.as_deref(), !matches!(cell.origin, OriginPlan::Text(_))) {
            Ok(value) => !matches!(value, Value::Null),
            Err(refused) => column.on_error == OnError::NullIfUnreadable && refused.is_too_large(),
        }
    }
}

/// The time of the run, as the column has it.
fn now(micros: i64, kind: &Type) -> Value {
    const DAY: i64 = 86_400_000_000;
    match kind {
        Type::Date => Value::Date(i32::try_from(micros.div_euclid(DAY)).unwrap_or(0)),
        _ => Value::Timestamp(micros),
    }
}

fn is_positive(text: &str) -> bool {
    let wide = Type::Decimal { precision: 38, scale: 6 };
    matches!(values::convert(text, &wide, false, &Compat::default()), Ok(Value::Decimal(value)) if value > 0)
}

fn is_truthy(text: &str) -> bool {
    ["y", "yes", "true", "t", "1"].iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}
