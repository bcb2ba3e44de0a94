import type { RandomState } from './random-state.ts';

/** The Fisher–Yates shuffle of 0 … count − 1, with `count` uniform draws. */
export function permutation(count: number, random: RandomState): Uint32Array {
  const draws = random.randomSample(count);
  // Plain loops: of a million rows, every epoch waits for them.
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draws[i] * (i + 1));
    const last = order[i];
    order[i] = order[j];
    order[j] = last;
  }
  return order;
}
