-- The daily summary as one statement, in the semantics `exact` and the dialect `trino`: slow, flat, and written from the rules
-- alone, so that it can disagree with the fold. Numbers stay doubles until the last select.
WITH
-- Which labels count: none at all where no key is enabled.
enabled AS (SELECT "key" FROM enabled_tag_keys WHERE enabled AND provider_type = 'OCP'),
kept AS (SELECT "key" FROM enabled UNION SELECT 'vm_kubevirt_io_name' WHERE EXISTS (FROM enabled)),

-- The window: from midnight to midnight. Its start may move forward to the first day that has pods.
bounds AS MATERIALIZED (
  SELECT end_date + INTERVAL 1 DAY AS until, coalesce((
    SELECT date_trunc('day', min(interval_start)) FROM pod_daily
    WHERE align_start AND interval_start >= start_date AND interval_start < end_date + INTERVAL 1 DAY
  ), start_date) AS since
  FROM params
),
pods AS MATERIALIZED (
  SELECT pod_daily.*, interval_start::DATE AS day FROM pod_daily, bounds WHERE interval_start >= since AND interval_start < until
),
volumes AS MATERIALIZED (
  SELECT storage_daily.*, interval_start::DATE AS day FROM storage_daily, bounds WHERE interval_start >= since AND interval_start < until
),
labelled_nodes AS (
  SELECT DISTINCT interval_start::DATE AS day, node, node_labels AS labels FROM node_labels, bounds WHERE interval_start >= since AND interval_start < until
),
labelled_namespaces AS (
  SELECT DISTINCT interval_start::DATE AS day, namespace, namespace_labels AS labels FROM namespace_labels, bounds WHERE interval_start >= since AND interval_start < until
),

-- Every label text once: NULL for the JSON literal null, otherwise a map of the kept keys, in which the last of a repeated key
-- counts. Anything else fails the statement, as does a value that is no scalar.
label_texts AS (
  SELECT pod_labels AS text FROM pods UNION SELECT persistentvolume_labels FROM volumes
  UNION SELECT persistentvolumeclaim_labels FROM volumes
  UNION SELECT labels FROM labelled_nodes UNION SELECT labels FROM labelled_namespaces
),
checked_texts AS MATERIALIZED (
  SELECT text, CASE WHEN NOT json_valid(text) THEN error('labels are not JSON: ' || text)
    WHEN json_type(text) NOT IN ('OBJECT', 'NULL') THEN error('labels are no object: ' || text)
    ELSE json_type(text) = 'OBJECT' END AS is_map
  FROM label_texts WHERE text IS NOT NULL
),
label_entries AS (
  SELECT text, unnest(json_keys(text)) AS "key", unnest(json_extract(text, '$.*')) AS value,
    generate_subscripts(json_keys(text), 1) AS place
  FROM checked_texts WHERE is_map
),
label_values AS (
  SELECT text, "key", place, CASE
    WHEN json_type(value) IN ('OBJECT', 'ARRAY') THEN error('a label is nested: ' || text)
    WHEN json_type(value) = 'NULL' THEN NULL
    WHEN json_type(value) = 'DOUBLE' AND NOT regexp_matches(value::VARCHAR, '^-?[0-9]+$') THEN double_text(value::VARCHAR)
    ELSE value ->> '$' END AS value
  FROM label_entries
),
last_values AS (
  SELECT text, "key", last(value ORDER BY place) AS value, max("key" IN (FROM kept)) AS counts
  FROM label_values GROUP BY text, "key"
),
kept_maps AS (
  SELECT text, map(list("key" ORDER BY "key"), list(value ORDER BY "key")) AS labels
  FROM last_values WHERE counts GROUP BY text
),
label_maps AS MATERIALIZED (
  SELECT text, CASE WHEN is_map THEN coalesce(labels, MAP([], [])::MAP(VARCHAR, VARCHAR)) END AS labels
  FROM checked_texts LEFT JOIN kept_maps USING (text)
),

