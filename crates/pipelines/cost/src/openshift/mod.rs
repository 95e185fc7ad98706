//! The daily summary of OpenShift usage.

mod fields;
mod sources;
mod tables;

pub use fields::FIELDS;
pub use sources::{SOURCES, name};
pub use tables::{DAILY_SUMMARY, MEASURES};
