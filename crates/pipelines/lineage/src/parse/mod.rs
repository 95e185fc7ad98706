//! Texts of single statements to the small tree: polyglot first, then sqlparser.

mod fallback;
mod fallback_queries;
mod polyglot_changes;
mod polyglot_expressions;
mod polyglot_queries;
mod polyglot_sources;
mod polyglot_statements;

use crate::dialects::Dialect;
use crate::tree::Statement;

/// Why a statement was not parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What the first parser said, without place.
    pub message: String,
    /// Line in the statement, from 1.
    pub line: usize,
    /// Column in that line, from 1.
    pub column: usize,
}

/// A statement that parsed, and which parser did it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it says.
    pub statement: Statement,
    /// `polyglot` or `sqlparser`.
    pub parser: &'static str,
}

/// Longer statements are not offered to the second parser.
const FALLBACK_BYTES: usize = 64 * 1024;

/// Parses the text of one statement; what a text with several holds beyond the first is given too.
pub fn parse(text: &str, dialect: Dialect) -> Result<Vec<Parsed>, Failure> {
    let first = match polyglot_statements::parse(text, dialect) {
        Ok(statements) if has_structure(&statements) => return Ok(wrap(statements, "polyglot")),
        Ok(_) => Failure { message: "the parser knows no structure for this statement".into(), line: 1, column: 1 },
        Err(failure) => failure,
    };
    // The other parser builds long chains without a limit of depth, and dropping one would overflow the stack.
    if text.len() > FALLBACK_BYTES || first.message.starts_with("E_GUARD_") {
        return Err(first);
    }
    match fallback::parse(text, dialect) {
        Some(statements) if has_structure(&statements) => Ok(wrap(statements, "sqlparser")),
        _ => Err(first),
    }
}

/// Only statements that bear lineage are parsed, so one without structure was kept as it stood and not understood.
fn has_structure(statements: &[Statement]) -> bool {
    statements.iter().any(|s| *s != Statement::Other)
}

fn wrap(statements: Vec<Statement>, parser: &'static str) -> Vec<Parsed> {
    statements.into_iter().map(|statement| Parsed { statement, parser }).collect()
}
