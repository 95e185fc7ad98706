//! The rules again, as plainly as they can be written: over a whole tree, row by row, with texts for values.

pub mod convert;
pub mod documents;
pub mod rows;
mod tree;