-- Label sets of a node or namespace on a day; NULL is a member that contributes nothing.
node_sets AS MATERIALIZED (
  SELECT DISTINCT day, node, label_maps.labels FROM labelled_nodes LEFT JOIN label_maps ON text = labelled_nodes.labels
),
namespace_sets AS MATERIALIZED (
  SELECT DISTINCT day, namespace, label_maps.labels FROM labelled_namespaces LEFT JOIN label_maps ON text = labelled_namespaces.labels
),

-- Capacity: the peak of every timestamp and node, summed over the day, and over all nodes.
peaks AS (
  SELECT interval_start, node, max(node_capacity_cpu_core_seconds) AS cpu, max(node_capacity_memory_byte_seconds) AS memory
  FROM pod_hourly, bounds WHERE interval_start >= since AND interval_start < until
  GROUP BY interval_start, node
),
node_capacity AS (
  SELECT interval_start::DATE AS day, node, fsum(cpu) AS cpu, fsum(memory) AS memory FROM peaks GROUP BY ALL
),
cluster_capacity AS (SELECT day, fsum(cpu) AS cpu, fsum(memory) AS memory FROM node_capacity GROUP BY day),

-- Pod rows.
pod_partners AS (
  SELECT pods.*, cost_category_id,
    ncap.cpu AS node_cpu, ncap.memory AS node_memory, ccap.cpu AS cluster_cpu, ccap.memory AS cluster_memory,
    CASE WHEN own.labels IS NOT NULL THEN map_text(map_concat(map_concat(node_sets.labels, namespace_sets.labels), own.labels)) END AS labels
  FROM pods
  LEFT JOIN label_maps own ON own.text = pods.pod_labels
  LEFT JOIN node_sets ON node_sets.day = pods.day AND node_sets.node = pods.node
  LEFT JOIN namespace_sets ON namespace_sets.day = pods.day AND namespace_sets.namespace = pods.namespace
  LEFT JOIN cost_category_namespace category ON pods.namespace LIKE category.namespace
  LEFT JOIN node_capacity ncap ON ncap.day = pods.day AND ncap.node = pods.node
  LEFT JOIN cluster_capacity ccap ON ccap.day = pods.day
  WHERE pods.node <> ''
),
pod_rows AS MATERIALIZED (
  SELECT day, namespace, node, labels AS pod_labels, max(cost_category_id) AS cost_category_id, max(resource_id) AS resource_id,
    fsum(pod_usage_cpu_core_seconds) / 3600 AS usage_cpu,
    fsum(pod_request_cpu_core_seconds) / 3600 AS request_cpu,
    fsum(coalesce(pod_effective_usage_cpu_core_seconds, CASE
      WHEN pod_usage_cpu_core_seconds >= pod_request_cpu_core_seconds THEN pod_usage_cpu_core_seconds
      WHEN pod_usage_cpu_core_seconds < pod_request_cpu_core_seconds THEN pod_request_cpu_core_seconds END)) / 3600 AS effective_cpu,
    fsum(pod_limit_cpu_core_seconds) / 3600 AS limit_cpu,
    fsum(pod_usage_memory_byte_seconds) / 3600 / 1073741824 AS usage_memory,
    fsum(pod_request_memory_byte_seconds) / 3600 / 1073741824 AS request_memory,
    fsum(coalesce(pod_effective_usage_memory_byte_seconds, CASE
      WHEN pod_usage_memory_byte_seconds >= pod_request_memory_byte_seconds THEN pod_usage_memory_byte_seconds
      WHEN pod_usage_memory_byte_seconds < pod_request_memory_byte_seconds THEN pod_request_memory_byte_seconds END))
      / 3600 / 1073741824 AS effective_memory,
    fsum(pod_limit_memory_byte_seconds) / 3600 / 1073741824 AS limit_memory,
    max(node_capacity_cpu_cores) AS cores, max(node_cpu) / 3600 AS node_cpu,
    max(node_capacity_memory_bytes) / 1073741824 AS gigabytes, max(node_memory) / 3600 / 1073741824 AS node_memory,
    max(cluster_cpu) / 3600 AS cluster_cpu, max(cluster_memory) / 3600 / 1073741824 AS cluster_memory
  FROM pod_partners
  GROUP BY day, namespace, node, labels
),

