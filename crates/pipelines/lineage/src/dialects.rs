//! The registry of dialects, what sets each apart for splitting and naming, and the order in which `auto` tries them.

use polyglot_sql::DialectType;
use serde::{Deserialize, Serialize};

/// How a dialect compares and stores names that are not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Stored in lower case, as PostgreSQL does.
    Lower,
    /// Stored in upper case, as Oracle and Snowflake do.
    Upper,
    /// Compared without regard to case, stored as it was written first.
    Insensitive,
}

macro_rules! registry {
    ($($variant:ident $id:literal $name:literal $key:ident $fold:ident $doc:literal,)*) => {
        /// A dialect of SQL that rowmill knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Dialect {
            $(#[doc = $doc] $variant,)*
        }

        impl Dialect {
            /// Every dialect, in the order of the registry.
            pub const ALL: &'static [Dialect] = &[$(Dialect::$variant,)*];

            /// Its id in plans and on the command line.
            pub fn id(self) -> &'static str {
                match self { $(Dialect::$variant => $id,)* }
            }

            /// Its name for people.
            pub fn display_name(self) -> &'static str {
                match self { $(Dialect::$variant => $name,)* }
            }

            /// What it is used for, in a sentence.
            pub fn description(self) -> &'static str {
                match self { $(Dialect::$variant => $doc,)* }
            }

            /// How names that are not quoted are folded.
            pub fn fold(self) -> Fold {
                match self { $(Dialect::$variant => Fold::$fold,)* }
            }

            pub(crate) fn polyglot(self) -> DialectType {
                match self { $(Dialect::$variant => DialectType::$key,)* }
            }
        }
    };
}

registry! {
    Tsql "tsql" "T-SQL" TSQL Insensitive "Microsoft SQL Server and Azure SQL.",
    Postgres "postgres" "PostgreSQL" PostgreSQL Lower "PostgreSQL and what speaks like it.",
    Mysql "mysql" "MySQL" MySQL Insensitive "MySQL and MariaDB.",
    Duckdb "duckdb" "DuckDB" DuckDB Insensitive "DuckDB.",
    Spark "spark" "Spark SQL" Spark Insensitive "Apache Spark.",
    Bigquery "bigquery" "BigQuery" BigQuery Insensitive "Google BigQuery.",
    Snowflake "snowflake" "Snowflake" Snowflake Upper "Snowflake.",
    Oracle "oracle" "Oracle" Oracle Upper "Oracle Database and PL/SQL.",
    Trino "trino" "Trino" Trino Lower "Trino and Presto.",
    Redshift "redshift" "Redshift" Redshift Lower "Amazon Redshift.",
    Databricks "databricks" "Databricks" Databricks Insensitive "Databricks SQL.",
    Hive "hive" "Hive" Hive Insensitive "Apache Hive.",
    Sqlite "sqlite" "SQLite" SQLite Insensitive "SQLite.",
    Clickhouse "clickhouse" "ClickHouse" ClickHouse Insensitive "ClickHouse; names keep their case.",
    Generic "generic" "Generic SQL" Generic Insensitive "Standard SQL without any one dialect's words.",
}

/// The dialect that is used where none was named.
pub const DEFAULT: Dialect = Dialect::Tsql;

/// Which dialect to read a text as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// This one.
    Named(Dialect),
    /// The most likely one; the result records which it was.
    Auto,
}

impl Dialect {
    /// The dialect of an id, or `None` for an id that is not in the registry.
    pub fn from_id(id: &str) -> Option<Dialect> {
        Dialect::ALL.iter().copied().find(|d| d.id() == id)
    }

    /// True where a backslash escapes the next character of a string.
    pub(crate) fn backslash_escapes(self) -> bool {
        use Dialect::*;
        matches!(self, Mysql | Bigquery | Spark | Databricks | Hive | Snowflake | Clickhouse)
    }

    /// True where text in double quotes is a string and not a name.
    pub(crate) fn double_quotes_are_strings(self) -> bool {
        use Dialect::*;
        matches!(self, Mysql | Bigquery | Spark | Databricks | Hive)
    }

    /// True where a name may stand in brackets.
    pub(crate) fn bracket_names(self) -> bool {
        matches!(self, Dialect::Tsql | Dialect::Sqlite)
    }

    /// True where a name before a period may be of a column with fields.
    pub(crate) fn has_fields(self) -> bool {
        use Dialect::*;
        !matches!(self, Postgres | Mysql | Oracle | Sqlite)
    }

