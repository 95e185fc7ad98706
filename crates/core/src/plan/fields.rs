//! The settings that every pipeline has.

use super::field::{Field, Kind};

const MIB: u64 = 1 << 20;

/// The settings that every pipeline has, in the order in which they are shown.
pub const COMMON: &[Field] = &[
    Field::new("pipeline", Kind::Text, "\"cost openshift\"", "Which pipeline to run.").required(),
    Field::new("source.root", Kind::Text, "\"/data/lake\"", "Folder that holds the input; path templates start from it.").required().flag("source"),
    Field::new(
        "source.layout",
        Kind::Choice { of: &["koku", "poc"] },
        "\"koku\"",
        "How files lie below the root: `koku` (data/parquet[/daily]/account/OCP/type/source=/year=/month=) or `poc` \
         (data/account/OCP/source=/year=/month=/day=/table).",
    )
    .default("\"koku\"")
    .flag("layout"),
    Field::new("source.account", Kind::Text, "\"org_demo\"", "Tenant name in paths; fills `{account}` in templates.").flag("account"),
    Field::new(
        "source.id",
        Kind::Uuid,
        "\"00000000-0000-4000-8000-000000000001\"",
        "Provider id; fills `{source}` in templates and is written to `source_uuid`.",
    )
    .flag("source-id"),
    Field::new(
        "source.paths",
        Kind::TextMap,
        "{\"pod_daily\": \"pods/{year}-{month}/**/*.parquet\"}",
        "Templates that replace those of the layout, by input name: `{account}`, `{source}`, `{year}`, `{month}`, `*` and `**` are filled in.",
    )
    .default("{}"),
    Field::new(
        "source.unitBytes",
        Kind::Bytes { min: 1 },
        "\"256MiB\"",
        "Bytes of an uncompressed CSV file that are read as one piece of work. Default: derived from its size and the threads.",
    )
    .flag("unit-bytes"),
    Field::new(
        "source.onBadRow",
        Kind::Choice { of: &["fail", "skip", "quarantine"] },
        "\"fail\"",
        "What becomes of a CSV record that cannot be read: `fail` ends the run with its file, line, column and value; `skip` leaves it out and counts it \
         (exit code 3); `quarantine` also keeps it in a file. Records that filters leave out are looked at only as far as the filters need.",
    )
    .default("\"fail\"")
    .flag("on-bad-row"),
    Field::new(
        "source.maxBadRows",
        Kind::Integer { min: 0, max: 1_000_000 },
        "100000",
        "Bad records that may be left out; one more fails the run, because then it is probably the wrong file.",
    )
    .default("100000")
    .flag("max-bad-rows"),
    Field::new("window.month", Kind::Month, "\"2025-10\"", "The whole of this month; instead of `window.start` and `window.end`.").flag("month"),
    Field::new("window.start", Kind::Day, "\"2025-10-01\"", "First day.").flag("start"),
    Field::new("window.end", Kind::Day, "\"2025-10-31\"", "Last day, inclusive.").flag("end"),
    Field::new(
        "window.split",
        Kind::Flag,
        "true",
        "Cut a range over several months at month ends, each part read from its own month's folder. Without it the whole range is read from the \
         folder of the first day's month.",
    )
    .default("true"),
    Field::new(
        "mode",
        Kind::Choice { of: &["streaming", "memory"] },
        "\"streaming\"",
        "`streaming` folds batches as they are decoded and stays inside the memory budget; `memory` decodes everything first and never spills, \
         for small months.",
    )
    .default("\"streaming\"")
    .flag("mode"),
    Field::new(
        "budget.memory",
        Kind::Bytes { min: 128 * MIB },
        "\"512MiB\"",
        "Memory for the whole process. Folds spill to disk past their share. Default: a quarter of what the container or host has.",
    )
    .default("536870912")
    .flag("memory"),
    Field::new("budget.threads", Kind::Integer { min: 1, max: 1024 }, "2", "Worker threads. Default: the processors available.")
        .default("2")
        .flag("threads"),
    Field::new("budget.spill", Kind::Text, "\"/var/tmp\"", "Folder for spilled state; it needs room for the state that does not fit in memory.")
        .default("\"/tmp\"")
        .flag("spill"),
    Field::new(
        "budget.foldBytes",
        Kind::Bytes { min: 1 },
        "\"64MiB\"",
        "State that one thread may hold before it spills. Default: derived from the memory and the threads.",
    )
    .flag("fold-bytes"),
    Field::new("budget.batchRows", Kind::Integer { min: 1, max: 1_048_576 }, "8192", "Rows per batch at most; wide rows make it fewer.")
        .default("8192")
        .flag("batch-rows"),
    Field::new("database.url", Kind::Text, "\"postgres://user@localhost:5432/koku\"", "PostgreSQL to write to.").flag("database"),
    Field::new("database.schema", Kind::Text, "\"org_demo\"", "Schema of the target table and of the look-up tables.")
        .default("\"public\"")
        .flag("schema"),
    Field::new("database.ledgerSchema", Kind::Text, "\"rowmill\"", "Schema of the ledger tables.").default("\"rowmill\""),
    Field::new("database.create", Kind::Flag, "true", "Create the target table, its indexes and its partitions where they are missing.")
        .default("true"),
    Field::new(
        "output.file",
        Kind::Text,
        "\"summary.parquet\"",
        "Write rows to this Parquet file instead of a database; for pipelines with one table.",
    )
    .flag("out"),
    Field::new(
        "output.folder",
        Kind::Text,
        "\"out\"",
        "Folder for a file per table where there is no database, and for what a pipeline writes beside its tables.",
    )
    .flag("out-dir"),
    Field::new("output.format", Kind::Choice { of: &["csv", "csv.gz", "parquet"] }, "\"csv\"", "How tables are written into the folder.")
        .default("\"csv\"")
        .flag("format"),
    Field::new(
        "output.quarantine",
        Kind::Text,
        "\"bad-rows.csv\"",
        "File for records that `source.onBadRow: quarantine` leaves out. Default: `quarantine.csv` in the folder of the output, or in the current one.",
    )
    .flag("quarantine"),
    Field::new(
        "verify.tolerance",
        Kind::Number { min: 0.0, max: 1.0 },
        "0.0001",
        "Largest relative difference of a number that still counts as equal; 0.0001 is 0.01 %.",
    )
    .default("0.0001")
    .flag("tolerance"),
];
