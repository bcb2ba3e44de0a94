import type { Settings } from './settings.ts';

/** A weight for each class. */
export function classWeightsOf({ classWeights }: Pick<Settings, 'classWeights'>, classes: number): number[] {
  return Array.from({ length: classes }, (_, label) => classWeights[label] ?? 1);
}
