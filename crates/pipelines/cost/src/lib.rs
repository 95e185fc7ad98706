//! Cost pipelines: usage and bills to the summary tables that cost management reads.

pub mod openshift;
