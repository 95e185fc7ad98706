//! Label texts to small sorted maps: parsed once per distinct text, filtered to the enabled keys, merged as integers.

mod column;
mod json;
mod table;

pub use column::LabelColumn;
pub use table::{EMPTY_LABELS, LabelRules, LabelTable, NULL_LABELS};
