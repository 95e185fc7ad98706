//! SQL files with known lineage: five dialects, three sizes, names that no two files share.
//!
//! A file is a pure function of its number, so any part of a corpus can be made anywhere.

mod statements;

use std::path::Path;

/// What one file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlSize {
    /// Tables, each with five columns.
    pub tables: usize,
    /// Views, each over two tables, or over one twice.
    pub views: usize,
    /// Procedures, each with an insert and a delete.
    pub procedures: usize,
}

/// A file and what a reader must find in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// Its name, with the dialect as its folder.
    pub path: String,
    /// Id of its dialect.
    pub dialect: &'static str,
    /// Its text.
    pub text: String,
    /// Statements that bear lineage, those of bodies included.
    pub bearing: usize,
    /// Pairs of a written and a read table, over all statements.
    pub table_edges: usize,
    /// Pairs of a fed and a feeding column, over all statements.
    pub column_edges: usize,
}

const DIALECTS: [&str; 5] = ["tsql", "postgres", "snowflake", "spark", "bigquery"];

/// The size of a file: of every ten, six are small, three medium and one large.
pub fn sql_size(number: usize) -> SqlSize {
    match (number / DIALECTS.len()) % 10 {
        0..=5 => SqlSize { tables: 2, views: 1, procedures: 1 },
        6..=8 => SqlSize { tables: 5, views: 3, procedures: 2 },
        _ => SqlSize { tables: 10, views: 6, procedures: 4 },
    }
}

/// The file of a number, from 0.
pub fn sql_file(number: usize) -> SqlFile {
    let dialect = DIALECTS[number % DIALECTS.len()];
    let size = sql_size(number);
    let mut file =
        SqlFile { path: format!("{dialect}/file_{number:05}.sql"), dialect, text: String::new(), bearing: 0, table_edges: 0, column_edges: 0 };
    for table in 0..size.tables {
        statements::table(&mut file, number, table);
    }
    for view in 0..size.views {
        statements::view(&mut file, number, view, size.tables);
    }
    for procedure in 0..size.procedures {
        statements::procedure(&mut file, number, procedure, size.tables);
    }
    file
}

/// The most files that are made: names have five digits.
pub const MOST_FILES: usize = 100_000;

/// Writes the first `files` files below a folder, and answers with their bytes. Files that are there are replaced.
///
/// # Errors
/// Those of the file system.
pub fn write_sql(folder: &Path, files: usize) -> std::io::Result<u64> {
    let mut bytes = 0;
    for number in 0..files.min(MOST_FILES) {
        let file = sql_file(number);
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, &file.text)?;
        bytes += file.text.len() as u64;
    }
    Ok(bytes)
}
