//! Realistic input, made up from a seed: months of OpenShift usage as Parquet files, logs of order events ([`orders`]), and documents of
//! applications ([`applications`]).
//!
//! Every row of a month is a pure function of the seed and its place (cluster, slot, hour), so nothing is held in memory but the rows of
//! one batch, files can be written in any order and by several threads, and the daily files are worked out from the same hours
//! as the hourly ones. Amounts are whole numbers of small units (1/1024 core-second, one byte-second), so every total is exact.

mod applications;
mod cluster;
mod columns;
mod files;
mod hours;
mod label_rows;
mod label_texts;
mod layout;
mod noise;
mod orders;
mod plan;
mod pod_rows;
mod run;
mod spec;
mod storage_rows;
mod totals;

pub use applications::{
    Applications, ApplicationsSpec, ApplicationsTotals, Document, DocumentFormat, DocumentShape, DocumentTotals, Fault, Product, applications,
};
pub use orders::{EventTotals, OrdersFormat, OrdersSpec, OrdersTotals, Selection, orders};
pub use run::openshift;
pub use spec::{Compression, FilePer, Files, Labels, Layout, OpenShiftSpec, Order};
pub use totals::{ClusterTotals, InputTotals, PodTotals, StorageTotals, Totals};

#[cfg(test)]
mod tests;
