export { METRIC_NAMES, METRICS, type MetricDescription, type MetricName } from './catalogue.js';
export { type Meter, type MetricListener, type MetricSummary, Metrics, NO_METRICS, type Observations } from './metrics.js';
export { type StatsdOptions, StatsdSender } from './statsd.js';
