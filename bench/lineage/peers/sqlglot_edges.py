"""What sqlglot makes of a text: statements that yield structure, and column edges as (from, to) pairs of full names in lower case.

It is given what it does not do by itself: batches and delimiters are cut, a statement that does not parse costs no other, and bodies of routines that it keeps as
text are cut at semicolons and parsed.
"""

import contextlib
import logging
import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import to_node
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema, ensure_schema

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

DIALECTS = {"generic": None}
WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
KINDS = {"TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TRIGGER"}


def name_of(dialect):
    return DIALECTS.get(dialect, dialect)


def chunks(text, dialect):
    if dialect == "tsql":
        return re.split(r"(?im)^[ \t]*GO(?:[ \t]+\d+)?[ \t]*;?[ \t]*$", text)
    if dialect == "oracle":
        return re.split(r"(?m)^[ \t]*/[ \t]*$", text)
    if dialect == "mysql" and re.search(r"(?im)^\s*DELIMITER\s", text):
        return by_delimiter(text)
    return [text]


def by_delimiter(text):
    out, held, mark = [], [], ";"
    for line in text.splitlines():
        found = re.match(r"(?i)\s*DELIMITER\s+(\S+)", line)
        if found:
            mark = found.group(1)
        elif mark != ";" and line.rstrip().endswith(mark):
            out.append("\n".join([*held, line.rstrip()[: -len(mark)]]))
            held = []
        else:
            held.append(line)
    return [*out, "\n".join(held)]


def pieces(text):
    """The text cut at semicolons that stand in no quotes."""
    out, held, quote = [], [], None
    for char in text:
        if quote:
            quote = None if char == quote else quote
        elif char in "'\"`":
            quote = char
        if char == ";" and not quote:
            out.append("".join(held))
            held = []
        else:
            held.append(char)
    return [piece for piece in [*out, "".join(held)] if piece.strip()]


def parsed(text, dialect):
    """Statements of a text; those of bodies come after what they are of."""
    for chunk in chunks(text, dialect):
        if not chunk.strip():
            continue
        try:
            found = sqlglot.parse(chunk, read=name_of(dialect))
        except (SqlglotError, RecursionError, AssertionError):
            found = [one for piece in pieces(chunk) for one in attempt(piece, dialect)]
        for expression in found:
            if expression is not None:
                yield from with_bodies(expression, dialect)


def attempt(text, dialect):
    try:
        return sqlglot.parse(text, read=name_of(dialect))
    except (SqlglotError, RecursionError, AssertionError):
        return []


def with_bodies(expression, dialect):
    yield expression
    if not isinstance(expression, exp.Create) or expression.args.get("kind", "").upper() not in ("PROCEDURE", "FUNCTION", "TRIGGER"):
        return
    body = expression.expression
    if body is None:
        return
    inner = [found for found in body.find_all(*WRITES) if found.find_ancestor(*WRITES) is None]
    if inner:
        yield from inner
    for text in body.find_all(exp.Heredoc, exp.RawString, exp.Literal, exp.Command):
        if isinstance(text, exp.Literal) and not text.is_string:
            continue
        code = str(text.args.get("expression") or "") if isinstance(text, exp.Command) else text.this
        code = re.sub(r"(?is)^\s*(?:DECLARE\b.*?)?BEGIN\b(.*)\bEND\b\s*;?\s*\w*\s*$", r"\1", code)
        for piece in pieces(code):
            for one in attempt(piece, dialect):
                if one is not None:
                    yield one


def is_structured(expression):
    if isinstance(expression, (exp.Query, exp.TruncateTable, *WRITES)):
        return True
    return isinstance(expression, exp.Create) and expression.args.get("kind", "").upper() in KINDS


def full_name(table):
    return ".".join(part for part in (table.catalog, table.db, table.name) if part)


def schema_of(expressions, dialect, known):
    """Columns of tables that are created with a list of them, as sqlglot's schema takes them: one depth of names for all."""
    tables = {name: list(columns) for name, columns in known.items()}
    for expression in expressions:
        if isinstance(expression, exp.Create) and expression.args.get("kind", "").upper() == "TABLE" and isinstance(expression.this, exp.Schema):
            columns = [column.name for column in expression.this.expressions if isinstance(column, exp.ColumnDef)]
            if columns:
                tables.setdefault(full_name(expression.this.this), columns)
    if not tables:
        return None
    depth = max(name.count(".") for name in tables)
    schema = MappingSchema(dialect=name_of(dialect))
    for name, columns in tables.items():
        if name.count(".") == depth:
            # Names that are paths are none for it.
            with contextlib.suppress(SqlglotError):
                schema.add_table(name, {column: "text" for column in columns}, match_depth=False)
    return schema


def target_of(expression):
    """The table that is written, the names that a column list gives, and the query that is read; none of them for other statements."""
    if isinstance(expression, (exp.Create, exp.Insert)):
        target, query = expression.this, expression.expression
        names = None
        if isinstance(target, exp.Schema):
            names = [column.name for column in target.expressions]
            target = target.this
        if isinstance(query, exp.Subquery):
            query = query.unnest()
        if isinstance(target, exp.Table) and isinstance(query, exp.Query):
            outer = expression.args.get("with_") or expression.args.get("with")
            if outer is not None and not query.args.get("with_"):
                query = query.copy()
                query.set("with_", outer.copy())
            return target, names, query
    if isinstance(expression, exp.Select) and expression.args.get("into") is not None:
        query = expression.copy()
        into = query.args["into"].this
        query.set("into", None)
        if isinstance(into, exp.Table):
            return into, None, query
    return None


def edges(expression, dialect, schema, columns_of):
    found = target_of(expression)
    if found is None:
        return
    target, names, query = found
    read = name_of(dialect)
    try:
        schema = ensure_schema(schema, dialect=read)
        query = qualify(query.copy(), dialect=read, schema=schema, validate_qualify_columns=False, identify=False, quote_identifiers=False)
        scope = build_scope(query)
        if scope is None:
            return
        selects = scope.expression.selects
        names = names or columns_of(full_name(target)) or [select.alias_or_name for select in selects]
        cache, meta = {}, {}
        for position, (name, select) in enumerate(zip(names, selects)):
            column = "*" if select.is_star else position
            node = to_node(column, scope, read, schema, trim_selects=False, _cache=cache, _scope_meta=meta)
            for leaf in node.walk():
                # Rows of values and of functions are tables without a name there.
                if not leaf.downstream and isinstance(leaf.expression, exp.Table) and full_name(leaf.expression):
                    column = leaf.name.split(".")[-1].strip('"`[]')
                    yield f"{full_name(leaf.expression)}.{column}".lower(), f"{full_name(target)}.{'*' if select.is_star else name}".lower()
    except (SqlglotError, RecursionError, ValueError, KeyError, AttributeError, TypeError, IndexError, AssertionError):
        return


def text_edges(text, dialect, schema=None, known=None):
    """Statements that yield structure, and edges. Columns of tables come from the schema, else from the text and from `known`."""
    expressions = list(parsed(text, dialect))
    schema = schema if schema is not None else schema_of(expressions, dialect, known or {})
    listed = {name.lower(): columns for name, columns in (known or {}).items()}
    out = set()
    for expression in expressions:
        if isinstance(expression, exp.Insert):
            out.update(edges(expression, dialect, schema, lambda name: listed.get(name.lower())))
        else:
            out.update(edges(expression, dialect, schema, lambda name: None))
    return sum(1 for expression in expressions if is_structured(expression)), out
