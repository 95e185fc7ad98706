//! Answers: either a value or a failure as data.

use napi::bindgen_prelude::spawn_blocking;
use rowmill_core::{Error, Result, guarded};
use serde::Serialize;
use serde_json::{Value, json};

/// A failure as JavaScript sees it.
pub fn wire_failure(error: &Error) -> Value {
    json!({
        "code": error.code().text(),
        "message": error.message(),
        "help": error.help_text(),
        "retryable": error.code().retryable(),
        "place": error.place(),
    })
}

/// Runs `work`; its value becomes `{ok}` and its failure `{failure}`. A panic is a failure too: it would abort Node.
pub fn answer<T: Serialize>(work: impl FnOnce() -> Result<T>) -> Value {
    match guarded(work).and_then(|value| serde_json::to_value(value).map_err(|error| Error::bug(error.to_string()))) {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "failure": wire_failure(&error) }),
    }
}

/// Runs blocking work on a thread of its own kind, away from the few that serve files and DNS. The work catches its panics itself.
pub async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(value) => value,
        // Only a panic or a runtime that is going away gets here; an async export turns the panic into an ordinary rejection.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