-- Storage rows. A volume is shared by the distinct nodes of the pods that mount it; pods without node take part.
mounts AS MATERIALIZED (
  SELECT DISTINCT volumes.day, persistentvolumeclaim, persistentvolume, volumes.pod, volumes.namespace, node, resource_id
  FROM volumes JOIN pods ON pods.namespace = volumes.namespace AND pods.pod = volumes.pod AND pods.day = volumes.day
),
shares AS (SELECT day, persistentvolume, count(DISTINCT node) AS nodes FROM mounts GROUP BY day, persistentvolume),
volume_partners AS (
  SELECT volumes.*, mounts.node, mounts.resource_id, shares.nodes, cost_category_id,
    CASE WHEN volume.labels IS NOT NULL AND claim.labels IS NOT NULL THEN map_text(
      map_concat(map_concat(node_sets.labels, namespace_sets.labels), map_concat(volume.labels, claim.labels))
    ) END AS labels
  FROM volumes
  LEFT JOIN mounts ON mounts.day = volumes.day AND mounts.persistentvolumeclaim = volumes.persistentvolumeclaim
    AND mounts.pod = volumes.pod AND mounts.namespace = volumes.namespace
  LEFT JOIN shares ON shares.day = volumes.day AND shares.persistentvolume = volumes.persistentvolume
  LEFT JOIN label_maps volume ON volume.text = volumes.persistentvolume_labels
  LEFT JOIN label_maps claim ON claim.text = volumes.persistentvolumeclaim_labels
  LEFT JOIN node_sets ON node_sets.day = volumes.day AND node_sets.node = mounts.node
  LEFT JOIN namespace_sets ON namespace_sets.day = volumes.day AND namespace_sets.namespace = volumes.namespace
  LEFT JOIN cost_category_namespace category ON volumes.namespace LIKE category.namespace
),
volume_sums AS (
  SELECT day, namespace, node, resource_id, persistentvolumeclaim, persistentvolume, storageclass, csi_volume_handle, labels,
    max(cost_category_id) AS cost_category_id, max(nodes) AS nodes, 86400 * day(last_day(day)) AS seconds,
    max(persistentvolumeclaim_capacity_bytes) AS capacity, fsum(persistentvolumeclaim_capacity_byte_seconds) AS capacity_seconds,
    fsum(volume_request_storage_byte_seconds) AS request_seconds, fsum(persistentvolumeclaim_usage_byte_seconds) AS usage_seconds
  FROM volume_partners
  GROUP BY ALL
),
volume_rows AS (
  SELECT *, CASE WHEN nodes = 0 AND coalesce(request_seconds, usage_seconds) IS NOT NULL
    THEN error('no pod of volume ' || persistentvolume || ' has a node') ELSE nodes END AS divisor
  FROM volume_sums
),

-- What no pod used, from the Pod rows of a node; the namespace follows from the role of the node.
roles AS (SELECT node, resource_id, max(node_role) AS role FROM nodes GROUP BY node, resource_id),
free_capacity AS (
  SELECT day, node, max(resource_id) AS resource_id, max(role) AS role,
    max(node_cpu) - fsum(usage_cpu) AS usage_cpu, max(node_cpu) - fsum(request_cpu) AS request_cpu,
    max(node_cpu) - fsum(effective_cpu) AS effective_cpu, max(node_memory) - fsum(usage_memory) AS usage_memory,
    max(node_memory) - fsum(request_memory) AS request_memory, max(node_memory) - fsum(effective_memory) AS effective_memory,
    max(cores) AS cores, max(node_cpu) AS node_cpu, max(gigabytes) AS gigabytes, max(node_memory) AS node_memory,
    max(cluster_cpu) AS cluster_cpu, max(cluster_memory) AS cluster_memory
  FROM (SELECT pod_rows.*, role FROM pod_rows LEFT JOIN roles ON roles.node = pod_rows.node AND roles.resource_id = pod_rows.resource_id)
  WHERE namespace NOT IN ('Platform unallocated', 'Worker unallocated', 'Network unattributed', 'Storage unattributed')
  GROUP BY day, node
),
unallocated AS (
  SELECT *, CASE WHEN role IN ('master', 'infra') THEN 'Platform unallocated' WHEN role = 'worker' THEN 'Worker unallocated' END AS namespace
  FROM free_capacity
),

