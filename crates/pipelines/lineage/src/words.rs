//! Words that say what a statement is, and orders of words that no statement has.

use crate::bodies::starts_verb;
use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::names::Name;
use hashbrown::HashSet;
use std::sync::LazyLock;

/// Words between CREATE and what is made.
static MODIFIERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "
algorithm alter blockchain current_user definer dynamic editionable external force foreign global hybrid iceberg immutable invoker live local
materialized merge multiset no noforce noneditionable or private recursive refresh replace root secure security sharded snapshot sql streaming temp
temporary temptable transient undefined unlogged volatile
"
    .split_ascii_whitespace()
    .collect()
});

fn holds(words: &HashSet<&'static str>, word: &str) -> bool {
    words.contains(word.to_ascii_lowercase().as_str())
}

/// True where a statement reads, writes or makes something with columns.
pub(crate) fn bears_lineage(text: &str, tokens: &[Token], from: usize, to: usize) -> bool {
    if tokens[from].is_any(text, &["create", "alter"]) {
        let passes = |t: &&Token| t.kind == Kind::Word && !holds(&MODIFIERS, t.text(text)) && !t.text(text).starts_with('@');
        let word = tokens[from + 1..to.min(from + 20)].iter().find(passes);
        if tokens[from].is(text, "alter") {
            // Other changes of a view leave its query as it is.
            return word.is_some_and(|t| t.is(text, "view")) && has_query(text, tokens, from, to);
        }
        return word.is_some_and(|t| t.is_any(text, &["table", "view"]));
    }
    let is = |at: usize, word: &str| tokens[..to].get(at).is_some_and(|t| t.is(text, word));
    if is(from, "update") && is(from + 1, "statistics") && !is(from + 2, "set") {
        return false;
    }
    const BEARING: &[&str] =
        &["select", "with", "insert", "update", "delete", "merge", "replace", "upsert", "truncate", "from", "values", "perform", "apply"];
    (tokens[from].is_any(text, BEARING) || tokens[from].sign(b'(')) && starts_verb(text, tokens, from, to)
}

/// True where `AS` comes before a query.
fn has_query(text: &str, tokens: &[Token], from: usize, to: usize) -> bool {
    let begins = |t: &Token| t.is_any(text, &["select", "with", "values", "table", "from"]) || t.sign(b'(');
    tokens[from..to].windows(2).any(|pair| pair[0].is(text, "as") && begins(&pair[1]))
}

/// Words with which statements and commands of clients begin that say nothing of lineage.
static OTHER_STARTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "
abort accept add administer alter analyze apply as assert associate atomic attach audit backup begin beginning binlog break bulk cache call cancel
case catch change check checkpoint checksum clear clone close cluster column comment commit compute connect constructor continue convert copy create
cursor dbcc deallocate declare define delimiter deny desc describe detach dfs disable disassociate discard disconnect do drop echo else elseif elsif
enable end endif exception exchange exec execute exists exit explain export fetch final finish flashback flush for forall force foreach format from
fsck function generate get go goto grant handler help host if import install invalidate is iterate kill label leave let list listen load lock loop ls
map member move msck noaudit not notify null open optimise optimize order overriding parallel pause perform pipe pivot pragma prepare print procedure
prompt purge put quit raise raiserror readtext reassign rebuild receive reconfigure refresh reindex release rem remark remove rename repair repeat
reset resignal restore return revert revoke rm rollback save savepoint security send set setuser show shutdown signal source spool start startup
static stop subtype summarize suspend sync system table then throw timing tran transaction truncate try ttitle type uncache undefine undo undrop
uninstall unlisten unload unlock unpivot unset until use vacuum values variable waitfor watch when whenever while work writetext xa
"
    .split_ascii_whitespace()
    .collect()
});

/// True where a piece of a file begins as no statement does: its text is no SQL.
pub(crate) fn is_unknown(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> bool {
    let first = &tokens[from];
    let next = tokens[..to].get(from + 1);
    match first.kind {
        Kind::Word => {}
        // What a client reads, a label, a quoted name that is called.
        Kind::Sign(b'<') => return !next.is_some_and(|t| t.sign(b'<')),
        Kind::Sign(b'.') => return dialect != Dialect::Sqlite,
        Kind::Sign(sign) => return !matches!(sign, b'(' | b'\\' | b'!' | b'@' | b';' | b'/'),
        Kind::Quoted => return false,
        Kind::Text | Kind::Dollar | Kind::Number => return true,
    }
    if holds(&OTHER_STARTS, first.text(text)) || first.text(text).starts_with(['@', '#', '$']) {
        return false;
    }
    // An assignment, a label, a call in a block, a system procedure that is called without EXEC.
    let assigns = next.is_some_and(|t| t.sign(b':') || t.sign(b'(') || t.sign(b'=') || t.sign(b'.'));
    let is_alone = next.is_none_or(|t| t.sign(b';'));
    let system =
        dialect == Dialect::Tsql && ["sp_", "xp_", "usp_"].iter().any(|p| first.text(text).get(..p.len()).is_some_and(|t| t.eq_ignore_ascii_case(p)));
    !(assigns || system || is_alone && dialect == Dialect::Oracle)
}

/// What a word is for the order of words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Select,
    /// FROM, JOIN: a source must follow.
    Source,
    /// WHERE, AND, OR, ON, HAVING: a condition must follow.
    Condition,
    /// UNION and the like.
    Set,
    /// GROUP, ORDER, LIMIT.
    Clause,
    By,
    Comma,
    Other,
}

