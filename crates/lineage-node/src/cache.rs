//! The cache on its own: what is in it, and emptying it.

use crate::answer::{answer, in_background};
use crate::options::{WireCache, from_wire};
use napi_derive::napi;
use rowmill_core::{Code, Error, Result};
use rowmill_lineage_tree::Cache;
use serde::Serialize;
use serde_json::Value;

async fn with_cache<T: Serialize>(cache: Value, work: impl FnOnce(&mut Cache) -> Option<T> + Send + 'static) -> Value {
    let work = move || -> Result<T> {
        let wire: WireCache = from_wire(cache, "where the cache is")?;
        let failed = |reason: String| Error::new(Code::InputUnreadable, reason).help("Check who may write there, or name another file.");
        let mut cache = Cache::open(&wire.into()).map_err(failed)?;
        work(&mut cache).ok_or_else(|| failed("the cache cannot be read".to_owned()))
    };
    in_background(move || answer(work)).await
}

/// What is in a cache, and how often it helped.
#[napi(ts_args_type = "cache: CacheOptions", ts_return_type = "Promise<Answer<CacheStats>>")]
pub async fn cache_stats(cache: Value) -> Value {
    with_cache(cache, Cache::stats).await
}

/// Holds so many entries of a cache, chosen at random, against their files.
#[napi(ts_args_type = "cache: CacheOptions, sample: number", ts_return_type = "Promise<Answer<CacheCheck>>")]
pub async fn check_cache(cache: Value, sample: u32) -> Value {
    with_cache(cache, move |cache| cache.check(u64::from(sample))).await
}

/// Empties a cache; answers with the number of entries that there were.
#[napi(ts_args_type = "cache: CacheOptions", ts_return_type = "Promise<Answer<number>>")]
pub async fn clear_cache(cache: Value) -> Value {
    with_cache(cache, Cache::clear).await
}
