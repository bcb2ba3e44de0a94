import { zeros } from '../../checks/arrays.ts';
import { seed as checkSeed, size } from '../../checks/numbers.ts';
import { optional, readOptions } from '../../checks/schema.ts';
import type { RegressionDataset } from '../../types.ts';
import { exponential, sine } from '../elementary.ts';
import { RandomState } from '../random-state.ts';
import { noise as noiseCheck, SYNONYMS as PLANE_SYNONYMS } from './plane.ts';

/** The options of the data sets with a value at each point of the plane. */
export interface SurfaceOptions {
  /** Points. Default 300. */
  count?: number;
  /** Standard deviation of the normal noise on each value; with 0 there is no noise. Default 0.05. */
  noise?: number;
  /** Seed of the {@link RandomState} that draws every point. Default 0. */
  seed?: number;
}

const schema = {
  count: optional(size, 300),
  noise: optional(noiseCheck, 0.05),
  seed: optional(checkSeed, 0),
};

const { noise, seed } = PLANE_SYNONYMS;
const SYNONYMS = { count: ['points', 'samples', 'perclass', 'n'], noise, seed };

/** Points, uniform over the square from −1 to 1, with the heights of a surface and noise on them. */
function surface(options: SurfaceOptions, height: (x: number, y: number) => number): RegressionDataset {
  const { count, noise, seed } = readOptions<Required<SurfaceOptions>>(options, schema, undefined, SYNONYMS);
  const random = new RandomState(seed);
  const [inputs, targets] = [zeros(2 * count, 'count', count), zeros(count, 'count', count)];
  random.randomSample(2 * count).forEach((draw, i) => {
    inputs[i] = 2 * draw - 1;
  });
  random.randn(count).forEach((normal, row) => {
    targets[row] = height(inputs[2 * row], inputs[2 * row + 1]) + noise * normal;
  });
  const names = { featureNames: ['x', 'y'], outputNames: ['z'] };
  return { inputs, targets, count, features: 2, outputs: 1, ...names };
}

/**
 * A tilted plane, z = 0.6·x − 0.4·y, for regression: a linear model fits it.
 *
 * @returns `count` rows of 2 features and 1 target, in float64
 * @throws {OptionError} if an option cannot be used
 */
export const tiltedPlane = (options: SurfaceOptions = {}): RegressionDataset =>
  surface(options, (x, y) => 0.6 * x - 0.4 * y);

/** The distance of each hill's centre from both axes, and twice the square of its width. */
const CENTRE = 0.45;
const SPREAD = 2 * 0.3 ** 2;

/**
 * A Gaussian hill of height 1 at (0.45, 0.45) and a hollow of depth 1 at (−0.45, −0.45), both of
 * width 0.3, for regression.
 *
 * @returns as {@link tiltedPlane}
 * @throws {OptionError} if an option cannot be used
 */
export const hills = (options: SurfaceOptions = {}): RegressionDataset =>
  surface(options, (x, y) => {
    const hill = (at: number) => exponential(-((x - at) * (x - at) + (y - at) * (y - at)) / SPREAD);
    return hill(CENTRE) - hill(-CENTRE);
  });

/**
 * A round wave, z = sin 2πr, with the distance r from the origin, for regression.
 *
 * @returns as {@link tiltedPlane}
 * @throws {OptionError} if an option cannot be used
 */
export const wave = (options: SurfaceOptions = {}): RegressionDataset =>
  surface(options, (x, y) => sine(2 * Math.PI * Math.sqrt(x * x + y * y)));
