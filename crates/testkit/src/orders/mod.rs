//! The naive twin of the orders pipeline, and hostile order logs to compare it on.

mod cells;
mod maker;
mod twin;
mod zone;

pub use cells::{Cell, cells, difference};
pub use maker::{Log, Order, random_log};
pub use twin::{Answer, Extracted, answer};
pub use zone::Clock;
