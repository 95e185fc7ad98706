//! Cutting a text into statements.

use crate::answer::{answer, in_background};
use crate::options::named_dialect;
use napi_derive::napi;
use rowmill_lineage::statements;
use serde_json::{Value, json};

/// The statements of a text by the rules of a dialect; routines stay whole.
#[napi(ts_return_type = "Promise<Answer<{ text: string; line: number }[]>>")]
pub async fn split_statements(text: String, dialect: String) -> Value {
    let cut = move || {
        let dialect = named_dialect(&dialect)?;
        Ok(statements(&text, dialect).into_iter().map(|each| json!({ "text": each.text, "line": each.line })).collect::<Vec<_>>())
    };
    in_background(move || answer(cut)).await
}
