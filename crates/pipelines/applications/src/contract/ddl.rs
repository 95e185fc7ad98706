//! The tables that a contract wants, as statements of PostgreSQL.

mod codes;

use super::describe::{describe, sql_type};
use crate::model::{Column, Contract, Table, Type};

/// Statements that make the schema, the tables (parents first) and the log of documents, each only where it is missing; before them the table of
/// codes, and what is in it.
///
/// `schema` is taken instead of the contract's. Children are deleted with their parents; the log hangs off nothing, so that it outlives its rows.
pub fn ddl(contract: &Contract, schema: Option<&str>) -> Vec<String> {
    let schema = schema.or(contract.target.schema.as_deref());
    let make_schema = schema.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema)));
    let tables = contract.tables.iter().flat_map(|table| make_table(contract, table, schema));
    make_schema.into_iter().chain(codes::make(contract, schema)).chain(tables).chain(make_log(contract, schema)).collect()
}

fn make_table(contract: &Contract, table: &Table, schema: Option<&str>) -> Vec<String> {
    let description = describe(contract);
    let parent = description.tables.iter().find(|of| of.name == table.name).and_then(|of| of.parent.as_ref());
    let refers = |of: &Column| codes::reference(contract, table, of, schema).unwrap_or_default();
    let mut parts: Vec<String> = table.columns.iter().map(|of| column(of) + &refers(of)).collect();
    parts.push(format!("PRIMARY KEY ({})", list(&table.key)));
    if let Some(parent) = parent {
        let of = qualified(schema, &parent.table);
        parts.push(format!("FOREIGN KEY ({}) REFERENCES {of} ({}) ON DELETE CASCADE", list(&parent.columns), list(&parent.key)));
    }
    let name = qualified(schema, &table.name);
    let mut statements = vec![format!("CREATE TABLE IF NOT EXISTS {name} (\n  {}\n)", parts.join(",\n  "))];
    // Deleting a parent looks its children up by these columns.
    if let Some(parent) = parent.filter(|parent| !table.key.starts_with(&parent.columns)) {
        let index = quoted(&format!("{}_{}", table.name, parent.columns.join("_")));
        statements.push(format!("CREATE INDEX IF NOT EXISTS {index} ON {name} ({})", list(&parent.columns)));
    }
    statements
}

fn column(column: &Column) -> String {
    let name = quoted(&column.name);
    let null = if column.nullable { "" } else { " NOT NULL" };
    let check = match column.kind {
        Type::Text { length: Some(length) } if length > 0 => format!(" CHECK (char_length({name}) <= {length})"),
        Type::TinyInt => format!(" CHECK ({name} BETWEEN 0 AND 255)"),
        Type::Bit => format!(" CHECK ({name} IN (0, 1))"),
        _ => String::new(),
    };
    format!("{name} {}{null}{check}", sql_type(&column.kind))
}

fn make_log(contract: &Contract, schema: Option<&str>) -> Vec<String> {
    let name = qualified(schema, &contract.target.log);
    let index = |columns: &str| quoted(&format!("{}_{columns}", contract.target.log));
    vec![
        format!(
            "CREATE TABLE IF NOT EXISTS {name} (\n  \
             log_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  \
             app_id bigint,\n  \
             document_id bigint,\n  \
             status text NOT NULL CHECK (status IN ('success', 'failed')),\n  \
             failure_reason text CHECK (char_length(failure_reason) <= 500),\n  \
             processing_time timestamp with time zone NOT NULL DEFAULT now(),\n  \
             session_id text CHECK (char_length(session_id) <= 50),\n  \
             run_id uuid,\n  \
             attempts integer NOT NULL DEFAULT 1,\n  \
             app_id_start bigint,\n  \
             app_id_end bigint,\n  \
             source text\n)"
        ),
        format!("CREATE INDEX IF NOT EXISTS {} ON {name} (app_id)", index("app_id")),
        format!("CREATE INDEX IF NOT EXISTS {} ON {name} (source)", index("source")),
        format!("CREATE UNIQUE INDEX IF NOT EXISTS {} ON {name} (app_id) WHERE status = 'success'", index("success")),
    ]
}