fn part_of(text: &str, tokens: &[Token], at: usize) -> Part {
    let token = &tokens[at];
    if token.sign(b',') {
        return Part::Comma;
    }
    if token.kind != Kind::Word || !(2..=6).contains(&(token.end - token.start)) {
        return Part::Other;
    }
    let part = word_part(token.text(text).as_bytes());
    // A field of something may be called as a keyword is.
    let field = || at > 0 && tokens[at - 1].sign(b'.') || tokens.get(at + 1).is_some_and(|t| t.sign(b'.'));
    let by = || tokens.get(at + 1).is_some_and(|t| t.is(text, "by"));
    // An option may be `= ON`.
    let value = || at > 0 && tokens[at - 1].sign(b'=');
    if part == Part::Other || field() || part == Part::Condition && value() || part == Part::Clause && !by() { Part::Other } else { part }
}

fn word_part(word: &[u8]) -> Part {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword.as_bytes());
    match (word[0] | 0x20, word.len()) {
        (b'b', 2) if is("by") => Part::By,
        (b'o', 2) if is("on") || is("or") => Part::Condition,
        (b'a', 3) if is("and") => Part::Condition,
        (b'f', 4) if is("from") => Part::Source,
        (b'j', 4) if is("join") => Part::Source,
        (b'w', 5) if is("where") => Part::Condition,
        (b'u', 5) if is("union") => Part::Set,
        (b'g', 5) if is("group") => Part::Clause,
        (b'o', 5) if is("order") => Part::Clause,
        (b's', 6) if is("select") => Part::Select,
        (b'h', 6) if is("having") => Part::Condition,
        _ => Part::Other,
    }
}

/// The first place where words stand in an order that no dialect has, though parsers take the second for a name.
pub(crate) fn malformed(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<(usize, String)> {
    let mut before = Part::Other;
    if tokens[from].is(text, "create")
        && let Some(at) = (from + 1..to.min(from + 8)).find(|&i| tokens[i].is_any(text, &["table", "view"]))
        && tokens[..to].get(at + 1).is_none_or(|t| t.is_any(text, &["as", "select", "where"]) || t.sign(b'('))
    {
        return Some((at, "a name must follow".to_owned()));
    }
    for at in from..to {
        let part = part_of(text, tokens, at);
        let wrong = match (before, part) {
            (Part::Source, Part::Condition | Part::Set | Part::Clause | Part::Source | Part::Comma) => true,
            (Part::Condition, Part::Set | Part::Clause | Part::Comma) => true,
            (Part::Condition, Part::Condition) => !tokens[at].is(text, "on"),
            (Part::Select, Part::Condition | Part::Set | Part::Clause | Part::Comma) => true,
            (Part::Select, Part::Source) => dialect != Dialect::Postgres || tokens[at].is(text, "join"),
            (Part::By, Part::Source | Part::Condition | Part::Set | Part::Clause | Part::Comma) => true,
            (Part::Comma, Part::Comma) => true,
            _ => false,
        };
        if wrong && !is_change(text, tokens, at) {
            return Some((at, format!("{} cannot stand here", if part == Part::Comma { "a comma" } else { tokens[at].text(text) })));
        }
        before = part;
    }
    let ends = matches!(before, Part::Select | Part::Source | Part::Condition | Part::By | Part::Set);
    (ends && (to > from + 1 || before == Part::Select)).then(|| (to - 1, "the statement ends too early".to_owned()))
}

/// `ON DELETE SET NULL`, `FOR UPDATE ON`, and empty parts of arrays are no clauses of queries.
fn is_change(text: &str, tokens: &[Token], at: usize) -> bool {
    // `GROUP AND ORDER BY` of pipe syntax.
    let both = at >= 2 && tokens[at - 1].is(text, "and") && tokens[at - 2].is(text, "group");
    both || tokens[at].sign(b',') && tokens.get(at - 1).is_some_and(|t| t.sign(b',')) && at >= 2 && tokens[at - 2].sign(b'[')
        || tokens.get(at + 1).is_some_and(|t| t.is_any(text, &["delete", "update", "commit"])) && tokens[at].is(text, "on")
}

/// Names after FROM, JOIN and INTO: what is known of a statement whose macros were not expanded.
pub(crate) fn tables_of(text: &str, tokens: &[Token], from: usize, to: usize) -> Vec<Name> {
    let mut out = Vec::new();
    for at in from..to.saturating_sub(1) {
        if tokens[at].is_any(text, &["from", "join"]) && matches!(tokens[at + 1].kind, Kind::Word | Kind::Quoted) {
            let mut end = at + 2;
            while end + 1 < to && tokens[end].sign(b'.') {
                end += 2;
            }
            out.push(Name::parse(&text[tokens[at + 1].start..tokens[end - 1].end]));
        }
    }
    out
}
