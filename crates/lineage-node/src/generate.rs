//! Making up SQL files.

use crate::answer::{answer, in_background};
use napi_derive::napi;
use rowmill_core::{Code, Error};
use rowmill_generate_sql::write_sql;
use serde_json::Value;
use std::path::Path;

/// Writes so many made-up SQL files below a folder; answers with their bytes.
#[napi(ts_return_type = "Promise<Answer<number>>")]
pub async fn generate_sql(folder: String, files: u32) -> Value {
    let failed =
        |error: std::io::Error| Error::new(Code::SinkFileFailed, error.to_string()).help("Check who may write there, and how much room is left.");
    in_background(move || answer(|| write_sql(Path::new(&folder), files as usize).map_err(|error| failed(error).file(folder.clone())))).await
}
