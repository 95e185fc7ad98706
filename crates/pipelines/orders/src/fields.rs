//! Settings of its own, and settings that go together.

use rowmill_core::Preset;
use rowmill_core::plan::{Field, Kind};

/// Whole numbers as far as JSON and JavaScript tell them apart.
const ANY: Kind = Kind::Integers { min: -(1 << 53) + 1, max: (1 << 53) - 1 };
const FORMATS: &[&str] = &["parquet", "csv", "csv.gz"];

/// Settings of the orders pipeline.
pub const FIELDS: &[Field] = &[
    Field::new(
        "orders.mode",
        Kind::Choice { of: &["parallel", "sequential"] },
        "\"parallel\"",
        "`sequential` works on one thread, whatever `budget.threads` says; `parallel` on all of them.",
    )
    .default("\"parallel\"")
    .refusal("Invalid processing mode: {}"),
    Field::new(
        "orders.maxWorkers",
        Kind::IntegerOrAuto { min: 1, max: 1024 },
        "\"auto\"",
        "Worker threads; `auto` leaves it to `budget.threads`, any number replaces that.",
    )
    .default("\"auto\"")
    .flag("max-workers")
    .refusal("max_workers must be 'auto' or integer >= 1, got {}"),
    Field::new(
        "orders.chunkSizeMb",
        Kind::IntegerOrAuto { min: 32, max: 1_048_576 },
        "\"auto\"",
        "MiB of an uncompressed CSV file that are read as one piece of work; `source.unitBytes`, where given, says it more exactly.",
    )
    .default("\"auto\"")
    .flag("chunk-size-mb")
    .refusal("chunk_size_mb must be 'auto' or integer >= 32, got {}"),
    Field::new("orders.allDates", Kind::Flag, "true", "Take every date that there is; `window.start` and `window.end` are ignored then.")
        .default("false")
        .flag("all-dates"),
    Field::new("orders.securityCodes", ANY, "[110621, 110622]", "Securities that are wanted; none means all.").default("[]").flag("security"),
    Field::new("orders.participantIds", ANY, "[69]", "Participants (brokers) whose orders are wanted; none means all.")
        .default("[]")
        .flag("participant"),
    Field::new(
        "orders.orderTypes",
        ANY,
        "[64, 256, 2048, 4096, 4098]",
        "Values of `exchangeordertype` that are wanted; none means all. The example is the family of Centre Point types.",
    )
    .default("[]")
    .flag("order-type"),
    Field::new("orders.hoursEnabled", Kind::Flag, "true", "Whether only trading hours are wanted.").default("false").flag("trading-hours"),
    Field::new("orders.hoursStart", Kind::Integer { min: 0, max: 24 }, "10", "First trading hour, local time.")
        .default("10")
        .flag("hours-start")
        .refusal("Invalid trading hours: {}"),
    Field::new("orders.hoursEnd", Kind::Integer { min: 0, max: 24 }, "16", "Hour at which trading ends, local time; see `orders.hourEnd`.")
        .default("16")
        .flag("hours-end")
        .refusal("Invalid trading hours: {}"),
    Field::new(
        "orders.hourEnd",
        Kind::Choice { of: &["exclusive", "instant", "hour"] },
        "\"exclusive\"",
        "Where trading hours end: with 16, `exclusive` is before 16:00, `instant` also takes 16:00:00.000000000 itself, and `hour` takes the \
         whole hour, up to 17:00.",
    )
    .default("\"exclusive\"")
    .flag("hour-end"),
    Field::new(
        "orders.timezone",
        Kind::Text,
        "\"Australia/Sydney\"",
        "Zone of dates and trading hours, and so of the jobs and the folders of an extract: an IANA name, `UTC`, or a fixed offset such as `+10:00`.",
    )
    .default("\"Australia/Sydney\"")
    .flag("timezone"),
    Field::new(
        "orders.aggregateZone",
        Kind::Text,
        "\"UTC\"",
        "Zone of the dates and hours of the aggregates. Default: the same as `orders.timezone`; the original aggregated in `UTC`.",
    )
    .flag("aggregate-zone"),
    Field::new("orders.dataset", Kind::Text, "\"orders\"", "Name of the rows in the tables: a run replaces those of its own name and no others.")
        .default("\"orders\"")
        .flag("dataset"),
    Field::new(
        "orders.filterOrder",
        Kind::Texts,
        "[\"date\", \"security\", \"participant\", \"orderType\", \"hours\"]",
        "Order in which filters are applied and counted; those not named follow in the usual order. It changes the counts, never the rows.",
    )
    .default("[]"),
    Field::new(
        "orders.extract",
        Kind::Choice { of: &["off", "partitioned", "single"] },
        "\"partitioned\"",
        "Whether the rows themselves are written into `output.folder`: a file per local date and security (`2024-09-05/110621/orders.parquet`), \
         or a single one.",
    )
    .default("\"off\"")
    .flag("extract"),
    Field::new("orders.extractFormat", Kind::Choice { of: FORMATS }, "\"parquet\"", "Form of the files of the extract.")
        .default("\"parquet\"")
        .flag("extract-format")
        .refusal("Unknown format: {}"),
    Field::new(
        "orders.downcast",
        Kind::Choice { of: &["narrowest", "declared", "off"] },
        "\"narrowest\"",
        "Types of the integers of an extract: `narrowest` that hold every value of it, `declared` as the columns' meaning allows, or `off` for \
         64 bits. `orders.types` goes before either.",
    )
    .default("\"narrowest\"")
    .flag("downcast"),
    Field::new(
        "orders.downcastOverflow",
        Kind::Choice { of: &["fail", "widen"] },
        "\"fail\"",
        "What becomes of a declared type that a value does not fit: the run fails, or the column keeps a wider type and the report warns.",
    )
    .default("\"fail\""),
    Field::new(
        "orders.types",
        Kind::TextMap,
        "{\"price\": \"double\", \"venue\": \"text\"}",
        "Types of columns by name: int8 to int64, uint8 to uint32, double, text. A name beyond the 29 of an order log makes the column known, \
         and extracts carry it.",
    )
    .default("{}"),
    Field::new(
        "orders.lint",
        Kind::Flag,
        "true",
        "Count the values that the types of the original would have destroyed, such as an order type of 2048 in eight bits.",
    )
    .default("false")
    .flag("lint"),
];

/// Settings that go together.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "laptop",
        doc: "2 workers, 256 MB per chunk.",
        settings: r#"{"orders": {"mode": "parallel", "maxWorkers": 2, "chunkSizeMb": 256}}"#,
    },
    Preset {
        name: "workstation",
        doc: "7 workers, 400 MB per chunk.",
        settings: r#"{"orders": {"mode": "parallel", "maxWorkers": 7, "chunkSizeMb": 400}}"#,
    },
    Preset {
        name: "server",
        doc: "30 workers, 2000 MB per chunk.",
        settings: r#"{"orders": {"mode": "parallel", "maxWorkers": 30, "chunkSizeMb": 2000}}"#,
    },
    Preset {
        name: "legacy-centrepoint",
        doc: "The extraction that calls participant 69 Centre Point: hours 10 to 16 to their end at +10:00, then the participant.",
        settings: r#"{"orders": {"hoursEnabled": true, "hoursStart": 10, "hoursEnd": 16, "hourEnd": "hour", "timezone": "+10:00",
            "aggregateZone": "UTC", "participantIds": [69], "filterOrder": ["hours", "participant"], "extract": "single",
            "extractFormat": "csv.gz"}}"#,
    },
];
