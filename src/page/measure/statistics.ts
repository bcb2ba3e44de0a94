/**
 * The median and quartiles of repeated timings, whose distribution has a long tail and is not
 * normal.
 */
export interface Spread {
  count: number;
  min: number;
  lower: number;
  median: number;
  upper: number;
  max: number;
}

/** @throws {RangeError} if there are no values, or one is not a finite number */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    min: quantile(sorted, 0),
    lower: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upper: quantile(sorted, 0.75),
    max: quantile(sorted, 1),
  };
}

/** Between two values in proportion, as NumPy's `quantile` does by default. */
function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0 || !sorted.every(Number.isFinite)) {
    throw new RangeError(`expected one or more finite numbers, but got [${sorted}]`);
  }
  const position = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  return below + (above - below) * (position - Math.floor(position));
}
