-- What the oracle reads: inputs, lookups and parameters as plain tables, and the two macros its queries share.
-- Columns that a file lacks stay NULL; columns that nothing reads are not here.

CREATE OR REPLACE TEMP TABLE params (
  source VARCHAR, start_date DATE, end_date DATE, align_start BOOLEAN,
  report_period_id INTEGER, cluster_id VARCHAR, cluster_alias VARCHAR
);

CREATE OR REPLACE TEMP TABLE enabled_tag_keys ("key" VARCHAR, enabled BOOLEAN, provider_type VARCHAR);

CREATE OR REPLACE TEMP TABLE cost_category_namespace (namespace VARCHAR, cost_category_id INTEGER);

CREATE OR REPLACE TEMP TABLE nodes (node VARCHAR, resource_id VARCHAR, node_role VARCHAR);

CREATE OR REPLACE TEMP TABLE pod_hourly (
  interval_start TIMESTAMP, namespace VARCHAR, node VARCHAR, pod VARCHAR, resource_id VARCHAR, pod_labels VARCHAR,
  pod_usage_cpu_core_seconds DOUBLE, pod_request_cpu_core_seconds DOUBLE, pod_limit_cpu_core_seconds DOUBLE,
  pod_usage_memory_byte_seconds DOUBLE, pod_request_memory_byte_seconds DOUBLE, pod_limit_memory_byte_seconds DOUBLE,
  node_capacity_cpu_cores DOUBLE, node_capacity_memory_bytes DOUBLE,
  node_capacity_cpu_core_seconds DOUBLE, node_capacity_memory_byte_seconds DOUBLE
);

CREATE OR REPLACE TEMP TABLE pod_daily (
  interval_start TIMESTAMP, namespace VARCHAR, node VARCHAR, pod VARCHAR, resource_id VARCHAR, pod_labels VARCHAR,
  pod_usage_cpu_core_seconds DOUBLE, pod_request_cpu_core_seconds DOUBLE, pod_limit_cpu_core_seconds DOUBLE,
  pod_effective_usage_cpu_core_seconds DOUBLE,
  pod_usage_memory_byte_seconds DOUBLE, pod_request_memory_byte_seconds DOUBLE, pod_limit_memory_byte_seconds DOUBLE,
  pod_effective_usage_memory_byte_seconds DOUBLE,
  node_capacity_cpu_cores DOUBLE, node_capacity_memory_bytes DOUBLE
);

CREATE OR REPLACE TEMP TABLE storage_daily (
  interval_start TIMESTAMP, namespace VARCHAR, pod VARCHAR, persistentvolumeclaim VARCHAR, persistentvolume VARCHAR,
  storageclass VARCHAR, csi_volume_handle VARCHAR, persistentvolume_labels VARCHAR, persistentvolumeclaim_labels VARCHAR,
  persistentvolumeclaim_capacity_bytes DOUBLE, persistentvolumeclaim_capacity_byte_seconds DOUBLE,
  volume_request_storage_byte_seconds DOUBLE, persistentvolumeclaim_usage_byte_seconds DOUBLE
);

CREATE OR REPLACE TEMP TABLE storage_hourly AS FROM storage_daily;

CREATE OR REPLACE TEMP TABLE node_labels (interval_start TIMESTAMP, node VARCHAR, node_labels VARCHAR);

CREATE OR REPLACE TEMP TABLE namespace_labels (interval_start TIMESTAMP, namespace VARCHAR, namespace_labels VARCHAR);

-- A double as Trino prints it: 1.5E0, 1.0E3, 2.0E-7.
CREATE OR REPLACE TEMP MACRO double_text(number) AS (
  SELECT sign || CASE WHEN digits = '' THEN '0.0E0'
    ELSE digits[1] || '.' || coalesce(nullif(digits[2:], ''), '0') || 'E' || (power + length(whole) - 1 - zeros) END
  FROM (
    SELECT part.sign, part.whole, rtrim(ltrim(part.whole || part.fraction, '0'), '0') AS digits,
      length(part.whole || part.fraction) - length(ltrim(part.whole || part.fraction, '0')) AS zeros,
      coalesce(try_cast(part.power AS INTEGER), 0) AS power
    FROM (SELECT regexp_extract(
      number, '^(-?)([0-9]+)[.]?([0-9]*)(?:[eE]([+-]?[0-9]+))?$', ['sign', 'whole', 'fraction', 'power']
    ) AS part)
  )
);

-- A map as compact JSON with its keys by code point: two maps are equal where these texts are.
CREATE OR REPLACE TEMP MACRO map_text(entries) AS to_json(map_from_entries(list_sort(map_entries(entries))))::VARCHAR;

-- numeric(33,15) from the shortest decimal of a double, ties away from zero.
CREATE OR REPLACE TEMP MACRO amount(number) AS number::VARCHAR::DECIMAL(33, 15);
