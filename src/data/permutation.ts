import type { RandomState } from './random-state.ts';

/** The Fisher–Yates shuffle of 0 … count − 1, with `count` uniform draws. */
export function permutation(count: number, random: RandomState): Uint32Array {
  const draws = random.randomSample(count);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draws[i] * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
