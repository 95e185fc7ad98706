-- The seven aggregates of order events, written from the rules alone. `events` has the rows that passed the filters, with `local`: the time of the
-- event on the clock of the aggregates, in nanoseconds as if that clock were UTC. A statement for each file, after a line with its name.
-- The sum of no quantities is 0, as data frames have it.

-- aggregation_by_security
SELECT security_code, count(order_id) AS total_orders, coalesce(sum(quantity), 0) AS quantity_sum, avg(quantity) AS quantity_mean, stddev_samp(quantity) AS quantity_std,
  avg(price) AS price_mean, min(price)::DOUBLE AS price_min, max(price)::DOUBLE AS price_max, count(DISTINCT participantid) AS participantid_nunique,
  min(timestamp) AS timestamp_min, max(timestamp) AS timestamp_max
FROM events WHERE security_code IS NOT NULL GROUP BY security_code ORDER BY security_code;

-- aggregation_by_date
SELECT make_timestamp_ns(local)::DATE AS date, count(order_id) AS total_orders, coalesce(sum(quantity), 0) AS quantity_sum, avg(quantity) AS quantity_mean,
  avg(price) AS price_mean, min(price)::DOUBLE AS price_min, max(price)::DOUBLE AS price_max, count(DISTINCT participantid) AS participantid_nunique,
  count(DISTINCT security_code) AS security_code_nunique
FROM events WHERE local IS NOT NULL GROUP BY ALL ORDER BY date;

-- aggregation_by_participant
SELECT participantid, count(order_id) AS total_orders, coalesce(sum(quantity), 0) AS quantity_sum, avg(quantity) AS quantity_mean, avg(price) AS price_mean,
  min(price)::DOUBLE AS price_min, max(price)::DOUBLE AS price_max, count(DISTINCT security_code) AS security_code_nunique
FROM events WHERE participantid IS NOT NULL GROUP BY participantid ORDER BY participantid;

-- aggregation_by_time_of_day
SELECT extract('hour' FROM make_timestamp_ns(local)) AS hour, count(order_id) AS total_orders, coalesce(sum(quantity), 0) AS quantity_sum,
  avg(quantity) AS quantity_mean, avg(price) AS price_mean, min(price)::DOUBLE AS price_min, max(price)::DOUBLE AS price_max,
  count(DISTINCT participantid) AS participantid_nunique
FROM events WHERE local IS NOT NULL GROUP BY ALL ORDER BY hour;

-- aggregation_by_order_size
WITH sized AS (
  SELECT *, CASE WHEN quantity > 50000 THEN 5 WHEN quantity > 10000 THEN 4 WHEN quantity > 5000 THEN 3 WHEN quantity > 1000 THEN 2 WHEN quantity > 0 THEN 1 END AS size
  FROM events
)
SELECT ['<1K', '1K-5K', '5K-10K', '10K-50K', '>50K'][size] AS size_bucket, count(order_id) AS total_orders, coalesce(sum(quantity), 0) AS quantity_sum,
  avg(quantity) AS quantity_mean, avg(price) AS price_mean, min(price)::DOUBLE AS price_min, max(price)::DOUBLE AS price_max,
  count(DISTINCT participantid) AS participantid_nunique
FROM sized WHERE size IS NOT NULL GROUP BY size ORDER BY size;

-- timeseries_hourly
SELECT make_timestamp_ns(local - local % 3600000000000 - (local - timestamp)) AS timestamp, count(order_id) AS order_count,
  coalesce(sum(quantity), 0) AS quantity_sum, avg(quantity) AS quantity_avg, avg(price) AS price_avg
FROM events WHERE local IS NOT NULL GROUP BY ALL ORDER BY 1;

-- timeseries_daily
SELECT make_timestamp_ns(local)::DATE AS date, count(order_id) AS order_count, coalesce(sum(quantity), 0) AS quantity_sum, avg(quantity) AS quantity_avg,
  avg(price) AS price_avg, count(DISTINCT participantid) AS participant_count, count(DISTINCT security_code) AS security_count
FROM events WHERE local IS NOT NULL GROUP BY ALL ORDER BY date;