    /// True where `#` begins a comment.
    pub(crate) fn hash_comments(self) -> bool {
        matches!(self, Dialect::Mysql | Dialect::Bigquery)
    }

    /// True where a comment may hold a comment.
    pub(crate) fn nested_comments(self) -> bool {
        use Dialect::*;
        matches!(self, Tsql | Postgres | Redshift | Duckdb | Clickhouse)
    }

    /// True where `$tag$ … $tag$` is a string.
    pub(crate) fn dollar_quotes(self) -> bool {
        use Dialect::*;
        matches!(self, Postgres | Redshift | Snowflake | Duckdb | Trino | Databricks | Clickhouse | Generic)
    }
}

impl Choice {
    /// The choice that an id or `auto` stands for.
    pub fn from_id(id: &str) -> Option<Choice> {
        if id == "auto" { Some(Choice::Auto) } else { Dialect::from_id(id).map(Choice::Named) }
    }
}

/// Marks of a dialect that are rare elsewhere, with their weight.
const MARKS: &[(Dialect, &str, u32)] = &[
    (Dialect::Tsql, "\ngo\n", 6),
    (Dialect::Tsql, "\ngo\r\n", 6),
    (Dialect::Tsql, "nvarchar", 2),
    (Dialect::Tsql, "set nocount on", 4),
    (Dialect::Tsql, "[dbo]", 4),
    (Dialect::Tsql, "identity(1", 2),
    (Dialect::Tsql, "getdate()", 2),
    (Dialect::Tsql, "isnull(", 1),
    (Dialect::Tsql, "create or alter ", 3),
    (Dialect::Postgres, "language plpgsql", 6),
    (Dialect::Postgres, "$$", 2),
    (Dialect::Postgres, "::", 2),
    (Dialect::Postgres, "on conflict", 2),
    (Dialect::Postgres, "jsonb", 3),
    (Dialect::Postgres, "bigserial", 3),
    (Dialect::Mysql, "delimiter ", 5),
    (Dialect::Mysql, "auto_increment", 4),
    (Dialect::Mysql, "engine=innodb", 6),
    (Dialect::Mysql, "on duplicate key update", 5),
    (Dialect::Spark, "using parquet", 5),
    (Dialect::Spark, "using delta", 4),
    (Dialect::Spark, "lateral view", 3),
    (Dialect::Spark, "insert overwrite", 3),
    (Dialect::Bigquery, "safe_cast(", 3),
    (Dialect::Bigquery, "int64", 3),
    (Dialect::Bigquery, "from `", 3),
    (Dialect::Bigquery, "struct<", 2),
    (Dialect::Snowflake, "language sql", 2),
    (Dialect::Snowflake, "qualify ", 2),
    (Dialect::Snowflake, "copy into", 4),
    (Dialect::Snowflake, "variant", 3),
    (Dialect::Snowflake, "create or replace table", 2),
    (Dialect::Snowflake, "number(38", 3),
    (Dialect::Oracle, "varchar2", 5),
    (Dialect::Oracle, " from dual", 4),
    (Dialect::Oracle, "\n/\n", 3),
    (Dialect::Oracle, "nvl(", 1),
    (Dialect::Clickhouse, "mergetree", 6),
    (Dialect::Trino, "cross join unnest", 3),
];

/// The dialects that `auto` tries, most likely first: those whose marks the text bears, then a short list of the common ones.
///
/// Only the first 64 KiB are looked at: marks of a dialect are everywhere in a script, or in its head.
pub fn candidates(text: &str) -> Vec<Dialect> {
    let end = (0..=text.len().min(65_536)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let head = text[..end].to_ascii_lowercase();
    let mut scores: Vec<(u32, usize)> = Vec::new();
    for (position, dialect) in Dialect::ALL.iter().enumerate() {
        let score = MARKS.iter().filter(|(d, mark, _)| d == dialect && head.contains(mark)).map(|(_, _, weight)| weight).sum();
        if score > 0 {
            scores.push((score, position));
        }
    }
    scores.sort_by_key(|&(score, position)| (u32::MAX - score, position));
    let mut order: Vec<Dialect> = scores.into_iter().map(|(_, position)| Dialect::ALL[position]).collect();
    for dialect in [DEFAULT, Dialect::Postgres, Dialect::Snowflake, Dialect::Bigquery, Dialect::Generic] {
        if !order.contains(&dialect) {
            order.push(dialect);
        }
    }
    order
}
