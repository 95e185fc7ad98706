//! The statements of a text, as texts.

use crate::dialects::Dialect;
use crate::lex::lex;
use crate::places::Places;
use crate::split::split;

/// One statement, or one batch of T-SQL that must be read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementText {
    /// From its first word to its last; without comments around it, without what separates it from the next.
    pub text: String,
    /// The line of its first word, from 1.
    pub line: usize,
}

/// Cuts a text into statements by the rules of a dialect. Routines stay whole; comments between statements belong to none.
#[must_use]
pub fn statements(text: &str, dialect: Dialect) -> Vec<StatementText> {
    let (lexed, places) = (lex(text, dialect), Places::new(text));
    let whole = |from: usize, to: usize| {
        let (first, last) = (lexed.tokens.get(from)?, lexed.tokens.get(to.checked_sub(1)?)?);
        let line = places.of(text, first.start).0;
        text.get(first.start..last.end).map(|text| StatementText { text: text.to_owned(), line })
    };
    split(text, &lexed, dialect).iter().filter_map(|piece| whole(piece.from, piece.to)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Dialect, statements};

    fn cut(text: &str, dialect: Dialect) -> Vec<(String, usize)> {
        statements(text, dialect).into_iter().map(|each| (each.text, each.line)).collect()
    }

    #[test]
    fn routines_stay_whole_and_what_separates_goes() {
        let text = "-- one\nCREATE TABLE t (a int)\nGO\nCREATE PROC p AS BEGIN SELECT 1; SELECT 'GO'; END\nGO 2\n";
        let wanted = vec![("CREATE TABLE t (a int)".to_owned(), 2), ("CREATE PROC p AS BEGIN SELECT 1; SELECT 'GO'; END".to_owned(), 4)];
        assert_eq!(cut(text, Dialect::Tsql), wanted);
        let body = "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql";
        assert_eq!(cut(&format!("SELECT 1; {body};"), Dialect::Postgres), vec![("SELECT 1".to_owned(), 1), (body.to_owned(), 1)]);
        assert_eq!(cut(" -- nothing\n", Dialect::Generic), vec![]);
    }
}
