-- Daily rows out of hourly ones, where there are no daily files. Rows with an impossible number are dropped before anything
-- else; after that a missing number counts as 0 in a sum, and the larger of usage and request is taken hour by hour.

DELETE FROM pod_hourly WHERE greatest(
  pod_usage_cpu_core_seconds, pod_request_cpu_core_seconds, pod_limit_cpu_core_seconds,
  pod_usage_memory_byte_seconds, pod_request_memory_byte_seconds, pod_limit_memory_byte_seconds,
  node_capacity_cpu_core_seconds, node_capacity_memory_byte_seconds, node_capacity_memory_bytes
) > 1e18;

DELETE FROM storage_hourly WHERE greatest(
  persistentvolumeclaim_capacity_bytes, persistentvolumeclaim_capacity_byte_seconds,
  volume_request_storage_byte_seconds, persistentvolumeclaim_usage_byte_seconds
) > 1e18;

INSERT INTO pod_daily BY NAME
SELECT date_trunc('day', interval_start) AS interval_start, namespace, node, pod, pod_labels, max(resource_id) AS resource_id,
  fsum(coalesce(pod_usage_cpu_core_seconds, 0)) AS pod_usage_cpu_core_seconds,
  fsum(coalesce(pod_request_cpu_core_seconds, 0)) AS pod_request_cpu_core_seconds,
  fsum(coalesce(pod_limit_cpu_core_seconds, 0)) AS pod_limit_cpu_core_seconds,
  fsum(coalesce(greatest(pod_usage_cpu_core_seconds, pod_request_cpu_core_seconds), 0)) AS pod_effective_usage_cpu_core_seconds,
  fsum(coalesce(pod_usage_memory_byte_seconds, 0)) AS pod_usage_memory_byte_seconds,
  fsum(coalesce(pod_request_memory_byte_seconds, 0)) AS pod_request_memory_byte_seconds,
  fsum(coalesce(pod_limit_memory_byte_seconds, 0)) AS pod_limit_memory_byte_seconds,
  fsum(coalesce(greatest(pod_usage_memory_byte_seconds, pod_request_memory_byte_seconds), 0)) AS pod_effective_usage_memory_byte_seconds,
  max(node_capacity_cpu_cores) AS node_capacity_cpu_cores,
  max(node_capacity_memory_bytes) AS node_capacity_memory_bytes
FROM pod_hourly
GROUP BY ALL;

INSERT INTO storage_daily BY NAME
SELECT date_trunc('day', interval_start) AS interval_start, namespace, pod, persistentvolumeclaim, persistentvolume, storageclass,
  csi_volume_handle, persistentvolume_labels, persistentvolumeclaim_labels,
  max(persistentvolumeclaim_capacity_bytes) AS persistentvolumeclaim_capacity_bytes,
  fsum(coalesce(persistentvolumeclaim_capacity_byte_seconds, 0)) AS persistentvolumeclaim_capacity_byte_seconds,
  fsum(coalesce(volume_request_storage_byte_seconds, 0)) AS volume_request_storage_byte_seconds,
  fsum(coalesce(persistentvolumeclaim_usage_byte_seconds, 0)) AS persistentvolumeclaim_usage_byte_seconds
FROM storage_hourly
GROUP BY ALL;