fn qualified(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| quoted(name), |schema| format!("{}.{}", quoted(schema), quoted(name)))
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// A name as PostgreSQL takes it whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::model::CodeTable;

    fn small() -> Contract {
        check(include_str!("../../tests/fixtures/small.json")).contract.expect("a sound contract")
    }

    #[test]
    fn tables_have_their_types_checks_keys_and_parents() {
        let statements = ddl(&small(), None);
        assert_eq!(statements[0], "CREATE SCHEMA IF NOT EXISTS \"library\"");
        let address = statements.iter().find(|statement| statement.contains("\"library\".\"address\" (")).expect("address");
        for part in [
            "\"person_id\" integer NOT NULL",
            "\"kind\" smallint NOT NULL",
            "\"zip\" text CHECK (char_length(\"zip\") <= 9)",
            "PRIMARY KEY (\"person_id\", \"kind\")",
            "FOREIGN KEY (\"person_id\") REFERENCES \"library\".\"person\" (\"person_id\") ON DELETE CASCADE",
        ] {
            assert!(address.contains(part), "{part}: {address}");
        }
        let indexes: Vec<&String> = statements.iter().filter(|statement| statement.contains("INDEX") && statement.contains("person")).collect();
        assert_eq!(indexes, ["CREATE INDEX IF NOT EXISTS \"person_loan_id\" ON \"library\".\"person\" (\"loan_id\")"]);
    }

    #[test]
    fn another_schema_may_be_given_and_names_are_quoted() {
        let statements = ddl(&small(), Some("a\"b"));
        assert!(statements.iter().all(|statement| statement.contains("\"a\"\"b\"")), "{statements:#?}");
        assert!(statements.iter().any(|statement| statement.contains("\"a\"\"b\".\"processing_log\" (")));
    }

    #[test]
    fn codes_have_a_table_of_their_own_where_the_contract_names_one() {
        let mut contract = small();
        assert!(!ddl(&contract, None).concat().contains("app_codes"));
        contract.target.codes = Some(CodeTable { table: "app_codes".into(), key: "code".into() });
        let statements = ddl(&contract, None);
        assert!(statements[1].contains("\"library\".\"app_codes\" (\n  \"code\" smallint PRIMARY KEY,"), "{}", statements[1]);
        assert!(statements[2].contains("(1, 'kind: CURR; role: MAIN; status: OPEN')") && statements[2].contains("(9, 'status: otherwise')"));
        let loan = statements.iter().find(|statement| statement.contains("\"library\".\"loan\" (")).expect("loan");
        assert!(loan.contains("\"status\" smallint REFERENCES \"library\".\"app_codes\" (\"code\")"), "{loan}");
        assert!(loan.contains("\"months\" smallint,"), "{loan}");
    }

    #[test]
    fn a_description_has_what_a_loader_needs() {
        let description = describe(&small());
        let person = &description.tables[1];
        assert_eq!((person.name.as_str(), person.primary_key.as_slice()), ("person", ["person_id".to_owned()].as_slice()));
        assert_eq!(person.parent.as_ref().map(|parent| parent.key.clone()), Some(vec!["loan_id".to_owned()]));
        assert_eq!(person.columns[3].length, Some(50));
        assert_eq!(person.columns[0].from.as_deref(), Some("/Library/Request/Data/loan/person/@person_id"));
        assert_eq!(description.tables[2].columns[2].from.as_deref(), Some("/Library/Request/Data/loan/person/address/@city"));
        assert_eq!(description.tables[3].columns[2].from, None);
        assert_eq!(description.tables[0].columns[4].sql_type, "numeric(12,2)");
    }
}
