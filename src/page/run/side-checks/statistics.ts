/** Statistics of a tensor's numbers. */
interface Statistics {
  min: number;
  max: number;
  mean: number;
  /** Share of the numbers that are exactly 0. */
  zeros: number;
  /** The Euclidean norm. */
  norm: number;
}

/** The Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}

export function statisticsOf(values: ArrayLike<number>): Statistics {
  let [min, max, sum, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    if (value === 0) zeros++;
  }
  const { length } = values;
  return { min, max, mean: sum / length, zeros: zeros / length, norm: norm(values) };
}

/** The places where two tensors differ most, absolutely and relative to the second. */
export interface Difference {
  absolute: { value: number; at: number };
  relative: { value: number; at: number };
}

export function differenceOf(values: ArrayLike<number>, reference: ArrayLike<number>): Difference {
  const difference: Difference = { absolute: { value: 0, at: 0 }, relative: { value: 0, at: 0 } };
  for (let at = 0; at < values.length; at++) {
    const absolute = Math.abs(values[at] - reference[at]);
    const relative = absolute === 0 ? 0 : absolute / Math.abs(reference[at]);
    // NaN counts as the largest difference.
    if (!(absolute <= difference.absolute.value)) difference.absolute = { value: absolute, at };
    if (!(relative <= difference.relative.value)) difference.relative = { value: relative, at };
  }
  return difference;
}
