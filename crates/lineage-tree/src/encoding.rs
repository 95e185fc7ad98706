//! What is kept in the cache, as MessagePack: data only, nothing in it can be run.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes of a value. None of ours fails to be written; one that did would be read as no value at all.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec(value).unwrap_or_default()
}

/// The value of bytes; `None` where they are not such a value.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    rmp_serde::from_slice(bytes).ok()
}
