import type { FloatArray } from '../types.ts';
import type { Score } from './softmax.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/** Adds to a score the sum over the rows of ½·‖z − t‖². Outputs and targets are `rows × outputs`. */
export function* squaredError(
  values: FloatArray,
  targets: FloatArray,
  rows: number,
  outputs: number,
  before: Score,
): PausableWork<Score> {
  let { sum } = before;
  yield* inParts(rows, outputs, (first, end) => {
    for (let i = first; i < end; i++) {
      let squares = 0;
      for (let at = i * outputs; at < (i + 1) * outputs; at++) squares += (values[at] - targets[at]) ** 2;
      sum += squares / 2;
    }
  });
  return { sum, correct: 0 };
}

/** Gradient of the mean squared error with respect to the outputs, `rows × outputs`: (z − t) / rows. */
export function* squaredErrorGradient(
  values: FloatArray,
  gradient: FloatArray,
  targets: FloatArray,
  rows: number,
  outputs: number,
): PausableWork {
  yield* inParts(rows * outputs, 1, (start, end) => {
    for (let at = start; at < end; at++) gradient[at] = (values[at] - targets[at]) / rows;
  });
}
