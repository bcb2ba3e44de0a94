/** What is told of repeated measurements. */
export interface Spread {
  count: number;
  /** A quarter of the measurements are below it. */
  lower: number;
  median: number;
  /** A quarter of the measurements are above it. */
  upper: number;
}

/** Median and quartiles, between two measurements in proportion. */
export function spread(measurements: readonly number[]): Spread {
  const sorted = measurements.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return { count: sorted.length, lower: at(0.25), median: at(0.5), upper: at(0.75) };
}
