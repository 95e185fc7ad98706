//! Calculated values: a typed expression grammar in two dialects.
