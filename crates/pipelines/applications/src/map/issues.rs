//! Issues of one document, as many as anyone would read.

use super::outcome::{Issue, IssueKind, Severity};

/// Issues of one document. Beyond fifty they are counted, and no message is made.
#[derive(Debug, Default)]
pub(super) struct Issues {
    list: Vec<Issue>,
    omitted: u64,
}

const MOST: usize = 50;

impl Issues {
    pub(super) fn warn(&mut self, kind: IssueKind, message: impl FnOnce() -> String) {
        self.add(Severity::Warning, kind, message);
    }

    pub(super) fn add(&mut self, severity: Severity, kind: IssueKind, message: impl FnOnce() -> String) {
        match self.list.len() < MOST {
            true => self.list.push(Issue { severity, kind, message: message() }),
            false => self.omitted += 1,
        }
    }

    /// The issues, with the number of those that were left out as the last.
    pub(super) fn into_list(mut self) -> Vec<Issue> {
        if self.omitted > 0 {
            let message = format!("and {} more", self.omitted);
            self.list.push(Issue { severity: Severity::Warning, kind: IssueKind::More, message });
        }
        self.list
    }
}
