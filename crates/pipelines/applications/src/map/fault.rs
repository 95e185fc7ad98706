//! Why a document fails, before it is put into words for whoever asks.

use super::capture::Span;
use super::outcome::Stage;

/// Why a document fails. Holds a value of the document only until it is put into words, where it is masked.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) stage: Stage,
    pub(super) message: String,
    /// What to do.
    pub(super) help: &'static str,
    pub(super) span: Span,
    /// Path of the element or attribute, as the contract has it.
    pub(super) label: String,
    pub(super) value: Option<String>,
}

impl Fault {
    pub(super) fn new(stage: Stage, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { stage, message: message.into(), help: "", span: Span::MISSING, label: String::new(), value: None })
    }

    pub(super) fn at(mut self: Box<Self>, span: Span, label: &str) -> Box<Self> {
        self.span = span;
        self.label = label.to_owned();
        self
    }

    pub(super) fn value(mut self: Box<Self>, value: Option<&str>) -> Box<Self> {
        self.value = value.map(str::to_owned);
        self
    }

    pub(super) fn help(mut self: Box<Self>, help: &'static str) -> Box<Self> {
        self.help = help;
        self
    }

    /// The fault in words: at most 500 characters, the value masked unless it is to be revealed.
    pub(super) fn reason(&self, reveal: bool) -> String {
        let mut text = self.message.clone();
        if !self.label.is_empty() {
            text = format!("{text} ({})", self.label);
        }
        if let Some(value) = &self.value {
            text = format!("{text}: {}", shown(value, reveal));
        }
        if !self.help.is_empty() {
            text = format!("{text}. {}", self.help);
        }
        cut(&text)
    }
}

/// A value as messages show it: its length alone, unless it is to be revealed.
pub(super) fn shown(value: &str, reveal: bool) -> String {
    match reveal {
        true => format!("{:?}", value.chars().take(200).collect::<String>()),
        false => match value.chars().count() {
            1 => "a value of 1 character, masked".to_owned(),
            count => format!("a value of {count} characters, masked"),
        },
    }
}

/// Longest reason that the log takes.
const LONGEST: usize = 500;

pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
