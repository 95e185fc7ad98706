//! State to rows: tables, jobs, and the files of an extract.

pub mod files;
pub mod groups;
pub mod jobs;
pub mod rows;
pub mod types;
