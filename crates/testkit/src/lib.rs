//! Naive twins: obvious, slow, independent implementations of what pipelines do, and hostile data to compare them on.
//!
//! A dev-dependency of anyone; it depends on `core` and shares no code with kernels or pipelines, so that a mistake
//! there cannot hide here.

pub mod chunks;
pub mod openshift;
pub mod orders;
pub mod random;
