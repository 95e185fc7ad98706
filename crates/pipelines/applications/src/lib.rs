//! Documents to rows of several tables, by contract. The numbered rules are in this crate's README.

pub mod contract;
pub mod expression;
pub mod map;
pub mod model;
pub mod values;
