import type { Settings } from './keys.js';

/** Parts of a run that can be switched off one by one. */
export const FEATURES = ['parse_cache', 'batching', 'neo4j_batching', 'parallel_workers', 'metrics'] as const;
export type Feature = (typeof FEATURES)[number];
export type FeatureMap = Record<Feature, boolean>;

/** The switches of settings. */
export function featuresOf(settings: Settings): FeatureMap {
  return Object.fromEntries(FEATURES.map((name) => [name, settings[`features.${name}`]])) as FeatureMap;
}

/** What is on in the end: a switch together with the setting that enables the same. */
export function effectiveFeatures(settings: Settings): FeatureMap {
  const flags = featuresOf(settings);
  return {
    ...flags,
    parse_cache: flags.parse_cache && settings['cache.enabled'],
    batching: flags.batching && settings['batching.enabled'],
  };
}

/** A switch by its name, or by the other name of one; null where there is none. */
export function featureNamed(word: string): Feature | null {
  const name = word === 'graph_batching' ? 'neo4j_batching' : word;
  return FEATURES.find((each) => each === name) ?? null;
}

/** Share of the switches that are on, and what that amounts to. */
export function featureLevel(flags: FeatureMap): { percent: number; text: string } {
  const percent = (100 * FEATURES.filter((name) => flags[name]).length) / FEATURES.length;
  const text =
    percent === 100
      ? 'everything is on'
      : percent >= 75
        ? 'nearly everything is on'
        : percent >= 50
          ? 'about half is on'
          : percent > 0
            ? 'little is on'
            : 'everything is off: files are taken one by one';
  return { percent, text };
}

/** Combinations that work, and are seldom what somebody wants. */
export function featureWarnings(flags: FeatureMap): string[] {
  if (FEATURES.every((name) => !flags[name])) return ['all features are off: slow, and nothing is counted'];
  const warnings: string[] = [];
  if (!flags.batching) {
    if (flags.parallel_workers) warnings.push('parallel_workers without batching: single files leave threads idle');
    if (flags.neo4j_batching) warnings.push('neo4j_batching without batching: a write has the items of one file only');
    if (flags.parse_cache) warnings.push('parse_cache without batching: every file asks the cache on its own');
  }
  if (!flags.metrics) warnings.push('metrics are off: nobody sees how it goes');
  return warnings;
}