summary AS (
  SELECT cost_category_id, 'Pod' AS data_source, namespace, node, resource_id, day, pod_labels,
    usage_cpu, request_cpu, effective_cpu, limit_cpu, usage_memory, request_memory, effective_memory, limit_memory,
    cores, node_cpu, gigabytes, node_memory, cluster_cpu, cluster_memory,
    NULL AS persistentvolumeclaim, NULL AS persistentvolume, NULL AS storageclass, NULL AS volume_labels,
    NULL AS capacity_gigabyte, NULL AS capacity_months, NULL AS request_months, NULL AS usage_months,
    '{"cpu":0.0,"memory":0.0,"storage":0.0}' AS cost
  FROM pod_rows
  UNION ALL BY NAME
  SELECT cost_category_id, 'Storage' AS data_source, namespace, node, resource_id, day,
    persistentvolumeclaim, persistentvolume, storageclass, labels AS volume_labels,
    capacity / 1073741824 AS capacity_gigabyte, capacity_seconds / seconds / 1073741824 AS capacity_months,
    request_seconds / divisor / seconds / 1073741824 AS request_months, usage_seconds / divisor / seconds / 1073741824 AS usage_months,
    '{"cpu":0.0,"memory":0.0,"storage":0.0}' AS cost
  FROM volume_rows
  UNION ALL BY NAME
  SELECT category.cost_category_id, 'Pod' AS data_source, unallocated.namespace, node, resource_id, day,
    usage_cpu, request_cpu, effective_cpu, usage_memory, request_memory, effective_memory,
    cores, node_cpu, gigabytes, node_memory, cluster_cpu, cluster_memory
  FROM unallocated LEFT JOIN cost_category_namespace category ON unallocated.namespace LIKE category.namespace
)
SELECT report_period_id, cost_category_id, cluster_id, cluster_alias, data_source, namespace, node, resource_id,
  day AS usage_start, day AS usage_end, pod_labels,
  amount(usage_cpu) AS pod_usage_cpu_core_hours,
  amount(request_cpu) AS pod_request_cpu_core_hours,
  amount(effective_cpu) AS pod_effective_usage_cpu_core_hours,
  amount(limit_cpu) AS pod_limit_cpu_core_hours,
  amount(usage_memory) AS pod_usage_memory_gigabyte_hours,
  amount(request_memory) AS pod_request_memory_gigabyte_hours,
  amount(effective_memory) AS pod_effective_usage_memory_gigabyte_hours,
  amount(limit_memory) AS pod_limit_memory_gigabyte_hours,
  amount(cores) AS node_capacity_cpu_cores,
  amount(node_cpu) AS node_capacity_cpu_core_hours,
  amount(gigabytes) AS node_capacity_memory_gigabytes,
  amount(node_memory) AS node_capacity_memory_gigabyte_hours,
  amount(cluster_cpu) AS cluster_capacity_cpu_core_hours,
  amount(cluster_memory) AS cluster_capacity_memory_gigabyte_hours,
  persistentvolumeclaim::VARCHAR AS persistentvolumeclaim, persistentvolume::VARCHAR AS persistentvolume,
  storageclass::VARCHAR AS storageclass, volume_labels::VARCHAR AS volume_labels,
  coalesce(pod_labels, volume_labels, '{}') AS all_labels,
  amount(capacity_gigabyte) AS persistentvolumeclaim_capacity_gigabyte,
  amount(capacity_months) AS persistentvolumeclaim_capacity_gigabyte_months,
  amount(request_months) AS volume_request_storage_gigabyte_months,
  amount(usage_months) AS persistentvolumeclaim_usage_gigabyte_months,
  cost AS infrastructure_usage_cost, source AS source_uuid
FROM summary, params
