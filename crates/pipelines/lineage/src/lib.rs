//! SQL lineage.
