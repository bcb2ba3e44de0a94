import type { FloatArray } from '../../index.ts';
import type { Feature } from './settings.ts';

/** Each feature of the point (x, y), and its name in formulas. */
const DEFINITIONS: Record<Feature, { symbol: string; of: (x: number, y: number) => number }> = {
  x: { symbol: 'x', of: (x) => x },
  y: { symbol: 'y', of: (_, y) => y },
  x2: { symbol: 'x²', of: (x) => x * x },
  y2: { symbol: 'y²', of: (_, y) => y * y },
  xy: { symbol: 'xy', of: (x, y) => x * y },
  sinx: { symbol: 'sin πx', of: (x) => Math.sin(Math.PI * x) },
  siny: { symbol: 'sin πy', of: (_, y) => Math.sin(Math.PI * y) },
  r: { symbol: 'r', of: (x, y) => Math.hypot(x, y) },
  angle: { symbol: 'θ', of: (x, y) => Math.atan2(y, x) },
};

export const symbolOf = (feature: Feature): string => DEFINITIONS[feature].symbol;

/**
 * The features of points, a row each.
 * @param points `count × 2`: x and y of each
 */
export function featureRows<Rows extends FloatArray>(points: Rows, features: readonly Feature[]): Rows {
  if (features.join() === 'x,y') return points;
  const width = features.length;
  const rows = new (points.constructor as new (length: number) => Rows)((points.length / 2) * width);
  features.forEach((feature, column) => {
    const { of } = DEFINITIONS[feature];
    for (let row = 0; row < points.length / 2; row++)
      rows[row * width + column] = of(points[2 * row], points[2 * row + 1]);
  });
  return rows;
}
