//! Plain rows as record batches.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_schema::{ArrowError, Field, Schema};
use rowmill_core::{ColumnKind, InputSpec};

use super::rows::{LabelRow, Month, PodRow, StorageRow};

/// A row whose columns can be asked for by the name they have in files.
trait Named {
    fn at_ms(&self) -> i64;
    /// NULL for columns that the row does not have.
    fn text(&self, column: &str) -> Option<&str>;
    /// NULL for columns that the row does not have.
    fn number(&self, column: &str) -> Option<f64>;
}

impl Month {
    /// The rows of an input as one batch with exactly the columns of `spec`; text is `Utf8`. Columns that the plain rows do not
    /// have are NULL, and so are all rows of an input that is not known here.
    pub fn batch(&self, spec: &InputSpec) -> Result<RecordBatch, ArrowError> {
        match spec.name {
            "pod_daily" => batch(&self.pods_daily, spec),
            "pod_hourly" => batch(&self.pods_hourly, spec),
            "storage_daily" => batch(&self.storage, spec),
            "storage_hourly" => batch(&self.storage_hourly, spec),
            "node_labels_daily" | "node_labels_hourly" => batch(&self.node_labels, spec),
            "namespace_labels_daily" | "namespace_labels_hourly" => batch(&self.namespace_labels, spec),
            unknown => Err(ArrowError::InvalidArgumentError(format!("there is no input {unknown}"))),
        }
    }
}

fn batch<R: Named>(rows: &[R], spec: &InputSpec) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::with_capacity(spec.columns.len());
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(spec.columns.len());
    for column in &spec.columns {
        let array: ArrayRef = match column.kind {
            ColumnKind::Text => Arc::new(rows.iter().map(|row| row.text(&column.name)).collect::<StringArray>()),
            ColumnKind::Double => Arc::new(rows.iter().map(|row| row.number(&column.name)).collect::<Float64Array>()),
            ColumnKind::Integer => return Err(ArrowError::NotYetImplemented("months have no integer columns".into())),
            ColumnKind::Timestamp => Arc::new(TimestampMillisecondArray::from_iter_values(rows.iter().map(Named::at_ms))),
        };
        fields.push(Field::new(column.name.as_ref(), array.data_type().clone(), true));
        columns.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

impl Named for PodRow {
    fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn text(&self, column: &str) -> Option<&str> {
        let text = match column {
            "namespace" => &self.namespace,
            "node" => &self.node,
            "pod" => &self.pod,
            "resource_id" => &self.resource_id,
            "pod_labels" => &self.labels,
            "node_role" => &self.node_role,
            _ => return None,
        };
        text.as_deref()
    }

    fn number(&self, column: &str) -> Option<f64> {
        match column {
            "pod_usage_cpu_core_seconds" => self.usage_cpu,
            "pod_request_cpu_core_seconds" => self.request_cpu,
            "pod_effective_usage_cpu_core_seconds" => self.effective_cpu,
            "pod_limit_cpu_core_seconds" => self.limit_cpu,
            "pod_usage_memory_byte_seconds" => self.usage_memory,
            "pod_request_memory_byte_seconds" => self.request_memory,
            "pod_effective_usage_memory_byte_seconds" => self.effective_memory,
            "pod_limit_memory_byte_seconds" => self.limit_memory,
            "node_capacity_cpu_cores" => self.capacity_cores,
            "node_capacity_memory_bytes" => self.capacity_bytes,
            "node_capacity_cpu_core_seconds" => self.capacity_core_seconds,
            "node_capacity_memory_byte_seconds" => self.capacity_byte_seconds,
            _ => None,
        }
    }
}

impl Named for StorageRow {
    fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn text(&self, column: &str) -> Option<&str> {
        let text = match column {
            "namespace" => &self.namespace,
            "pod" => &self.pod,
            "persistentvolumeclaim" => &self.claim,
            "persistentvolume" => &self.volume,
            "storageclass" => &self.class,
            "csi_volume_handle" => &self.handle,
            "persistentvolume_labels" => &self.volume_labels,
            "persistentvolumeclaim_labels" => &self.claim_labels,
            _ => return None,
        };
        text.as_deref()
    }

    fn number(&self, column: &str) -> Option<f64> {
        match column {
            "persistentvolumeclaim_capacity_bytes" => self.capacity_bytes,
            "persistentvolumeclaim_capacity_byte_seconds" => self.capacity_byte_seconds,
            "volume_request_storage_byte_seconds" => self.request_byte_seconds,
            "persistentvolumeclaim_usage_byte_seconds" => self.usage_byte_seconds,
            _ => None,
        }
    }
}

impl Named for LabelRow {
    fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn text(&self, column: &str) -> Option<&str> {
        match column {
            "node" | "namespace" => self.name.as_deref(),
            "node_labels" | "namespace_labels" => self.labels.as_deref(),
            _ => None,
        }
    }

    fn number(&self, _column: &str) -> Option<f64> {
        None
    }
}
