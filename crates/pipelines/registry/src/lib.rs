//! Every pipeline there is: one line each.

use rowmill_core::Pipeline;

/// The pipelines, in the order in which they are listed to people.
pub const PIPELINES: &[&dyn Pipeline] = &[&rowmill_cost::openshift::OpenShift, &rowmill_orders::Orders];
