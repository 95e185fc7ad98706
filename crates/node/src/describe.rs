//! What there is: codes, settings, pipelines, tables.

use napi_derive::napi;
use rowmill_core::plan::{COMMON, Field};
use rowmill_core::{Code, Column, Pipeline, SourceSpec, TableSpec, Windowing};
use rowmill_registry::PIPELINES;
use serde_json::{Map, Value, json};

use crate::answer::answer;

/// Everything that types, docs and DDL are generated from.
#[napi(ts_return_type = "Answer<Description>")]
pub fn describe() -> Value {
    answer(|| {
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "codes": Code::ALL.iter().map(|code| json!({"code": code.text(), "retryable": code.retryable(), "meaning": code.meaning().trim()})).collect::<Vec<_>>(),
            "commonFields": COMMON.iter().map(field).collect::<Vec<_>>(),
            "pipelines": PIPELINES.iter().map(|pipeline| describe_pipeline(*pipeline)).collect::<Vec<_>>(),
        }))
    })
}

fn describe_pipeline(pipeline: &dyn Pipeline) -> Value {
    json!({
        "name": pipeline.name(),
        "about": pipeline.about(),
        "fields": pipeline.fields().iter().map(field).collect::<Vec<_>>(),
        "sources": pipeline.sources().iter().map(source).collect::<Vec<_>>(),
        "windowing": match pipeline.windowing() {
            Windowing::Months => "months",
            Windowing::Whole => "whole",
        },
        "presets": pipeline.presets(),
        "tables": pipeline.tables().iter().map(table).collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Value {
    let mut value = serde_json::to_value(field).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        members.insert("env".into(), field.env().into());
    }
    value
}

fn source(source: &SourceSpec) -> Value {
    let mut layouts = Map::new();
    for (layout, template) in source.layouts {
        if let Value::Array(templates) = layouts.entry(*layout).or_insert_with(|| json!([])) {
            templates.push(Value::from(*template));
        }
    }
    json!({"name": source.name, "doc": source.doc, "layouts": layouts})
}

fn table(table: &TableSpec) -> Value {
    json!({
        "name": table.name,
        "file": table.file,
        "doc": table.doc,
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "primaryKey": table.primary_key,
        "partitionBy": table.partition_by,
        "indexes": table.indexes,
        "deleteBy": table.delete_by,
        "deleteWhere": table.delete_where,
    })
}

fn column(column: &Column) -> Value {
    json!({
        "name": column.name,
        "ddl": column.sql.ddl(),
        "written": column.written,
        "generated": column.generated,
        "key": column.key,
        "nullable": column.nullable,
        "inFile": column.in_file,
    })
}
