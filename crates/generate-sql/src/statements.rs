//! The statements of a file, each with the edges that it adds to the totals.

use crate::SqlFile;
use std::fmt::Write;

/// Ends a statement as its dialect does.
fn end(file: &mut SqlFile) {
    file.text.push_str(if file.dialect == "tsql" { "\nGO\n\n" } else { ";\n\n" });
}

fn line(file: &mut SqlFile, text: &str) {
    // Writing to a String does not fail.
    let _ = writeln!(file.text, "{text}");
}

fn name(file: &SqlFile, kind: &str, number: usize, object: usize) -> String {
    match file.dialect {
        "tsql" => format!("[dbo].[{kind}_{number:05}_{object}]"),
        "bigquery" => format!("`sales.{kind}_{number:05}_{object}`"),
        _ => format!("sales.{kind}_{number:05}_{object}"),
    }
}

/// `CREATE TABLE` with five columns.
pub(super) fn table(file: &mut SqlFile, number: usize, object: usize) {
    let (whole, text, amount, day) = match file.dialect {
        "tsql" => ("INT", "NVARCHAR(100)", "DECIMAL(18, 2)", "DATETIME2"),
        "spark" => ("INT", "STRING", "DECIMAL(18, 2)", "TIMESTAMP"),
        "bigquery" => ("INT64", "STRING", "NUMERIC", "TIMESTAMP"),
        _ => ("INTEGER", "VARCHAR(100)", "NUMERIC(18, 2)", "TIMESTAMP"),
    };
    let name = name(file, "orders", number, object);
    line(
        file,
        &format!(
            "-- Orders of region {object}\nCREATE TABLE {name} (\n  id {whole} NOT NULL,\n  customer_id {whole},\n  status {text},\n  amount {amount},\n  created_at {day}\n)"
        ),
    );
    end(file);
    file.bearing += 1;
}

/// A view with a common table expression, a join, an aggregate, a window and a CASE: two table edges, eight column edges.
pub(super) fn view(file: &mut SqlFile, number: usize, object: usize, tables: usize) {
    let (left, right) = (name(file, "orders", number, object % tables), name(file, "orders", number, (object + 1) % tables));
    let view = name(file, "summary", number, object);
    line(
        file,
        &format!("CREATE VIEW {view} AS\nWITH recent AS (\n  SELECT o.customer_id, o.amount, o.status FROM {left} o WHERE o.amount > {object}\n)"),
    );
    line(
        file,
        "SELECT\n  r.customer_id AS customer_id,\n  SUM(r.amount) AS total,\n  CASE WHEN r.status = 'open' THEN p.amount ELSE 0 END AS open_amount,",
    );
    line(
        file,
        "  ROW_NUMBER() OVER (PARTITION BY r.customer_id ORDER BY p.created_at) AS position,\n  CAST(p.id AS VARCHAR(20)) AS order_text,\n  UPPER(p.status) AS status",
    );
    let bigquery = file.dialect == "bigquery";
    if bigquery {
        file.text = file.text.replace("VARCHAR(20)", "STRING");
    }
    line(
        file,
        &format!(
            "FROM recent r\nJOIN {right} p ON p.customer_id = r.customer_id\nGROUP BY r.customer_id, r.status, p.amount, p.created_at, p.id, p.status"
        ),
    );
    end(file);
    file.bearing += 1;
    file.table_edges += 2;
    // customer_id 1, total 1, open_amount 2, position 2, order_text 1, status 1
    file.column_edges += 8;
}

/// A procedure: an insert of three columns and a delete, one table edge, three column edges.
pub(super) fn procedure(file: &mut SqlFile, number: usize, object: usize, tables: usize) {
    let (source, target) = (name(file, "orders", number, object % tables), name(file, "orders", number, (object + 1) % tables));
    let name = name(file, "refresh", number, object);
    let insert = format!(
        "  INSERT INTO {target} (id, customer_id, amount)\n  SELECT s.id, s.customer_id, s.amount * 2 FROM {source} s WHERE s.status = 'open';"
    );
    let delete = format!("  DELETE FROM {target} WHERE status = 'void';");
    let body = format!("{insert}\n{delete}");
    let text = match file.dialect {
        "tsql" => format!("CREATE PROCEDURE {name} @day INT AS\nBEGIN\n  SET NOCOUNT ON;\n{body}\nEND"),
        "postgres" => format!("CREATE PROCEDURE {name}(day integer) LANGUAGE plpgsql AS $$\nBEGIN\n{body}\nEND;\n$$"),
        "snowflake" => format!("CREATE PROCEDURE {name}(day INTEGER) RETURNS STRING LANGUAGE SQL AS $$\nBEGIN\n{body}\n  RETURN 'done';\nEND;\n$$"),
        "bigquery" => format!("CREATE PROCEDURE {name}(day INT64)\nBEGIN\n{body}\nEND"),
        // Spark has no procedures: the statements stand alone.
        _ => body.trim_end_matches(';').to_owned(),
    };
    line(file, &text);
    end(file);
    file.bearing += if file.dialect == "spark" { 2 } else { 3 };
    file.table_edges += 1;
    file.column_edges += 3;
}
